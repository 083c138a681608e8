"""What would mislead: a cut that drops a denial, a verdict from the wrong day, a line of two things, another firm."""

import json
from pathlib import Path

import pytest

from index.config import IndexConfig
from index.types import Filter
from index.writer import update
from rag.assistant import Assistant
from rag.condense import completed
from rag.config import Config
from rag.types import Answer, Question, Turn

FILLER = [{"id": f"f{n}", "text": f"第{n}号仓库存放茶叶，每周盘点一次，由库管员负责。"} for n in range(5)]


def ask(folder: Path, question: str, *texts: str | dict[str, str], before: tuple[str, ...] = ()) -> Answer:
    """The answer from an index of these texts, after the questions before it."""
    records = [
        {"id": f"a{at}", **(text if isinstance(text, dict) else {"text": text})} for at, text in enumerate(texts)
    ]
    source = folder / "town.jsonl"
    source.write_text("".join(json.dumps(r) + "\n" for r in [*records, *FILLER]), "utf-8")
    config = IndexConfig(home=folder / "home", sources=(source,))
    update(config)
    assistant = Assistant(Config(index=config))
    history: tuple[Turn, ...] = ()
    for earlier in before:
        history = (*history, Turn(earlier, assistant.ask(Question(earlier, history)).text))
    return assistant.ask(Question(question, history))


@pytest.mark.parametrize(
    ("text", "question", "kept"),
    [
        ("有媒体误报称，海川药业已于8月1日拿到批文，该报道与事实不符。", "海川药业什么时候拿到批文？", "误报"),
        ("蓝田公司否认，曾向供应商支付回扣300万元。", "蓝田公司支付回扣多少？", "否认"),
        ("如果获得股东大会批准，华芯科技分红总额约为8000万元。", "华芯科技分红总额是多少？", "如果"),
        ("市长原计划7月16日视察大桥，后取消。", "市长什么时候视察大桥？", "取消"),
    ],
)
def test_a_cut_leaves_out_nothing_that_denies_or_hedges(tmp_path, text: str, question: str, kept: str):
    assert kept in ask(tmp_path, question, text).text


def test_the_date_of_an_article_is_not_that_of_what_it_tells(tmp_path):
    library = {"title": "临江镇新图书馆开馆", "published": "2024-09-12", "text": "临江镇新图书馆开馆，市民前来参观。"}
    bridge = {"title": "青石桥封闭维修", "published": "2024-09-29", "text": "青石桥封闭维修，公交改道。"}
    answer = ask(tmp_path, "临江镇新图书馆开馆和青石桥封闭维修是在同一个月吗？", library, bridge)
    assert not answer.text.startswith(("是的", "不是"))


def test_a_day_of_something_else_in_the_passage_decides_nothing(tmp_path):
    metro = "2024年地铁三号线11月30日开通运营。此前地铁一号线于2010年开通。"
    park = "2024年东湖公园将于12月2日起闭园改造。东湖公园建成于1958年。"
    text = ask(tmp_path, "地铁一号线开通和东湖公园建成，哪个更早？", metro, park).text
    assert not text.startswith("最早的是地铁一号线")


def test_a_follow_up_about_the_same_firm_is_not_answered_by_another(tmp_path):
    texts = ("宏图公司2024年营业收入8亿元，员工900人。", "远图公司2024年营业收入30亿元，员工2000人。")
    answer = ask(tmp_path, "员工呢？", *texts, before=("宏图公司营业收入多少？",))
    assert "2000" not in answer.text


def test_a_ticket_and_the_takings_are_no_line(tmp_path):
    texts = (
        {"published": "2023-10-08", "text": "青城山景区接待游客18.6万人次，门票收入1200万元。"},
        {"published": "2024-10-08", "text": "青城山景区接待游客21.3万人次，门票收入1350万元。"},
        {"published": "2024-12-20", "text": "2025年1月1日起，青城山景区门票由每张80元调整为每张90元。"},
    )
    answer = ask(tmp_path, "青城山景区现在门票多少钱？", *texts)
    assert "：" not in answer.text or "90" in answer.text


def test_two_bridges_are_no_line(tmp_path):
    texts = (
        {"published": "2023-07-10", "text": "赛马湖大桥全长1200米。"},
        {"published": "2024-08-10", "text": "星湖大桥全长900米。"},
    )
    assert "1200米[1]；" not in ask(tmp_path, "大桥全长多少？", *texts).text


def test_as_of_a_day_nothing_later_answers(tmp_path):
    text = {"published": "2024-07-04", "text": "截至2024年6月中旬，海州已有34款大模型通过备案。"}
    answer = ask(tmp_path, "截至2024年4月海州有多少款大模型备案？", text)
    assert answer.status == "no_evidence" and "2024年4月30日" in answer.text


def test_a_firm_that_no_article_names_is_refused_by_its_name(tmp_path):
    answer = ask(tmp_path, "鸿图公司员工多少人？", "远图公司2024年营业收入30亿元，员工2000人。")
    assert answer.status == "no_evidence" and "鸿图公司" in answer.text


def test_what_is_said_of_a_firm_without_publisher_names_its_article(tmp_path):
    texts = (
        {"title": "华星电子年报", "text": "2023年公司员工总数为6200人，其中研发人员最多。"},
        {"title": "华芯科技年报", "text": "2023年公司员工总数为1580人，其中研发人员最多。"},
    )
    answer = ask(tmp_path, "2023年公司员工有多少人？", *texts)
    assert len(answer.citations) < 2 or "《华星电子年报》" in answer.text


@pytest.mark.parametrize(
    ("first", "text", "then", "wrong"),
    [
        ("谁出任总经理？", "李国强辞去董事长，周敏接任董事长，王海涛出任总经理。", "他什么时候上任的？", "李国强"),
        ("宏图公司有多少员工？", "宏图公司员工900人。", "远图公司呢？", "宏图远图"),
        ("县医院有多少床位？", "县医院有床位300张，医生120名。", "医生呢？", "县医生"),
    ],
)
def test_a_follow_up_is_not_completed_with_what_is_not_meant(first: str, text: str, then: str, wrong: str):
    assert wrong not in (completed(Question(then, (Turn(first, text),))) or "")


def test_a_follow_up_in_characters_of_both_scripts_keeps_that_of_the_chat(tmp_path):
    texts = ("青石桥建于1912年，橋長四十八米。", "云岫茶厂建于1956年，厂房很大。")
    answer = ask(tmp_path, "那茶呢？", *texts, before=("青石橋建於哪一年？",))
    assert "橋" in ask(tmp_path, "青石橋建於哪一年？", *texts).text and "厂" not in answer.text


@pytest.mark.parametrize(
    "question", ["青石桥有多长？谁修的？", "青石桥和云岫茶厂各有多少人？", "那桥有多长，建于哪一年？"]
)
def test_where_a_filter_leaves_nothing_a_question_of_several_parts_is_refused(tmp_path, question: str):
    source = tmp_path / "town.jsonl"
    source.write_text(json.dumps({"id": "a", "text": "青石桥建于1912年。", "publisher": "海州日报"}), "utf-8")
    config = IndexConfig(home=tmp_path / "home", sources=(source,))
    update(config)
    answer = Assistant(Config(index=config)).ask(Question(question, filter=Filter(publishers=("无此报",))))
    assert answer.status == "no_evidence" and answer.hits == ()
