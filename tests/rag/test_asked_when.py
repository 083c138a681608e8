"""asked_when(): the time that a question asks about."""

import pytest

from index.fold import fold
from rag.asked_when import Span, When, asked_when, told_on

MAY = Span("2024-05-01", "2024-05-31")


@pytest.mark.parametrize(
    ("question", "span"),
    [
        ("海州2024年5月6日发布了什么？", Span("2024-05-06", "2024-05-06")),
        ("海州2024年5月有多少款大模型？", MAY),
        ("海州2024年有多少款大模型？", Span("2024-01-01", "2024-12-31")),
        ("2024年2月的产量", Span("2024-02-01", "2024-02-29")),
        ("二〇二四年五月的产量", MAY),
        ("What was announced on May 6, 2024?", Span("2024-05-06", "2024-05-06")),
        ("到海州的2024年游客有多少？", Span("2024-01-01", "2024-12-31")),
    ],
)
def test_a_date_is_asked_about_from_its_first_day_to_its_last(question: str, span: Span):
    assert asked_when(fold(question), None) == When((span,))


def test_several_dates_are_asked_about_each():
    found = asked_when(fold("2024年5月和2023年6月8日各有多少？"), None)
    assert found == When((MAY, Span("2023-06-08", "2023-06-08")))


def test_a_relative_date_is_reckoned_from_the_day_of_asking():
    assert asked_when("去年9月的产量", "2024-05-06").spans == (Span("2023-09-01", "2023-09-30"),)
    assert asked_when("昨天的产量", "2024-03-01").spans == (Span("2024-02-29", "2024-02-29"),)
    assert asked_when("昨天的产量", None) == When()


@pytest.mark.parametrize(
    ("question", "until"),
    [
        ("截至2024年5月海州有多少款大模型？", "2024-05-31"),
        ("截止到2024年5月6日有多少款？", "2024-05-06"),
        ("到2024年底有多少款？", "2024-12-31"),
        ("How many models as of June 2024?", "2024-06-30"),
        ("How many models by May 6, 2024?", "2024-05-06"),
        ("How many models up to June 2024?", "2024-06-30"),
    ],
)
def test_a_date_as_of_which_something_is_asked_is_no_date_asked_about(question: str, until: str):
    assert asked_when(fold(question), None) == When((), until)


@pytest.mark.parametrize(
    "question",
    [
        "现在有多少款大模型？",
        "目前的馆长是谁",
        "最新的政策是什么",
        "海州最近建了什么",
        "至今有多少款",
        "截至目前有多少款",
    ]
    + ["what is the latest figure", "Who is the current director?", "how many so far"],
)
@pytest.mark.parametrize("today", [None, "2024-05-06"])
def test_what_holds_last_is_asked_for_by_its_words(question: str, today: str | None):
    assert asked_when(fold(question), today) == When(now=True)


def test_a_date_that_is_named_counts_before_now():
    assert asked_when("2024年5月现在有多少款", None) == When((MAY,))
    assert asked_when("截至2024年5月目前有多少款", None) == When((), "2024-05-31")


@pytest.mark.parametrize(
    "question", ["青石桥有多长", "who knows about the snowfall", "现代舞", "1200张床位", "近日发布了什么", ""]
)
def test_a_question_about_no_time_names_none(question: str):
    assert asked_when(fold(question), "2024-05-06") == When()


def test_an_article_may_have_appeared_on_any_day_that_its_date_leaves_open():
    assert told_on("2024-05-06") == Span("2024-05-06", "2024-05-06")
    assert told_on("2024-05") == MAY and told_on("2024-02") == Span("2024-02-01", "2024-02-29")
    assert told_on("2024") == Span("2024-01-01", "2024-12-31")
    assert told_on(None) is None


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("自2023年以来的产量", "2023-01-01", "9999-12-31"),
        ("2023年5月之后的产量", "2023-05-01", "9999-12-31"),
        ("2023年5月到2024年2月的产量", "2023-05-01", "2024-02-29"),
        ("How many since 2023?", "2023-01-01", "9999-12-31"),
        ("How many in 2023?", "2023-01-01", "2023-12-31"),
    ],
)
def test_a_period_may_be_open_or_reach_from_one_date_to_another(question: str, first: str, last: str):
    assert asked_when(fold(question), None) == When((Span(first, last),))


@pytest.mark.parametrize("question", ["2024年以前的产量", "不到2024年时的产量", "How many before 2024?"])
def test_what_was_before_a_date_ends_the_day_before(question: str):
    assert asked_when(fold(question), None) == When(until="2023-12-31")
