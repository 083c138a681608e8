"""A question finds and is answered from passages that write its words and numbers otherwise: other scripts, other
regions, other figures, pinyin.
"""

import pytest
from opencc import OpenCC
from worlds import World

from index.config import IndexConfig
from rag.assistant import Assistant
from rag.config import Config
from rag.types import Question

ARTICLES = {
    "chips": "青石市的晶片产业去年有四十家企业，主要生产感测器。",
    "cloud": "海州市的云计算中心有两千台服务器，用电来自风电场。",
    "pay": "临江镇的商店里，行動支付的使用者佔了百分之六十五。",
    "users": "云岫平台的注册人数达到二十五万人。",
    "riders": "星河平台的注册人数达到三十五万人。",
    "fund": "南山基金的规模是12000万元。",
    "bonds": "北山基金的规模是22000万元。",
    "year": "二〇一九年，白鹭湖公园建成开放，投资方是一家水务公司。",
    "later": "二〇二二年，白鹭湖公园扩建，投资方是一家林业公司。",
    "hall": "模速空间入驻了一百二十家企业。",
    "river": "吕梁路的桥长六百米。",
}
FOUND = [
    ("青石市的芯片产业有多少家企业？", "chips", "四十家"),
    ("青石市的芯片產業主要生產什麼傳感器？", "chips", "感测器"),
    ("海州市的雲端運算中心有多少台伺服器？", "cloud", "两千台"),
    ("临江镇的移动支付用户占多少？", "pay", "百分之六十五"),
    ("哪个平台的注册人数达到250,000人？", "users", "云岫平台"),
    ("哪個平台的註冊人數達到35萬人？", "riders", "星河平台"),
    ("哪个平台的注册人数达到２５万人？", "users", "云岫平台"),
    ("哪只基金的规模是1.2亿元？", "fund", "南山基金"),
    ("哪隻基金的規模是兩億兩千萬元？", "bonds", "北山基金"),
    ("2019年白鹭湖公园的投资方是谁？", "year", "水务公司"),
    ("2022年白鹭湖公园的投资方是谁？", "later", "林业公司"),
    ("moSu kongjian入驻了多少家企业？", "hall", "一百二十家"),
    ("Mosu Kongjian入驻了多少家企业？", "hall", "一百二十家"),
    ("mó sù kōng jiān 有多少家企业？", "hall", "一百二十家"),
    ("mosukongjian有多少企業？", "hall", "一百二十家"),
    ("Lǚliáng lù的桥有多长？", "river", "六百米"),
    ("lvlianglu的桥有多长？", "river", "六百米"),
]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory) -> Assistant:
    folder = tmp_path_factory.mktemp("forms")
    world = World(folder, IndexConfig(home=tmp_path_factory.mktemp("home"), sources=(folder,)))
    world.write_lines("town.jsonl", *({"id": i, "title": i, "text": text} for i, text in ARTICLES.items()))
    dictionary = tmp_path_factory.mktemp("words") / "words.txt"
    dictionary.write_text("模速空间\n吕梁路\n", "utf-8")
    world.set(dictionary=dictionary)
    world.update()
    return Assistant(Config(index=world.config))


@pytest.mark.parametrize(("question", "article", "fact"), FOUND)
def test_a_passage_is_found_and_quoted_whichever_form_it_uses(assistant, question: str, article: str, fact: str):
    assert assistant.search(Question(question), 3)[0].article.id == article
    answer = assistant.ask(Question(question))
    assert answer.status == "answered" and answer.citations[0].article_id == article
    assert fact in answer.citations[0].quote


@pytest.mark.parametrize("script", ["s2t", "s2tw", "s2hk"])
def test_both_scripts_of_a_question_give_the_same_hits_with_the_same_scores(assistant, script):
    simplified, convert = OpenCC("t2s").convert, OpenCC(script).convert
    for question, _, _ in FOUND:
        one, other = (assistant.ask(Question(form)) for form in (simplified(question), convert(simplified(question))))
        assert [(h.passage.id, h.score) for h in one.hits] == [(h.passage.id, h.score) for h in other.hits]
        assert [c.quote for c in one.citations] == [c.quote for c in other.citations]


def test_an_answer_speaks_the_script_of_the_question_whatever_its_words(assistant):
    assert "晶片产业" in assistant.ask(Question("青石市的晶片产业有四十家企业吗？")).text
    assert "晶片產業" in assistant.ask(Question("青石市的芯片產業有多少家企業？")).text
    assert "articles say" not in assistant.ask(Question("mo su kong jian 有多少企业？")).text


@pytest.mark.parametrize("question", ["哪个平台的注册人数达到26万人？", "哪只基金的规模是3.2亿元？"])
def test_another_number_changes_what_the_best_passage_is_worth(assistant, question):
    same = "哪个平台的注册人数达到25万人？" if "平台" in question else "哪只基金的规模是2.2亿元？"
    assert assistant.search(Question(same), 1)[0].score > assistant.search(Question(question), 1)[0].score


def test_a_year_in_other_figures_is_still_told_from_another_year(assistant):
    answer = assistant.ask(Question("2018年白鹭湖公园的投资方是谁？"))
    assert answer.status == "no_evidence" and "2018" in answer.text
