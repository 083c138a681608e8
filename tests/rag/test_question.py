"""check(): what can be asked, and in which script it was."""

import pytest

from index.errors import QuestionError
from rag.question import MAX_CHARS, check


@pytest.mark.parametrize(
    "text", ["", "  \n", "？！……", "()[]{}*^", "😀🎉", "\x00", "\x1b", "\ud800", "\u200b\u200d", "\u0301" * 50]
)
def test_what_holds_no_word_is_no_question(text: str):
    with pytest.raises(QuestionError) as caught:
        check(text)
    assert "例如" in caught.value.message.zh and "such as" in caught.value.message.en


def test_two_thousand_characters_can_be_asked_and_one_more_cannot():
    assert len(check("茶" * MAX_CHARS).text) == MAX_CHARS == 2000
    with pytest.raises(QuestionError, match="2001"):
        check("茶" * (MAX_CHARS + 1))


def test_a_megabyte_is_refused_at_once():
    with pytest.raises(QuestionError, match="1000000"):
        check("x" * 1_000_000)


def test_control_characters_and_lone_surrogates_are_blanks():
    asked = check("茶厂\x00的\x1b产量\ud800\n是多少\r\n")
    assert asked.text == "茶厂 的 产量 是多少"
    asked.text.encode("utf-8")


def test_the_folded_question_is_simplified_and_lower_case():
    assert check("ＭａａＳ 是什麼").folded == "maas 是什么"


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("茶厂的产量是多少？", "hans"),
        ("茶廠的產量是多少？", "hant"),
        ("青石", "hans"),  # the same in both
        ("How long is the bridge?", "latin"),
        ("MaaS是什么的简称？", "hans"),
        ("MaaS是什麼的簡稱？", "hant"),
        ("OpenAI 的 ChatGPT 如何收费", "hans"),
        ("What does 有据 mean in English?", "latin"),
        ("2023", "hans"),
    ],
)
def test_the_script_of_a_question_is_known(text: str, script: str):
    assert check(text).script == script
