"""The English frame of a Chinese sentence: its publisher, date and figures, spelled exactly."""

import pytest
from worlds import article

from index.dates import find_dates
from index.passages import Span
from index.types import Passage
from rag.english import figures, frame, number
from rag.evidence import Sentence
from rag.types import Hit


def english(text: str, base: str | None = None) -> list[str]:
    return [found.english for found in figures(text, find_dates(text, base))]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (5, "5"),
        (64.5, "64.5"),
        (250_000, "250,000"),
        (2_399_636, "2,399,636"),
        (1_200_000, "1.2 million"),
        (134e9, "134 billion"),
        (381.25e9, "381.25 billion"),
        (1.87e12, "1.87 trillion"),
        (123_456_789, "123,456,789"),
        (1103.6e8, "110.36 billion"),
        (-2.9, "-2.9"),
    ],
)
def test_a_value_is_written_as_in_english_and_never_rounded(value: float, written: str):
    assert number(value) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("人才规模25万", ["250,000 professionals"]),
        ("产业规模1340亿元", ["RMB 134 billion"]),
        ("已达6000多亿参数", ["over 600 billion parameters"]),
        ("展览空间5万平方米", ["50,000 square metres"]),
        ("占全国三分之一", ["one third"]),
        ("三分之二和五分之三", ["two thirds", "three fifths"]),
        ("约一半来自上海", ["about half"]),
        ("最高10%的补贴", ["up to 10%"]),
        ("让准确度达99%以上", ["at least 99%"]),
        ("超过25家企业", ["over 25 companies"]),
        ("近60家企业入驻", ["nearly 60 companies"]),
        ("80余家大模型企业", ["over 80 large-model companies"]),
        ("34款大模型", ["34 large models"]),
        ("24个备案的大模型", ["24 large models"]),
        ("大模型已有34款", ["34 large models"]),
        ("規模約25萬個模型", ["about 250,000 models"]),
        ("450多人", ["over 450 people"]),
        ("13个人的团队", ["13 people"]),
        ("25万人工智能人才", ["250,000 AI professionals"]),
        ("企业从183家增至348家", ["183 companies", "348 companies"]),
        ("一千人次", ["1,000 person-times"]),
        ("连续七年举办", ["7 consecutive years"]),
        ("第七届", ["7th"]),
        ("第21名和第22名", ["21st", "22nd"]),
        ("募资5.5亿美元", ["US$550 million"]),
        ("耗时6个月，用了1年", ["6 months", "1 year"]),
        ("突破100EFLOPS", ["over 100 EFLOPS"]),
        ("提高3个百分点", ["3 percentage points"]),
        ("不足五千万元", ["under RMB 50 million"]),
        ("四方面共11条", ["4 aspects", "11"]),
        ("重约240公斤，高4.5毫米", ["about 240 kg", "4.5 mm"]),
        ("五个桥孔", ["5 arches"]),
        ("9张蓝图", ["9"]),
        ("20世纪70年代", ["the 1970s"]),
    ],
)
def test_a_figure_is_spelled_in_english_units(text: str, written: list[str]):
    assert english(text) == written


@pytest.mark.parametrize(
    ("text", "base", "written"),
    [
        ("2024年5月6日", None, "6 May 2024"),
        ("去年9月", "2024-03", "September 2023"),
        ("今年6月中旬", "2024-07-04", "mid-June 2024"),
        ("本月初", "2024-07-04", "early July 2024"),
        ("2023年12月底", None, "late December 2023"),
        ("去年年底", "2024-05-06", "late 2023"),
        ("今年", "2024-05-06", "2024"),
        ("2024年上半年", None, "the first half of 2024"),
        ("今年一季度", "2024-05-06", "the first quarter of 2024"),
        ("2022年第四季度", None, "the fourth quarter of 2022"),
        ("昨天", "2024-03-01", "29 February 2024"),
    ],
)
def test_a_date_is_resolved_and_spelled(text: str, base: str | None, written: str):
    assert english(text, base) == [written]


@pytest.mark.parametrize(
    "text",
    [
        "近日",
        "去年9月",  # of what year is not known
        "《上海市若干措施（2023-2025年）》",
        "“1+4”格局",
        "以3-0获胜，取得9胜3负",
        "15时46分",
        "双色球第20129期",
        "决议第2231号",
        "2024世界人工智能大会",
        "1/4决赛",
        "A100芯片和GPT-4",
        "80年代",
        "2023年第一、二季度",
        "The plan names 34 models.",
    ],
)
def test_what_is_no_quantity_or_not_certain_is_left_out(text: str):
    assert english(text) == []


def test_each_figure_says_where_it_stands():
    text = "截至今年6月中旬，已有34款大模型通过备案。"
    found = figures(text, find_dates(text, "2024-07-04"))
    assert [text[s.start : s.end] for s in found] == ["今年6月中旬", "34款"]


def told(text: str, **fields: object) -> Sentence:
    source = article(text, **fields)
    dates = find_dates(text, source.published)
    hit = Hit(Passage("a", text, 0, len(text), None, dates), source, 1.0, 1.0)
    span = Span(0, len(text))
    return Sentence(hit, span.start, span.end, text)


def framed(sentence: Sentence) -> str:
    return frame(sentence, [Span(sentence.start, sentence.end)])


def test_the_frame_names_publisher_and_date_and_gives_the_figures_once_each():
    text = "截至今年6月中旬，海州已有34款大模型通过备案，这34款大模型在6月中旬上线。"
    line = framed(told(text, publisher="海州日报", published="2024-07-04"))
    assert line == "海州日报 (4 July 2024): mid-June 2024; 34 large models"


def test_a_frame_gives_only_the_figures_that_are_shown():
    sentence = told("海州有5座桥，公园有3家。")
    assert frame(sentence, [Span(0, 7)]) == "An article: 5"


def test_a_frame_says_no_more_than_is_known():
    assert framed(told("海州通过了一项政策。")) == "An article"
    assert framed(told("海州有5座桥。", published="2024")) == "An article (2024): 5"
    assert framed(told("海州很美。", publisher="海州日报")) == "海州日报"
