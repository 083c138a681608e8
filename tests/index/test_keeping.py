"""What an index lets go of is gone; what it holds can be taken out, copied and put back."""

import json
import random
import shutil
import sqlite3
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from worlds import TEA, World, texts

from index import library, listing
from index.backup import backup, restore
from index.errors import BackupError, LibraryBusy, LibraryDamaged, LibraryMismatch
from index.purge import purge
from index.reader import open_index
from index.watch import watch

SECRET = "机密代号夜航船CANARY8341只此一处。"


def traces(home: Path) -> list[Path]:
    wanted = (b"CANARY8341", b"canary8341", "夜航船".encode(), "夜航船".encode("utf-16-le"))
    files = [path for path in home.rglob("*") if path.is_file()]
    return [path for path in files if any(trace in path.read_bytes() for trace in wanted)]


def many(world: World, count: int) -> None:
    world.write_lines("many.jsonl", *({"id": f"n{n}", "text": f"第{n}号茶园今年采茶{n}担。"} for n in range(count)))


# purge


def test_purged_text_is_nowhere_even_where_it_was_only_struck_out(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("index.writer._FEW", 10)
    many(world, 200)
    world.write("secret.md", SECRET)
    world.update()
    world.remove("secret.md")
    world.update()
    assert world.sql("SELECT struck FROM generations") == [(1,)]
    assert not any("CANARY" in text for text in texts(world.open(), "夜航船代号"))
    world.opened.pop().close()
    purge(world.config)
    assert traces(world.config.home) == [] and world.sql("SELECT struck FROM generations") == [(0,)]
    assert any("第7号" in text for text in texts(world.open(), "第7号茶园"))


def test_a_purge_waits_for_readers_of_the_old_text_and_says_so(world: World):
    world.write("secret.md", SECRET)
    world.update()
    reader = world.open()
    world.remove("secret.md")
    with pytest.raises(LibraryBusy, match="youju serve"):
        purge(world.config, wait=0.3)
    threading.Timer(0.5, reader.close).start()
    purge(world.config, wait=20)
    assert traces(world.config.home) == []


def test_struck_passages_are_never_found_and_scores_stay_finite(world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("index.writer._FEW", 10)
    many(world, 300)
    world.update()
    for version in range(3):
        world.write("tea.md", f"{TEA}第{version}版。")
        world.update()
        found = texts(world.open(), "云岫茶厂春茶产量")
        assert [text for text in found if "版" in text and f"第{version}版" not in text] == []
        assert any(f"第{version}版" in text for text in found)


# export and what is missing


def test_an_export_is_indexed_again_to_the_same_articles(world: World, tmp_path: Path):
    world.write("tea.md", f"---\ntitle: 春茶\npublisher: 某报\npublished: 2024-05-06\ngroups: [财务]\n---\n{TEA}")
    world.update()
    lines = [
        {"id": one.article.id, "text": one.article.text, "groups": list(one.article.groups), "title": one.article.title}
        for one in listing.listed(world.config.home)
    ]
    file = tmp_path / "all.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines))
    again = World(world.folder, replace(world.config, home=tmp_path / "again", sources=(file,)))
    again.update()
    told = [(one.article.id, one.article.text, one.article.groups) for one in listing.listed(again.config.home)]
    assert told == [(one.article.id, one.article.text, one.article.groups) for one in listing.listed(world.config.home)]


def test_what_the_metadata_lack_is_listed(world: World):
    world.write("tea.md", f"---\ntitle: 春茶\npublisher: 某报\npublished: 2024-05-06\n---\n{TEA}")
    world.update()
    lacking = {one.field: set(one.articles) for one in listing.missing(world.config.home)}
    assert lacking["publisher"] == {"bridge.md", "library.md"} and "tea.md" in lacking["author"]


def test_an_export_never_shows_a_text_that_changed_in_the_database(world: World):
    world.update()
    world.sql("UPDATE articles SET text = replace(text, '6.5', '9.5')")
    with pytest.raises(LibraryDamaged):
        list(listing.listed(world.config.home))


# backup and restore


def test_a_backup_taken_while_updates_run_answers_elsewhere_as_here(world: World, tmp_path: Path):
    many(world, 100)
    world.update()
    here = world.open()
    told = backup(world.config.home, tmp_path / "a.youju")
    world.write("tea.md", TEA.replace("6.5", "9.5"))
    world.update()
    elsewhere = replace(world.config, home=tmp_path / "elsewhere")
    assert restore(elsewhere, tmp_path / "a.youju").articles == told.articles == 103
    there = open_index(elsewhere)
    for question in ("春茶产量", "第7号茶园采茶多少", "馆长是谁"):
        assert texts(there, question) == texts(here, question)
    assert world.update().unchanged  # the index that was copied goes on
    assert not (tmp_path / "a.youju.part").exists() and (tmp_path / "a.youju").stat().st_mode & 0o077 == 0


def test_a_backup_holds_no_deleted_text(world: World, tmp_path: Path):
    world.write("secret.md", SECRET)
    world.update()
    world.open()
    world.remove("secret.md")
    world.update()
    backup(world.config.home, tmp_path / "backups.youju")
    assert traces(tmp_path / "backups.youju") == [] and traces(tmp_path) != []
    assert b"CANARY" not in (tmp_path / "backups.youju").read_bytes()


def test_a_reader_goes_over_to_what_was_restored(world: World, tmp_path: Path):
    world.update()
    backup(world.config.home, tmp_path / "a.youju")
    world.write("tea.md", TEA.replace("6.5", "9.5"))
    world.update()
    reader = world.open()
    restore(world.config, tmp_path / "a.youju")
    assert any("9.5万斤" in text for text in texts(reader, "春茶产量")), "who holds a generation keeps it"
    assert not reader.is_current() and any("6.5万斤" in text for text in texts(world.open(), "春茶产量"))
    assert world.update().changed == ("tea.md",)


@pytest.mark.parametrize("spoil", ["cut", "flip", "empty", "foreign", "missing"])
def test_a_file_that_is_no_sound_backup_changes_nothing(world: World, tmp_path: Path, spoil: str):
    world.update()
    file = tmp_path / "a.youju"
    backup(world.config.home, file)
    content = bytearray(file.read_bytes())
    if spoil == "flip":
        at = content.index("馆长林书明".encode())
        content[at] ^= 1
    made = {"cut": content[: len(content) // 2], "flip": content, "empty": b"", "foreign": b"notes" * 999}
    if spoil == "missing":
        file.unlink()
    else:
        file.write_bytes(made[spoil])
    with pytest.raises(BackupError):
        restore(world.config, file)
    assert world.open().is_current() and world.update().unchanged


def test_a_backup_replaces_a_backup_and_nothing_else(world: World, tmp_path: Path):
    world.update()
    file = tmp_path / "notes.txt"
    file.write_text("一篇别的东西")
    with pytest.raises(BackupError, match="notes.txt"):
        backup(world.config.home, file)
    assert file.read_text() == "一篇别的东西"
    for _ in range(2):
        backup(world.config.home, tmp_path / "a.youju")
    with pytest.raises(BackupError):
        backup(world.config.home, tmp_path / "no" / "such" / "folder.youju")


# a damaged library


def test_a_library_found_damaged_is_set_aside_and_built_again(world: World):
    world.update()
    world.sql("UPDATE articles SET text = replace(text, '6.5', '9.5')")
    with pytest.raises(LibraryDamaged, match="youju index"):
        texts(world.open(), "春茶产量")
    report = world.update()
    assert report.repaired and (world.config.home / report.repaired).exists()
    assert any("6.5万斤" in text for text in texts(world.open(), "春茶产量"))
    purge(world.config)
    assert not list(world.config.home.glob("library.damaged-*"))


@pytest.mark.parametrize("column", ["heading", "vector", "dates", "start"])
def test_a_changed_column_of_a_passage_is_noticed(world: World, column: str):
    world.update()
    value = "zeroblob(512)" if column == "vector" else "'x'"
    world.sql(f"UPDATE passages SET {column} = {value}")
    with pytest.raises(LibraryDamaged):
        texts(world.open(), "春茶产量")


def test_what_cannot_be_read_just_now_is_saved_from_a_damaged_library(world: World):
    world.update()
    (world.folder / "tea.md").write_bytes(bytes(range(256)) * 20)
    world.sql("UPDATE articles SET text = replace(text, '海州', '云州') WHERE id = 'library.md'")
    (world.config.home / library.SUSPECT).touch()
    report = world.update()
    assert report.repaired and {r.source for r in report.failed} == {"tea.md"}
    found = texts(world.open(), "春茶产量")
    assert any("6.5万斤" in text for text in found) and not any("云州" in text for text in found)


def test_a_library_that_is_not_even_a_database_is_built_again(world: World):
    world.update()
    (world.config.home / library.FILE).write_bytes(b"x" * 50_000)
    report = world.update()
    assert report.repaired and len(report.added) == 3


def test_a_false_alarm_costs_nothing(world: World):
    world.update()
    (world.config.home / library.SUSPECT).touch()
    assert world.update().repaired is None and not (world.config.home / library.SUSPECT).exists()


def test_flipped_bytes_are_noticed_or_harmless(world: World):
    many(world, 40)
    world.update()
    path = world.config.home / library.FILE
    sound = path.read_bytes()
    right = texts(world.open(), "第7号茶园采茶多少")
    world.opened.pop().close()
    dice = random.Random(8341)
    for _ in range(60):
        content = bytearray(sound)
        content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        for file in world.config.home.iterdir():
            if file.is_file():
                file.unlink()
        path.write_bytes(content)
        try:
            index = open_index(world.config)
            assert texts(index, "第7号茶园采茶多少") == right
            index.close()
        except (LibraryDamaged, LibraryMismatch):
            pass


# an older format


def test_an_index_of_the_first_format_is_converted_by_the_next_update(world: World):
    world.update()
    script = Path(__file__).with_name("format1.sql").read_text("utf-8")
    shutil.rmtree(world.config.home)
    world.config.home.mkdir()
    old = sqlite3.connect(world.config.home / library.FILE)
    old.executescript(script)
    old.close()
    with pytest.raises(LibraryMismatch, match="youju index"):
        world.open()
    report = world.update()
    assert "old.md" in report.removed and len(report.added) + len(report.changed) == 3
    assert any("6.5万斤" in text for text in texts(world.open(), "春茶产量"))


# watching


@pytest.mark.slow
def test_a_watched_folder_is_followed(world: World):
    seen: list[str] = []
    stop = threading.Event()

    def done(report):
        seen.extend((*report.added, *report.changed, *(f"-{id}" for id in report.removed)))

    follower = threading.Thread(
        target=watch, args=[world.config], kwargs={"done": done, "failed": lambda error: None, "stop": stop}
    )
    follower.start()
    try:
        wait_for(lambda: "tea.md" in seen)
        world.write("neu.md", "云岫书院今年招收了七十名学生。")
        wait_for(lambda: "neu.md" in seen)
        world.remove("neu.md")
        wait_for(lambda: "-neu.md" in seen)
    finally:
        stop.set()
        follower.join(20)
    assert not follower.is_alive()


def wait_for(done) -> None:
    give_up = time.monotonic() + 30
    while not done():
        assert time.monotonic() < give_up
        time.sleep(0.05)


# reprints


STORY = (
    "海州市图书馆新馆昨天开馆。新馆位于青石桥东侧，藏书一百八十万册，设座位两千四百个。馆长林书明说，新馆每周一闭馆，"
    "其余日子从早上九点开到晚上九点。儿童阅览室可容纳两百人，另有一间自习室通宵开放。"
    "市民凭身份证即可入馆，借书每次不超过十册，期限四周。"
)


def test_a_reprint_is_one_story_with_all_its_articles(world: World):
    world.write("a.md", f"---\npublished: 2024-05-06\n---\n{STORY}")
    world.write("b.md", f"---\npublished: 2024-05-07\n---\n{STORY.replace('，', '、')}")
    world.update()
    index = world.open()
    by_id = {f.article.id: f for f in index.passages(world.rows())}
    assert index.story(by_id["b.md"].article_row) == by_id["a.md"].article_row
    assert [a.id for a in index.reprints(by_id["b.md"].article)] == ["a.md"]
    assert index.reprints(by_id["tea.md"].article) == []
    assert listing.reprints(world.config.home) == 1
    assert {one.article.id: one.reprint_of for one in listing.listed(world.config.home)}["b.md"] == "a.md"
    world.remove("a.md")
    world.update()
    assert listing.reprints(world.config.home) == 0


def test_a_restricted_reprint_is_told_to_nobody_else(world: World):
    world.write("a.md", STORY)
    world.write("b.md", f"---\ngroups: [财务]\n---\n{STORY}")
    world.update()
    assert listing.reprints(world.config.home) == 0


def test_stories_found_step_by_step_are_those_found_at_once(world: World, tmp_path: Path):
    for name, day in (("c.md", "2024-05-08"), ("a.md", "2024-05-09"), ("b.md", "2024-05-07")):
        world.write(name, f"---\npublished: {day}\n---\n{STORY}")
        world.update()
    fresh = World(world.folder, replace(world.config, home=tmp_path / "fresh"))
    fresh.update()
    told = [(one.article.id, one.reprint_of) for one in listing.listed(world.config.home)]
    assert told == [(one.article.id, one.reprint_of) for one in listing.listed(fresh.config.home)]
    assert ("a.md", "b.md") in told and ("c.md", "b.md") in told
