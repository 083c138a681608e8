"""condense(): a follow-up is completed from the turn that it points back to, or searched together with it."""

from dataclasses import replace

import pytest

from rag import wording
from rag.condense import completed, condense, in_own_words, is_follow_up
from rag.question import MAX_CHARS, check
from rag.types import Question, Turn

BEFORE = Turn("青石桥建于哪一年？", "青石桥建于1912年。[1]")
FILED = Turn("2024年5月上海有多少款大模型备案？", "24个。[1]")
SPACE = Turn("模速空间是什么时候揭牌的？", "2023年9月。[1]")
FUND = Turn("上海人工智能产业投资基金累计募了多少钱？", "累计募资31亿元。[1]")
WHO = Turn("两会上谁建议优化“算力券”的申请条件？", "上海应用技术大学的校长汪小帆建议改进“算力券”的申领条件。[1]")
TARGET = Turn("上海2025年智算规模目标是多少？", "100EFLOPS。[1]")
ENGLISH = Turn("How large was Shanghai's AI industry in 2018?", "RMB 134 billion. [1]")


def follow_up(text: str, *turns: Turn) -> Question:
    return Question(text, turns or (BEFORE,))


@pytest.mark.parametrize(
    ("before", "text", "whole"),
    [
        # A pronoun gives way to what it stands for.
        (FUND, "它撬动了多大的投资？", "上海人工智能产业投资基金撬动了多大的投资？"),
        (WHO, "他是哪所学校的校长？", "汪小帆是哪所学校的校长？"),
        (Turn("丁光宏怎么看人工智能？", "是工具。"), "他是哪所大学的教授？", "丁光宏是哪所大学的教授？"),
        (Turn("人形机器人中心的首席科学家是谁？", "江磊。"), "他说整机企业有多少家？", "江磊说整机企业有多少家？"),
        (Turn("“模塑申城”方案什么时候公布的？", "年初。"), "它的算力目标是什么？", "“模塑申城”方案的算力目标是什么？"),
        (Turn("新型工业化MaaS平台何时亮相？", "1月4日。"), "该平台有哪五大场景？", "新型工业化MaaS平台有哪五大场景？"),
        (
            Turn("Soul App是哪家公司的产品？", "上海任意门科技有限公司。[1]"),
            "这家公司在哪？",
            "上海任意门科技有限公司在哪？",
        ),
        (Turn("全国首家人工智能语料公司叫什么？", "库帕思。[1]"), "这家公司在哪？", "库帕思在哪？"),
        (SPACE, "其入驻企业有多少家？", "模速空间的入驻企业有多少家？"),
        (TARGET, "这相当于多少张卡？", "上海2025年智算规模目标相当于多少张卡？"),
        (Turn("复旦大学的校长是谁？", "金力。[1]"), "他主张什么？", "金力主张什么？"),
        (Turn("东方医院的AI学了多少本教材？", "6000本。"), "它现在能做什么？", "东方医院的AI现在能做什么？"),
        # What is left out is put before it.
        (Turn("世界人工智能大会的主题是什么？", "治理。"), "有多少家企业参展？", "世界人工智能大会有多少家企业参展？"),
        (TARGET, "那相当于多少张卡？", "上海2025年智算规模目标相当于多少张卡？"),
        (SPACE, "那到2024年7月，入驻的大模型企业有多少家了？", "模速空间到2024年7月，入驻的大模型企业有多少家了？"),
        (BEFORE, "那么桥孔一共有多少个呢？", "青石桥的桥孔一共有多少个呢？"),
        (BEFORE, "多长？", "青石桥多长？"),
        (Turn("海州图书馆有多少册书？", "180万册。"), "馆长是谁？", "海州图书馆的馆长是谁？"),
        (Turn("全国能造整机的企业有多少家？", "25家。"), "其中多少来自上海？", "全国能造整机的企业其中多少来自上海？"),
        (Turn("上海有多少人工智能人才？", "25万。"), "占全国多少？", "上海的人工智能人才占全国多少？"),
        (Turn("大模型若干措施有几个方面？", "四个。"), "分别是什么？", "大模型若干措施的方面分别是什么？"),
        # What is named takes the place of what was named.
        (FILED, "到了7月呢？", "2024年7月上海有多少款大模型备案？"),
        (FILED, "那2025年呢？", "2025年上海有多少款大模型备案？"),
        (FILED, "那北京呢？", "2024年5月北京有多少款大模型备案？"),
        (Turn("截至2024年3月模速空间有多少家企业入驻？", "60家"), "现在呢？", "现在模速空间有多少家企业入驻？"),
        (Turn("张英在上海市经信委是什么职务？", "主任。"), "那张宏韬呢？", "张宏韬在上海市经信委是什么职务？"),
        (Turn("大会有多少人次线上参会？", "25亿。"), "线下呢？", "大会有多少人次线下参会？"),
        (Turn("“1+4”格局是什么？", "五款。"), "“1+3”呢？", "“1+3”格局是什么？"),
        (Turn("星环科技的模型准确度是多少？", "99%。"), "那库帕思呢？", "库帕思的模型准确度是多少？"),
        # In Traditional script.
        (
            Turn("上海人工智慧產業投資基金募了多少錢？", "31億。"),
            "它撬動了多少投資？",
            "上海人工智慧產業投資基金撬動了多少投資？",
        ),
        (Turn("2024年5月備案了多少款大模型？", "24個"), "到了7月呢？", "2024年7月備案了多少款大模型？"),
        (BEFORE, "還有別的橋孔數目嗎？", "青石桥還有別的橋孔數目嗎？"),
        # In English.
        (ENGLISH, "And in 2023?", "How large was Shanghai's AI industry in 2023?"),
        (Turn("What is OpenLoong?", "A community."), "Who released it?", "Who released OpenLoong?"),
        (Turn("What does MoSpace do?", "It hosts firms."), "How many does it have?", "How many does MoSpace have?"),
        (Turn("Where is MoSpace?", "In Shanghai."), "What about its size?", "What about MoSpace's size?"),
        (
            Turn("How many models has Shanghai filed?", "34."),
            "What about Beijing?",
            "How many models has Beijing filed?",
        ),
        (Turn("Who is Zhang Ying?", "A director."), "What did she say?", "What did Zhang Ying say?"),
        (
            Turn("How many firms has MoSpace?", "60."),
            "And as of July 2024?",
            "How many firms has MoSpace as of July 2024?",
        ),
        (BEFORE, "How long is it then?", "How long is 青石桥 then?"),
    ],
)
def test_a_follow_up_is_completed_from_the_turn_before(before: Turn, text: str, whole: str):
    assert condense(follow_up(text, before)) == whole == completed(follow_up(text, before))
    assert in_own_words(follow_up(text, before)) == whole and is_follow_up(follow_up(text, before))


