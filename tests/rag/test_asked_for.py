"""asked_for(): the kinds of answer a question asks for; can_give(): whether a sentence holds one."""

import pytest

from index.fold import fold
from rag.asked_for import asked_for, can_give, gives_number


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        ("number", "藏书多少册？"),
        ("number", "占比是多大"),
        ("number", "How many books does it hold?"),
        ("number", "What share of the market is it?"),
        ("date", "什么时候通车？"),
        ("date", "建于哪一年"),
        ("date", "When did it open?"),
        ("date", "Which year was it built?"),
        ("person", "谁是馆长？"),
        ("person", "Who is the director?"),
        ("listing", "有哪些展厅？"),
        ("listing", "Name the four halls."),
        ("listing", "Which halls are there?"),
        ("definition", "MaaS是什么的简称？"),
        ("definition", "What does MaaS stand for?"),
        ("money", "奖金池有多少元？"),
        ("money", "門票多少錢？"),
        ("comparison", "两篇报道各自怎么说？"),
        ("comparison", "How do the two reports differ?"),
    ],
)
def test_each_kind_is_heard_in_both_languages(kind: str, question: str):
    assert getattr(asked_for(fold(question)), kind)


@pytest.mark.parametrize("kind", ["number", "date", "person", "listing", "definition", "money", "comparison"])
def test_a_plain_statement_asks_for_nothing(kind: str):
    assert not getattr(asked_for("云岫茶厂的春茶"), kind)


def test_hardly_is_no_number():
    assert not asked_for("几乎没有人知道的桥").number


@pytest.mark.parametrize(
    ("question", "measure", "quantity"),
    [
        ("有多少家企业", "家", "多少家"),
        ("几位馆长", "位", "多少位"),
        ("多少万人参加", "人", "多少人"),
        ("多少亿元", None, "多少元"),
    ],
)
def test_the_sort_of_number_is_told_by_its_measure_word(question: str, measure: str | None, quantity: str):
    wanted = asked_for(question)
    assert (wanted.measure, wanted.quantity) == (measure, quantity)


@pytest.mark.parametrize(
    ("question", "gives", "does_not"),
    [
        ("有多少家企业", "共有348家企业", "产值3800亿元"),
        ("有多少家企业", "三百四十八户", "有348人"),
        ("多少人参加", "2万多名学员", "二百家企业"),
        ("奖金是多少元", "奖金三千万元", "共有三千万人"),
        ("产量多少", "产量为6.5万斤", "于2023年投产"),
        ("产量多少", "占三分之一", "2023年5月6日开业"),
    ],
)
def test_only_a_number_of_the_right_sort_answers(question: str, gives: str, does_not: str):
    wanted = asked_for(question)
    assert gives_number(wanted, gives) and not gives_number(wanted, does_not)


def test_the_share_of_what_a_sentence_can_give_is_the_share_of_the_kinds_asked_for():
    both = asked_for("什么时候建的、有多少个桥孔？")
    assert can_give(both, "建于1912年，有5个桥孔") == 1.0
    assert can_give(both, "建于1912年") == 0.5
    assert can_give(both, "石头做的") == 0.0


def test_where_no_kind_is_asked_for_every_sentence_can_give_it():
    assert can_give(asked_for("介绍青石桥"), "石头做的") == 1.0


@pytest.mark.parametrize(
    ("kind", "question", "gives", "does_not"),
    [
        ("person", "总导演是谁", "总导演是张艺谋。", "总导演出席了晚会。"),
        ("place", "大会在哪里举行", "大会在天津举行。", "大会昨天举行。"),
        ("reason", "为什么关门", "因为停电，商店关门。", "商店昨天关门。"),
        ("duration", "用了多长时间", "工程用了三个月。", "工程用了三台机器。"),
        ("number", "参数达到什么级别", "参数达到6000多亿。", "参数很多。"),
        ("number", "现在有多大规模", "队伍有25万人。", "访谈用了两个小时。"),
    ],
)
def test_a_kind_is_given_or_not(kind: str, question: str, gives: str, does_not: str):
    wanted = asked_for(fold(question))
    assert getattr(wanted, kind)
    assert can_give(wanted, fold(gives)) > can_give(wanted, fold(does_not))


@pytest.mark.parametrize("question", ["2022年全国棉花产量", "2023年春节档票房"])
def test_a_question_may_be_the_name_of_a_number(question: str):
    assert asked_for(fold(question)).number


def test_the_year_in_a_name_is_no_number():
    assert not gives_number(asked_for("规模有多大"), "今天,2024世界桥梁大会将在海州开幕。")
