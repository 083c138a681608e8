"""Words for searching: jieba's, with the organisation's own."""

import time
from pathlib import Path

import jieba
import pytest

from index.fold import fold
from index.tokens import STOPWORDS, JiebaWords

CORPUS = Path(__file__).parents[2] / "corpus"


JOINED = """gpt-4o-mini和gpt-4 5g-a网络 2023-2025年 2024-05-06 10:30 3.5% 6.5万斤 1,000元 c++与c#
www.a-b.com/c?d=1 at&t f-35b covid-19 3-5倍 10-20% 1.5-2.5万元 a_b js_on_load 3.2.2 a.b.c milvus-lite T恤 第3期"""


@pytest.fixture(scope="module")
def oracle(tmp_path_factory):
    found = jieba.Tokenizer()
    found.tmp_dir = str(tmp_path_factory.mktemp("jieba"))  # else it believes any cache file in the common folder
    jieba.setLogLevel(60)
    return found


def test_the_rust_build_cuts_like_jieba_itself_on_real_text(oracle):
    words = JiebaWords()
    lines = [line for path in sorted(CORPUS.glob("*.md")) for line in path.read_text("utf-8").splitlines()]
    assert sum(map(len, lines)) > 5_000
    for line in map(fold, [*lines, *JOINED.split()]):
        kept = [w for w in oracle.cut_for_search(line) if any(c.isalnum() for c in w)]
        assert words(line) == [w for w in kept if w not in STOPWORDS]


def written(folder: Path, *lines: str) -> Path:
    """A dictionary of these lines."""
    dictionary = folder / "words.txt"
    dictionary.write_text("\n".join(lines), "utf-8")
    return dictionary


def test_a_name_with_a_hyphen_is_found_by_its_parts_and_whole_if_the_organisation_lists_it(tmp_path):
    assert JiebaWords()("用gpt-4写") == ["用", "gpt", "4", "写"]
    assert JiebaWords(written(tmp_path, "GPT-4"))("用gpt-4写") == ["用", "gpt", "4", "写", "gpt-4"]


def test_a_long_word_is_found_by_its_parts_as_well():
    assert {"人工", "智能", "人工智能"} <= set(JiebaWords()("人工智能"))


def test_punctuation_and_english_function_words_are_no_words():
    assert JiebaWords()("what is the tea, 茶？！") == ["tea", "茶"]


def test_words_of_the_organisation_are_kept_whole(tmp_path):
    own = JiebaWords(written(tmp_path, "\ufeff云岫中台 100 nz", "", "有據問答  # 本产品", "ＹＵＮＸＩＵ", "# 云岫"))
    plain = JiebaWords()
    assert "云岫中台" not in plain("云岫中台上线") and {"云岫中台", "上线"} <= set(own("云岫中台上线"))
    assert "有据问答" in own("用有据问答") and "yunxiu" in own("yunxiu")


@pytest.mark.parametrize("text", ["模速空间揭牌", "人工智能大模型实验室的人", "市经济信息化委发布", "用gpt-4写"])
def test_a_word_of_the_organisation_takes_no_word_away_from_those_it_is_made_of(tmp_path, text):
    words = JiebaWords(written(tmp_path, "模速空间", "人工智能大模型实验室", "大模型", "市经济信息化委", "GPT-4"))
    assert set(JiebaWords()(text)) < set(words(text))


def test_a_word_within_a_word_of_the_organisation_is_found_as_well(tmp_path):
    words = JiebaWords(written(tmp_path, "云岫数据中台研究院", "云岫数据中台"))
    assert {"云岫数据中台研究院", "云岫数据中台", "数据", "研究院"} <= set(words("云岫数据中台研究院成立"))


def test_a_latin_word_of_the_organisation_is_not_cut_out_of_longer_ones(tmp_path):
    words = JiebaWords(written(tmp_path, "AI = 人工智能", "5G"))
    assert words("email openai 15g") == JiebaWords()("email openai 15g")
    assert words("用ai写") == ["用", "ai", "写", "=ai"]


def test_synonyms_share_a_word(tmp_path):
    words = JiebaWords(
        written(tmp_path, "经信委 = 市經濟信息化委＝經濟和信息化委員會", "Data Elf = 数据精灵", "模速空间")
    )
    for text in ("由经信委牵头", "上海市经济信息化委发布", "经济和信息化委员会"):
        assert words(text)[-1] == "=市经济信息化委"
    assert words("the data\nelf")[-1] == words("用数据精灵")[-1] == "=data=elf"
    assert not any(word.startswith("=") for word in words("模速空间的经济、信息化和data elfin"))


def test_the_longest_name_wins(tmp_path):
    words = JiebaWords(written(tmp_path, "经济和信息化委员会 = 工信部门", "上海市经济和信息化委员会 = 市经信委"))
    assert [m.word for m in words.mentions("上海市经济和信息化委员会与经济和信息化委员会")] == [
        "上海市经济和信息化委员会",
        "经济和信息化委员会",
    ]
    assert "=工信部门" not in words("上海市经济和信息化委员会") and "=上海市经济和信息化委员会" in words("市经信委的人")


@pytest.mark.parametrize("text", ["已经信任他", "已经信息化", "沪深两市集中台湾"])
def test_a_short_name_is_not_seen_in_the_seam_of_two_words(tmp_path, text):
    words = JiebaWords(written(tmp_path, "经信 = 经济信息部门", "中台 = 数据平台"))
    assert words.mentions(text) == [] and len(words.mentions("经信部门建了中台")) == 2


def test_the_digest_changes_with_the_dictionary_and_with_nothing_else(tmp_path):
    made = [JiebaWords().sha256, JiebaWords().sha256]
    for lines in (
        ["云岫中台"],
        ["云岫中台", "", "# 注"],
        ["云岫前台"],
        ["云岫中台 = 中台"],
        ["中台＝雲岫中台"],
        ["云岫中台", "中台"],
    ):
        made.append(JiebaWords(written(tmp_path, *lines)).sha256)
    plain, again, one, noted, other, synonyms, turned, apart = made
    assert plain == again and one == noted and synonyms == turned
    assert len({plain, one, other, synonyms, apart}) == 5


@pytest.mark.parametrize("text", ["", " ", "\x00", *(c * 100_000 for c in "a9茶é%+#&-._\u0301가ア"), "a-" * 50_000])
def test_odd_text_harms_nothing_and_takes_no_time(tmp_path, text):
    for words in (JiebaWords(), JiebaWords(written(tmp_path, "茶 = tea", "é = 9", "a-a", "アア"))):
        start = time.process_time()
        assert all(" " not in word for word in words(fold(text)))
        assert time.process_time() - start < 2.0
