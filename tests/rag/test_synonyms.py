"""A question and a passage that name the same thing differently meet where the dictionary says that it is the same."""

import pytest
from worlds import World

from index.errors import LibraryMismatch
from index.fold import fold
from index.synonyms import asked_words, variants
from rag.assistant import Assistant
from rag.config import Config
from rag.retrieve import retrieve
from rag.types import Answer, Question, Turn

DICTIONARY = """
# 机构词
经信委 = 海州市经济和信息化委员会 = HEIC
库帕思 = Kupas = 上海库帕思科技
WAIC 2024 = 第七届海州智能大会
规上企业 = 规模以上企业
云岫 Cloud Elf = 云岫云精灵
"""
ARTICLES = {
    "full": "海州市经济和信息化委员会的办公楼建在临江路，共有十二层。委员会主任是秦望川。",
    "short": "去年起，经信委向八百家企业发放了智改补贴。",
    "health": "海州市卫生健康委员会的办公楼共有九层，主任是顾兰舟。",
    "firm": "库帕思有员工一百四十名，其中六成是工程师。",
    "event": "第七届海州智能大会吸引观众三十万人次。",
    "works": "海州有规模以上企业三百家。",
    "elf": "云岫云精灵可以容纳五百个用户。",
}


FOUND = [
    ("经信委的主任是谁？", "秦望川", "full"),
    ("How many storeys does the HEIC building have?", "十二层", "full"),
    ("海州市经济和信息化委员会发放了什么补贴？", "智改补贴", "short"),
    ("海州市經濟和信息化委員會發放了什麼補貼？", "智改补贴", "short"),
    ("上海库帕思科技有多少员工？", "一百四十名", "firm"),
    ("上海庫帕思科技有多少員工？", "一百四十名", "firm"),
    ("Kupas有多少员工？", "一百四十名", "firm"),
    ("WAIC 2024吸引了多少觀眾？", "三十万人次", "event"),
    ("云岫 Cloud Elf可以容纳多少用户？", "五百个", "elf"),
]


@pytest.fixture
def office(world: World) -> World:
    """An office whose articles each know one name only, and its dictionary, which is not yet configured."""
    world.write_lines("office.jsonl", *({"id": i, "title": i, "text": text} for i, text in ARTICLES.items()))
    (world.folder.parent / "words.txt").write_text(DICTIONARY, "utf-8")
    return world


@pytest.fixture
def knowing(office: World) -> Assistant:
    """An assistant with the dictionary."""
    office.set(dictionary=office.folder.parent / "words.txt")
    office.update()
    return Assistant(Config(index=office.config))


def gives(answer: Answer, fact: str, article: str) -> bool:
    """Whether an answer begins with a sentence of the article, and holds the fact."""
    quotes = "".join(c.quote for c in answer.citations)
    return answer.status == "answered" and answer.citations[0].article_id == article and fact in quotes


def test_without_the_dictionary_the_office_is_not_understood_by_every_name(office: World):
    office.update()
    plain = Assistant(Config(index=office.config))
    assert not all(gives(plain.ask(Question(question)), fact, article) for question, fact, article in FOUND)


@pytest.mark.parametrize(("question", "fact", "article"), FOUND)
def test_with_the_dictionary_it_is_answered_whatever_name_is_used(knowing, question: str, fact: str, article: str):
    assert gives(knowing.ask(Question(question)), fact, article)
    assert knowing.search(Question(question), 3)[0].article.id == article


@pytest.mark.parametrize(
    ("question", "lacking"),
    [
        ("北京库帕思有多少员工？", "北京"),
        ("上海有多少员工？", "上海"),
        ("Kupas的注册资本是多少？", "注册资本"),
        ("Kupax有多少员工？", "Kupax"),
        ("WAIC 2023吸引了多少观众？", "2023"),
    ],
)
def test_what_the_dictionary_does_not_say_is_still_refused(knowing, question: str, lacking: str):
    answer = knowing.ask(Question(question))
    assert answer.status == "no_evidence" and f"“{lacking}”" in answer.text


def test_a_name_that_the_articles_use_nowhere_is_refused(office: World):
    dictionary = office.folder.parent / "words.txt"
    dictionary.write_text("Nimbus = 层云科技", "utf-8")
    office.set(dictionary=dictionary)
    office.update()
    answer = Assistant(Config(index=office.config)).ask(Question("Nimbus有多少员工？"))
    assert answer.status == "no_evidence" and "“Nimbus”" in answer.text


def test_a_follow_up_points_back_to_the_thing_under_any_name(knowing):
    first = knowing.ask(Question("经信委的办公楼有多少层？"))
    second = knowing.ask(Question("它发放了什么补贴？", (Turn(first.question, first.text),)))
    assert "十二层" in first.citations[0].quote and gives(second, "智改补贴", "short")
    assert "十二层" not in second.text


def test_a_definition_is_found_under_another_name(knowing, office: World):
    office.write("elf.md", "# 产品\n\n云岫云精灵是一款排班软件。\n\n很多人问云岫云精灵好不好用，也有人说它慢。\n")
    office.update()
    assert gives(knowing.ask(Question("云岫 Cloud Elf是什么？")), "排班软件", "elf.md")


def test_a_passage_gets_the_best_cosine_and_the_best_share_of_words_among_the_names(knowing, office: World):
    index, question = office.open(), fold("Kupas和HEIC在哪")
    asked = variants(question, index.words, most=4)
    sides = [index.words(question), list(asked_words(question, index.words).values())]
    shares: dict[int, float] = {}
    for words in sides:
        ranked = index.lexical(words, 100)
        for row, score in zip(ranked.rows.tolist(), ranked.scores.tolist(), strict=True):
            shares[row] = max(shares.get(row, 0.0), score / index.bound(words))
    assert len(asked) == 5
    for candidate in retrieve(index, question, knowing._config.retrieve):
        cosines = index.embedder.encode(asked, kind="query") @ candidate.found.vector
        assert candidate.cosine == pytest.approx(float(cosines.max()), abs=1e-6)
        assert candidate.words == pytest.approx(shares.get(candidate.found.row, 0.0))


def test_another_dictionary_changes_the_words_and_embeds_nothing_again(office: World):
    office.update()
    rows, vectors = office.rows(), office.sql("SELECT row, vector FROM passages ORDER BY row")
    office.set(dictionary=office.folder.parent / "words.txt")
    with pytest.raises(LibraryMismatch):
        office.open()
    office.update()
    assert office.rows() == rows and office.sql("SELECT row, vector FROM passages ORDER BY row") == vectors
    assert gives(Assistant(Config(index=office.config)).ask(Question("Kupas有多少员工？")), "一百四十名", "firm")
    (office.folder.parent / "words.txt").write_text("经信委 = HEIC", "utf-8")
    office.update()
    assert office.rows() == rows
    assert Assistant(Config(index=office.config)).ask(Question("Kupas有多少员工？")).status == "no_evidence"
