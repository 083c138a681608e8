"""parts(): a question about several things is searched for each of them, and no other question is."""

import pytest

from index.fold import fold
from rag.parts import compared, parts


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("海州图书馆开馆当天，工信部发布了什么？", ["海州图书馆开馆", "工信部发布了什么"]),
        ("青石桥大修当年云岫茶厂的产量是多少？", ["青石桥大修", "云岫茶厂的产量是多少"]),
        ("海州图书馆何时开馆？青石桥大修花了多少钱？", ["海州图书馆何时开馆", "青石桥大修花了多少钱"]),
        ("海州圖書館何時開館；青石橋大修花了多少錢？", ["海州图书馆何时开馆", "青石桥大修花了多少钱"]),
        ("青石桥大修和海州图书馆开馆是发生在同一个月吗？", ["青石桥大修", "海州图书馆开馆"]),
        ("云岫茶厂投产与海州图书馆开馆哪个更早？", ["云岫茶厂投产", "海州图书馆开馆"]),
        (
            "云岫茶厂投产、海州图书馆开馆以及青石桥大修，这三个事件哪个最早发生？",
            ["云岫茶厂投产", "海州图书馆开馆", "青石桥大修"],
        ),
        (
            "When was the bridge built? Who runs the tea factory?",
            ["when was the bridge built", "who runs the tea factory"],
        ),
    ],
)
def test_each_thing_that_is_asked_about_is_a_part(question: str, found: list[str]):
    assert parts(fold(question)) == found


@pytest.mark.parametrize(
    "question",
    [
        *("青石桥建于哪一年？", "云岫茶厂2023年春茶产量是多少？", "谁是云岫茶厂的厂长？", "什么是城市大脑？"),
        *("海州图书馆有哪些阅览室，分别可容纳多少人？", "如何申请算力补贴，需要哪些材料？", "图书馆和博物馆周几闭馆？"),
        *("2021年大修时，工人在桥墩里发现了什么？", "云岫茶厂的产量在哪一年最高？", "海州哪个展厅最大？"),
        *(
            "为什么要建设公园？",
            "青石桥有没有桥孔？",
            "当日门票多少钱？",
            "云岫春茶",
            "海州图书馆、博物馆、公园",
            "？？",
            "",
        ),
        *("When did the Harbour Theatre open?", "How many people does the Harbour Theatre seat, and why?"),
        *("Which stage is planned; when?", "Who?", "tea, bridge and library"),
        *("它的厂长是谁？", "那图书馆呢？", "what about it?", "还有呢？为什么？"),
    ],
)
def test_a_question_about_one_thing_has_no_parts(question: str):
    assert parts(fold(question)) == []


def test_a_part_has_five_characters_and_a_question_four_parts_at_most():
    assert parts("青石桥?云岫茶厂的厂长是谁?") == []
    things = ["云岫茶厂投产", "青石桥大修", "海州图书馆开馆", "海州公园开放", "海州医院启用"]
    assert parts(f"{'、'.join(things[:4])}哪个最早") == things[:4]
    assert parts(f"{'、'.join(things)}哪个最早") == []


def test_a_question_that_repeats_itself_two_thousand_times_takes_no_longer_than_its_length():
    assert compared("是" * 1990 + "同一年") is None
    assert compared("甲桥大修和乙馆开馆" + "是" * 30 + "在同一年吗").things == ("甲桥大修", "乙馆开馆")
