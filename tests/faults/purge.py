"""After `youju index` and `youju purge`, what was deleted stands in no byte of the home, however it was written there.

Looked for as it was written and as it is searched: raw bytes in UTF-8, UTF-16 and GB18030, folded, and the words that
it was cut into. Also with readers of the old text, after kills of the purge, and with libraries that were set aside.
"""

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.faults import processes
from tests.faults.library_checks import Fault, examine
from tests.faults.made_up import change, some_pieces
from tests.faults.processes import Outcome, youju
from tests.faults.script import Run, main

# Characters that no other article has, each its own word: four bytes long, so that no vector holds them by chance.
_RARE = "".join(chr(code) for code in range(0x20123, 0x20123 + 7 * 48, 7))
_WAITS = 45.0  # seconds until a purge that waits for readers must have said so


class Secret:
    """Strings that stand in one article only, in every field that an article has."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.mark = f"CANARY{number:04d}"
        self.word = _RARE[number % 48] + _RARE[(number * 5 + 1) % 48]

    def text(self, filler: str) -> str:
        """An article that says it in its title, its text and its figures."""
        return f"# 机密{self.word}\n\n代号{self.word}{self.mark}，金额{70000 + self.number}.77万元。\n\n{filler}\n"

    def line(self, filler: str) -> str:
        """The same as a line of JSON Lines, in every field."""
        record = {
            **{"id": f"id{self.mark}", "title": f"题{self.mark}", "text": self.text(filler)},
            **{"publisher": f"社{self.mark}", "author": f"人{self.mark}", "groups": [f"组{self.mark}"]},
            **{"url": f"https://example.org/{self.mark}", "published": "2024-05-06"},
        }
        return json.dumps(record, ensure_ascii=False) + "\n"

    def traces(self) -> set[bytes]:
        """Everything that must be gone."""
        told = (self.mark, self.mark.lower(), self.word, *self.word, f"{70000 + self.number}.77")
        return {text.encode(code) for text in told for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")}


class Purge:
    """One home, into which secrets come and from which they go."""

    def __init__(self, run: Run) -> None:
        self.run, self.folder = run, run.sources()
        self.home = run.folder / "home"
        self.temporary = run.folder / "tmp"
        self.temporary.mkdir()
        os.environ["TMPDIR"] = str(self.temporary)
        self.folder.put_all(some_pieces(run.author, 10, 10))
        self.secrets: list[Secret] = []

    def play(self) -> None:
        for number in range(self.run.rounds):
            for attempt in (self._deleted, self._edited, self._with_a_reader, self._killed, self._set_aside):
                self.run.tried(f"round {number}, {attempt.__name__.strip('_')}", attempt)
        if not self.run.short:
            self.run.tried("a reader that stays", self._with_a_reader_that_stays)

    def _deleted(self) -> None:
        """Files, lines, a folder, and names: a secret may stand in a path, too."""
        for place in (self._in_a_file, self._in_a_line, self._in_a_name, self._in_a_refused_file):
            secret = self._tell(place)
            change(self.folder, self.run.author, 2)
            self._remove(secret)
            self._index()
            self._purge_and_look(place.__name__.strip("_"))

    def _edited(self) -> None:
        """The secret goes, the article stays."""
        secret = self._tell(self._in_a_file)
        path = next(self.folder.path.glob(f"secret{secret.number}.md"))
        path.write_text("# 公开\n\n这里没有什么可看的。\n", "utf-8")
        self._index()
        self._purge_and_look("edited")
        path.unlink()

    def _with_a_reader(self) -> None:
        """A reader that still holds the old text is waited for."""
        secret = self._tell(self._in_a_file)
        reader = processes.Child(_hold, str(self.home), str(self.temporary / "held"))
        self._wait_for(self.temporary / "held")
        self._remove(secret)
        purge = processes.start_youju("purge", self.folder.path, "--home", self.home)
        purge.ended(0.5)
        self.run.expect(not self._found() or not purge.ended(0.0), "a purge ended while the old text was being read")
        reader.kill()
        reader.wait()
        outcome = purge.wait(_WAITS)
        if outcome.status == 2 and "read" in outcome.complaint:
            outcome = youju("purge", self.folder.path, "--home", self.home)
        self._must(outcome)
        self._look("with a reader")

    def _with_a_reader_that_stays(self) -> None:
        """A purge that waits in vain says who is in the way."""
        secret = self._tell(self._in_a_file)
        reader = processes.Child(_hold, str(self.home), str(self.temporary / "held"))
        self._wait_for(self.temporary / "held")
        self._remove(secret)
        outcome = processes.start_youju("purge", self.folder.path, "--home", self.home).wait(_WAITS)
        if outcome.status != 2 or outcome.crashed or "read" not in outcome.complaint:
            raise Fault(f"a purge while the old text is read: {outcome.short()}")
        reader.kill()
        reader.wait()
        self._purge_and_look("after a reader that stayed")

    def _killed(self) -> None:
        """A purge that was killed is done by the next."""
        secret = self._tell(self._in_a_line)
        self._remove(secret)
        purge = processes.start_youju("purge", self.folder.path, "--home", self.home)
        purge.ended(self.run.dice.uniform(0, 0.6))
        purge.kill()
        self.run.figures["kills"] += purge.wait().status == -9
        self._purge_and_look("killed")
        examine(self.home, [self.folder.state()])

    def _set_aside(self) -> None:
        """A damaged library that was set aside holds the secret too."""
        secret = self._tell(self._in_a_file)
        with (self.home / "library.sqlite").open("r+b") as file:
            file.write(b"x" * 100)
        self._index()
        self.run.expect(bool(self._found()), "nothing was set aside")
        self._remove(secret)
        self._purge_and_look("set aside")

    def _tell(self, place: Callable[[Secret], None]) -> Secret:
        secret = Secret(len(self.secrets) + 1)
        self.secrets.append(secret)
        place(secret)
        self._index()
        self.run.expect(bool(self._found()), f"{place.__name__}: the secret was not indexed: the check has no teeth")
        return secret

    def _in_a_file(self, secret: Secret) -> None:
        text = secret.text("仓库在河的北岸，离码头三里，雨季来临之前要修好屋顶。" * 9)
        (self.folder.path / f"secret{secret.number}.md").write_text(text, "utf-8")

    def _in_a_line(self, secret: Secret) -> None:
        (self.folder.path / f"secret{secret.number}.jsonl").write_text(secret.line("其他内容。"), "utf-8")

    def _in_a_name(self, secret: Secret) -> None:
        folder = self.folder.path / f"secret{secret.number}"
        folder.mkdir()
        (folder / f"{secret.word}{secret.mark}.md").write_text(secret.text("名字也是机密。"), "utf-8")

    def _in_a_refused_file(self, secret: Secret) -> None:
        """What was indexed once and is now refused stays, until it is deleted."""
        path = self.folder.path / f"secret{secret.number}.jsonl"
        path.write_text(secret.line("其他内容。"), "utf-8")
        self._index()
        path.write_text('{"id": "id' + secret.mark + '", "text": 7}\n', "utf-8")

    def _remove(self, secret: Secret) -> None:
        for path in self.folder.path.glob(f"secret{secret.number}*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def _purge_and_look(self, what: str) -> None:
        self._must(youju("purge", self.folder.path, "--home", self.home))
        self._look(what)

    def _look(self, what: str) -> None:
        self.run.figures["purges"] += 1
        if found := self._found():
            raise Fault(f"{what}: {found[:3]}")

    def _found(self) -> list[str]:
        """Where a trace of any secret stands, in the home or among temporary files."""
        traces = {trace for secret in self.secrets for trace in secret.traces()}
        return [f"{trace!r} in {path}" for path in _files((self.home, self.temporary)) for trace in _in(path, traces)]

    def _index(self) -> None:
        self._must(youju("index", self.folder.path, "--home", self.home))

    def _must(self, outcome: Outcome) -> None:
        if outcome.status != 0 or outcome.crashed:
            raise Fault(outcome.short())

    def _wait_for(self, path: Path) -> None:
        while not path.exists():
            time.sleep(0.005)
        path.unlink()


def _files(folders: Iterable[Path]) -> list[Path]:
    return [path for folder in folders for path in folder.rglob("*")]


def _in(path: Path, traces: Iterable[bytes]) -> list[bytes]:
    """The traces in a file's content, and in its name."""
    content = os.fsencode(path) + (path.read_bytes() if path.is_file() else b"")
    return [trace for trace in traces if trace in content]


def _hold(home: str, ready: str) -> None:
    from index.config import IndexConfig
    from index.reader import open_index

    index = open_index(IndexConfig(home=Path(home)))
    Path(ready).touch()
    time.sleep(3600)
    index.close()


def play(run: Run) -> None:
    """The verb may not be there yet."""
    if "purge" not in youju("--help").out:
        run.not_run.append("there is no youju purge")
        return
    Purge(run).play()


if __name__ == "__main__":
    main(__doc__ or "", play, short=1, long=30)
