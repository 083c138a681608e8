"""Words for searching: jieba's, with the organisation's own."""

import time
from pathlib import Path

import jieba
import pytest

from index.errors import ConfigError
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


def test_a_name_with_a_hyphen_is_found_by_its_parts_unless_the_organisation_lists_it(tmp_path):
    dictionary = tmp_path / "words.txt"
    dictionary.write_text("GPT-4\n", "utf-8")
    assert JiebaWords()("用gpt-4写") == ["用", "gpt", "4", "写"]
    assert JiebaWords(dictionary)("用gpt-4写") == ["用", "gpt", "gpt-4", "写"]


def test_a_long_word_is_found_by_its_parts_as_well():
    assert {"人工", "智能", "人工智能"} <= set(JiebaWords()("人工智能"))


def test_punctuation_and_english_function_words_are_no_words():
    assert JiebaWords()("what is the tea, 茶？！") == ["tea", "茶"]


def test_words_of_the_organisation_are_kept_whole(tmp_path):
    dictionary = tmp_path / "words.txt"
    dictionary.write_text("\ufeff云岫中台 100 nz\n\n有據問答\nＹＵＮＸＩＵ\n", "utf-8")
    own, plain = JiebaWords(dictionary), JiebaWords()
    assert "云岫中台" not in plain("云岫中台上线") and "云岫中台" in own("云岫中台上线")
    assert "有据问答" in own("用有据问答") and "yunxiu" in own("yunxiu")


def test_the_digest_changes_with_the_dictionary_and_with_nothing_else(tmp_path):
    dictionary = tmp_path / "words.txt"
    dictionary.write_text("云岫中台\n", "utf-8")
    own = JiebaWords(dictionary).sha256
    assert own != JiebaWords().sha256 == JiebaWords().sha256
    dictionary.write_text("云岫中台\n\n", "utf-8")
    assert JiebaWords(dictionary).sha256 == own
    dictionary.write_text("云岫前台\n", "utf-8")
    assert JiebaWords(dictionary).sha256 != own


@pytest.mark.parametrize("content", [None, "云岫中台".encode("gb18030")])
def test_a_dictionary_that_cannot_be_read_is_named(tmp_path, content):
    dictionary = tmp_path / "words.txt"
    if content:
        dictionary.write_bytes(content)
    with pytest.raises(ConfigError, match=r"words\.txt"):
        JiebaWords(dictionary)


@pytest.mark.parametrize("text", ["", " ", "\x00", *(c * 100_000 for c in "a9茶é%+#&-._\u0301가ア"), "a-" * 50_000])
def test_odd_text_harms_nothing_and_takes_no_time(text):
    words = JiebaWords()
    start = time.process_time()
    assert all(" " not in word for word in words(fold(text)))
    assert time.process_time() - start < 2.0
