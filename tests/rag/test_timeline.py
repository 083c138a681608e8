"""timeline(): values of one quantity at different dates."""

from dataclasses import replace

import pytest
from worlds import article

from index.dates import find_dates
from index.fold import fold
from index.tokens import JiebaWords
from index.types import Passage
from rag.asked_for import asked_for
from rag.asked_when import asked_when
from rag.evidence import gather
from rag.features import Sought, coverage
from rag.question import content_words
from rag.timeline import Timeline, timeline
from rag.types import Hit

MAY = ("2024-05-06", "海州经信委主任说，在24个备案的大模型中，已有大量的垂类模型。")
JULY = ("2024-07-04", "截至今年6月中旬，海州已有34款大模型通过备案，产生了许多应用。")
LATER = ("2025-03-02", "到2025年2月底，海州共有51款大模型完成备案。")
FILED = "海州有多少款大模型完成了备案？"


def line(question: str, *told: tuple[str | None, str], today: str | None = None) -> Timeline | None:
    """The line of articles, each told by its day and text; the better a sentence's words fit, the higher it ranks."""
    folded = fold(question)
    words = content_words(JiebaWords()(folded))
    sought = Sought(folded, dict.fromkeys(words, 1.0), asked_when(folded, today))
    hits = [_hit(number, day, text) for number, (day, text) in enumerate(told)]
    found = [replace(s, words=coverage(sought.rarity, s.folded), late=0.8) for s in gather(hits)]
    return timeline(sorted(found, key=lambda s: -s.words), asked_for(folded), sought)


def _hit(number: int, day: str | None, text: str) -> Hit:
    source = article(text, id=str(number), title=f"海州新闻{number}", published=day)
    return Hit(Passage(source.id, text, 0, len(text), None, find_dates_of(text, day)), source, 1.0, 1.0)


def find_dates_of(text: str, day: str | None) -> tuple:
    return tuple(find_dates(text, day))


def shown(found: Timeline | None) -> list[str]:
    return [f"{e.day}:{e.value}" for e in found.entries] if found else []


def test_two_counts_of_one_thing_are_a_line_of_dates_with_the_newest_last():
    assert shown(line(FILED, JULY, MAY)) == ["2024年5月6日:24个", "2024年6月中旬:34款"]


def test_each_entry_stands_literally_in_the_article_of_its_sentence():
    found = line(FILED, MAY, JULY, LATER)
    assert found and len(found.entries) == 3 and not found.disputed
    for entry in found.entries:
        assert entry.sentence.hit.article.text[entry.start : entry.end] == entry.value


def test_a_traditional_article_is_on_the_line_as_it_is_written():
    told = ("2024-05-06", "海州經信委主任說，在24個備案的大模型中，已有大量的垂類模型。")
    assert shown(line(FILED, told, JULY)) == ["2024年5月6日:24個", "2024年6月中旬:34款"]


def test_now_is_answered_with_the_newest():
    assert shown(line("海州现在有多少款大模型完成了备案？", MAY, JULY, LATER)) == ["2025年2月底:51款"]


def test_as_of_a_day_is_answered_with_what_held_then():
    assert shown(line("截至2024年5月，海州有多少款大模型完成了备案？", MAY, JULY, LATER)) == ["2024年5月6日:24个"]
    assert shown(line("截至2024年12月，海州有多少款大模型完成了备案？", MAY, JULY, LATER)) == ["2024年6月中旬:34款"]
    assert line("截至2023年5月，海州有多少款大模型完成了备案？", MAY, JULY, LATER) is None


def test_a_question_about_a_year_gets_what_was_told_of_that_year():
    found = line("2024年海州有多少款大模型完成了备案？", MAY, JULY, LATER)
    assert shown(found) == ["2024年5月6日:24个", "2024年6月中旬:34款"]


def test_two_values_in_one_sentence_stand_for_the_ends_of_its_time():
    told = ("2024-07-04", "2018年至2023年，海州规上企业从183家增加到348家，产业规模由1340亿元提高到超过3800亿元。")
    assert shown(line("海州规上企业有多少家？", told)) == ["2018年:183家", "2023年:348家"]
    assert shown(line("海州的产业规模有多大？", told)) == ["2018年:1340亿元", "2023年:超过3800亿元"]


def test_from_one_value_to_another_without_a_time_gives_the_last_one_only():
    told = ("2024-05-06", "近四年来，海州已从10万人工智能人才发展到现在的25万人。")
    assert line("海州有多少人工智能人才？", told) is None


def test_stages_of_a_count_of_years_are_a_line():
    six = ("2024-03", "海州已连续六年举办世界茶叶大会，围绕红茶、绿茶集结客商。")
    seven = ("2024-07-04", "2018年起，海州连续七年举办世界茶叶大会，影响力持续进阶。")
    assert shown(line("世界茶叶大会连续办了几年？", seven, six)) == ["2024年3月:连续六年", "2024年7月4日:连续七年"]


@pytest.mark.parametrize("other", ["约34款", "34款", "逾34款", "三十四款"])
def test_values_that_agree_are_no_line(other: str):
    assert line(FILED, JULY, ("2024-08-01", f"海州已有{other}大模型通过备案。")) is None


def test_a_value_that_was_told_twice_is_on_the_line_once():
    again = ("2024-08-01", "海州已有34款大模型通过备案。")
    assert shown(line(FILED, MAY, JULY, again)) == ["2024年5月6日:24个", "2024年6月中旬:34款"]


