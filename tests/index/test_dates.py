"""Dates in text: what each means, between which days it lies, and the limits that the modules state."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import find_dates, iso_date

DAY = "2024-07-04"  # of the article, where a test does not say


def isos(text, base=None):
    return [(mention.text, mention.iso) for mention in find_dates(text, base)]


def days(text, base=DAY):
    """The first and last day of the only date in a text."""
    (mention,) = find_dates(text, base)
    assert mention.text == text
    return mention.first, mention.last


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024年5月6日", "2024-05-06"),
        ("２０２４年５月６号", "2024-05-06"),
        ("2024 年 5 月 6 日", "2024-05-06"),
        ("2024-05-06", "2024-05-06"),
        ("2024/5/6", "2024-05-06"),
        ("二〇二四年五月", "2024-05"),
        ("二零二四年十二月三十一日", "2024-12-31"),
        ("二〇二四年五月廿三日", "2024-05-23"),
        ("2023年11月", "2023-11"),
        ("2022年", "2022"),
        ("2022年度", "2022"),
        ("May 6, 2024", "2024-05-06"),
        ("6 May 2024", "2024-05-06"),
        ("2024年2月30日", None),
        ("民國113年", "2024"),
        ("民国113年5月6日", "2024-05-06"),
        ("民國一百一十三年五月六日", "2024-05-06"),
        ("民国二十六年", "1937"),
        ("民國元年", "1912"),
    ],
)
def test_absolute_dates(text, iso):
    assert isos(text) == [(text, iso)]


@pytest.mark.parametrize(
    ("text", "base", "iso"),
    [
        ("今天", "2024-07-04", "2024-07-04"),
        ("昨晚", "2024-03-01", "2024-02-29"),
        ("今天", "2024-07", None),
        ("今年", "2024-07", "2024"),
        ("去年9月", "2024-03", "2023-09"),
        ("去年年底", "2024-05-06", "2023"),
        ("前年", "2024-05-06", "2022"),
        ("大前年", "2024-05-06", "2021"),
        ("上年末", "2024-05-06", "2023"),
        ("今年1月4日", "2025", "2025-01-04"),
        ("今年6月中旬", "2024-07-04", "2024-06"),
        ("6月中旬", "2024-07-04", "2024-06"),
        ("五月六日", "2024-07-04", "2024-05-06"),
        ("年初", "2025", "2025"),
        ("上个月", "2024-01", "2023-12"),
        ("上個月", "2024-01", "2023-12"),
        ("本月8日", "2024-07-04", "2024-07-08"),
        ("3月5日", "2024-03", "2024-03-05"),
        ("12月31日", "2024-01-05", None),
        ("3月5日", "2024", None),
        ("上周三", "2024-07-04", "2024-06-26"),
        ("上週三", "2024-07-04", "2024-06-26"),
        ("上周三", "2024-07", None),
        ("三年前", "2024-07-04", "2021"),
        ("2个月前", "2024-01-04", "2023-11"),
        ("3天前", "2024-03-02", "2024-02-28"),
        ("去年", None, None),
        ("三季度", "2024-03-01", None),
    ],
)
def test_relative_dates_lean_on_the_articles_own(text, base, iso):
    assert isos(text, base) == [(text, iso)]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024年5月6日", "2024-05-06", "2024-05-06"),
        ("2024年2月", "2024-02-01", "2024-02-29"),
        ("2023年", "2023-01-01", "2023-12-31"),
        ("2023年5月上旬", "2023-05-01", "2023-05-10"),
        ("5月中旬", "2024-05-11", "2024-05-20"),
        ("2月下旬", "2024-02-21", "2024-02-29"),
        ("6月初", "2024-06-01", "2024-06-10"),
        ("6月底", "2024-06-21", "2024-06-30"),
        ("上月末", "2024-06-21", "2024-06-30"),
        ("今年年初", "2024-01-01", "2024-02-29"),
        ("2023年年中", "2023-06-01", "2023-07-31"),
        ("去年底", "2023-11-01", "2023-12-31"),
        ("年底", "2024-11-01", "2024-12-31"),
        ("上半年", "2024-01-01", "2024-06-30"),
        ("去年下半年", "2023-07-01", "2023-12-31"),
        ("一季度", "2024-01-01", "2024-03-31"),
        ("第二季度", "2024-04-01", "2024-06-30"),
        ("2023年Q3", "2023-07-01", "2023-09-30"),
        ("2023年前三季度", "2023-01-01", "2023-09-30"),
        ("去年三、四季度", "2023-07-01", "2023-12-31"),
        ("今年前5个月", "2024-01-01", "2024-05-31"),
        ("今年前5月", "2024-01-01", "2024-05-31"),
        ("2023年的5月6日", "2023-05-06", "2023-05-06"),
        ("2022年全年", "2022-01-01", "2022-12-31"),
        ("本周", "2024-07-01", "2024-07-07"),
        ("上周末", "2024-06-29", "2024-06-30"),
        ("三年前", "2021-01-01", "2021-12-31"),
    ],
)
def test_a_mention_lies_between_two_days(text, first, last):
    assert days(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "base", "first", "last"),
    [
        ("近日", "2024-07-04", "2024-06-04", "2024-07-04"),
        ("日前", "2024-07", "2024-06-01", "2024-07-31"),
        ("最近", "2024-07-04", "2024-06-04", "2024-07-04"),
        ("目前", "2024-07-04", "2024-07-04", "2024-07-04"),
        ("截至目前", "2024-07", "2024-07-01", "2024-07-31"),
    ],
)
def test_a_vague_time_has_an_interval_that_ends_with_the_article_and_no_date(text, base, first, last):
    assert isos(text, base) == [(text, None)]
    assert days(text, base) == (first, last)


@pytest.mark.parametrize("text", ["近日", "目前", "上半年", "5月", "上周", "三年前"])
def test_without_the_articles_date_nothing_is_known_of_them(text):
    (mention,) = find_dates(text, None)
    assert (mention.iso, mention.first, mention.last) == (None, None, None)


@pytest.mark.parametrize(("text", "first", "last"), [("“十四五”期间", "2021", "2025"), ("十三五规划", "2016", "2020")])
def test_a_five_year_plan_is_its_years(text, first, last):
    (mention,) = find_dates(text, None)
    assert (mention.iso, mention.first, mention.last) == (None, f"{first}-01-01", f"{last}-12-31")


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("2021年至2023年", ["2021", "2023"]),
        ("2023—2025年", ["2023", "2025"]),
        ("（2018-2023）", ["2018", "2023"]),
        ("5月6日至8日", ["2024-05-06", "2024-05-08"]),
        ("5月6-8日", ["2024-05-06", "2024-05-08"]),
        ("2023年5月-7月", ["2023-05", "2023-07"]),
        ("2023年5月、6月", ["2023-05", "2023-06"]),
        ("今年1-5月", ["2024-01", "2024-05"]),
        ("1至5月", ["2024-01", "2024-05"]),
        ("6月30日至7月2日", ["2024-06-30", "2024-07-02"]),
        ("2022年11月至2月", ["2022-11", "2023-02"]),
    ],
)
def test_the_ends_of_a_range_complete_each_other(text, ends):
    assert [mention.iso for mention in find_dates(text, DAY)] == ends


def test_the_same_year_is_the_one_named_before():
    assert isos("2018年立项，同年5月开工") == [("2018年", "2018"), ("同年5月", "2018-05")]
    assert isos("同年5月开工") == [("同年5月", None)]


def test_a_month_in_a_sentence_of_another_year_is_not_taken_for_this_years():
    assert isos("2019年3月开工，5月建成。", DAY) == [("2019年3月", "2019-03"), ("5月", None)]
    assert isos("2019年3月开工。5月建成。", DAY)[1] == ("5月", "2024-05")
    assert isos("比去年增长，5月最多。", DAY)[1] == ("5月", "2024-05")


def test_offsets_are_those_of_the_text_as_it_stands():
    text = "館於２０２３年11月開放，去年年底擴建"
    for mention in find_dates(text, "2024"):
        assert text[mention.start : mention.end] == mention.text
    assert isos(text, "2024") == [("２０２３年11月", "2023-11"), ("去年年底", "2023")]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "已有2000年历史",
            "3个月",
            "版本2.5.1",
            "010-2024",
            "如今年轻人",
            "文明年代",
            "过去年份",
            "日本周边",
            "每年3月",
        ),
        *(
            "五月天",
            "二月二",
            "八月初九",
            "十四五个",
            "一年中",
            "成本月报",
            "临近日落",
            "5日前",
            "几年前",
            "十多年前",
            "双目前视",
        ),
        *("同年級", "最近的车站", "GB22340-2008", "1000至2000元", "上一季度"),
    ],
)
def test_words_that_only_look_like_dates_are_none(text):
    assert isos(text, DAY) == []


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("2023年中国", "2023年"),
        ("今年初中毕业", "今年"),
        ("9月中央决定", "9月"),
        ("去年底薪", "去年"),
        ("截至今年6月底", "今年6月底"),
        ("超过去年", "去年"),
    ],
)
def test_the_word_behind_a_date_is_not_part_of_it(text, mention):
    assert isos(text, "2023-10-01")[0][0] == mention


CHARS = st.sampled_from(
    "0123456789年月日上中下旬初底末今去前明本同周星期一二三四五六十廿〇零至到-—、前后近目截民國国季度半Q“”MayJun ,/."
)


@given(
    st.text(CHARS, max_size=60), st.sampled_from([None, "2024", "2024-02", "2024-02-29", "0001-01-01", "9999-12-31"])
)
def test_every_date_is_in_the_calendar_and_inside_its_interval(text, base):
    for mention in find_dates(text, base):
        assert text[mention.start : mention.end] == mention.text
        assert (mention.first is None) == (mention.last is None)
        if mention.first and mention.last:
            assert mention.first <= mention.last
        if mention.iso:
            assert mention.first and mention.last
            assert mention.first.startswith(mention.iso) and mention.last.startswith(mention.iso)
            assert iso_date(mention.iso) == mention.iso


@pytest.mark.parametrize(
    "unit", ["1", "2024", "(", "（", "【", "2024-", "2024-1", "1-", "一", "民国", "年", "5月6日至"]
)
def test_a_long_run_of_one_thing_takes_time_in_proportion(unit):
    start = time.process_time()
    find_dates(unit * (200_000 // len(unit)), DAY)
    assert time.process_time() - start < 2  # what backtracks takes minutes


@pytest.mark.parametrize("unit", ["1", "("])
def test_a_megabyte_of_digits_or_brackets_takes_less_than_a_second(unit):
    start = time.process_time()
    find_dates(unit * 1_000_000, DAY)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2024年5月6日 07:21", "2024-05-06"),
        ("2024年5月6日10:20", "2024-05-06"),
        ("2024-05-06T07:21:00+08:00", "2024-05-06"),
        ("2024.5", "2024-05"),
        ("２０２４年", "2024"),
        ("2024-13", None),
        ("2024年5月6日至8日", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_date_that_stands_alone_is_cut_to_what_is_known(written, iso):
    assert iso_date(written) == iso


def test_text_behind_a_date_does_not_change_it():
    plain = find_dates("2023年5月6日", None)
    assert find_dates("2023年5月6日" + re.sub(r"\d", "", "，馆里人多。"), None) == plain
