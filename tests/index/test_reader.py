"""open_index(): one generation, whole and unchanging; damaged caches are made anew; groups are denied by default."""

import os
import random
import shutil
import signal
import threading
from pathlib import Path

import numpy as np
import pytest
from worlds import BRIDGE, SALARY, TEA, World, texts

from index.errors import LibraryMismatch, LibraryMissing, LibraryUnavailable
from index.reader import read_manifest
from index.types import Filter
from index.writer import update


def caches_of(world: World, generation: int = 1) -> Path:
    return world.config.home / "generations" / f"{generation:08d}"


def test_both_legs_find_the_passage_and_its_article(world: World):
    world.update()
    index = world.open()
    vector = index.embedder.encode(["茶厂的产量"], kind="query")[0]
    dense, lexical = index.dense(vector, 1), index.lexical(index.words("茶厂产量"), 1)
    assert dense.rows.tolist() == lexical.rows.tolist()
    (found,) = index.passages(dense.rows)
    assert found.article.id == "tea.md" and TEA in found.article.text
    assert found.article.text[found.passage.start : found.passage.end] == found.passage.text
    assert float(found.vector @ vector) == pytest.approx(float(dense.scores[0]), abs=2e-3)
    assert 0 < lexical.scores[0] < index.bound(index.words("茶厂产量"))


def test_passages_take_any_number_of_rows_and_leave_out_what_is_not_there(world: World):
    world.update()
    index = world.open()
    assert len(index.passages([])) == 0
    assert len(index.passages([*range(100_000), -1, 2**62])) == 3
    assert len(index.passages(np.array(world.rows()))) == 3


def test_passages_of_one_article_share_it(world: World):
    world.write("long.md", "云岫山有许多茶园，每年采茶。" * 500)
    world.update()
    found = world.open().passages(world.rows())
    long = [f.article for f in found if f.article.id == "long.md"]
    assert len(long) > 20 and len(set(map(id, long))) == 1


def test_a_reader_keeps_its_generation_while_updates_pass_and_then_it_goes(world: World):
    world.update()
    old, rows = world.open(), world.rows()
    for amount in ("7.5", "8.5"):
        world.write("tea.md", TEA.replace("6.5", amount))
        world.update()
    assert not old.is_current()
    assert any("6.5万斤" in text for text in texts(old, "春茶产量"))
    assert len(old.passages(rows)) == 3 and caches_of(world, 1).exists() and not caches_of(world, 2).exists()
    new = world.open()
    assert new.is_current() and any("8.5万斤" in text for text in texts(new, "春茶产量"))
    assert not {f.passage.text for f in old.passages(world.rows())} & {t for t in texts(new, "春茶产量") if "8.5" in t}
    old.close()
    world.update()
    assert not caches_of(world, 1).exists() and not caches_of(world, 1).with_suffix(".lock").exists()
    assert world.sql("SELECT count(*) FROM articles") == [(3,)]
    assert world.sql("SELECT number FROM generations") == [(3,)]


def test_an_index_nobody_refers_to_gives_its_generation_back(world: World):
    world.update()
    world.open()
    world.opened.clear()
    world.write("tea.md", TEA)
    world.update()
    assert not caches_of(world, 1).exists()


def put(path: Path, content: bytes) -> None:
    """Another file under the name: to cut a file that a process has mapped kills the process (SIGBUS)."""
    path.with_suffix(".other").write_bytes(content)
    path.with_suffix(".other").rename(path)


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    put(path, content)


def cut_short(path: Path) -> None:
    put(path, path.read_bytes()[:-1])


def swap(path: Path) -> None:
    """What is whole, but belongs elsewhere."""
    other = next(file for file in sorted(path.parents[1].rglob("*")) if file.is_file() and file.stat().st_size > 50)
    put(path, other.read_bytes() + b" ")


@pytest.mark.parametrize("harm", [flip, cut_short, swap, Path.unlink])
def test_harmed_cache_files_are_made_anew(world: World, harm):
    world.update()
    index = world.open()
    before = texts(index, "春茶产量")
    index.close()
    folder = caches_of(world)
    harmed = [folder / "vectors.faiss", folder / "lexical" / "meta.json", *(folder / "lexical").glob("*.term")]
    assert len(harmed) == 3
    for name in [path.relative_to(folder) for path in harmed[:2]] + ["*.term"]:
        target = folder / name if name != "*.term" else next((folder / "lexical").glob("*.term"))
        harm(target)
        index = world.open()
        assert texts(index, "春茶产量") == before and index.is_current()
        index.close()


