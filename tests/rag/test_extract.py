"""Answers without a language model: whole sentences of the articles, each with its citation."""

import json
import re
from dataclasses import replace

import pytest
from worlds import World

from index.config import IndexConfig
from index.writer import update
from rag.assistant import Assistant
from rag.config import AnswerConfig, Config
from rag.types import Answer, Question

QUESTIONS = (
    "云岫茶厂2023年春茶产量是多少？",
    "青石桥建于哪一年，有几个桥孔？",
    "海州通过备案的大模型有多少款？",
    "海州博物館有哪些展廳？",
    "How many people does the Harbour Theatre seat?",
    "锅炉房有多少台锅炉？",
    "海州的医院和图书馆",
    "周一哪些地方闭馆？",
)


def marks(answer: Answer) -> list[int]:
    return [int(n) for n in re.findall(r"\[(\d+)\]", answer.text)]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_mark_has_its_citation_and_every_quote_stands_in_its_article(ask, question: str):
    answer = ask(question)
    articles = {h.article.id: h.article for h in answer.hits}
    assert answer.status == "answered" and answer.mode == "extractive" and answer.dropped == 0
    assert marks(answer) == [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    for cited in answer.citations:
        source = articles[cited.article_id]
        assert source.text[cited.start : cited.end] == cited.quote
        assert cited.passage_id in {h.passage.id for h in answer.hits}
        assert (cited.title, cited.publisher, cited.published) == (source.title, source.publisher, source.published)


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_has_at_most_three_sentences_and_three_hundred_characters(ask, question: str):
    answer = ask(question)
    assert 1 <= len(answer.citations) <= 3
    assert len(answer.text) <= 300


@pytest.mark.parametrize(
    ("question", "fact", "article"),
    [
        ("云岫茶厂2023年春茶产量是多少？", "6.5万斤", "tea"),
        ("青石桥有几个桥孔？", "五个桥孔", "bridge"),
        ("海州图书馆藏书多少册？", "180万册", "library"),
        ("谁是海州医院的院长？", "叶知秋", "hospital"),
        ("How many people does the Harbour Theatre seat?", "420", "harbour"),
        ("When was the Qingshi bridge 青石桥 built?", "1912", "bridge"),
    ],
)
def test_the_fact_asked_for_is_given_from_its_article(ask, question: str, fact: str, article: str):
    answer = ask(question)
    assert fact in answer.text and answer.citations[0].article_id == article


def test_a_traditional_question_gets_traditional_text_while_the_quote_keeps_the_articles_script(ask):
    answer = ask("海州圖書館藏書多少冊？")
    assert "新館藏書180萬冊" in answer.text and "新馆藏书180万册" in answer.citations[0].quote
    answer = ask("海州医院有多少张床位？")
    assert "设有床位1200张" in answer.text and "設有床位1200張" in answer.citations[0].quote


def test_different_counts_of_the_same_thing_are_a_line_of_dates_the_newest_last(ask):
    answer = ask("海州通过备案的大模型有多少款？")
    assert [c.article_id for c in answer.citations] == ["may", "june"]
    assert re.fullmatch(r"2024年5月\S*：24款\[1\]；2024年6月\S*：34款\[2\]。", answer.text)


def test_of_two_years_in_one_article_the_one_asked_about_comes_first(world: World):
    text = "甲公司2022年营收为12亿元，净利润1.1亿元。2023年营收为15亿元，净利润1.4亿元。"
    world.write("a.md", f"# 甲公司年报\n\n{text}\n")
    world.write("b.md", "# 乙公司年报\n\n乙公司2023年营收为99亿元。\n")
    world.update()
    assistant = Assistant(Config(index=world.config))
    for year, revenue in (("2022", "12亿元"), ("2023", "15亿元")):
        answer = assistant.ask(Question(f"甲公司{year}年营收是多少？"))
        assert revenue in answer.citations[0].quote
    assert assistant.ask(Question("乙公司2022年营收是多少？")).status == "no_evidence"


def test_a_refusal_has_no_citations_but_the_nearest_passages(ask):
    answer = ask("北京轮渡公司运送了多少乘客？")
    assert answer.status == "no_evidence" and answer.citations == () and marks(answer) == []
    assert answer.hits[0].article.id == "ferry"


def test_a_list_that_is_asked_for_stays_whole(ask):
    answer = ask("海州博物馆有哪些展厅？")
    assert all(hall in answer.text for hall in ("陶瓷厅", "书画厅", "铜器厅", "民俗厅"))


def test_a_follow_up_does_not_repeat_what_was_said(ask):
    first = ask("上海轮渡公司运送了多少乘客？")
    second = ask("它的总经理是谁？", (first.question, first.text))
    assert "沈之航" in second.text and "800万" not in second.text


def test_a_follow_up_may_repeat_the_number_that_nothing_else_gives(ask):
    first = ask("青石桥建于哪一年？")
    again = ask("它有几个桥孔？", (first.question, first.text))
    assert "五个桥孔" in again.text and again.citations[0].article_id == "bridge"


def test_a_question_that_stands_alone_may_get_the_same_sentence_again(ask):
    first = ask("青石桥的全长是多少米？")
    again = ask("青石桥一共有几个桥孔？", (first.question, first.text))
    assert "五个桥孔" in again.text


def test_a_follow_up_is_answered_in_its_own_script(ask):
    english = ("How long is the bridge 青石桥?", "The articles say: 青石桥建于1912年，全长48米。[1]")
    assert not ask("它有几个桥孔？", english).text.startswith("The articles")
    assert ask("And how many arches does it have?", ("青石桥有多长？", "48米。")).text.startswith("The articles say")
    assert "青石橋建於1912年" in ask("那麼它建於哪一年？", ("青石桥有多长？", "48米。")).text


def test_the_configuration_bounds_the_answer(config: Config):
    short = Assistant(replace(config, answer=AnswerConfig(sentences=1, confidence=1.0)))
    assert len(short.ask(Question("周一哪些地方闭馆？")).citations) == 1
    tight = Assistant(replace(config, answer=AnswerConfig(chars=40, confidence=1.0)))
    assert len(tight.ask(Question("青石桥建于哪一年？")).text) <= 40
    strict = Assistant(replace(config, answer=AnswerConfig(threshold=9.0)))
    assert strict.ask(Question("桥上有人在钓鱼吗")).status == "no_evidence"


def test_a_sentence_that_the_articles_repeat_is_given_once(tmp_path):
    record = {"id": "depot", "title": "仓库", "text": "第七号仓库由沈工管理。\n" * 30}
    (tmp_path / "depot.jsonl").write_text(json.dumps(record) + "\n", "utf-8")
    made = IndexConfig(home=tmp_path / "home", sources=(tmp_path / "depot.jsonl",))
    update(made)
    assert len(Assistant(Config(index=made)).ask(Question("第七号仓库由谁管理？")).citations) == 1