@pytest.mark.parametrize(
    "text",
    [
        "为什么？",
        "他们是谁？",
        "这些有哪几种？",
        "最后一个有几米？",
        "该平台是谁建的？",
        "And the arches, how many?",
        "Why is that?",
    ],
)
def test_what_cannot_be_completed_safely_is_searched_with_the_turn_before(text: str):
    before = Turn("2024年11月成立了什么？", "上海医疗领域公共服务大MaaS平台，以及一家公司。")
    assert completed(follow_up(text, before)) is None
    assert condense(follow_up(text, before)) == f"{before.question} {before.answer} {text}"


@pytest.mark.parametrize(
    "text",
    [
        "海州图书馆新馆藏书多少万册？",
        "那海州图书馆有多少书？",
        "那场《2024民生访谈》总共谈了多长时间？",
        "汪小帆说他是哪所学校的校长？",
        "什么是大模型？",
        "谁是海州医院的院长？",
        "海州医院的床位中，其重症床位有多少？",
        "上海有多少款大模型通过了备案，其中垂类的有多少？",
        "How many people does the theatre seat?",
        "What does Shanghai say of its industry?",
        "有多少人参加了1936年柏林奥运会？",
    ],
)
def test_a_question_that_stands_alone_stays_as_it_is(text: str):
    assert condense(follow_up(text)) == text == in_own_words(follow_up(text))
    assert not is_follow_up(follow_up(text)) and completed(follow_up(text)) is None


@pytest.mark.parametrize("text", ["那北京呢？", "那张宏韬呢？", "那库帕思呢？", "What about Beijing?"])
def test_a_follow_up_that_names_another_thing_leaves_the_first_one_behind(text: str):
    places = (
        Turn("上海有多少家公司？", "25家。"),
        Turn("张英是什么职务？", "主任。"),
        Turn("星环科技做什么？", "工具链。"),
    )
    told = [completed(follow_up(text, turn)) or "" for turn in (*places, Turn("What is Shanghai known for?", "AI."))]
    kept = [t for t in told if t]
    assert kept and not any("上海" in t and "北京" in t for t in kept)
    assert not any("张英" in t and "张宏韬" in t for t in kept) and "Shanghai" not in told[-1]


def test_without_history_nothing_points_back():
    assert condense(Question("它多长？")) == "它多长？"


def test_only_the_last_turn_counts():
    told = condense(follow_up("它多长？", Turn("海州图书馆有多少书？", "180万册"), BEFORE))
    assert "图书馆" not in told and "青石桥" in told


def test_ten_thousand_turns_are_as_quick_as_one():
    assert condense(follow_up("它多长？", *[Turn("甲", "乙")] * 10_000, BEFORE)) == "青石桥多长？"


def test_of_a_long_turn_before_the_end_is_kept_and_the_follow_up_whole():
    told = condense(follow_up("这些有多长？", Turn("石" * 5000, "桥" * 5000)))
    assert len(told) == MAX_CHARS and told.endswith("这些有多长？")
    longest = "它" * MAX_CHARS
    assert condense(follow_up(longest)) == longest == in_own_words(follow_up(longest))


def test_a_relative_date_gets_its_date_where_the_day_of_asking_is_known():
    assert condense(Question("去年9月的产量", today="2024-05-06")) == "去年9月（2023年9月）的产量"
    assert condense(Question("去年9月的产量")) == "去年9月的产量"
    assert condense(Question("2022年9月的产量", today="2024-05-06")) == "2022年9月的产量"
    assert len(condense(Question("去年" * 1000, today="2024-05-06"))) == MAX_CHARS
    asked = "去年9月揭牌的是什么？2022年的呢？"
    assert condense(Question(asked, today="2024-07-04")) == "去年9月（2023年9月）揭牌的是什么？2022年的呢？"


def test_a_completed_follow_up_gets_its_relative_date_too():
    asked = Question("那去年呢？", (FILED,), today="2026-01-02")
    assert condense(asked) == "去年（2025年）上海有多少款大模型备案？"


def test_the_askers_own_words_leave_the_answer_out():
    assert in_own_words(follow_up("这些多长？")) == f"{BEFORE.question} 这些多长？"


@pytest.mark.parametrize("asked", ["火星上有几座桥？", "火星上有幾座橋？", "How many bridges are there on Mars?"])
@pytest.mark.parametrize("narrowed", [False, True])
def test_a_refusal_is_no_context_for_what_is_asked_next(asked: str, narrowed: bool):
    refusal = wording.refusal(replace(check(asked), narrowed=narrowed), "火星")
    assert condense(follow_up("这些有多少？", Turn(asked, refusal))) == f"{asked} 这些有多少？"
