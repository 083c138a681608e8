"""A long article whose update is cut off: its vectors are kept, checked, and gone once it is written or removed."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from worlds import World

from index.backup import backup
from index.changes import Done
from index.writer import update


class Interrupted(Exception):
    """What a test raises in the middle of an update."""


def stop(done: Done) -> None:
    if done.passages >= 2048:
        raise Interrupted


@pytest.fixture
def cut_off(world: World) -> World:
    """Three articles are indexed; the update that adds one of 2,500 passages was cut off after 2,048 of them."""
    world.set(passage_chars=10)
    world.update()
    world.write("long.md", "".join(f"第{n}筐春茶今天已经入库。\n\n" for n in range(2500)))
    with pytest.raises(Interrupted):
        update(world.config, progress=stop)
    assert kept(world) == 2048 and world.open().manifest.articles == 3
    return world


def kept(world: World) -> int:
    return world.sql("SELECT count(*) FROM halfway")[0][0]


def test_what_was_embedded_is_not_embedded_again_unless_it_is_damaged(cut_off: World):
    cut_off.sql("UPDATE halfway SET vector = zeroblob(length(vector)) WHERE rowid <= 3")
    assert cut_off.update().embedded == 2500 - 2048 + 3
    assert kept(cut_off) == 0
    found = cut_off.open().passages(cut_off.rows()[-2500:])
    assert len(found) == 2500 and all(abs(float(f.vector @ f.vector) - 1) < 0.01 for f in found)


def test_nothing_is_left_of_an_article_that_is_not_written_after_all(cut_off: World):
    cut_off.remove("long.md")
    assert cut_off.update().embedded == 0 and kept(cut_off) == 0


def test_a_backup_holds_none_of_it(cut_off: World, tmp_path: Path):
    backup(cut_off.config.home, tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        assert copy.execute("SELECT name FROM sqlite_master WHERE name = 'halfway'").fetchall() == []


def test_a_library_that_was_made_without_a_place_for_it_gets_one(world: World):
    world.update()
    world.sql("DROP TABLE halfway")
    assert world.update().embedded == 0 and kept(world) == 0
