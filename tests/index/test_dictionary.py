"""The dictionary's file: a word a line, or synonyms joined by "="; what is wrong is named with its line."""

from pathlib import Path

import pytest

from index.dictionary import Dictionary, read
from index.errors import ConfigError

EXAMPLE = """# 机构词
模速空间
云岫中台 100 nz

经信委 = 市经济信息化委 ＝ 經濟和信息化委員會  # 2018 年起
库帕思=Kupas Data = 上海库帕思科技
資料=资料
C# = C Sharp
"""


def read_text(folder: Path, text: str) -> Dictionary:
    file = folder / "words.txt"
    file.write_text(text, "utf-8")
    return read(file, common={"it"})


def test_words_and_synonyms_are_read_in_search_form(tmp_path):
    found = read_text(tmp_path, EXAMPLE)
    assert found.synonyms == (
        ("经信委", "市经济信息化委", "经济和信息化委员会"),
        ("库帕思", "kupas data", "上海库帕思科技"),
        ("c#", "c sharp"),
    )
    assert found.words == {"模速空间", "云岫中台", "资料"}.union(*found.synonyms)


@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_a_file_without_words_is_an_empty_dictionary(tmp_path, bom):
    assert read_text(tmp_path, f"{bom}# 只有注释\n\n  \n") == Dictionary()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("甲方 =", "“”"),
        ("= 甲方", "“”"),
        ("甲方 == 乙方", "“”"),
        ("甲方 = ——", "——"),
        ("……", "……"),
        ("IT = 信息技术", "“it”"),
        ("甲方 = 旧词", "第 1 行"),
        ("字" * 101, "100"),
    ],
)
def test_a_line_that_is_wrong_is_named(tmp_path, line, told):
    with pytest.raises(ConfigError, match=r"words\.txt") as caught:
        read_text(tmp_path, f"旧词 = 新词\n\n{line}\n")
    assert "第 3 行" in caught.value.message.zh and told in caught.value.message.zh
    assert "line 3" in caught.value.message.en


def test_a_word_with_synonyms_may_also_stand_alone(tmp_path):
    assert read_text(tmp_path, "甲方\n甲方 = 乙方\n乙方 3 n\nit\n").synonyms == (("甲方", "乙方"),)


@pytest.mark.parametrize("content", [None, "云岫中台".encode("gb18030")])
def test_a_file_that_cannot_be_read_is_named(tmp_path, content):
    dictionary = tmp_path / "words.txt"
    if content:
        dictionary.write_bytes(content)
    with pytest.raises(ConfigError, match=r"words\.txt"):
        read(dictionary, common=())
