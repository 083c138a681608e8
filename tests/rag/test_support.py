"""A question about a year, place, name, attribute or quantity that no passage carries is refused by that name."""

import pytest
from worlds import World

from rag.assistant import Assistant
from rag.config import Config
from rag.types import Question


@pytest.mark.parametrize(
    ("lacking", "question", "answered"),
    [
        ("2022", "云岫茶厂2022年春茶产量是多少？", "云岫茶厂2023年春茶产量是多少？"),
        ("北京", "北京轮渡公司运送了多少乘客？", "上海轮渡公司运送了多少乘客？"),
        ("香港", "How many passengers did the Hong Kong ferry carry?", "上海輪渡公司運送了多少乘客？"),
        ("OpenAI", "锅炉由OpenAI公司制造吗？", "锅炉由OpenBoiler公司制造吗？"),
        ("注册资本", "上海轮渡公司的注册资本是多少？", "上海轮渡公司有员工多少名？"),
        ("董事长", "上海轮渡公司的董事长是谁？", "上海轮渡公司的总经理是谁？"),
        ("多少元", "青石桥花了多少元？", "青石桥有多长？"),
        ("多少家", "海州通过备案的大模型有多少家？", "海州通过备案的大模型有多少款？"),
    ],
)
def test_what_is_missing_is_named_and_what_is_there_is_answered(ask, lacking: str, question: str, answered: str):
    refusal = ask(question)
    assert refusal.status == "no_evidence" and f"“{lacking}”" in refusal.text
    assert ask(answered).status == "answered"


def test_a_follow_up_about_another_place_is_not_answered_with_the_first(ask):
    before = ("上海轮渡公司运送了多少乘客？", "上海轮渡公司2022年运送乘客800万人次。[1]")
    assert "北京" in ask("那北京呢？", before).text
    assert ask("那北京呢？", before).status == "no_evidence"
    assert ask("那2019年呢？", before).status == "no_evidence"


def test_what_an_answer_named_by_chance_need_not_be_carried(ask):
    before = ("青石桥有多长？", "青石桥建于1912年，全长48米，有五个桥孔。[1]")
    more = ask("还有呢？", before)
    assert more.status == "answered" and "铜钱" in more.text


def test_the_years_in_a_title_are_not_those_the_sentence_speaks_of(ask):
    assert ask("2017年园林局的公园建设办法从几个方面改善公园？").status == "answered"
    assert ask("2021年园林局的公园建设办法从几个方面改善公园？").status == "no_evidence"


def test_a_place_is_not_seen_in_the_seam_of_two_words(ask):
    assert ask("海州图书馆是最大连锁图书馆吗").status == "answered"


def test_the_place_of_the_asker_is_not_looked_for(ask):
    assert ask("香港同事想知道青石桥有多长").status == "answered"


def test_last_year_is_the_year_before_the_articles_date(world: World):
    world.write("a.md", "---\npublished: 2023-03-01\n---\n云岫茶厂去年的春茶产量为9.5万斤，创下纪录。")
    world.remove("tea.md")
    world.update()
    assistant = Assistant(Config(index=world.config))
    assert "9.5万斤" in assistant.ask(Question("云岫茶厂2022年的春茶产量是多少？")).text
    refused = assistant.ask(Question("云岫茶厂2023年的春茶产量是多少？"))
    assert refused.status == "no_evidence" and "2023" in refused.text
