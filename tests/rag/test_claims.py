"""Numbers, dates and quotations of a sentence, in either script and in English."""

import pytest

from rag.claims import quotations, read


def values(text: str) -> list[tuple[float, str]]:
    return [(f.value, f.unit) for f in read(text, "2024-05-06").figures]


def agree(one: str, other: str) -> bool:
    (a,), (b,) = read(one, None).figures, read(other, None).figures
    return a.agrees(b)


def spans(text: str, base: str | None = "2024-05-06") -> list[tuple[str, str]]:
    return [(t.first, t.last) for t in read(text, base).times]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("25万人", "250,000人"),
        ("25万人", "二十五万名"),
        ("25 万人", "250 thousand people"),
        ("1340亿元", "RMB 134 billion"),
        ("1340亿元", "134 billion yuan"),
        ("12亿美元", "$1.2bn"),
        ("三分之一", "one third of"),
        ("一半", "50%"),
        ("三成", "百分之三十"),
        ("十三家", "thirteen companies"),
        ("24款", "24个"),
        ("30万张", "30万块"),
        ("5公里", "5000米"),
        ("4千克", "4 kg"),
        ("3800多亿元", "3850亿元"),
        ("逾3800亿元", "3800亿元"),
    ],
)
def test_two_ways_of_writing_one_quantity_agree(one, other):
    assert agree(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("25万人", "25亿人"),
        ("25万人", "25万元"),
        ("24亿元", "24亿美元"),
        ("24款", "24家"),
        ("10%", "10个百分点"),
        ("第七届", "七届"),
        ("5公里", "5米"),
        ("3800多亿元", "3900亿元"),
        ("3850亿元", "3800亿元"),
        ("RMB 134 billion", "RMB 134 million"),
    ],
)
def test_different_quantities_do_not_agree(one, other):
    assert not agree(one, other)


def test_dates_are_no_quantities_and_one_is_an_article():
    assert values("2024年5月6日，一家企业获得第一名，奖金3万元。") == [(30000.0, "元")]
    assert values("On May 6, 2024 one firm came first and won 30,000 yuan.") == [(30000.0, "元")]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("去年9月", ("2023-09-01", "2023-09-30")),
        ("2024年6月中旬", ("2024-06-11", "2024-06-20")),
        ("by mid-June 2024", ("2024-06-11", "2024-06-20")),
        ("on 6 May 2024", ("2024-05-06", "2024-05-06")),
        ("in September 2023", ("2023-09-01", "2023-09-30")),
        ("since 2018", ("2018-01-01", "2018-12-31")),
        ("at the end of 2023", ("2023-11-01", "2023-12-31")),
        ("the first half of 2024", ("2024-01-01", "2024-06-30")),
    ],
)
def test_dates_are_resolved_in_both_languages(text, span):
    assert spans(text) == [span]


def test_a_date_is_proved_by_a_more_precise_one_only():
    (month,), (day,) = read("2024年5月", None).times, read("2024年5月6日", None).times
    assert month.holds(day)
    assert not day.holds(month)


def test_a_date_without_a_year_claims_none():
    (yearless,), (day,) = read("5月6日", "2024-05-20").times, read("2023年5月6日", None).times
    assert yearless.holds(day)


def test_a_relative_date_without_a_day_to_lean_on_is_kept_to_be_looked_for():
    assert [(u.text, u.plain) for u in read("去年，茶厂扩建。", None).unresolved] == [("去年", "去年")]
    assert [(u.text, u.plain) for u in read("In November, it grew.", None).unresolved] == [("November", "11月")]


def test_quotations_and_titles_are_taken_out_between_their_marks():
    assert quotations("他说“先把根扎深……再长叶”，见《茶经》和「春茶」。") == ["先把根扎深", "再长叶", "茶经"]


def test_the_decades_of_both_languages_are_years():
    assert [t.first for t in read("20世纪90年代", None).times] == [t.first for t in read("in the 1990s", None).times]