@pytest.mark.parametrize("gone", [".", "lexical", ".."])
def test_missing_cache_folders_are_made_anew(world: World, gone):
    world.update()
    before = texts(world.open(), "春茶产量")
    shutil.rmtree(os.path.normpath(caches_of(world) / gone))
    assert texts(world.open(), "春茶产量") == before


def test_an_update_over_harmed_caches_is_right_as_well(world: World):
    world.update()
    flip(next((caches_of(world) / "lexical").glob("*.term")))
    world.write("pay.md", SALARY)
    world.update()
    assert any("奖金池" in text for text in texts(world.open(), "绩效奖金"))
    assert any("6.5万斤" in text for text in texts(world.open(), "春茶产量"))


def test_caches_of_another_library_are_not_believed(world: World, tmp_path):
    world.update()
    before = texts(world.open(), "春茶产量")
    mine = world.config
    world.set(home=tmp_path / "other")
    world.write("tea.md", SALARY)
    world.update()
    shutil.rmtree(caches_of(world).parent.parent.parent / "home" / "generations")
    shutil.copytree(tmp_path / "other" / "generations", mine.home / "generations")
    world.config = mine
    assert texts(world.open(), "春茶产量") == before


def test_many_readers_at_once_make_harmed_caches_anew_once(world: World):
    world.update()
    flip(caches_of(world) / "vectors.faiss")
    opened, threads = [], [threading.Thread(target=lambda: opened.append(world.open())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4 and all(any("6.5" in t for t in texts(index, "春茶产量")) for index in opened)


def test_a_reader_that_was_open_while_caches_were_made_anew_still_counts(world: World):
    world.update()
    old, rows = world.open(), world.rows()
    flip(caches_of(world) / "vectors.faiss")
    world.open()
    for index in world.opened[1:]:
        index.close()
    world.write("tea.md", TEA.replace("6.5", "7.5"))
    world.update()
    assert len(old.passages(rows)) == 3


def test_another_model_is_refused_and_named(world: World):
    world.update()
    world.sql("UPDATE generations SET model = 'their/model', model_sha256 = 'beef'")
    with pytest.raises(LibraryMismatch, match="their/model"):
        world.open()
    assert read_manifest(world.config.home).model == "their/model"


def test_another_dictionary_is_refused_until_the_next_update(world: World, tmp_path):
    world.update()
    (tmp_path / "words.txt").write_text("云岫茶厂\n", "utf-8")
    world.set(dictionary=tmp_path / "words.txt")
    with pytest.raises(LibraryMismatch, match="youju index"):
        world.open()
    world.update()
    assert world.open().is_current()


def restricted(world: World) -> None:
    world.write("pay.md", f"---\ntitle: 奖金\ngroups: [财务]\n---\n{SALARY}")
    world.write("plan.md", f"---\ntitle: 计划\ngroups: [财务, 人事]\n---\n{SALARY.replace('三千', '五千')}")
    world.update()


@pytest.mark.parametrize(
    ("groups", "may"),
    [
        ((), set()),
        (("财务",), {"pay.md", "plan.md"}),
        (("人事",), {"plan.md"}),
        (("财", "务", "*", "everybody", "", "财务\n人事", "[]"), set()),
        (("别组", "财务"), {"pay.md", "plan.md"}),
    ],
)
def test_groups_are_denied_by_default_in_all_three_methods(world: World, groups, may):
    restricted(world)
    index = world.open()
    ids = {f.row: f.article.id for f in index.passages(world.rows(), Filter(("财务", "人事")))}
    free = {"tea.md", "bridge.md", "library.md"}
    vector = index.embedder.encode(["绩效奖金池"], kind="query")[0]
    assert {ids[row] for row in index.dense(vector, 50, Filter(groups)).rows.tolist()} == free | may
    assert {ids[row] for row in index.lexical(index.words("绩效奖金池"), 50, Filter(groups)).rows.tolist()} == may
    assert {f.article.id for f in index.passages(list(ids), Filter(groups))} == free | may


def test_who_asks_without_groups_gets_the_open_articles_only(world: World):
    restricted(world)
    index = world.open()
    vector = index.embedder.encode(["绩效奖金池"], kind="query")[0]
    rows = [*index.dense(vector, 50).rows, *index.lexical(index.words("绩效奖金池"), 50).rows, *world.rows()]
    assert {f.article.id for f in index.passages(rows)} == {"tea.md", "bridge.md", "library.md"}


def test_a_thousand_random_readers_see_nothing_of_others(world: World):
    dice = random.Random(8341)
    teams = ["财务", "人事", "法务", "研发"]
    allowed = {f"a{n}": tuple(dice.sample(teams, dice.randint(0, 3))) for n in range(40)}
    world.write_lines(
        "many.jsonl", *({"id": id, "text": f"第{id[1:]}号：{SALARY}", "groups": list(of)} for id, of in allowed.items())
    )
    world.update()
    index = world.open()
    for _ in range(1000):
        groups = tuple(dice.sample(teams, dice.randint(0, 2)))
        vector = index.embedder.encode([dice.choice([SALARY, TEA, BRIDGE])[: dice.randint(2, 30)]], kind="query")[0]
        rows = [*index.dense(vector, 20, Filter(groups)).rows, *index.lexical(["奖金"], 20, Filter(groups)).rows]
        found = index.passages(rows, Filter(groups))
        assert len(found) == len(set(map(int, rows)))  # the legs had filtered already
        assert all(not (of := allowed.get(f.article.id)) or set(of) & set(groups) for f in found)


def test_threads_share_an_index_while_updates_publish(world: World):
    world.update()
    index, faults = world.open(), []

    def ask() -> None:
        try:
            for _ in range(50):
                assert any("6.5万斤" in text for text in texts(index, "云岫春茶产量"))
                index.is_current()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for amount in ("7.5", "8.5"):
        world.write("tea.md", TEA.replace("6.5", amount))
        world.update()
    for thread in threads:
        thread.join()
    assert faults == [] and not index.is_current()


def test_it_is_current_until_something_newer_can_be_opened(world: World):
    world.update()
    index = world.open()
    assert index.is_current()
    world.update()
    assert index.is_current()
    world.write("pay.md", SALARY)
    world.update()
    assert not index.is_current()


def test_a_library_that_was_made_anew_in_its_place_is_newer(world: World):
    world.update()
    index = world.open()
    shutil.rmtree(world.config.home)
    assert index.is_current() and any("6.5" in text for text in texts(index, "春茶产量"))
    world.config.home.mkdir()
    (world.config.home / "library.sqlite").touch()
    assert index.is_current()
    world.update()
    assert not index.is_current()


def test_a_copy_of_an_index_gives_the_same_elsewhere(world: World, tmp_path):
    world.update()
    before = texts(world.open(), "春茶产量")
    shutil.copytree(world.config.home, tmp_path / "copy")
    world.set(home=tmp_path / "copy")
    assert texts(world.open(), "春茶产量") == before
    assert len(world.update().unchanged) == 3


def test_a_child_process_searches_in_what_its_parent_opened(world: World):
    world.update()
    index = world.open()
    assert texts(index, "春茶产量")
    child = os.fork()
    if not child:
        signal.alarm(20)
        os._exit(0 if any("6.5" in text for text in texts(index, "春茶产量")) else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert index.is_current()


def test_opening_and_closing_leaves_no_descriptor_behind(world: World):
    world.update()
    world.open().close()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        world.open().close()
    world.opened.clear()
    assert len(os.listdir("/proc/self/fd")) <= before + 1
    with pytest.raises(LibraryMissing):
        read_manifest(world.folder)
    assert len(os.listdir("/proc/self/fd")) <= before + 1


def test_a_cache_that_cannot_be_made_anew_is_one_clear_error(world: World):
    world.update()
    shutil.rmtree(caches_of(world))
    (world.config.home / "generations" / "00000001.tmp").write_text("in the way")
    with pytest.raises(LibraryUnavailable):
        world.open()
    with pytest.raises(LibraryUnavailable):
        update(world.config)
