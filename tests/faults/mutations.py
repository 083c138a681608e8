"""Damage to every file of a home: flipped bits, cut ends, nothing left, zeroed blocks, files in each other's place.

A question is then answered as before or refused in one line; `youju index` mends the home by itself. Everything runs in
children, so that a crash is seen.
"""

import re
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults import library_checks
from tests.faults.library_checks import NOWHERE, Fault, examine, first_difference
from tests.faults.made_up import some_pieces
from tests.faults.processes import Child, Outcome, call, youju
from tests.faults.script import Run, main

_LIBRARY = "library.sqlite"
_BLOCK = 4096
_HEADER = (0, 16, 18, 19, 20, 21, 24, 28, 31, 32, 36, 40, 47, 52, 56, 59, 60, 63, 68, 92, 96, 100, 103)  # offsets
Told = dict[str, Any]  # answers, what a stranger is answered, and a hash of all that can be read
_LIMIT = 30.0  # seconds; the index holds twenty articles


@dataclass(frozen=True, slots=True)
class Mutation:
    """Damage to one file. `at` is an offset or a length, `other` the file whose content is put there, or its own."""

    kind: str
    file: str
    at: int = 0
    bit: int = 0
    other: Path | None = None

    def __str__(self) -> str:
        other = f" with {self.other.parent.name}/{self.other.name}" if self.other else ""
        return f"{self.kind} {self.file} at {self.at}.{self.bit}{other}"

    def apply(self, home: Path) -> None:
        """Damage the file below the home."""
        path = home / self.file
        if self.kind == "remove":
            path.unlink()
        elif self.other is not None:
            path.write_bytes(self.other.read_bytes())
        else:
            path.write_bytes(self._changed(path.read_bytes()))

    def _changed(self, content: bytes) -> bytes:
        at = self.at
        match self.kind:
            case "flip":
                return content[:at] + bytes([content[at] ^ 1 << self.bit]) + content[at + 1 :]
            case "cut":
                return content[:at]
            case "zero":
                return content[:at] + bytes(len(content[at : at + _BLOCK])) + content[at + _BLOCK :]
            case "grow":
                return content + bytes(range(256)) * 16
        raise ValueError(self.kind)


class Homes:
    """Three homes to damage or to take files from, and what they answer undamaged."""

    def __init__(self, run: Run) -> None:
        self.run, self.folder = run, run.sources()
        self.folder.put_all(some_pieces(run.author, 10, 10))
        pieces = list(self.folder.pieces.values())
        self.questions = [*(p.question for p in pieces[:4]), NOWHERE]
        self.secret = next(p for p in pieces if p.groups)
        self.closed, self.other = run.folder / "closed", run.folder / "other"
        self._edit_and_index(self.other)  # other versions of the same articles
        self._index(self.closed)
        self.earlier = self._told(self.closed)
        self.logged = self._with_a_log()
        self.state = self.folder.state()
        self._index(self.closed)
        self.expected = self._told(self.closed)

    def ask(self, home: Path) -> Outcome:
        """What a home answers and gives to read: to one who may read all, and to one who may not read the secret."""
        return call(_ask, str(home), self.questions, self.secret.question, limit=_LIMIT)

    def difference(self, told: Told, expected: Told) -> str:
        """How what a home told differs from what it should; empty if it does not."""
        if odd := first_difference(told["answers"], expected["answers"]):
            return odd
        return "" if told["contents"] == expected["contents"] else "an article or passage reads otherwise"

    def _told(self, home: Path) -> Told:
        outcome = self.ask(home)
        assert outcome.result is not None, outcome.short()
        return outcome.result

    def _index(self, home: Path) -> None:
        outcome = youju("index", self.folder.path, "--home", home)
        assert outcome.status == 0, outcome.short()

    def _edit_and_index(self, home: Path) -> None:
        original = self.folder.state()
        self.folder.put_all({id: self.run.author.edited(piece) for id, piece in original.items()})
        self._index(home)
        self.folder.put_all(original)

    def _with_a_log(self) -> Path:
        """A home whose last update stands in the log: a reader kept it from being written back, and was killed."""
        home = self.run.folder / "logged"
        shutil.copytree(self.closed, home)
        for id in ("001.md", "n001"):
            self.folder.put(id, self.run.author.edited(self.folder.pieces[id]))
        reader = Child(_keep_reading, str(home / _LIBRARY), str(self.run.folder / "reading"))
        while not (self.run.folder / "reading").exists():
            time.sleep(0.005)
        self._index(home)
        reader.kill()
        reader.wait()
        assert (home / f"{_LIBRARY}-wal").stat().st_size, "no log was left"
        return home


