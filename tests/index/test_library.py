"""The SQLite library: what it refuses, and how faults are told."""

import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from worlds import World

from index import library, rows
from index.errors import LibraryDamaged, LibraryMismatch, LibraryMissing, LibraryUnavailable
from index.reader import open_index, read_manifest
from index.writer import update


def test_groups_survive_whatever_they_are_called():
    for groups in ((), ("",), ("财务\n人事",), ("*", '"', "[]"), ("a,b", "\x00")):
        assert rows.unpack_groups(rows.pack_groups(groups)) == groups
    assert len({rows.pack_groups(g) for g in ((), ("",), ("a\nb",), ("a", "b"))}) == 4


def test_a_home_without_an_index_says_what_to_type(world: World):
    for home in (world.config.home, world.folder / "tea.md"):
        with pytest.raises(LibraryMissing, match="youju index"):
            read_manifest(home)


def test_a_database_that_an_update_had_only_begun_is_no_index_yet(world: World):
    world.config.home.mkdir()
    (world.config.home / library.FILE).touch()
    with pytest.raises(LibraryMissing):
        read_manifest(world.config.home)
    assert len(world.update().added) == 3


def test_a_creation_that_was_cut_off_is_begun_again(world: World):
    world.config.home.mkdir()
    for left in ("library.new", "library.new-journal", "library.new-wal"):
        (world.config.home / left).write_bytes(b"half a database")
    with pytest.raises(LibraryMissing):
        world.open()
    world.update()
    assert world.open().manifest.articles == 3
    assert not list(world.config.home.glob("library.new*"))


def test_another_format_is_refused_by_reader_and_writer_and_left_alone(world: World):
    world.update()
    world.sql("PRAGMA user_version = 99")
    for act in (world.open, world.update):
        with pytest.raises(LibraryMismatch, match="99"):
            act()
    assert world.sql("PRAGMA user_version") == [(99,)]


def test_a_database_of_another_program_is_refused_and_left_alone(world: World):
    world.config.home.mkdir()
    world.sql("CREATE TABLE theirs (x)")
    for act in (world.open, world.update):
        with pytest.raises(LibraryMismatch):
            act()
    assert world.sql("SELECT name FROM sqlite_master") == [("theirs",)]
    assert world.sql("PRAGMA journal_mode") == [("delete",)]


