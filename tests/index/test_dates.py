"""Dates and numbers in text, and the limits that the modules state."""

import pytest

from index.dates import find_dates, find_numbers


def isos(text, base=None):
    return [(mention.text, mention.iso) for mention in find_dates(text, base)]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024年5月6日", "2024-05-06"),
        ("２０２４年５月６号", "2024-05-06"),
        ("2024-05-06", "2024-05-06"),
        ("2024/5/6", "2024-05-06"),
        ("二〇二四年五月", "2024-05"),
        ("二零二四年十二月三十一日", "2024-12-31"),
        ("2023年11月", "2023-11"),
        ("2022年", "2022"),
        ("May 6, 2024", "2024-05-06"),
        ("6 May 2024", "2024-05-06"),
        ("2024年2月30日", None),
    ],
)
def test_absolute_dates(text, iso):
    assert isos(text) == [(text, iso)]


@pytest.mark.parametrize(
    ("text", "base", "iso"),
    [
        ("今天", "2024-07-04", "2024-07-04"),
        ("昨天", "2024-03-01", "2024-02-29"),
        ("今天", "2024-07", None),
        ("今年", "2024-07", "2024"),
        ("去年9月", "2024-03", "2023-09"),
        ("去年年底", "2024-05-06", "2023"),
        ("今年1月4日", "2025", "2025-01-04"),
        ("今年6月中旬", "2024-07-04", "2024-06"),
        ("6月中旬", "2024-07-04", "2024-06"),
        ("年初", "2025", "2025"),
        ("上个月", "2024-01", "2023-12"),
        ("上個月", "2024-01", "2023-12"),
        ("3月5日", "2024-03", "2024-03-05"),
        ("12月31日", "2024-01-05", None),
        ("3月5日", "2024", None),
        ("去年", None, None),
    ],
)
def test_relative_dates_lean_on_the_articles_own(text, base, iso):
    assert isos(text, base) == [(text, iso)]


def test_offsets_are_those_of_the_text_as_it_stands():
    text = "館於２０２３年11月開放，去年年底擴建"
    for mention in find_dates(text, "2024"):
        assert text[mention.start : mention.end] == mention.text
    assert isos(text, "2024") == [("２０２３年11月", "2023-11"), ("去年年底", "2023")]


def test_spans_and_lookalikes():
    assert isos("2018年至2020年，(2023-2025年)") == [
        ("2018年", "2018"),
        ("2020年", "2020"),
        ("2023", "2023"),
        ("2025年", "2025"),
    ]
    assert isos("已有2000年历史，3个月，版本2.5.1，010-2024") == []


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("25万人", 250_000, "人"),
        ("25萬人", 250_000, "人"),
        ("二十五万", 250_000, ""),
        ("10%", 10, "%"),
        ("百分之十", 10, "%"),
        ("6000多亿", 6e11, ""),
        ("1340亿元", 1.34e11, "元"),
        ("100EFLOPS", 100, "EFLOPS"),
        ("100亿亿次", 1e18, "次"),
        ("三分之一", 1 / 3, ""),
        ("百万名", 1e6, "名"),
        ("80余家", 80, "家"),
        ("两款", 2, "款"),
        ("134 billion", 1.34e11, ""),
        ("250,000", 250_000, ""),
        ("25 percent", 25, "%"),
    ],
)
def test_numbers_have_values_and_units(text, value, unit):
    (mention,) = find_numbers(text)
    assert (mention.text, mention.value, mention.unit, mention.ordinal) == (text, pytest.approx(value), unit, False)


def test_ordinals_are_marked():
    (mention,) = find_numbers("第七届")
    assert (mention.value, mention.unit, mention.ordinal) == (7, "届", True)


@pytest.mark.parametrize(
    "text", ["千行百业", "一个", "统一", "五一假期", "万一", "千万别", "A100芯片", "GPT-4o", "三星"]
)
def test_words_that_only_look_like_numbers_are_none(text):
    assert find_numbers(text) == ()
