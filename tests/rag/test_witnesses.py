"""A story told by several articles is one witness, and one loud file does not push out the others."""

import pytest
from worlds import World

from index.fold import fold
from index.types import ANYBODY, Filter
from rag.assistant import Assistant
from rag.config import Config, RetrieveConfig
from rag.retrieve import retrieve
from rag.types import Answer, Hit, Question
from rag.witnesses import says

STORY = (
    "云岫博物馆新馆昨天开馆。新馆位于青石桥东侧，藏品一百八十万件，设座位两千四百个。馆长林书明说，新馆每周一闭馆，"
    "其余日子从早上九点开到晚上九点。儿童陈列室可容纳两百人，另有一间修复室通宵开放。"
    "市民凭身份证即可入馆，借展每次不超过十件，期限四周。"
)
TRADITIONAL = (
    "雲岫博物館新館昨天開館。新館位於青石橋東側，藏品一百八十萬件，設座位兩千四百個。館長林書明說，新館每週一閉館，"
    "其餘日子從早上九點開到晚上九點。兒童陳列室可容納兩百人，另有一間修復室通宵開放。"
    "市民憑身份證即可入館，借展每次不超過十件，期限四週。"
)


def asked(world: World, text: str, only: Filter = ANYBODY) -> Answer:
    return Assistant(Config(index=world.config)).ask(Question(text, filter=only))


def found(world: World, text: str, k: int = 10, only: Filter = ANYBODY) -> list[Hit]:
    return Assistant(Config(index=world.config)).search(Question(text, filter=only), k)


@pytest.fixture
def reprinted(world: World) -> World:
    """A story in four articles: as it was, in the other script, cut and reordered, and with other punctuation."""
    sentences = STORY.split("。")
    for name, day, text in (
        ("a.md", "2024-05-06", STORY),
        ("b.md", "2024-05-07", TRADITIONAL),
        ("c.md", "2024-05-08", "。".join([*sentences[2:], *sentences[:1]])),
        ("d.md", "2024-05-09", STORY.replace("，", "、").replace("。", "！")),
    ):
        world.write(name, f"---\npublisher: {name[0]}报\npublished: {day}\n---\n{text}")
    world.update()
    return world


def test_an_answer_shows_a_story_once_with_all_its_sources(reprinted: World):
    answer = asked(reprinted, "云岫博物馆新馆藏品多少件？")
    cited = answer.citations[0]
    assert answer.text.count("百八十万件") == 1 and "百八十" in cited.quote
    assert {cited.article_id, *(r.article_id for r in cited.reprints)} == {"a.md", "b.md", "d.md"}, (
        "c lost the sentence"
    )
    assert all(r.publisher and r.published for r in cited.reprints)


def test_a_search_gives_a_story_once(reprinted: World):
    hits = found(reprinted, "云岫博物馆新馆儿童陈列室")
    told = [hit for hit in hits if hit.article.id in {"a.md", "b.md", "c.md", "d.md"}]
    assert len(told) == 1 and len(told[0].reprints) >= 2
    assert {"tea.md", "bridge.md", "library.md"} <= {hit.article.id for hit in hits}


def test_reprints_do_not_outvote_another_article(reprinted: World):
    for number in range(200):
        reprinted.write(f"n{number}.md", STORY.replace("昨天", f"{'、' * (number % 3)}昨天"))
    reprinted.write("other.md", "海州大学博物馆新馆下月开馆，藏品九十万件。")
    reprinted.update()
    assert "other.md" in [hit.article.id for hit in found(reprinted, "云岫博物馆新馆藏品多少件？", 5)]
    assert "九十万件" in asked(reprinted, "海州大学博物馆新馆藏品多少件？").text


def test_one_file_full_of_the_questions_words_leaves_room_for_the_answer(world: World):
    world.write("loud.md", "云岫茶厂春茶产量是多少？" * 500)
    world.update()
    assert "tea.md" in [hit.article.id for hit in found(world, "云岫茶厂春茶产量是多少？", 5)]
    assert "6.5万斤" in asked(world, "云岫茶厂2023年春茶产量是多少？").text


