"""English numbers and dates in figures, and which units agree."""

import pytest

from index.numbers.english import in_figures
from index.numbers.units import agree, in_common


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("thirteen firms", "13家"),
        ("two hundred and fifty thousand people", "250000人"),
        ("one thing, a third of them", "one thing, 3分之1 of them"),
        ("RMB 134 billion and US$2bn", "134 billion元 and 2 billion美元"),
        ("25 per cent, 3 percentage points", "25%, 3个百分点"),
        ("the sixth year", "the 第6年"),
        ("on May 6, 2024", "on 2024年5月6日"),
        ("on the 6th of May", "on the 5月6日"),
        ("in mid-June 2024", "in 2024年6月中旬"),
        ("by the end of 2025", "by 2025年底"),
        ("in the third quarter of 2023", "in 2023年第三季度"),
        ("In November, sales rose", "In 11月, sales rose"),
        ("in the 18th century and the 1990s", "in the 18世纪 and the 1990年代"),
        ("20世纪90年代，3000 万元", "1990年代，3000万元"),
        ("it may rise in 2024", "it may rise in 2024年"),
        ("had 2000 employees", "had 2000人"),
    ],
)
def test_english_numbers_and_dates_are_put_in_figures(text, figures):
    assert in_figures(text).text == figures


def test_what_a_figure_stood_for_is_known():
    assert in_figures("in September 2023").written["2023年9月"] == "September 2023"


def test_chinese_text_stays_as_it_is():
    assert in_figures("2024年5月6日，共有24款。").text == "2024年5月6日，共有24款。"


@pytest.mark.parametrize(
    ("one", "other"), [("款", "个"), ("家", "所"), ("人", "名"), ("元", "块"), ("张", "块"), ("", "元")]
)
def test_units_of_one_thing_agree(one, other):
    assert agree(one, other)
    assert agree(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("元", "美元"), ("元", "人"), ("款", "家"), ("个", "元"), ("%", "个百分点"), ("年", "个月"), ("个", "%")],
)
def test_units_of_two_things_do_not(one, other):
    assert not agree(one, other)
    assert not agree(other, one)


def test_quantities_are_compared_in_a_common_unit():
    assert in_common(5, "公里") == in_common(5000, "米") == in_common(5, "km")
    assert in_common(3, "家") == (3, "家")
