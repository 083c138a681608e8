"""A filter leaves in what fits all of it, inside the search: the last of thousands is found like the first."""

import random
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from worlds import SALARY, World, article

from index import listing
from index.config import IndexConfig
from index.errors import QuestionError
from index.filters import LONGEST, MOST, Allowed, Fits
from index.globs import matches
from index.reader import Index
from index.types import ANYBODY, Filter

MANY = 2400
QUESTION = "云岫茶厂春茶产量"


def record(n: int) -> dict[str, object]:
    """One of many articles that all answer the question; day, month or year of publication, or nothing, is known."""
    day = (None, f"20{10 + n % 15}", f"20{10 + n % 15}-0{1 + n % 9}", f"20{10 + n % 15}-0{1 + n % 9}-1{n % 10}")[n % 4]
    known = {"publisher": f"第{n % 40}日报", **({"published": day} if day else {})}
    groups = {"groups": ["财务"]} if n % 11 == 0 else {}
    return {"id": f"{n % 20}/n{n}", "text": f"云岫茶厂{n}号茶园春茶产量{n}斤。", **known, **groups}


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Thousands of articles that the question fits, and one that it hardly does."""
    folder = tmp_path_factory.mktemp("big")
    world = World(folder / "sources", IndexConfig(home=folder / "home", sources=(folder / "sources",)))
    world.folder.mkdir()
    far = {"id": "far", "text": "河边有人散步，去年产量不明。", "publisher": "海州小報", "published": "2024-05"}
    world.write_lines("many.jsonl", *map(record, range(MANY)), far)
    world.update()
    return world.open()


def found(index: Index, leg: str, k: int, only: Filter = ANYBODY) -> list[str]:
    """The ids of the articles that one leg finds, best first."""
    vector = index.embedder.encode([QUESTION], kind="query")[0]
    ranked = index.dense(vector, k, only) if leg == "dense" else index.lexical(index.words(QUESTION), k, only)
    ids = {f.row: f.article.id for f in index.given(ranked.rows.tolist(), only)}
    return [ids[row] for row in ranked.rows.tolist()]


@pytest.mark.parametrize("leg", ["dense", "lexical"])
def test_an_article_that_ranks_below_thousands_is_found_when_the_filter_leaves_it_alone(big: Index, leg: str):
    assert "far" not in found(big, leg, 2000, Filter(("财务",)))
    for only in (
        Filter(publishers=("小报",)),
        Filter(paths=("far",)),
        Filter(publishers=("海州",), since="2024-05-31"),
    ):
        assert found(big, leg, 5, only) == ["far"]


@pytest.mark.parametrize("leg", ["dense", "lexical"])
def test_a_filtered_leg_gives_what_is_left_of_the_whole_leg_in_its_order(big: Index, leg: str):
    everything = Filter(("财务",))
    whole = found(big, leg, 3000, everything)
    articles = {one.article.id: one.article for one in listing.listed(big.home)}
    dice = random.Random(3)
    for _ in range(12):
        only = Filter(
            groups=dice.choice([(), ("财务",)]),
            publishers=dice.choice([(), ("第7日报",), ("第1日报", "第33日報"), ("日报",)]),
            since=dice.choice([None, "2015", "2023-08-15"]),
            until=dice.choice([None, "2018-03", "2024"]) if dice.random() < 0.5 else None,
            paths=dice.choice([(), (), ("3/**", "n1?")]),
        )
        if only.since == "2023-08-15" and only.until == "2018-03":
            continue
        left = [id for id in whole if Fits(only).article(articles[id])]
        assert found(big, leg, 100, only) == left[:100]
        assert found(big, leg, 2500, only) == left


def test_a_group_is_not_widened_by_any_filter(big: Index):
    for only in (Filter(publishers=("日报",)), Filter(since="2010"), Filter(paths=("**",)), Filter(("财",), ("第",))):
        for leg in ("dense", "lexical"):
            ids = found(big, leg, 2500, only)
            assert ids and not any(int(id.partition("n")[2]) % 11 == 0 for id in ids if id != "far")
    rows = big.dense(big.embedder.encode([SALARY], kind="query")[0], 2500, Filter(("财务",))).rows.tolist()
    assert {f.article.groups for f in big.passages(rows, Filter(publishers=("日报",)))} == {()}


def test_passages_outside_of_the_filter_are_not_given_even_by_their_rows(big: Index):
    rows = big.lexical(big.words(QUESTION), 50).rows.tolist()
    assert {f.article.publisher for f in big.passages(rows, Filter(publishers=("第3日报",)))} <= {"第3日报"}
    assert big.passages(rows, Filter(until="1999")) == []


def test_the_scope_of_a_filter_names_only_what_its_groups_may_read(world: World):
    world.write("a.md", "---\npublisher: 海州日报\npublished: 2024-05\n---\n青石桥长48米。")
    world.write("b.md", f"---\npublisher: 薪酬简报\npublished: 2030-01-01\ngroups: [财务]\n---\n{SALARY}")
    world.update()
    home = world.config.home
    assert listing.publishers(home) == ("海州日报",)
    assert listing.scope(home, Filter(until="2025")) == listing.Scope(1, ("海州日报",), ("2024-05", "2024-05"))
    assert listing.scope(home, Filter(("财务",), since="2024")) == listing.Scope(
        2, ("海州日报", "薪酬简报"), ("2024-05", "2030-01-01")
    )
    world.write("c.md", "---\npublisher: 海州晚报\n---\n青石桥长48米。")
    world.update()
    assert set(listing.publishers(home)) == {"海州日报", "海州晚报"}, (
        "what was asked before is not kept for a new index"
    )


def test_many_filters_one_after_the_other_stay_right(big: Index):
    for n in [*range(40), 0, 39, 5]:
        ids = found(big, "lexical", 2500, Filter(("财务",), publishers=(f"第{n}日报",)))
        assert {int(id.partition("n")[2]) % 40 for id in ids} == {n}


@pytest.mark.parametrize(
    ("asked", "publisher", "fits"),
    [
        ("经信委", "上海市经信委", True),
        ("經信委", "上海市经信委", True),
        ("上海市经信委", "上海市經信委", True),
        ("上海市经信委", "经信委", False),
        ("reuters", "Ｒｅｕｔｅｒｓ 路透", True),
        ("日报", None, False),
        ("*", "新华社", False),
    ],
)
def test_a_publisher_is_asked_for_by_a_part_of_its_name(asked: str, publisher: str | None, fits: bool):
    assert Fits(Filter(publishers=("无此报", asked))).publisher(publisher) is fits
    assert Fits(Filter()).publisher(publisher)


@pytest.mark.parametrize(
    ("since", "until", "published", "fits"),
    [
        ("2024", None, "2024-01-01", True),
        ("2024", None, "2023-12-31", False),
        ("2024-05", None, "2024", True),
        ("2024-05", None, "2024-04", False),
        ("2024-05-31", None, "2024-05", True),
        (None, "2024-05", "2024-05-31", True),
        (None, "2024-05", "2024-06-01", False),
        (None, "2024-05", "2024", True),
        (None, "2024", "2024-12-31", True),
        ("2024-02-29", "2024-02-29", "2024-02", True),
        ("2024-02-29", "2024-02-29", "2024-03", False),
        ("2024", "2024-05", "2023", False),
        ("2024年5月", None, "2024-05-06", True),
        ("2024", None, None, False),
        (None, "2024", None, False),
        (None, None, None, True),
    ],
)
def test_a_date_that_is_cut_stands_for_all_of_its_days(since, until, published, fits):
    assert Fits(Filter(since=since, until=until)).published(published) is fits


def test_a_path_is_a_glob_over_the_id_or_the_source():
    one = article("文。", id="记录7", source="news/2024/a.jsonl", publisher="新华社")
    for paths, fits in ((("记录*",), True), (("news/**",), True), (("*.jsonl",), True), (("news/*",), False)):
        assert Fits(Filter(paths=paths)).article(one) is fits
    assert not Fits(Filter(paths=("news/**",), publishers=("日报",))).article(one)
    assert not Fits(Filter(paths=("news/**",))).article(replace(one, groups=("财务",)))


@pytest.mark.parametrize(
    "only",
    [
        Filter(since="2024-13"),
        Filter(until="昨天"),
        Filter(since=""),
        Filter(since="2024-06", until="2024-05-31"),
        Filter(publishers=("",)),
        Filter(publishers=(" ",)),
        Filter(paths=("x" * (LONGEST + 1),)),
        Filter(paths=("x",) * (MOST + 1)),
    ],
)
def test_a_wrong_filter_is_told_in_one_line_of_each_language(only: Filter):
    with pytest.raises(QuestionError) as raised:
        Fits(only)
    message = raised.value.message
    assert "筛选" in message.zh and "filter" in message.en and "\n" not in message.zh + message.en


def test_a_glob_of_a_stranger_takes_no_time_to_speak_of():
    started = time.perf_counter()
    assert not matches("**/a*/" * 33 + "b", "/".join("a" * 40))
    assert not matches("*a" * 60 + "/b", "a" * 60 + "/c")
    assert time.perf_counter() - started < 0.5


def test_what_is_allowed_is_known_row_by_row():
    allowed = Allowed.of(np.array([1]), np.array([3, 8, 4000]))
    assert allowed.holds(np.array([1, 3, 7, 8, 9, 3999, 4000, 4001, 10**9])).tolist() == [
        False, True, False, True, False, False, True, False, False,
    ]  # fmt: skip
    assert not Allowed.of(np.array([], int), np.array([], int)).holds(np.array([0, 1, 9])).any()


def test_a_word_index_of_the_fields_of_an_earlier_release_is_built_again(world: World, tmp_path: Path):
    """Its hash was over the files alone."""
    from index import durable, lexical

    world.update()
    folder = world.config.home / "generations" / "00000001"
    before = durable.folder_sha256(folder / lexical.FOLDER)
    for act in (world.open, world.update):
        world.sql("UPDATE generations SET lexical_sha256 = ? WHERE number = 1", before)
        if act == world.update:
            world.write("new.md", "新的一篇文章讲石拱桥。")
        act()
        found = world.open()
        assert len(found.lexical(["产量"], 9, Filter(paths=("tea.md",))).rows) == 1
        assert world.sql("SELECT lexical_sha256 FROM generations ORDER BY number DESC")[0][0] != before