class Mutations:
    """The trials of one run."""

    def __init__(self, run: Run) -> None:
        self.run, self.home, self.homes = run, run.folder / "home", Homes(run)

    def play(self) -> None:
        """As many flips as rounds, two cuts for five flips, a zeroed block for five; and whole files."""
        rounds, whole = self.run.rounds, list(self._whole_files())
        plan = [
            *self.run.dice.sample(aimed := list(self._aimed()), min(len(aimed), rounds)),
            *self._random("flip", rounds),
            *self._random("cut", rounds * 2 // 5),
            *self._random("zero", rounds // 5),
            *self.run.dice.sample(whole, min(len(whole), rounds)),
        ]
        for number, (template, mutation) in enumerate(plan):
            what = f"{template.name}: {mutation}"
            self.run.tried(what, lambda t=template, m=mutation, n=number: self._try(t, m, n % 4 != 0))

    def _aimed(self) -> Iterator[tuple[Path, Mutation]]:
        """Flips where SQLite looks first: its header, and the names and statements of its schema."""
        content = (self.homes.closed / _LIBRARY).read_bytes()
        names = (b"CREATE TABLE articles", b"CREATE INDEX", b"tablearticles", b"articles_retired", b"sqlite_sequence")
        places = [*_HEADER, *(content.index(name) + 7 for name in names)]
        for at in places:
            yield from ((self.homes.closed, Mutation("flip", _LIBRARY, at, bit)) for bit in (0, 7))

    def _random(self, kind: str, times: int) -> Iterator[tuple[Path, Mutation]]:
        """Half of them in the database and its log, where the truth stands."""
        dice, homes = self.run.dice, self.homes
        for _ in range(times):
            template = dice.choice((homes.closed, homes.closed, homes.logged))
            files = [f for f in _files(template) if (template / f).stat().st_size]
            databases = [f for f in files if f.startswith(_LIBRARY)]
            file = dice.choice(databases if dice.random() < 0.5 else files)
            at = dice.randrange((template / file).stat().st_size)
            yield template, Mutation(kind, file, at - at % _BLOCK if kind == "zero" else at, dice.randrange(8))

    def _whole_files(self) -> Iterator[tuple[Path, Mutation]]:
        """Each file emptied, removed, grown, and replaced by its fellow of another index and by a file of this one."""
        for template in (self.homes.closed, self.homes.logged):
            files = _files(template)
            for file in files:
                yield from ((template, Mutation(kind, file)) for kind in ("remove", "cut", "grow"))
                # Another index's database is no damage: it is that index.
                if file != _LIBRARY and (fellow := _fellow(file, self.homes.other)):
                    yield template, Mutation("replace", file, other=fellow)
                yield template, Mutation("replace", file, other=template / self.run.dice.choice(files))

    def _try(self, template: Path, mutation: Mutation, ask_first: bool) -> None:
        shutil.rmtree(self.home, ignore_errors=True)
        shutil.copytree(template, self.home)
        mutation.apply(self.home)
        self.run.figures[f"{mutation.kind}s"] += 1
        if ask_first:
            self._ask(mutation)
        if self._index():
            self._expect_mended()

    def _index(self) -> bool:
        """Update the damaged home; False where the update refuses to."""
        outcome = youju("index", self.homes.folder.path, "--home", self.home, "--json", limit=_LIMIT)
        if outcome.status == 2 and not outcome.crashed and re.search("damaged|format", outcome.complaint):
            self.run.known["youju index refuses a damaged library"] += 1
            return False
        if outcome.status != 0 or outcome.crashed:
            raise Fault(f"youju index: {outcome.short()}")
        return True

    def _expect_mended(self) -> None:
        """At once; or by the second update, after a reader has come upon the damage; or there is nothing to come upon:
        what SQLite alone finds fault with changes no answer and no text.
        """
        state = self.homes.state
        try:
            examine(self.home, [state], asked=1)
        except Fault:
            self.homes.ask(self.home)
            self._index()
            try:
                examine(self.home, [state], asked=1)
                self.run.figures["mended by the second update"] += 1
            except Fault:
                examine(self.home, [state], asked=1, whole=False)
                self.run.figures["harmless damage left"] += 1
        outcome = self.homes.ask(self.home)
        odd = self.homes.difference(outcome.result, self.homes.expected) if outcome.result else outcome.short()
        if odd:
            raise Fault(f"wrong also after youju index: {odd}")

    def _ask(self, mutation: Mutation) -> None:
        """The answers are right or refused; what is for one group is not told to others."""
        outcome = self.homes.ask(self.home)
        if outcome.status == 2 and outcome.complaint:
            self.run.figures["refusals"] += 1
            return
        if outcome.status != 0:
            raise Fault(f"asking: {outcome.short()}")
        told = outcome.result
        if self.homes.secret.figure in str(told["stranger"]):
            raise Fault(f"told to a stranger: {told['stranger']}")
        odd = self.homes.difference(told, self.homes.expected)
        if not odd:
            self.run.figures["right answers"] += 1
        elif mutation.file.startswith(f"{_LIBRARY}-") and not self.homes.difference(told, self.homes.earlier):
            self.run.figures["earlier answers"] += 1  # a log that ends early is one that was not written to its end
        else:
            raise Fault(f"a wrong answer: {odd}")


def _ask(home: str, questions: Sequence[str], secret: str) -> Told:
    """In a child: the answers, and all that can be read."""
    with library_checks.refusals_told():
        return {
            "answers": library_checks.answers(home, questions),
            "stranger": library_checks.answers(home, [secret], ()),
            "contents": library_checks.contents(home),
        }


def _keep_reading(library: str, ready: str) -> None:
    """In a child: a transaction that reads, until it is killed."""
    connection = sqlite3.connect(f"file:{library}?mode=ro", uri=True, isolation_level=None)
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM generations").fetchone()
    Path(ready).touch()
    time.sleep(3600)


def _files(home: Path) -> list[str]:
    return sorted(str(path.relative_to(home)) for path in home.rglob("*") if path.is_file())


def _fellow(file: str, other: Path) -> Path | None:
    """The file of another index that has the same place: the same name, or the same kind under another name."""
    if (other / file).is_file():
        return other / file
    kin = [path for path in other.rglob(f"*{Path(file).suffix}") if path.is_file()]
    return kin[0] if kin and Path(file).suffix else None


def play(run: Run) -> None:
    """The rounds are the flips; the other kinds follow from them."""
    Mutations(run).play()


if __name__ == "__main__":
    main(__doc__ or "", play, short=5, long=500)