def test_how_many_passages_an_article_may_have_is_a_setting(world: World):
    lines = "\n\n".join(f"云岫茶厂的第{n}号车间在{1900 + n}年投产，产量是{n}万斤。" for n in range(1, 40))
    world.write("long.md", lines)
    world.set(passage_chars=20)
    world.update()
    index, question = world.open(), fold("云岫茶厂的车间产量是多少")
    for most in (1, 3, 30):
        found = retrieve(index, question, RetrieveConfig(per_article=most))
        assert [c.found.article.id for c in found].count("long.md") == most
        assert {"tea.md", "bridge.md", "library.md"} <= {c.found.article.id for c in found}


def test_repeats_are_left_as_they_are_where_that_is_asked_for(reprinted: World):
    index, question = reprinted.open(), fold("云岫博物馆新馆藏品多少件")
    every = retrieve(index, question, RetrieveConfig(without=("reprints",)))
    assert {"a.md", "b.md", "c.md", "d.md"} <= {c.found.article.id for c in every}
    assert not any(c.repeats for c in every)
    assert [c.score for c in every] == sorted((c.score for c in every), reverse=True)
    joined = retrieve(index, question, RetrieveConfig())
    assert len(joined) < len(every) and any(c.repeats for c in joined)
    assert len(retrieve(index, question, RetrieveConfig(rerank=2, without=("reprints",)))) == 2


def test_the_same_words_with_another_figure_are_another_witness(world: World):
    world.write("may.md", f"---\npublished: 2024-05-06\n---\n{STORY}")
    world.write("june.md", f"---\npublished: 2024-06-20\n---\n{STORY.replace('一百八十万', '一百九十万')}")
    world.update()
    assert {"may.md", "june.md"} <= {hit.article.id for hit in found(world, "云岫博物馆新馆藏品多少件？")}
    assert not any(hit.reprints for hit in found(world, "云岫博物馆新馆藏品多少件？"))


def test_a_restricted_reprint_is_not_named_to_others(world: World):
    world.write("a.md", STORY)
    world.write("b.md", f"---\ngroups: [财务]\n---\n{STORY}")
    world.update()
    question = "云岫博物馆新馆藏品多少件？"
    assert not any(c.reprints for c in asked(world, question).citations)
    inside = asked(world, question, Filter(("财务",))).citations[0]
    assert {inside.article_id, *(r.article_id for r in inside.reprints)} == {"a.md", "b.md"}


@pytest.mark.parametrize(
    ("only", "named"),
    [
        (Filter(until="2024-05-08"), {"a.md", "b.md"}),
        (Filter(since="2024-05-07"), {"b.md", "d.md"}),
        (Filter(publishers=("d",)), {"d.md"}),
        (Filter(paths=("[ad].md",)), {"a.md", "d.md"}),
    ],
)
def test_a_reprint_outside_of_the_filter_is_not_named_and_one_inside_speaks_for_its_story(
    reprinted: World, only: Filter, named: set[str]
):
    cited = asked(reprinted, "云岫博物馆新馆藏品多少件？", only).citations[0]
    assert {cited.article_id, *(r.article_id for r in cited.reprints)} == named
    (hit,) = found(reprinted, "云岫博物馆新馆藏品多少件？", only=only)
    assert {hit.article.id, *(a.id for a in hit.reprints)} - {"c.md"} == named


@pytest.mark.parametrize(
    ("text", "is_said"),
    [
        ("新馆位于青石桥东侧、藏品一百八十万件、设座位两千四百个！", True),
        ("新館位於青石橋東側，藏品一百八十萬件，設座位兩千四百個。", True),
        ("新馆位于青石桥东侧，藏品一百九十万件，设座位两千四百个。", False),
        ("新馆位于青石桥西侧的山坡上，与老馆隔河相望，设座位若干。", False),
    ],
)
def test_what_a_text_says(text: str, is_said: bool):
    assert says(STORY, text) is is_said
