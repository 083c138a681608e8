"""condense(): a follow-up is searched together with the turn that it points back to."""

from dataclasses import replace

import pytest

from rag import wording
from rag.condense import condense, in_own_words
from rag.question import MAX_CHARS, check
from rag.types import Question, Turn

BEFORE = Turn("青石桥建于哪一年？", "青石桥建于1912年。[1]")


def follow_up(text: str, *turns: Turn) -> Question:
    return Question(text, turns or (BEFORE,))


@pytest.mark.parametrize(
    "text",
    [
        "它的全长是多少米呢？",
        "那么桥孔一共有多少个呢？",
        "这座桥长多少？",
        "還有別的橋孔數目嗎？",
        "多长？",
        "上述工程由谁来负责呢？",
    ]
    + ["How long is it then?", "And the arches, how many?", "What about its arches?"],
)
def test_what_points_back_is_searched_with_the_turn_before(text: str):
    assert condense(follow_up(text)) == f"{BEFORE.question} {BEFORE.answer} {text}"


@pytest.mark.parametrize("text", ["海州图书馆新馆藏书多少万册？", "How many people does the theatre seat?"])
def test_a_question_that_stands_alone_stays_as_it_is(text: str):
    assert condense(follow_up(text)) == text == in_own_words(follow_up(text))


def test_without_history_nothing_points_back():
    assert condense(Question("它多长？")) == "它多长？"


def test_only_the_last_turn_counts():
    told = condense(follow_up("它多长？", Turn("海州图书馆有多少书？", "180万册"), BEFORE))
    assert "图书馆" not in told and "青石桥" in told


def test_ten_thousand_turns_are_as_quick_as_one():
    assert condense(follow_up("它多长？", *[Turn("甲", "乙")] * 10_000, BEFORE)).startswith(BEFORE.question)


def test_of_a_long_turn_before_the_end_is_kept_and_the_follow_up_whole():
    told = condense(follow_up("它有多长？", Turn("石" * 5000, "桥" * 5000)))
    assert len(told) == MAX_CHARS and told.endswith("它有多长？")
    longest = "它" * MAX_CHARS
    assert condense(follow_up(longest)) == longest == in_own_words(follow_up(longest))


def test_a_relative_date_gets_its_date_where_the_day_of_asking_is_known():
    assert condense(Question("去年9月的产量", today="2024-05-06")) == "去年9月（2023年9月）的产量"
    assert condense(Question("去年9月的产量")) == "去年9月的产量"
    assert condense(Question("2022年9月的产量", today="2024-05-06")) == "2022年9月的产量"
    assert len(condense(Question("去年" * 1000, today="2024-05-06"))) == MAX_CHARS


def test_the_askers_own_words_leave_the_answer_out():
    assert in_own_words(follow_up("它多长？")) == f"{BEFORE.question} 它多长？"


def test_a_relative_date_gets_its_date_beside_it_where_the_day_of_asking_is_given():
    asked = "去年9月揭牌的是什么？2022年的呢？"
    assert condense(Question(asked, today="2024-07-04")) == "去年9月（2023年9月）揭牌的是什么？2022年的呢？"
    assert condense(Question(asked)) == asked


@pytest.mark.parametrize("asked", ["火星上有几座桥？", "火星上有幾座橋？", "How many bridges are there on Mars?"])
@pytest.mark.parametrize("narrowed", [False, True])
def test_a_refusal_is_no_context_for_what_is_asked_next(asked: str, narrowed: bool):
    refusal = wording.refusal(replace(check(asked), narrowed=narrowed), "火星")
    assert condense(follow_up("那青石桥呢？", Turn(asked, refusal))) == f"{asked} 那青石桥呢？"