def test_a_damaged_database_is_told_by_the_reader_and_mended_by_the_writer(world: World):
    world.update()
    path = world.config.home / library.FILE
    whole = path.read_bytes()
    for damaged in (b"not a database" * 1000, whole[: len(whole) // 2], whole[:4096] + os.urandom(len(whole) - 4096)):
        path.write_bytes(damaged)
        with pytest.raises(LibraryDamaged, match=library.FILE):
            world.open()
        assert len(world.update().added) == 3


def test_a_text_that_changed_in_the_database_is_never_shown(world: World):
    world.update()
    index = world.open()
    rows = world.rows()
    world.sql("UPDATE articles SET text = replace(text, '6.5', '9.5')")
    with pytest.raises(LibraryDamaged, match="article"):
        index.passages(rows)
    world.sql("UPDATE articles SET text = replace(text, '9.5', '6.5')")
    world.sql("UPDATE passages SET text = replace(text, '6.5', '9.5')")
    with pytest.raises(LibraryDamaged, match="passage"):
        index.passages(rows)


@pytest.mark.parametrize("kind", ["file", "below a file", "dangling link", "folder in place of the database"])
def test_a_home_that_cannot_be_written_is_one_clear_error(world: World, kind):
    home = world.config.home
    if kind == "file":
        home.write_text("?")
    elif kind == "below a file":
        (home.parent / "file").write_text("?")
        world.set(home=home.parent / "file" / "home")
    elif kind == "dangling link":
        home.symlink_to(home.parent / "gone" / "away")
    else:
        (home / library.FILE).mkdir(parents=True)
    with pytest.raises(LibraryUnavailable, match="home"):
        world.update()


def test_a_home_behind_a_link_is_as_good_as_any(world: World):
    (world.folder.parent / "real").mkdir()
    world.config.home.symlink_to(world.folder.parent / "real")
    world.update()
    assert world.open().manifest.articles == 3


WITHOUT_ROOM = """
import resource, sys
from pathlib import Path
from index.config import IndexConfig
from index.errors import LibraryUnavailable
from index.writer import update
limit = int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    update(IndexConfig(home=Path(sys.argv[1]), sources=(Path(sys.argv[2]),)))
except LibraryUnavailable as error:
    print(error.message.en)
"""


@pytest.mark.parametrize("limit", [40_000, 100_000])
def test_no_room_on_the_disk_is_told_the_old_index_answers_and_the_next_update_succeeds(world: World, limit):
    world.update()
    for n in range(150):
        world.write(f"new{n}.txt", f"第{n}号茶园今年的产量是{n}斤。")
    arguments = [str(world.config.home), str(world.folder), str(limit)]
    told = subprocess.run([sys.executable, "-c", WITHOUT_ROOM, *arguments], capture_output=True, text=True, timeout=60)
    assert told.stdout.startswith("the index folder ") and told.stderr == "", told
    assert world.open().manifest.articles == 3
    assert not list((world.config.home / "generations").glob("*.tmp"))
    world.update()
    assert world.open().manifest.articles == 153


def test_the_folder_and_the_database_are_the_owners_alone(world: World):
    world.update()
    for path in (world.config.home, world.config.home / library.FILE, world.config.home / "generations"):
        assert path.stat().st_mode & 0o077 == 0


READ_ELSEWHERE = """
import os, sys
from pathlib import Path
from index.config import IndexConfig
from index.reader import open_index
from index.embed import load_embedder
from index.tokens import JiebaWords
import faiss, mmap, tantivy
load_embedder("shipped").encode([JiebaWords()("茶")[0]], kind="query")  # nobody else may read the interpreter
os.setgid(65534); os.setuid(65534)
index = open_index(IndexConfig(home=Path(sys.argv[1])))
words = index.words("春茶")
print(len(index.passages(index.lexical(words, 5).rows)), index.is_current(), flush=True)
os._exit(0)
"""


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can become another user")
def test_a_reader_who_may_not_write_can_search(world: World):
    world.update()
    for path in (world.folder.parent, *world.folder.parent.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    before = sorted(world.config.home.rglob("*"))
    parents = [p for p in world.folder.parents if Path(tempfile.gettempdir()) in p.parents]
    modes = [path.stat().st_mode for path in parents]
    try:
        for path in parents:
            path.chmod(0o755)
        arguments = [sys.executable, "-c", READ_ELSEWHERE, str(world.config.home)]
        told = subprocess.run(arguments, capture_output=True, text=True, timeout=60)
    finally:
        for path, mode in zip(parents, modes, strict=True):
            path.chmod(mode)
    assert told.stdout == "1 True\n", told
    assert sorted(world.config.home.rglob("*")) == before


def test_a_failed_transaction_leaves_nothing(tmp_path):
    connection = library.create_or_open(tmp_path)
    with pytest.raises(ZeroDivisionError), library.transaction(connection):
        connection.execute("INSERT INTO generations VALUES (1, '', '', 1, 1, '', 1, 1, '', '', '', 0)")
        raise ZeroDivisionError
    assert library.current_generation(connection) == 0
    connection.close()


def test_a_bug_is_not_told_as_a_fault_of_the_disk(tmp_path):
    connection = sqlite3.connect(":memory:")
    connection.close()
    with pytest.raises(sqlite3.ProgrammingError), library.faults_told(tmp_path):
        connection.execute("SELECT 1")


def test_a_relative_home_stays_the_same_when_the_process_changes_its_folder(world: World, monkeypatch):
    monkeypatch.chdir(world.folder.parent)
    world.set(home=type(world.folder)("home"))
    world.update()
    index = open_index(world.config)
    monkeypatch.chdir(world.folder)
    assert index.is_current()
    assert len(index.passages(index.lexical(["春茶"], 5).rows)) == 1
    index.close()
    monkeypatch.chdir(world.folder.parent)
    update(world.config)
