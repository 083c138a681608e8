"""update(): what it reports, what it writes again and what it keeps; and what is left when it is cut off."""

import os
import time

import pytest
from worlds import BRIDGE, SALARY, TEA, World, texts

from index import durable
from index.changes import Done
from index.errors import LibraryBusy, LibraryError, SourceError
from index.types import Filter
from index.writer import update


def test_it_reports_what_was_added_changed_removed_and_unchanged(world: World):
    report = world.update()
    assert report.added == ("bridge.md", "library.md", "tea.md")
    world.write("tea.md", TEA.replace("6.5", "7.5"))
    world.write("pay.md", SALARY)
    world.remove("library.md")
    report = world.update()
    assert (report.added, report.changed, report.removed, report.unchanged, report.failed) == (
        ("pay.md",),
        ("tea.md",),
        ("library.md",),
        ("bridge.md",),
        (),
    )
    found = texts(world.open(), "茶厂产量")
    assert any("7.5万斤" in text for text in found) and not any("6.5万斤" in text for text in found)
    assert not any("图书馆" in text for text in texts(world.open(), "图书馆藏书"))


def test_an_unchanged_folder_embeds_nothing_and_makes_no_generation(world: World):
    world.update()
    manifest, rows = world.open().manifest, world.rows()
    assert world.update().unchanged == ("bridge.md", "library.md", "tea.md")
    assert (world.open().manifest, world.rows()) == (manifest, rows)


def test_only_what_changed_is_embedded_again(world: World):
    world.update()
    rows = world.rows()
    world.write("tea.md", TEA + "明年再来。")
    world.update()
    assert len(set(world.rows()) & set(rows)) == len(rows) - 1


def test_progress_counts_the_articles_and_the_passages_that_were_embedded(world: World):
    seen: list[Done] = []
    update(world.config, progress=seen.append)
    assert seen == [Done(1, None, 0), Done(2, None, 0), Done(3, None, 0), Done(3, None, 3)]


def test_progress_knows_how_many_articles_there_were(world: World):
    world.update()
    world.set(passage_chars=20)
    seen: list[Done] = []
    report = update(world.config, progress=seen.append)
    assert {(done.articles, done.of) for done in seen} == {(n, 3) for n in (1, 2, 3)}
    assert seen[-1] == Done(3, 3, report.embedded)


def test_any_history_gives_the_scores_of_a_fresh_index(world: World):
    world.update()
    for year in range(2020, 2024):
        world.write("tea.md", f"云岫茶厂{year}年春茶产量如下。" + TEA)
        world.write(f"{year}.md", f"{year}年的春茶已经上市。")
        world.update()
    world.remove("2021.md")
    world.update()
    grown = world.open()
    world.set(home=world.folder.parent / "fresh")
    world.update()
    fresh = world.open()
    for question in ("春茶产量", "2023年", "铜钱"):
        words = grown.words(question)
        assert list(grown.lexical(words, 9).scores) == pytest.approx(list(fresh.lexical(words, 9).scores))
        assert grown.bound(words) == pytest.approx(fresh.bound(words))


def test_what_cannot_be_read_just_now_keeps_its_last_version(world: World):
    world.write_lines("many.jsonl", {"id": "n1", "text": SALARY}, {"id": "n2", "text": "青石桥今日封闭检修。"})
    world.update()
    (world.folder / "tea.md").write_bytes(b"\xff\xfe\x00" + os.urandom(4000))
    (world.folder / "many.jsonl").unlink()
    (world.folder / "many.jsonl").mkdir()
    os.rmdir(world.folder / "many.jsonl")
    os.mkfifo(world.folder / "many.jsonl")
    rows = world.rows()
    report = world.update()
    assert {refused.source for refused in report.failed} == {"tea.md", "many.jsonl"}
    assert set(report.unchanged) == {"bridge.md", "library.md", "tea.md", "n1", "n2"}
    assert world.rows() == rows


def test_a_refused_repetition_does_not_keep_the_old_version_beside_the_new(world: World, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "tea.md").write_text("另一个文件夹里的同名文章。", "utf-8")
    world.set(sources=(world.folder, other))
    world.update()
    world.write("tea.md", TEA.replace("6.5", "7.5"))
    report = world.update()
    assert report.changed == ("tea.md",) and [r.source for r in report.failed] == ["tea.md"]
    assert world.sql("SELECT count(*) FROM articles WHERE id = 'tea.md' AND died IS NULL") == [(1,)]
    assert not any("6.5" in text for text in texts(world.open(), "春茶产量"))


def test_an_emptied_source_takes_its_article_along(world: World):
    world.update()
    world.write("tea.md", "")
    report = world.update()
    assert [refused.source for refused in report.failed] == ["tea.md"]
    if not report.failed[0].gone:
        pytest.skip("the sources do not say yet that a file is empty")
    assert report.removed == ("tea.md",)
    assert not any("茶厂" in text for text in texts(world.open(), "茶厂产量"))


def test_other_passages_write_every_article_again_also_one_that_cannot_be_read(world: World):
    world.update()
    rows = world.rows()
    (world.folder / "tea.md").unlink()
    os.mkfifo(world.folder / "tea.md")
    world.set(passage_chars=20)
    report = world.update()
    assert set(report.changed) == {"bridge.md", "library.md", "tea.md"}
    assert not set(world.rows()) & set(rows) and len(world.rows()) > len(rows)
    assert any("6.5万斤" in text for text in texts(world.open(), "春茶产量"))


