"""names: years, places, Latin names and attributes that a question holds."""

import pytest

from index.fold import fold
from rag import names
from rag.question import check


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2023年和2018年的产量", ["2023", "2018"]),
        ("2023年、2023年", ["2023"]),
        ("What was it in 2018?", ["2018"]),
        ("有2000多家企业吗", []),
        ("2024人", []),
        ("编号120230", []),
        ("一九八四年", ["1984"]),
    ],
)
def test_years_are_told_from_other_numbers(text: str, years: list[str]):
    assert names.years(fold(text)) == years


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("上海有多少款大模型", ["上海"]),
        ("How many models has Shanghai filed?", ["上海"]),
        ("台灣的茶", ["台湾"]),
        ("Hong Kong or Beijing?", ["北京", "香港"]),
        ("青石桥有多长", []),
        ("香港同事想知道图书馆的藏书", []),
        ("香港的朋友问上海轮渡的事", ["上海"]),
        ("北京有多少客户", ["北京"]),
        ("北京的客户有多少", ["北京"]),
    ],
)
def test_places_are_those_asked_about_not_that_of_whoever_asks(text: str, places: list[str]):
    assert [p.shown for p in names.places(fold(text))] == places


def test_a_latin_place_is_a_whole_word():
    assert names.places("a shanghainese dish") == []


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("OpenAI的员工有多少", ["OpenAI"]),
        ("Midjourney的公司有几个人", ["Midjourney"]),
        ("GPU有多少块", []),
        ("Sora是什么", ["Sora"]),
        ("How many people work at OpenAI?", ["OpenAI"]),
        ("Who are the Directors?", []),
    ],
)
def test_latin_names_are_no_acronyms_and_no_english_words(text: str, latin: list[str]):
    assert names.latin_names(check(text)) == latin


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("公司的注册资本是多少", "注册资本"),
        ("谁是总经理", "总经理"),
        ("门票多少钱", "门票"),
        ("What is the revenue?", "revenue"),
    ],
)
def test_attributes_are_facts_that_nothing_else_implies(text: str, shown: str):
    (attribute,) = names.attributes(fold(text))
    assert attribute.shown == shown
    assert names.carries(fold(text), attribute) and not names.carries("青石桥有五个桥孔", attribute)


def test_what_a_follow_up_names_itself_takes_the_place_of_what_was_named_before():
    typed, about = check("那北京2024年呢？"), check("OpenAI在上海2023年的营收是多少？ 那北京2024年呢？")
    found = names.named(typed, about)
    assert list(found.years) == ["2024"] and [p.shown for p in found.places] == ["北京"]
    assert list(found.latin) == ["OpenAI"] and [a.shown for a in found.attributes] == ["营收"]


def test_what_a_follow_up_does_not_name_holds_on():
    found = names.named(check("它有多少？"), check("上海2023年的产量？ 它有多少？"))
    assert list(found.years) == ["2023"] and [p.shown for p in found.places] == ["上海"]
