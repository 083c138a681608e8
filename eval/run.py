"""run(): ask every item of a gold set, judge the answers, and leave the whole run on disk as data."""

import json
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any, BinaryIO

from tqdm import tqdm

from eval.goldset import read_gold
from eval.metrics import judge
from eval.report import item_record, run_record
from eval.types import GoldItem, ItemResult, RunReport, Version
from index.errors import ConfigError, QuestionError
from index.reader import read_manifest
from rag.assistant import Assistant
from rag.config import Config
from rag.types import Question

_RESTS_ON = ("youju", "numpy", "faiss-cpu", "tantivy", "rjieba", "tokenizers", "opencc")
_CODE = Path(__file__).resolve().parents[1]


def run(config: Config, gold: Path, *, out: Path | None = None) -> RunReport:
    """Ask the items of `gold` and judge the answers; an item that cannot be asked counts as wrong.

    Each answer is written to `out` (default runs/<gold>-<time>.jsonl) as soon as it is there, and the run to a .json
    beside it. The items' own dates are not passed on: a question is asked as of today. Raises GoldError, LibraryError,
    or ConfigError if `out` cannot be written.
    """
    items = read_gold(gold)
    manifest = read_manifest(config.index.home)
    assistant = Assistant(config)
    started = datetime.now(UTC)
    answers = out or Path("runs") / f"{gold.stem}-{started:%Y%m%d-%H%M%S}.jsonl"
    with _open(answers, gold) as file:
        results = _ask_each(assistant, items, file)
    report = RunReport(
        gold=gold,
        gold_sha256=sha256(gold.read_bytes()).hexdigest(),
        started=started.isoformat(timespec="seconds"),
        config=config,
        manifest=manifest,
        versions=versions(),
        revision=revision(_CODE),
        results=results,
        answers=answers,
    )
    answers.with_suffix(".json").write_bytes(_line(run_record(report), indent=1))
    return report


def ask(assistant: Assistant, item: GoldItem) -> ItemResult:
    """Ask one item and judge the answer."""
    begun = perf_counter()
    try:
        answer = assistant.ask(Question(item.question, item.history))
    except QuestionError as error:
        return ItemResult(item, None, error.message, judge(item, None), perf_counter() - begun)
    return ItemResult(item, answer, None, judge(item, answer), perf_counter() - begun)


def versions() -> tuple[Version, ...]:
    """Python, SQLite and the libraries that an answer rests on."""
    found = [Version("python", platform.python_version()), Version("sqlite", sqlite3.sqlite_version)]
    return (*found, *(Version(name, version(name)) for name in _RESTS_ON))


def revision(folder: Path) -> str | None:
    """The git commit that is checked out at `folder`, `-dirty` if files differ from it; None if that is no checkout."""
    if not (folder / ".git").exists():
        return None
    command = ["git", "-C", str(folder), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return found.stdout.strip() or None


def _ask_each(assistant: Assistant, items: Iterable[GoldItem], file: BinaryIO) -> tuple[ItemResult, ...]:
    results = []
    for item in tqdm(items, file=sys.stderr, mininterval=0.5):
        results.append(ask(assistant, item))
        file.write(_line(item_record(results[-1])))
        file.flush()
    return tuple(results)


def _line(record: dict[str, Any], indent: int | None = None) -> bytes:
    # Articles may hold lone surrogates, which UTF-8 cannot.
    return json.dumps(record, ensure_ascii=False, indent=indent).encode("utf-8", "replace") + b"\n"


def _open(answers: Path, gold: Path) -> BinaryIO:
    """The file of the answers in a folder that is made; one that would replace another file of the run is refused."""
    if answers.suffix == ".json" or answers.resolve() == gold.resolve():
        raise ConfigError(
            f"--out {answers} 不行：请换一个以 .jsonl 结尾的文件名",
            f"--out {answers} will not do: name another file, ending in .jsonl",
        )
    try:
        answers.parent.mkdir(parents=True, exist_ok=True)
        return answers.open("wb")
    except OSError as error:
        raise ConfigError(
            f"写不了 {answers}（{error.strerror}）：请用 --out 指定别处",
            f"cannot write {answers} ({error.strerror}): name another place with --out",
        ) from error