def test_another_dictionary_cuts_words_again_without_embedding(world: World, tmp_path):
    world.update()
    rows = world.rows()
    assert len(world.open().lexical(["云岫茶厂"], 5).rows) == 0
    (tmp_path / "words.txt").write_text("云岫茶厂\n", "utf-8")
    world.set(dictionary=tmp_path / "words.txt")
    report = world.update()
    assert len(report.unchanged) == 3 and world.rows() == rows
    assert len(world.open().lexical(["云岫茶厂"], 5).rows) == 1
    assert world.open().manifest.generation == 2


def test_sources_without_an_article_leave_the_index_as_it_was(world: World, tmp_path):
    world.update()
    (tmp_path / "empty").mkdir()
    world.set(sources=(tmp_path / "empty",))
    with pytest.raises(SourceError):
        world.update()
    world.set(sources=(tmp_path / "nowhere",))
    with pytest.raises(SourceError, match="nowhere"):
        world.update()
    assert world.open().manifest.generation == 1
    assert any("6.5万斤" in text for text in texts(world.open(), "春茶产量"))


def test_a_second_writer_is_told_at_once_while_readers_go_on(world: World):
    world.update()
    lock = durable.try_lock(world.config.home / "writer.lock")
    assert lock is not None
    start = time.monotonic()
    with durable.held(lock), pytest.raises(LibraryBusy):
        world.update()
    assert time.monotonic() - start < 2.0
    assert len(world.update().unchanged) == 3


def test_removed_text_is_nowhere_on_the_disk(world: World):
    world.write("secret.md", "机密代号夜航船CANARY8341只此一处。")
    world.update()
    reader = world.open()
    world.remove("secret.md")
    world.update()
    assert reader.passages(range(9)) and any("CANARY" in f.passage.text for f in reader.passages(range(9)))
    reader.close()
    world.update()
    left = [path for path in world.config.home.rglob("*") if path.is_file()]
    for trace in (b"CANARY8341", b"canary8341", "夜航船".encode()):
        assert [path for path in left if trace in path.read_bytes()] == []


@pytest.mark.parametrize(
    "record",
    [
        {"id": "x" * 5000, "text": TEA},
        {"id": "a'; DROP TABLE articles; --", "text": TEA},
        {"id": "../../etc/passwd", "text": TEA},
        {"id": "🙂 \"'%s{}", "text": TEA},
        {"id": "one", "text": "茶"},
        {"id": "mark", "text": "。"},
        {"id": "nul", "text": "茶\x00厂"},
        {"id": "title", "title": "春茶" * 50_000, "text": TEA * 200},
        {"id": "group", "text": TEA, "groups": ["财务", "*", "everybody", '"']},
    ],
)
def test_odd_articles_are_indexed_and_found_again(world: World, record):
    world.write_lines("odd.jsonl", record)
    start = time.process_time()
    assert record["id"] in world.update().added
    assert time.process_time() - start < 10.0
    index = world.open()
    groups = tuple(record.get("groups", ()))
    articles = {f.article.id: f.article for f in index.passages(world.rows(), Filter(groups))}
    assert articles[str(record["id"])].groups == groups
    assert record["id"] in world.update().unchanged


def test_half_a_character_is_refused_or_mended_and_the_others_are_indexed(world: World):
    world.write("half.jsonl", '{"id": "half", "text": "半个\\ud83d字符"}\n{"id": "whole", "text": "完整的文字。"}\n')
    report = world.update()
    assert "whole" in report.added
    assert "half" in {*report.added, *(refused.source for refused in report.failed)}


class Interrupted(Exception):
    """What a test raises in the middle of an update."""


def test_an_update_that_is_interrupted_changes_nothing_and_its_work_is_not_lost(world: World):
    world.update()
    lines = [{"id": f"n{n}", "text": f"第{n}号茶园位于云岫山，今年采茶{n}斤，比去年多。" * 30} for n in range(60)]
    world.write_lines("many.jsonl", *lines)
    world.set(passage_chars=30)

    def stop(done: Done) -> None:
        if done.articles == 55:
            raise Interrupted

    with pytest.raises(Interrupted):
        update(world.config, progress=stop)
    written = world.sql("SELECT p.row FROM passages p JOIN articles a ON a.row = p.article WHERE a.born = 2")
    assert len(written) > 1000
    assert world.open().manifest.articles == 3 and any("6.5" in text for text in texts(world.open(), "春茶产量"))
    report = world.update()
    assert len(report.added) == 60 and report.changed == ("bridge.md", "library.md", "tea.md")
    assert {row for (row,) in written} <= set(world.rows())
    assert world.open().manifest.articles == 63


def test_what_an_interrupted_update_wrote_goes_if_its_source_went(world: World):
    world.update()
    world.write("new.md", SALARY)
    world.write("tea.md", TEA.replace("6.5", "7.5"))
    blocked = world.config.home / "generations" / "00000002.tmp"
    blocked.write_text("a file where a folder must be")
    with pytest.raises(LibraryError):
        world.update()
    assert world.sql("SELECT count(*) FROM articles WHERE born = 2") == [(2,)]
    blocked.unlink()
    world.remove("new.md")
    world.write("tea.md", f"# 云岫春茶\n\n{TEA}\n")
    assert world.update().unchanged == ("bridge.md", "library.md", "tea.md")
    assert world.sql("SELECT count(*) FROM articles") == [(3,)] and world.open().manifest.generation == 1


def test_an_article_for_nobody_in_particular_is_not_one_for_everybody(world: World):
    world.write("pay.md", f"---\ngroups: [财务]\n---\n{SALARY}")
    world.update()
    assert any("奖金" in text for text in texts(world.open(), "绩效奖金", Filter(("财务",))))
    assert not any("奖金" in text for text in texts(world.open(), "绩效奖金", Filter(("人事",))))
    assert any("铜钱" in text for text in texts(world.open(), BRIDGE))
