"""A run asks every item and leaves itself on disk as data."""

import json
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from eval.run import revision, run
from index.errors import ConfigError, GoldError, LibraryMissing

IDENTITY = ("-c", "user.name=a", "-c", "user.email=a@b")


def test_every_item_is_asked_with_its_history_and_judged(report):
    plain, followup, unaskable, draft = report.results
    assert plain.verdict.right
    assert plain.verdict.cited
    assert plain.verdict.evidence is True
    assert "海州地铁二号线" in followup.answer.standalone
    assert followup.verdict.right
    assert draft.answer
    assert draft.verdict is None
    assert all(result.seconds > 0 for result in report.results)
    assert unaskable.answer is None


def test_an_item_that_cannot_be_asked_is_wrong_and_says_why(report):
    unaskable = report.results[2]
    assert not unaskable.verdict.right
    assert "no question was read" in unaskable.error.en


def test_each_answer_is_a_line_and_the_run_lies_beside(config, gold, tmp_path):
    out = tmp_path / "made/for/it/out.jsonl"
    report = run(config, gold, out=out)
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(line["id"], line["status"]) for line in lines][2] == ("G3", "error")
    assert lines[0]["citations"][0]["quote"] in "海州市图书馆新馆于2023年4月8日开放，建筑面积3.2万平方米，藏书180万册。"
    assert lines[0]["verdict"] == {"right": True, "cited": True, "refused": False, "evidence": True}
    made = json.loads(out.with_suffix(".json").read_text(encoding="utf-8"))
    assert made["manifest"]["articles"] == 2
    assert made["configuration"]["index"]["home"] == str(config.index.home)
    assert made["versions"]["tantivy"]
    assert made["gold_sha256"] == report.gold_sha256
    assert [item["id"] for item in made["items"]] == ["G1", "G2", "G3", "G4"]


def test_without_out_the_answers_go_below_runs(config, gold, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    report = run(config, gold)
    assert report.answers.parent == Path("runs")
    assert report.answers.name.startswith("gold-")
    assert (tmp_path / report.answers).is_file()


@pytest.mark.parametrize("name", ["gold.jsonl", "answers.json", "a-file/answers.jsonl", "a-folder"])
def test_an_out_that_would_destroy_something_or_cannot_be_written_is_refused(config, gold, tmp_path, name):
    (tmp_path / "a-file").touch()
    (tmp_path / "a-folder").mkdir()
    before = gold.read_bytes()
    with pytest.raises(ConfigError, match="out"):
        run(config, gold, out=tmp_path / name)
    assert gold.read_bytes() == before


def test_a_missing_gold_set_or_index_is_the_users_to_mend(config, gold, tmp_path):
    with pytest.raises(GoldError):
        run(config, tmp_path / "none.jsonl")
    with pytest.raises(LibraryMissing):
        run(replace(config, index=replace(config.index, home=tmp_path / "none")), gold)


def test_the_revision_is_the_commit_and_whether_files_differ_from_it(tmp_path):
    def git(*arguments: str) -> str:
        command = ["git", "-C", str(tmp_path), *IDENTITY, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    assert revision(tmp_path) is None
    git("init", "-q")
    (tmp_path / "file").write_text("1")
    git("add", "file")
    git("commit", "-q", "-m", "one")
    commit = git("rev-parse", "HEAD")
    assert revision(tmp_path) == commit
    (tmp_path / "file").write_text("2")
    assert revision(tmp_path) == f"{commit}-dirty"
