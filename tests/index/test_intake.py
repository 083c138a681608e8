"""Files that did not change are not read again; whatever changed is, however it is hidden."""

import os
import time
from pathlib import Path

import pytest
from worlds import BRIDGE, LIBRARY, TEA, World, texts

from index.sources.file import SIDECAR


@pytest.fixture
def settled(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world that was indexed when its files had not been touched for a while."""
    monkeypatch.setattr("index.intake._SETTLED", 0)
    time.sleep(0.05)
    world.update()
    return world


def remembered(world: World) -> set[str]:
    return {Path(os.fsdecode(path)).name for (path,) in world.sql("SELECT path FROM files")}


def test_an_unchanged_file_is_not_opened(settled: World, monkeypatch: pytest.MonkeyPatch):
    def unread(*_: object) -> None:
        raise AssertionError("a file was read")

    monkeypatch.setattr("index.sources.IsolatedReader.read", unread)
    report = settled.update()
    assert set(report.unchanged) == {"tea.md", "bridge.md", "library.md"} and report.embedded == 0


def test_a_file_touched_a_moment_ago_is_read_again(world: World):
    world.update()
    assert remembered(world) == set()


def test_the_same_size_and_time_do_not_hide_a_change(settled: World):
    path = settled.folder / "tea.md"
    before = path.stat()
    settled.write("tea.md", TEA.replace("6.5", "9.5"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert settled.update().changed == ("tea.md",)


def test_files_that_exchange_their_names_exchange_their_articles(settled: World):
    tea, bridge, away = (settled.folder / name for name in ("tea.md", "bridge.md", "away"))
    for old, new in ((tea, away), (bridge, tea), (away, bridge)):
        old.rename(new)
    settled.update()
    index = settled.open()
    found = {f.article.id: f.article.text for f in index.passages(settled.rows())}
    assert BRIDGE in found["tea.md"] and TEA in found["bridge.md"]


def test_a_file_that_was_refused_is_refused_again_without_reading(settled: World, monkeypatch: pytest.MonkeyPatch):
    (settled.folder / "noise.txt").write_bytes(os.urandom(4000))
    first = settled.update().failed
    assert [refused.source for refused in first] == ["noise.txt"]
    monkeypatch.setattr("index.sources.IsolatedReader.read", None)
    assert settled.update().failed == first


def test_a_sidecar_that_comes_changes_or_goes_makes_its_file_be_read(settled: World):
    sidecar = "tea.md" + SIDECAR
    settled.write(sidecar, 'publisher = "某报"\n')
    assert settled.update().changed == ("tea.md",)
    settled.write(sidecar, 'publisher = "别报"\n')
    assert settled.update().changed == ("tea.md",)
    settled.remove(sidecar)
    assert settled.update().changed == ("tea.md",)


def test_an_article_hidden_by_another_of_its_name_appears_when_that_goes(world: World, monkeypatch):
    monkeypatch.setattr("index.intake._SETTLED", 0)
    world.write_lines("a.jsonl", {"id": "one", "text": TEA})
    world.write_lines("b.jsonl", {"id": "one", "text": LIBRARY})
    time.sleep(0.05)
    assert [refused.article_id for refused in world.update().failed] == ["one"]
    world.remove("a.jsonl")
    assert "one" in world.update().changed
    assert any("藏书" in text for text in texts(world.open(), "藏书量"))


def test_a_row_of_the_files_that_is_damaged_is_not_believed(settled: World):
    settled.sql("""UPDATE files SET articles = '["bridge.md"]' WHERE articles = '["tea.md"]'""")
    report = settled.update()
    assert not report.removed and set(report.unchanged) == {"tea.md", "bridge.md", "library.md"}


def test_a_bad_line_leaves_the_articles_that_its_file_gave_before(world: World):
    world.write_lines("many.jsonl", {"id": "one", "text": TEA}, {"id": "two", "text": BRIDGE})
    world.update()
    world.write("many.jsonl", f'{{"id": "one", "text": "{TEA}"}}\n{{"id": "two", "text": \n')
    report = world.update()
    assert report.failed and not report.removed and "two" in report.unchanged
    world.write_lines("many.jsonl", {"id": "one", "text": TEA})
    assert world.update().removed == ("two",)


def test_a_renamed_file_keeps_its_passages(settled: World):
    old = settled.sql("SELECT vector FROM passages p JOIN articles a ON a.row = p.article WHERE id = 'tea.md'")
    (settled.folder / "tea.md").rename(settled.folder / "茶.md")
    report = settled.update()
    assert [(pair.old, pair.new) for pair in report.renamed] == [("tea.md", "茶.md")]
    assert not report.added and not report.removed and report.embedded == 0
    query = "SELECT vector FROM passages p JOIN articles a ON a.row = p.article WHERE id = '茶.md'"
    assert settled.sql(query) == old


def test_new_metadata_alone_embed_nothing(settled: World):
    settled.write("tea.md" + SIDECAR, 'publisher = "某报"\n')
    report = settled.update()
    assert report.changed == ("tea.md",) and report.embedded == 0
    assert {f.article.publisher for f in settled.open().passages(settled.rows())} == {None, "某报"}
