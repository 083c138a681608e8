"""Backups taken while an index changes, restored elsewhere; spoilt backups; kills; indexes of other formats.

A restored index gives the same five best articles for fifty questions. A file that is no sound backup is refused, and
the home stays as it was.
"""

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.faults import processes
from tests.faults.library_checks import Fault, examine
from tests.faults.made_up import change, some_pieces
from tests.faults.processes import Outcome, youju
from tests.faults.scenes import make_format_1
from tests.faults.script import Run, main

_QUESTIONS, _BEST = 50, 5


class Backups:
    """One home that changes, its backups, and a second home to restore them to."""

    def __init__(self, run: Run) -> None:
        self.run, self.folder = run, run.sources()
        self.home, self.other, self.file = (run.folder / name for name in ("home", "other", "kept.youju"))
        self.folder.put_all(some_pieces(run.author, 30, 30))
        self.asked = list(self.folder.pieces.values())[:_QUESTIONS]  # the same places, whatever changes
        self._index(self.home)

    def play(self) -> None:
        for number in range(self.run.rounds):
            for attempt in (self._while_indexing, self._spoilt, self._kill_a_backup, self._kill_a_restore):
                self.run.tried(f"round {number}, {attempt.__name__.strip('_')}", attempt)
        for attempt in (self._foreign_targets, self._first_format, self._coming_format):
            self.run.tried(attempt.__name__.strip("_"), attempt)

    def _while_indexing(self) -> None:
        """Taken at a random moment of an update: the state before or after it."""
        before, found = self.folder.state(), self._best(self.home)
        change(self.folder, self.run.author, 5)
        after = self.folder.state()
        index = processes.start_youju("index", self.folder.path, "--home", self.home)
        index.ended(self.run.dice.uniform(0, 0.9))
        self._must(youju("backup", self.file, "--home", self.home))
        outcome = index.wait()
        self._must(outcome)
        self._forget(self.other)
        self._must(youju("restore", self.file, "--home", self.other))
        number = examine(self.other, [before, after])
        expected = self._best(self.home) if number else found
        if self._best(self.other) != expected:
            raise Fault(f"other hits after a restore: {_first_odd(self._best(self.other), expected)}")
        self.run.figures["restored before" if number == 0 else "restored after"] += 1

    def _spoilt(self) -> None:
        """Damage to the file is refused, or harmless."""
        self._must(youju("backup", self.file, "--home", self.home))
        content = self.file.read_bytes()
        for name, spoilt in self._spoils(content):
            spoilt_file = self.run.folder / "spoilt.youju"
            spoilt_file.write_bytes(spoilt)
            prints = _prints(self.home)
            outcome = youju("restore", spoilt_file, "--home", self.home)
            self.run.figures["spoilt files"] += 1
            if outcome.status == 0 and not outcome.crashed:
                self.run.figures["harmless"] += 1
                examine(self.home, [self.folder.state()])
            elif outcome.status != 2 or outcome.crashed or not outcome.complaint:
                raise Fault(f"{name}: {outcome.short()}")
            elif _prints(self.home) != prints:
                raise Fault(f"{name}: refused, but the home has changed: {_changed(prints, _prints(self.home))}")

    def _spoils(self, content: bytes) -> list[tuple[str, bytes]]:
        dice, made = self.run.dice, [("empty", b""), ("text", "一篇文章".encode() * 999)]
        for _ in range(3):
            at, bit = dice.randrange(len(content)), dice.randrange(8)
            made.append((f"flip {at}.{bit}", content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :]))
            cut = dice.randrange(len(content))
            made.append((f"cut at {cut}", content[:cut]))
            block = dice.randrange(0, len(content), 4096)
            made.append((f"zero {block}", content[:block] + bytes(4096) + content[block + 4096 :]))
        return made

    def _kill_a_backup(self) -> None:
        """The file is the earlier backup, whole, or the new one."""
        self._must(youju("backup", self.file, "--home", self.home))
        before = self.folder.state()
        change(self.folder, self.run.author, 3)
        self._index(self.home)
        self._kill("backup", self.home, 0.06)
        self._forget(self.other)
        self._must(youju("restore", self.file, "--home", self.other))
        examine(self.other, [before, self.folder.state()])
        self._must(youju("backup", self.file, "--home", self.home))
        examine(self.home, [self.folder.state()], asked=1)

    def _kill_a_restore(self) -> None:
        """The home shows what it held, or what is restored; the next restore, or update, needs no help."""
        self._must(youju("backup", self.file, "--home", self.home))
        kept = self.folder.state()
        change(self.folder, self.run.author, 3)
        self._index(self.home)
        self._kill("restore", self.home, 0.4)
        number = examine(self.home, [self.folder.state(), kept])
        self.run.figures["restores that were through"] += number
        if self.run.dice.random() < 0.5:
            self._must(youju("restore", self.file, "--home", self.home))
            examine(self.home, [kept], asked=1)
        self._index(self.home)
        examine(self.home, [self.folder.state()], asked=1)

    def _foreign_targets(self) -> None:
        """A backup does not overwrite what is none, and says where it cannot write."""
        notes = self.run.folder / "notes.txt"
        notes.write_text("别的东西")
        for target in (notes, self.run.folder, self.run.folder / "no" / "folder.youju"):
            outcome = youju("backup", target, "--home", self.home)
            if outcome.status != 2 or outcome.crashed or not outcome.complaint:
                raise Fault(f"backup to {target.name}: {outcome.short()}")
        if notes.read_text() != "别的东西":
            raise Fault("a backup overwrote a file that was none")
        outcome = youju("backup", self.file, "--home", self.run.folder / "nothing")
        if outcome.status != 2:
            raise Fault(f"backup of nothing: {outcome.short()}")

    def _first_format(self) -> None:
        """An index of format 1 says what to type, and the next update converts it."""
        home = self.run.folder / "format1"
        make_format_1(home)
        outcome = youju("ask", "产量是多少？", "--home", home)
        if (
            outcome.status not in (0, 2)
            or outcome.crashed
            or (outcome.status == 2 and "youju index" not in outcome.complaint)
        ):
            raise Fault(f"asking an index of format 1: {outcome.short()}")
        self._index(home)
        examine(home, [self.folder.state()])
        self.run.figures["converted"] += 1

    def _coming_format(self) -> None:
        """An index of a format that is not known yet is refused and left alone."""
        home = self.run.folder / "coming"
        shutil.copytree(self.home, home)
        with closing(sqlite3.connect(home / "library.sqlite")) as connection:
            connection.execute("PRAGMA user_version = 99")
        for arguments in (
            ("index", self.folder.path),
            ("ask", "？"),
            ("backup", self.run.folder / "x"),
            ("purge", self.folder.path),
        ):
            outcome = youju(*arguments, "--home", home)
            if outcome.status != 2 or outcome.crashed or "99" not in outcome.complaint:
                raise Fault(f"{arguments[0]} of format 99: {outcome.short()}")
        with closing(sqlite3.connect(home / "library.sqlite")) as connection:
            if connection.execute("PRAGMA user_version").fetchone() != (99,):
                raise Fault("an index of format 99 was changed")

    def _kill(self, verb: str, home: Path, longest: float) -> None:
        child = processes.start_youju(verb, self.file, "--home", home)
        child.ended(self.run.dice.uniform(0, longest))
        child.kill()
        self.run.figures[f"kills of {verb}"] += child.wait().status == -9

    def _best(self, home: Path) -> list[tuple[str, list[str]]]:
        """The five best articles for fifty questions."""
        batch = self.run.folder / "questions.jsonl"
        lines = (json.dumps({"id": piece.place, "question": piece.question}) for piece in self.asked)
        batch.write_text("\n".join(lines) + "\n")
        groups = ("--groups", "财务,人事,档案")
        outcome = youju("search", "--batch", batch, "--k", _BEST, "--home", home, *groups)
        self._must(outcome)
        records = [json.loads(line) for line in outcome.out.splitlines()]
        return [(record["id"], [hit["article_id"] for hit in record["hits"]]) for record in records]

    def _index(self, home: Path) -> None:
        self._must(youju("index", self.folder.path, "--home", home))

    def _must(self, outcome: Outcome) -> None:
        if outcome.status != 0 or outcome.crashed:
            raise Fault(outcome.short())

    def _forget(self, home: Path) -> None:
        shutil.rmtree(home, ignore_errors=True)


def _prints(home: Path) -> dict[str, str]:
    """The files of a home by what they hold; memory that processes share, and locks, do not count."""
    files = (path for path in home.rglob("*") if path.is_file() and not path.name.endswith(("-shm", ".lock")))
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path.stat().st_size}


def _changed(before: dict[str, str], after: dict[str, str]) -> list[str]:
    return sorted({path for path in {*before, *after} if before.get(path) != after.get(path)})[:3]


def _first_odd(found: list[tuple[str, list[str]]], expected: list[tuple[str, list[str]]]) -> str:
    return next((f"{a} for {b}" for a, b in zip(found, expected, strict=True) if a != b), "")


def play(run: Run) -> None:
    """The verbs may not be there yet."""
    if "backup" not in youju("--help").out:
        run.not_run.append("there is no youju backup")
        return
    Backups(run).play()


if __name__ == "__main__":
    main(__doc__ or "", play, short=1, long=40)
