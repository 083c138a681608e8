"""aspects(): what a question asks, clause by clause, without the frame that says who told it."""

import pytest

from index.fold import fold
from rag.aspects import aspects


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("馆长在2024年5月的访谈里说，图书馆现在有多少册书？", ["图书馆现在有多少册书"]),
        ("根据海州日报，桥有多长？", ["桥有多长"]),
        ("香港同事想知道：门票多少钱？", ["门票多少钱"]),
        ("According to the annual report, how long is the bridge?", ["how long is the bridge"]),
        ("桥有多长？建于哪一年？", ["桥有多长", "建于哪一年"]),
        ("是哪家报纸发的，记者是谁？", ["是哪家报纸发的", "记者是谁"]),
        ("茶厂和图书馆各有多少员工？", ["茶厂有多少员工", "图书馆有多少员工"]),
        ("How many seats in 2018, and how many in 2023?", ["how many seats in 2018", "how many in 2023"]),
    ],
)
def test_each_thing_asked_is_an_aspect_of_its_own(question: str, asked: list[str]):
    assert aspects(fold(question)) == asked


@pytest.mark.parametrize(
    "question",
    [
        "2019年，桥的长度是多少",
        "专门修桥的那几个人，哪一个最老",
        "在海州的七座桥当中，哪座最长",
        "云岫茶厂",
        "桥、路和茶厂在哪里",
    ],
)
def test_what_asks_one_thing_has_one_aspect(question: str):
    assert len(aspects(fold(question))) == 1


def test_a_frame_without_a_question_behind_it_is_the_question():
    assert aspects("馆长说，好的。") == ["馆长说，好的。"]
