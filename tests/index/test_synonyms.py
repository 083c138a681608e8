"""Synonyms of a question: other wordings of it, its words in the index, and texts put into its words."""

from itertools import islice

import pytest

from index.synonyms import asked_words, in_words_of, variants
from index.tokens import JiebaWords

LINES = """经信委 = 市经济信息化委 = 经济和信息化委员会
库帕思 = Kupas = Data Elf
甲方 = a1 = a2 = a3 = a4 = a5 = a6
模速空间
"""


@pytest.fixture(scope="module")
def words(tmp_path_factory) -> JiebaWords:
    dictionary = tmp_path_factory.mktemp("words") / "words.txt"
    dictionary.write_text(LINES, "utf-8")
    return JiebaWords(dictionary)


@pytest.mark.parametrize("question", ["模速空间在哪里", "青石桥有多长", "email a11", ""])
def test_a_question_without_synonyms_stays_alone(words, question):
    assert variants(question, words, most=4) == [question]
    assert list(asked_words(question, words)) == list(dict.fromkeys(words(question)))
    assert in_words_of(question, words)("经济和信息化委员会和kupas") == "经济和信息化委员会和kupas"


def test_a_text_is_put_into_the_words_of_the_question_and_of_nothing_else(words):
    rephrase = in_words_of("经信委的主任是谁", words)
    assert rephrase("上海市经济信息化委（经济和信息化委员会）与kupas") == "上海经信委（经信委）与kupas"


def test_of_two_names_in_a_question_the_first_is_used(words):
    rephrase = in_words_of("kupas是不是库帕思", words)
    assert rephrase("库帕思") == rephrase("kupas") == rephrase("data\nelf") == "kupas"


def test_a_latin_name_does_not_grow_into_the_letters_beside_it(words):
    assert in_words_of("kupas", words)("ai库帕思lab与库帕思的人") == "ai kupas lab与kupas的人"


def test_variants_name_things_differently_and_are_few(words):
    assert variants("经信委在哪", words, most=4) == ["经信委在哪", "市经济信息化委在哪", "经济和信息化委员会在哪"]
    assert variants("甲方和甲方", words, most=4) == ["甲方和甲方", *(f"{a}和{a}" for a in ("a1", "a2", "a3", "a4"))]
    both = variants("经信委和kupas", words, most=8)
    assert both[0] == "经信委和kupas" and len(set(both)) == 9 and "市经济信息化委和data elf" in both
    assert variants("经信委和kupas", words, most=4) == list(islice(both, 5))


def test_what_has_synonyms_is_one_word_of_the_question_with_the_token_of_them_all(words):
    asked = asked_words("经济和信息化委员会的主任", words)
    assert asked == {"的": "的", "主任": "主任", "经济和信息化委员会": "=市经济信息化委"}
    assert words("由经信委牵头")[-1] == "=市经济信息化委"
