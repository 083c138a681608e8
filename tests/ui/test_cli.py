"""The command line: results on stdout, everything else on stderr; 0 done, 2 one line that says what to mend."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from worlds import BRIDGE, World

from index import durable
from rag.features import FEATURES
from ui import cli, explain, texts

ROOT = Path(__file__).parents[2]
GOLD = ROOT / "eval/gold/bundled.jsonl"
YOUJU = [sys.executable, "-m", "ui.cli"]


@dataclass(frozen=True)
class Said:
    """What one call left behind."""

    code: int
    out: str
    err: str

    @property
    def records(self) -> list[dict]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def complaint(self) -> str:
        """The one line of an error: the last on stderr, after what a progress bar left."""
        assert self.code == 2 and self.out == "", self
        lines = [line for line in self.err.splitlines() if line.startswith("youju: ")]
        assert len(lines) == 1 and self.err.endswith(f"{lines[0]}\n") and "Traceback" not in self.err, self.err
        return lines[0]


Call = Callable[..., Said]


@pytest.fixture
def youju(capsys: pytest.CaptureFixture[str]) -> Call:
    """Run one command in this process."""

    def call(*arguments: object) -> Said:
        capsys.readouterr()
        try:
            code = cli.main([str(a) for a in arguments])
        except SystemExit as end:  # argparse's
            code = int(end.code or 0)
        return Said(code, *capsys.readouterr())

    return call


@pytest.fixture
def indexed(world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> World:
    """The small world, indexed in the home that YOUJU_HOME names; the working folder is empty."""
    world.update()
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return world


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YOUJU_LANG", "en")


def lines_of(folder: Path, *records: object) -> Path:
    file = folder / "batch.jsonl"
    texts_ = [r if isinstance(r, str) else json.dumps(r, ensure_ascii=False) for r in records]
    file.write_text("\n".join(texts_) + "\n", "utf-8")
    return file


def started(*arguments: object, environment: dict[str, str], stdin: Sequence[str] = ()) -> subprocess.CompletedProcess:
    """Run one command in a process of its own."""
    return subprocess.run(
        [*YOUJU, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environment},
        input="".join(stdin).encode(),
        capture_output=True,
        timeout=120,
    )


# index and status


def test_index_says_what_changed_and_shows_its_progress_on_stderr(youju: Call, world: World):
    said = youju("index", world.folder)
    assert (said.code, said.out) == (0, "新增 3 篇，更改 0 篇，删除 0 篇，改名 0 篇，未变 0 篇，未能读取 0 个\n")
    assert "3篇" in said.err
    world.write("tea.md", "# 云岫春茶\n\n茶厂已经停产。\n")
    world.remove("bridge.md")
    assert youju("index", world.folder).out == "新增 0 篇，更改 1 篇，删除 1 篇，改名 0 篇，未变 1 篇，未能读取 0 个\n"


def test_index_as_json_names_every_article(youju: Call, world: World):
    world.write("note.xyz", "%XYZ")
    (record,) = youju("index", world.folder, "--json").records
    assert record["added"] == ["bridge.md", "library.md", "tea.md"] and record["removed"] == []
    assert [f["source"] for f in record["failed"]] == ["note.xyz"] and ".jsonl" in record["failed"][0]["reason"]


def test_without_a_path_the_configured_sources_are_indexed(youju: Call, world: World, tmp_path: Path):
    config = tmp_path / "my.toml"
    config.write_text(f'language = "en"\n[index]\nsources = ["{world.folder.name}"]\n', "utf-8")
    assert youju("index", "--config", config).out.startswith("3 added")


def test_a_broken_line_is_named_and_the_others_are_indexed(youju: Call, world: World, english: None):
    (world.folder / "more.jsonl").write_text('{"id": "a", "text": "海州港开港。"}\n{broken\n{"id": "b"}\n', "utf-8")
    said = youju("index", world.folder)
    assert said.code == 0 and said.out.startswith("4 added, 0 changed, 0 removed, 0 renamed, 0 unchanged, 2 refused")
    assert "more.jsonl:line 2: " in said.out and "more.jsonl:line 3: " in said.out


def test_what_cannot_be_read_is_named_and_the_others_are_indexed(youju: Call, world: World, english: None):
    (world.folder / "folder.txt").mkdir()
    (world.folder / "noise.txt").write_bytes(bytes(range(128, 256)) * 40)
    said = youju("index", world.folder)
    assert said.code == 0 and "3 added" in said.out and "noise.txt: bytes in no known encoding" in said.out
    assert "known encoding" in youju("index", world.folder / "noise.txt", "--home", world.folder / "h").complaint


def test_a_missing_source_and_an_empty_folder_are_the_users_to_mend(youju: Call, tmp_path: Path, english: None):
    assert "nowhere does not exist" in youju("index", tmp_path / "nowhere").complaint
    (tmp_path / "empty").mkdir()
    assert "give a folder" in youju("index", tmp_path / "empty").complaint


def test_a_second_index_while_one_runs_is_turned_away(youju: Call, world: World, english: None):
    world.update()
    lock = durable.try_lock(world.config.home / "writer.lock")
    assert lock is not None
    with durable.held(lock):
        assert "another youju is updating" in youju("index", world.folder).complaint
    assert youju("index", world.folder).code == 0


def test_status_says_what_the_index_holds(youju: Call, indexed: World, english: None):
    assert "3 articles, 3 passages, generation 1" in youju("status").out
    (record,) = youju("status", "--json").records
    assert (record["articles"], record["model"], record["home"]) == (3, "shipped", str(indexed.config.home))


def test_a_renamed_article_is_told_apart_from_a_new_one(youju: Call, world: World, english: None):
    youju("index", world.folder)
    (world.folder / "tea.md").rename(world.folder / "茶.md")
    said = youju("index", world.folder).out
    assert said.startswith("0 added, 0 changed, 0 removed, 1 renamed, 2 unchanged") and "tea.md → 茶.md" in said
    (world.folder / "茶.md").rename(world.folder / "tea.md")
    (record,) = youju("index", world.folder, "--json").records
    assert record["renamed"] == [{"old": "茶.md", "new": "tea.md"}] and record["embedded"] == 0


def test_status_names_what_the_articles_do_not_say_of_themselves(youju: Call, indexed: World, english: None):
    said = youju("status").out
    assert "publisher: 3 (bridge.md, library.md, tea.md)" in said and ".meta.toml" in said
    (record,) = youju("status", "--json").records
    assert record["missing"]["published"] == ["bridge.md", "library.md", "tea.md"] and record["reprints"] == 0


def test_a_damaged_index_is_built_again_and_the_user_is_told(youju: Call, indexed: World, english: None):
    (indexed.config.home / "library.sqlite").write_bytes(b"x" * 9999)
    assert "run youju index" in youju("ask", "青石桥有多长？").complaint
    said = youju("index", indexed.folder)
    assert said.code == 0 and "3 added" in said.out and "damaged" in said.out
    assert youju("ask", "青石桥有多长？").code == 0


def test_purge_brings_the_index_in_line_and_erases(youju: Call, indexed: World):
    indexed.remove("bridge.md")
    assert "删除 1 篇" in youju("purge", indexed.folder).out
    left = [path for path in indexed.config.home.rglob("*") if path.is_file()]
    assert [path for path in left if "铜钱".encode() in path.read_bytes()] == []


def test_an_export_is_a_source(youju: Call, indexed: World, tmp_path: Path, english: None):
    file = tmp_path / "all.jsonl"
    assert "3 articles written" in youju("export", "--out", file).err
    assert youju("export").records == [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    again = youju("index", file, "--home", tmp_path / "again").out
    assert again.startswith("3 added") and youju("export", "--home", tmp_path / "again").records[0]["id"] == "bridge.md"
    assert "cannot write" in youju("export", "--out", tmp_path / "no" / "such.jsonl").complaint


def test_a_backup_is_put_back(youju: Call, indexed: World, tmp_path: Path, english: None):
    file = tmp_path / "a.youju"
    assert "3 articles, 3 passages backed up" in youju("backup", file).out
    assert "restored" in youju("restore", file, "--home", tmp_path / "there").out
    assert youju("ask", "青石桥有多长？", "--home", tmp_path / "there").out == youju("ask", "青石桥有多长？").out
    assert "no sound backup" in youju("restore", indexed.folder / "tea.md").complaint
    assert "no backup of youju's" in youju("backup", indexed.folder / "tea.md").complaint
    assert "no index" in youju("backup", file, "--home", tmp_path / "none").complaint


@pytest.mark.slow
def test_index_watch_follows_its_folder_until_it_is_told_to_end(indexed: World):
    home = {"YOUJU_HOME": str(indexed.config.home), "YOUJU_LANG": "en"}
    command = [*YOUJU, "index", str(indexed.folder), "--watch", "--json"]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **home}, stdout=subprocess.PIPE) as watching:
        assert watching.stdout
        indexed.write("neu.md", "云岫书院今年招收了七十名学生。")
        assert json.loads(watching.stdout.readline())["added"] == ["neu.md"]
        indexed.remove("neu.md")
        assert json.loads(watching.stdout.readline())["removed"] == ["neu.md"]
        watching.terminate()
        assert watching.wait(20) == 0


# ask and search


def test_ask_prints_the_answer_and_its_sources(youju: Call, indexed: World):
    said = youju("ask", "青石桥有多长？")
    assert said.code == 0 and said.err == ""
    assert said.out.startswith(
        "青石桥建于1912年，全长48米，有五个桥孔。[1]\n\n[1] 《青石桥》 · 发布方不详 · 日期不详\n"
    )


def test_a_refusal_is_an_answer_too(youju: Call, indexed: World):
    said = youju("ask", "2019年青石桥有多长？")
    assert said.code == 0 and "没有找到对得上“2019”的依据" in said.out
    assert "全长48米" in said.out


def test_ask_as_json_is_the_record_of_the_contract(youju: Call, indexed: World):
    (record,) = youju("ask", "青石桥有多长？", "--json").records
    assert record["id"] is None and record["status"] == "answered" and record["text"].endswith("[1]")
    (cited,) = record["citations"]
    expected = [
        "number",
        "article_id",
        "passage_id",
        "title",
        "publisher",
        "published",
        "source",
        "quote",
        "start",
        "end",
        "reprints",
    ]
    assert list(cited) == expected
    assert set(record["hits"][0]) == {"article_id", "passage_id", "score"}
    assert all(seconds > 0 for seconds in record["seconds"].values())


def test_search_prints_passages_of_distinct_articles(youju: Call, indexed: World):
    said = youju("search", "青石桥", "--k", "2")
    assert said.out.startswith("1. 青石桥  (bridge.md, ") and "\n2. " in said.out and "\n3. " not in said.out
    (record,) = youju("search", "青石桥", "--k", "99", "--json").records
    assert [h["article_id"] for h in record["hits"]][0] == "bridge.md" and len(record["hits"]) == 3
    assert set(record["hits"][0]) == {"article_id", "passage_id", "score", "text", "reprints"}


def test_search_explains_its_scores(youju: Call, indexed: World):
    said = youju("search", "青石桥有多长", "--k", "2", "--explain")
    first, second = said.out.split("\n2. ")
    *rows, total = [line.split() for line in first.splitlines()[2:]]
    shown = first.splitlines()[0].rpartition(" ")[2].strip(")")
    assert total == ["合计", f"{float(total[1]):.3f}"] and float(total[1]) == pytest.approx(float(shown), abs=0.006)
    assert {row[0] for row in rows} >= {"逐词对应", "标题", "语义"} and second.count("合计") == 1
    numbers = [tuple(map(float, (row[-4], row[-2], row[-1]))) for row in rows]
    assert all(value * weight == pytest.approx(given, abs=0.02) for value, weight, given in numbers)
    given = [number for *_, number in numbers]
    assert given == sorted(given, reverse=True) and sum(given) == pytest.approx(float(total[1]), abs=0.02)
    columns = {sum(2 if ord(c) > 0x2E80 else 1 for c in line) for line in first.splitlines()[2:]}
    assert len(columns) == 1, "the numbers stand below one another"


def test_an_explanation_speaks_the_language_of_the_user(youju: Call, indexed: World, english: None):
    said = youju("search", "青石桥", "--k", "1", "--explain").out
    assert "word by word" in said and "\n      total" in said and "合计" not in said


def test_every_kind_of_evidence_has_a_name_in_both_languages():
    assert set(explain.NAMES) == {*FEATURES, "cross_encoder"}
    for language in (0, 1):
        names = [pair[language] for pair in explain.NAMES.values()]
        assert all(names) and len(set(names)) == len(names)


def test_search_as_json_explains_only_when_asked(youju: Call, indexed: World, tmp_path: Path):
    (record,) = youju("search", "青石桥有多长", "--json", "--explain").records
    for hit in record["hits"]:
        assert set(hit) == {"article_id", "passage_id", "score", "text", "reprints", "match", "evidence"}
        assert list(hit["evidence"]) == list(FEATURES)
        parts = [one["value"] * one["weight"] for one in hit["evidence"].values()]
        assert hit["score"] == pytest.approx(sum(parts), abs=1e-3)
    file = lines_of(tmp_path, {"id": 1, "question": "青石桥有多长"}, {"id": 2, "question": "？？"})
    explained, nothing = youju("search", "--batch", file, "--explain").records
    assert explained["hits"] == record["hits"] and nothing["hits"] == []


def test_search_shows_what_stands_beside_a_passage(youju: Call, indexed: World):
    indexed.set(passage_chars=30)
    indexed.write("bridge.md", BRIDGE)
    indexed.remove("tea.md")
    indexed.update()
    (plain,) = youju("search", "青石桥有几个桥孔", "--k", "1", "--json").records[0]["hits"]
    (hit,) = youju("search", "青石桥有几个桥孔", "--k", "1", "--json", "--context", "40").records[0]["hits"]
    assert set(hit) - set(plain) == {"before", "after"} and hit["text"] + hit["after"] == BRIDGE
    assert hit["before"] == "" != hit["after"]
    said = youju("search", "青石桥有几个桥孔", "--k", "1", "--context", "40").out.splitlines()
    assert said[1:] == [f"    {hit['text']}", f"    {hit['after']} …"]
    said = youju("search", "桥墩里的铜钱", "--k", "1", "--context", "5").out.splitlines()
    assert said[1:] == [f"    … {hit['text'][-5:]}", f"    {hit['after']}"]
    assert youju("search", "青石桥", "--context", "0").code == 2


def test_groups_open_their_articles(youju: Call, indexed: World):
    indexed.write_lines("hr.jsonl", {"id": "hr", "text": "绩效奖金池为三千万元。", "groups": ["人力"]})
    indexed.update()
    assert "三千万" not in youju("ask", "绩效奖金池有多少元？").out
    assert "三千万元" in youju("ask", "绩效奖金池有多少元？", "--groups", "财务, 人力").out
    found = youju("search", "绩效奖金池", "--groups", "", "--json").records[0]["hits"]
    assert "hr" not in {h["article_id"] for h in found}


def test_a_filter_narrows_and_says_why_nothing_is_left(youju: Call, indexed: World):
    indexed.write("policy.md", "---\npublisher: 海州市经信委\npublished: 2024-05\n---\n租用算力的企业可得三成补贴。")
    indexed.write("news.md", "---\npublisher: 海州日報\npublished: 2023-01-02\n---\n青石桥上周末有灯会。")
    indexed.update()
    hits = lambda *more: [  # noqa: E731
        h["article_id"] for h in youju("search", "青石桥补贴", "--json", *more).records[0]["hits"]
    ]
    assert hits("--publisher", "经信委") == ["policy.md"]
    assert set(hits("--publisher", "经信委", "--publisher", "日报")) == {"policy.md", "news.md"}
    assert hits("--since", "2024-05-20") == ["policy.md"] and hits("--until", "2023") == ["news.md"]
    assert set(hits("--path", "b*.md", "--path", "tea.md")) == {"bridge.md", "tea.md"}
    said = youju("search", "青石桥", "--publisher", "无此报")
    assert said.code == 0 and said.out == "\n" and "海州市经信委" in said.err and said.err.count("\n") == 1
    (record,) = youju("ask", "青石桥有多长？", "--until", "2020", "--json").records
    assert record["status"] == "no_evidence" and record["citations"] == []
    assert "2023-01-02" in record["note"] and "2024-05" in record["note"]
    within = youju("ask", "茶厂有几条生产线？", "--since", "2023")
    assert (
        within.code == 0 and "2 篇" in within.err and "note" not in youju("ask", "青石桥有多长？", "--json").records[0]
    )


@pytest.mark.parametrize(
    "wrong",
    [("--since", "2024-13"), ("--since", "2024", "--until", "2023"), ("--publisher", ""), ("--path", "x" * 201)],
)
def test_a_filter_that_can_be_none_is_one_line(youju: Call, indexed: World, tmp_path: Path, wrong: tuple[str, ...]):
    assert "筛选" in youju("ask", "青石桥有多长？", *wrong).complaint
    file = lines_of(tmp_path, {"id": 1, "question": "青石桥有多长？"})
    assert "筛选" in youju("search", "--batch", file, *wrong).complaint


def test_a_line_of_a_batch_may_filter_but_not_admit_itself_to_a_group(youju: Call, indexed: World, tmp_path: Path):
    hr = {"id": "hr", "text": "绩效奖金池为三千万元。", "groups": ["人力"], "publisher": "人力部", "published": "2024"}
    indexed.write_lines(
        "hr.jsonl", hr, {"id": "open", "text": "奖金池公布。", "publisher": "日报", "published": "2025"}
    )
    indexed.update()
    ask = lambda filter: {"id": "x", "question": "绩效奖金池", "filter": filter}  # noqa: E731
    kept = [
        {"publisher": "人力"},
        {"publishers": ["人力", "日报"]},
        {"since": "2024", "until": None},
        {"paths": "hr"},
        {},
    ]
    file = lines_of(tmp_path, *map(ask, kept))
    found = lambda *more: [  # noqa: E731
        {h["article_id"] for h in r["hits"]} for r in youju("search", "--batch", file, *more).records
    ]
    assert found() == [set(), {"open"}, {"open"}, set(), {"open", "tea.md", "bridge.md", "library.md"}]
    both = {"hr", "open"}
    assert found("--groups", "人力", "--publisher", "部")[:4] == [{"hr"}, both, {"hr"}, {"hr"}]
    for wrong in ({"groups": ["人力"]}, {"publisher": 7}, {"since": 2024}, [], "人力", {"since": "2024-13"}):
        file = lines_of(tmp_path, ask({}), ask(wrong))
        said = youju("search", "--batch", file)
        assert said.code == 2 and "batch.jsonl:2" in said.err and "Traceback" not in said.err


def test_a_batch_keeps_order_ids_history_and_goes_on_after_a_bad_question(youju: Call, indexed: World, tmp_path: Path):
    file = lines_of(
        tmp_path,
        {"id": "b", "question": "青石桥有多长？", "date": "2024-05-06"},
        "",
        {"id": "a", "question": "它有几个桥孔？", "history": [{"q": "青石桥建于哪一年？", "a": "1912年"}]},
        {"id": "long", "question": "桥" * 2001},
        {"id": "empty", "question": "？", "history": []},
        {"id": 7, "question": "海州图书馆藏书多少册？", "history": None, "date": None, "more": 1},
    )
    said = youju("ask", "--batch", file)
    assert said.code == 0 and said.err == ""
    assert [r["id"] for r in said.records] == ["b", "a", "long", "empty", "7"]
    assert [r["status"] for r in said.records] == ["answered", "answered", "no_evidence", "no_evidence", "answered"]
    assert "五个桥孔" in said.records[1]["text"] and "2001" in said.records[2]["text"]
    assert said.records[2]["citations"] == said.records[2]["hits"] == []
    found = youju("search", "--batch", file, "--k", "1").records
    assert [len(r["hits"]) for r in found] == [1, 1, 0, 0, 1]


@pytest.mark.parametrize(
    "broken",
    [
        "{broken",
        "[]",
        "3",
        "null",
        "[" * 100_000,
        '{"id": 1}',
        '{"question": "桥"}',
        '{"id": 1, "question": ["桥"]}',
        '{"id": 1, "question": "桥", "history": [["q", "a"]]}',
        '{"id": 1, "question": "桥", "history": [{"q": "桥"}]}',
        '{"id": 1, "question": "桥", "date": "2024-13-01"}',
        '{"id": 1, "question": "桥", "date": 5}',
    ],
    ids=range(12),
)
def test_a_broken_line_of_a_batch_is_named(youju: Call, indexed: World, tmp_path: Path, english: None, broken: str):
    file = lines_of(tmp_path, {"id": "first", "question": "青石桥有多长？"}, broken)
    said = youju("search", "--batch", file)
    assert said.code == 2 and [r["id"] for r in said.records] == ["first"]
    assert f"{file}:2" in said.err and said.err.startswith("youju: ") and said.err.count("\n") == 1


def test_a_batch_that_cannot_be_read_is_refused(youju: Call, indexed: World, tmp_path: Path, english: None):
    assert "check the path" in youju("ask", "--batch", tmp_path / "none.jsonl").complaint
    assert "check the path" in youju("ask", "--batch", tmp_path).complaint
    (tmp_path / "gbk.jsonl").write_bytes('{"id": 1, "question": "桥"}'.encode("gb18030"))
    assert "UTF-8" in youju("ask", "--batch", tmp_path / "gbk.jsonl").complaint
    assert "leave one" in youju("ask", "青石桥有多长？", "--batch", lines_of(tmp_path)).complaint


def test_an_empty_batch_has_no_answers(youju: Call, indexed: World, tmp_path: Path):
    assert youju("ask", "--batch", lines_of(tmp_path)) == Said(0, "", "")


@pytest.mark.parametrize("question", ["", "？？", "\udcff", "桥" * 100_000])
@pytest.mark.parametrize("verb", [["ask"], ["ask", "--json"], ["search"]])
def test_what_cannot_be_asked_is_refused_in_one_line(youju: Call, indexed: World, verb: list[str], question: str):
    assert "问题" in youju(*verb, question).complaint


def test_no_question_at_all_is_refused(youju: Call, indexed: World, english: None):
    assert "--batch" in youju("ask").complaint


@pytest.mark.parametrize("date", ["2024-13-01", "gestern", "", "2024", "0001-01-01"])
def test_a_date_that_is_none_is_refused(youju: Call, indexed: World, english: None, date: str):
    assert "write it like 2024-05-06" in youju("ask", "青石桥有多长？", "--date", date).complaint
    assert youju("ask", "青石桥有多长？", "--date", "2024-05-06").code == 0


# homes that will not do, and command lines


def test_without_an_index_the_remedy_is_named(youju: Call, tmp_path: Path, english: None):
    for verb in (["ask", "桥"], ["search", "桥"], ["status"], ["eval", "run", GOLD]):
        assert "run youju index" in youju(*verb, "--home", tmp_path / "none").complaint


def test_a_home_of_another_format_or_model_is_refused(youju: Call, indexed: World, english: None):
    indexed.sql("UPDATE generations SET model_sha256 = 'x', model = 'theirs'")
    assert "theirs" in youju("ask", "青石桥有多长？").complaint
    indexed.sql("PRAGMA user_version = 99")
    for verb in (["ask", "桥"], ["status"], ["index", indexed.folder]):
        assert "format 99" in youju(*verb).complaint


def test_a_configuration_that_will_not_do_is_refused(youju: Call, tmp_path: Path, english: None):
    file = tmp_path / "my.toml"
    file.write_text("[index]\nhomes = 'x'\n", "utf-8")
    assert "index.homes" in youju("status", "--config", file).complaint
    assert "none.toml" in youju("status", "--config", tmp_path / "none.toml").complaint


@pytest.mark.parametrize(
    "arguments",
    [[], ["frobnicate"], ["eval"], ["search", "桥", "--k", "0"], ["search", "桥", "--k", "x"], ["ask", "--conf", "x"]]
    + [["ask", "桥", "--frob"], ["serve", "--port", "x"], ["status", "--config"]],
)
def test_a_wrong_command_line_is_told_on_stderr(youju: Call, arguments: list[str]):
    said = youju(*arguments)
    assert said.code == 2 and said.out == "" and "error: " in said.err and "_positive" not in said.err


def test_messages_come_in_the_language_of_the_user(youju: Call, indexed: World, monkeypatch: pytest.MonkeyPatch):
    assert "问题" in youju("ask", "").complaint and "篇文章" in youju("status").out
    monkeypatch.setenv("YOUJU_LANG", "en")
    assert youju("ask", "").complaint.isascii() and "articles" in youju("status").out
    assert youju("--help").out.isascii() is False and "ask your own articles" in youju("--help").out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_examples_of_the_help_run(youju: Call, indexed: World, monkeypatch: pytest.MonkeyPatch, language: str):
    monkeypatch.setenv("YOUJU_LANG", language)
    Path("eval/gold").mkdir(parents=True)
    Path(GOLD.relative_to(ROOT)).write_text("\n".join(GOLD.read_text("utf-8").splitlines()[:3]), "utf-8")
    examples = texts.table(language)["examples"]
    assert all(line in youju("--help").out for line in examples.splitlines())
    calls = [shlex.split(line) for line in examples.splitlines()[1:]]
    assert [call[1] for call in calls] == ["index", "ask", "search", "serve", "eval"]
    shutil.copytree(indexed.folder, calls[0][2])
    for call in calls:
        if call[1] != "serve":  # does not end by itself
            assert youju(*call[1:]).code == 0


def test_eval_prints_a_table_or_its_record(youju: Call, indexed: World, tmp_path: Path, english: None):
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"id": "1", "question": "青石桥有多长？", "answer": "48米", "must": [["48米"]]}\n', "utf-8")
    assert "100.0%" in youju("eval", "run", gold, "--out", tmp_path / "a.jsonl").out
    assert len(youju("eval", "run", gold, "--out", tmp_path / "a.jsonl", "--json").records) == 1
    assert "check the path" in youju("eval", "run", tmp_path / "none.jsonl").complaint


# in a process of its own


def test_output_is_utf_8_whatever_the_locale(indexed: World):
    plain = {"LC_ALL": "C", "LANG": "C", "PYTHONIOENCODING": "ascii"}
    told = started("ask", "青石桥有多长？", environment=plain)
    assert told.returncode == 0 and "青石桥建于1912年" in told.stdout.decode("utf-8") and told.stderr == b""
    bare = {**plain, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    told = started("--help", environment=bare)
    assert told.returncode == 0 and "有据" in told.stdout.decode("utf-8")
    told = started("ask", "？", environment=bare)
    assert told.returncode == 2 and "没有读到问题" in told.stderr.decode("utf-8") and told.stdout == b""


def test_a_batch_may_come_from_a_pipe_and_its_reader_may_go(indexed: World):
    line = json.dumps({"id": "x", "question": "青石桥有多长？"}) + "\n"
    told = started("ask", "--batch", "/dev/stdin", environment={}, stdin=[line] * 2)
    assert [json.loads(one)["id"] for one in told.stdout.splitlines()] == ["x", "x"]
    command = f"{shlex.join(YOUJU)} ask --batch /dev/stdin | head -n 1"
    told = subprocess.run(command, shell=True, cwd=ROOT, input=(line * 200).encode(), capture_output=True, timeout=120)
    assert told.stdout.count(b"\n") == 1 and told.stderr == b""
