"""Numbers in text, and the limits that the module states."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.numbers import chinese_value, find_numbers

DIGITS = "零一二三四五六七八九"
SMALL = ("", "十", "百", "千")
LARGE = ("", "万", "亿", "兆")


def spelled(number: int) -> str:
    """The numeral that Chinese writes for a number, in full: 1050 is 一千零五十, 10010 一万零一十."""
    if number == 0:
        return DIGITS[0]
    written, gap = "", False
    for at in range(len(str(number)) - 1, -1, -1):
        digit = number // 10**at % 10
        if digit:
            written += (DIGITS[0] if gap and written else "") + DIGITS[digit] + SMALL[at % 4]
            gap = False
        else:
            gap = True
        if at % 4 == 0 and number // 10**at % 10_000:
            written += LARGE[at // 4]
            gap = digit == 0
    return written


@given(st.one_of(st.integers(0, 99_999), st.integers(0, 10**12)))
def test_every_numeral_has_the_value_it_was_written_for(number):
    assert chinese_value(spelled(number)) == number


@pytest.mark.parametrize(
    ("number", "numeral"),
    [(10, "一十"), (105, "一百零五"), (10_010, "一万零一十"), (100_000_000, "一亿"), (120_003_000, "一亿二千万三千")],
)
def test_the_writer_of_this_test_writes_numerals(number, numeral):
    assert spelled(number).replace("零", "") == numeral.replace("零", "")


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("二十五万", 250_000),
        ("二〇二四", 2024),
        ("两千三", 2300),
        ("一万二", 12_000),
        ("三百五", 350),
        ("三百零五", 305),
        ("一点二亿", 1.2e8),
        ("一亿二千万", 1.2e8),
        ("一万二千亿三千万", 1.20003e12),
        ("三万亿", 3e12),
        ("一百亿亿", 1e18),
        ("廿三", 23),
        ("壹佰贰拾万", 1_200_000),
        ("負三點五", -3.5),
    ],
)
def test_short_and_formal_numerals(numeral, value):
    assert chinese_value(numeral) == pytest.approx(value)


@pytest.mark.parametrize("numeral", ["", "三五百", "十百", "亿万", "三点", "点五", "人", "一" * 50])
def test_what_is_no_numeral_has_no_value(numeral):
    assert chinese_value(numeral) is None


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("25万人", 250_000, "人"),
        ("25萬人", 250_000, "人"),
        ("二十五万", 250_000, ""),
        ("1.2亿", 1.2e8, ""),
        ("1亿2000万元", 1.2e8, "元"),
        ("两千三百家", 2300, "家"),
        ("10%", 10, "%"),
        ("百分之十", 10, "%"),
        ("百分之六点五", 6.5, "%"),
        ("六点五%", 6.5, "%"),
        ("三成", 30, "%"),
        ("兩成五", 25, "%"),
        ("1340亿元", 1.34e11, "元"),
        ("100EFLOPS", 100, "EFLOPS"),
        ("100亿亿次", 1e18, "次"),
        ("三分之一", 1 / 3, ""),
        ("一半", 0.5, ""),
        ("百万名", 1e6, "名"),
        ("两款", 2, "款"),
        ("两点五倍", 2.5, "倍"),
        ("負5.2%", -5.2, "%"),
        ("叁佰伍拾万元", 3_500_000, "元"),
        ("134 billion", 1.34e11, ""),
        ("250,000", 250_000, ""),
        ("25 percent", 25, "%"),
    ],
)
def test_numbers_have_values_and_units(text, value, unit):
    (mention,) = find_numbers(text)
    assert (mention.text, mention.value, mention.unit) == (text, pytest.approx(value), unit)
    assert not (mention.ordinal or mention.approximate)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("6000多亿", 6e11, ""),
        ("80余家", 80, "家"),
        ("十餘萬人", 100_000, "人"),
        ("十几万", 100_000, ""),
        ("约25万", 250_000, ""),
        ("近60家", 60, "家"),
        ("超过25家", 25, "家"),
        ("七成以上", 70, "%"),
        ("五十上下", 50, ""),
    ],
)
def test_a_value_that_is_only_about_right_is_marked(text, value, unit):
    (mention,) = find_numbers(text)
    assert (mention.value, mention.unit, mention.approximate) == (value, unit, True)


def test_ordinals_are_marked():
    (mention,) = find_numbers("第七届")
    assert (mention.value, mention.unit, mention.ordinal, mention.approximate) == (7, "届", True, False)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "千行百业",
            "一个",
            "统一",
            "五一假期",
            "万一",
            "千万别",
            "A100芯片",
            "GPT-4o",
            "三星",
            "三成员",
            "一成立",
            "一成不变",
        ),
        *(
            "几十万人",
            "数百家",
            "三五百人",
            "十七八岁",
            "另一半",
            "三点五十分",
            "八点开门",
            "大陸家庭",
            "负增长",
            "陆万里",
        ),
    ],
)
def test_words_that_only_look_like_numbers_are_none(text):
    assert find_numbers(text) == ()


def test_offsets_are_those_of_the_text_as_it_stands():
    text = "館藏２５萬冊，其中三成是贈書"
    assert [(m.text, text[m.start : m.end]) for m in find_numbers(text)] == [("２５萬冊", "２５萬冊"), ("三成", "三成")]


@given(st.text(st.sampled_from("0123456789.,%零一二两三十百千万亿点分之成多余几第负- 元家半壹佰"), max_size=40))
def test_no_text_is_too_odd(text):
    for mention in find_numbers(text):
        assert text[mention.start : mention.end] == mention.text