def test_two_articles_that_give_two_values_for_one_day_are_disputed():
    one = ("2023-03-13", "截至2022年12月31日，海州银行总资产约为2090亿元。")
    other = ("2023-03-12", "截至2022年12月31日，海州银行总资产约为1103.6亿元。")
    found = line("海州银行总资产有多少元？", one, other)
    assert found and found.disputed
    assert shown(found) == ["2022年12月31日:2090亿元", "2022年12月31日:1103.6亿元"]


def test_two_values_for_one_year_may_be_of_two_things_and_are_no_dispute():
    one = ("2024-01-03", "2023年海州春节档总票房67亿元。")
    other = ("2024-01-04", "2023年海州春节档预售总票房31亿元。")
    assert line("海州春节档总票房是多少元？", one, other) is None


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("大会有多少人次线下观展？", "大会共吸引80万人次线下观展。", "大会共吸引25亿人次线上参会。"),
        ("海州新增多少例确诊病例？", "海州新增3例确诊病例。", "海州累计报告300例确诊病例。"),
        ("海州有多少款大模型完成了备案？", "海州已有34款大模型通过备案。", "北京已有80款大模型通过备案。"),
        ("海州有多少家企业参展？", "海州有500多家企业参展。", "海州有80余家企业入驻。"),
        ("海州的特殊学校有多少学生？", "海州的特殊学校有900名学生。", "海州的职业学校有6000名学生。"),
        ("海州大会的展区有多大？", "海州大会的展区有5万平方米。", "海州大会的展区有500多家企业。"),
        ("海州茶厂的净利润是多少元？", "2023年上半年海州茶厂净利润3亿元。", "2022年海州茶厂净利润5亿元。"),
        ("净利润是多少元？", "2023年茶厂净利润3亿元。", "2022年酒厂净利润5亿元。"),
        ("青石桥当天有多少人参观？", "青石桥有300人参观。", "青石桥有500人参观。"),
    ],
)
def test_values_of_two_quantities_are_no_line(question: str, one: str, other: str):
    assert line(question, ("2024-05-06", one), ("2024-07-04", other)) is None


def test_a_value_whose_time_cannot_be_told_is_not_on_the_line():
    assert line(FILED, JULY, (None, "海州共有51款大模型完成备案。")) is None
    then = ("2025-03-02", "2020年海州成立协会时，当时海州共有2款大模型完成备案。")
    assert line(FILED, JULY, then) is None


@pytest.mark.parametrize(
    ("day", "text", "when"),
    [
        ("2024-03-08", "去年9月，模速空间揭牌，这是一家孵化器，挂牌不到半年就吸引了60家企业入驻。", "2024年3月8日"),
        ("2024-03-08", "去年，模速空间建成，现已吸引60家企业入驻。", "2024年3月8日"),
        ("2024-03-08", "截至去年底，模速空间扩大场地，引进人才，有60家企业入驻。", "2023年底"),
        ("2024-03-08", "2023年6月，模速空间有60家企业入驻。", "2023年6月"),
        ("2024-03", "模速空间有60家企业入驻。", "2024年3月"),
        ("2024", "模速空间今年初有60家企业入驻。", "2024年初"),
        ("2024-03-08", "模速空间的企业比去年多，有60家企业入驻。", "2024年3月8日"),
        ("2024-03-08", "2021年成立的模速空间有60家企业入驻。", None),
    ],
)
def test_a_value_holds_for_the_date_that_is_told_with_it_or_else_for_its_articles(
    day: str, text: str, when: str | None
):
    found = line("模速空间有多少家企业入驻？", (day, text), ("2025-01-02", "模速空间有99家企业入驻。"))
    assert shown(found)[:1] == ([f"{when}:60家"] if when else [])


def test_goals_that_were_set_one_after_the_other_are_a_line_though_they_are_counted_differently():
    one = ("2025-02-03", "为此早在2023年，海州就提出了10万卡以上智算规模的目标。")
    other = ("2025-02-03", "方案又提出，到2025年，海州智算规模目标力争突破100EFLOPS（每秒能进行100亿亿次运算）。")
    assert shown(line("海州在智算规模上先后提过什么目标？", one, other)) == [
        "2023年:10万卡以上",
        "2025年:突破100EFLOPS",
    ]


TITLE = "《海州市推动大模型创新发展若干措施（2023-2025年）》"
VAGUE = ("2024-05-06", f"去年年底，海州正式发布了{TITLE}，又称“11条”。")
PRECISE = ("2024-03-08", f"海州2022年颁布《海州条例》，2023年11月发布{TITLE}，推动创新发展。")


def test_of_dates_that_agree_the_more_precise_is_said():
    found = line("海州“11条”若干措施是什么时候出台的？", VAGUE, PRECISE)
    assert shown(found) == [f"2023年11月:发布{TITLE}"] and found and not found.disputed


def test_where_the_best_sentence_is_precise_nothing_is_added():
    best = ("2024-03-08", f"2023年11月，海州发布了{TITLE}，又称“11条”。")
    assert line("海州“11条”若干措施是什么时候发布的？", best, VAGUE) is None
    assert line("海州“11条”若干措施是什么时候发布的？", VAGUE) is None
    assert line("海州“11条”若干措施由谁来执行，什么时候开始？", VAGUE, PRECISE) is None


def test_dates_that_exclude_each_other_are_disputed():
    found = line("海州“11条”若干措施是什么时候出台的？", VAGUE, ("2024-03-08", f"海州2022年3月发布{TITLE}。"))
    assert found and found.disputed and [e.day for e in found.entries] == ["2022年3月", "2023年底"]


def test_a_question_that_asks_for_no_number_has_no_line():
    assert line("海州的大模型由谁备案？", MAY, JULY) is None
    assert line(FILED) is None
