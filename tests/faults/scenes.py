"""What an update can be about to do, each with the home before it and the sources after: the start of many trials."""

import json
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.faults import processes
from tests.faults.library_checks import Fault, examine
from tests.faults.made_up import LINES, Folder, State, some_pieces
from tests.faults.script import Run

_FORMAT_1 = Path(__file__).with_name("format1.sql")


@dataclass(frozen=True)
class Scene:
    """An update that is about to happen. `before` is None where nothing can be read yet: asking says `refusal`."""

    name: str
    sources: Path
    template: Path
    home: Path
    before: State | None
    after: State
    verb: str = "index"
    refusal: str = "no index"

    def set_up(self) -> None:
        """Put the home back as it was before the update."""
        shutil.rmtree(self.home, ignore_errors=True)
        if self.template.exists():
            shutil.copytree(self.template, self.home)

    def index(self) -> list[str]:
        """The command line of the update."""
        return [self.verb, str(self.sources), "--home", str(self.home), "--json"]

    def examine(self, outcome: processes.Outcome) -> int:
        """Which of `states` the home shows after an update that ended so. Raises Fault."""
        return examine(self.home, self.states(outcome), refusal=self.refusal)

    def states(self, outcome: processes.Outcome) -> list[State | None]:
        """What may be shown after an update that ended so: before, after, or after but for what it says it refused."""
        return [self.before, self.after, *_kept_back(self, refused(outcome))]

    def recover(self) -> None:
        """The next update must need no help and end at the state after. Raises Fault."""
        outcome = processes.youju(*self.index())
        if outcome.status != 0:
            raise Fault(f"the next youju {self.verb}: {outcome.short()}")
        examine(self.home, [self.after])


def scenes(run: Run) -> list[Scene]:
    """The first index ever, an addition, a change, a deletion, cleaning up after a reader; a purge, the repair of a
    damaged library, the conversion of one of format 1.
    """
    makers: dict[str, Callable[[Run, Folder], None]] = {"add": _add, "change": _change, "delete": _delete}
    first = _folder(run, "first")
    made = [Scene("first", first.path, run.folder / "none", run.folder / "home", None, first.state())]
    for name, maker in makers.items():
        folder = _folder(run, name)
        template = _indexed(run, name, folder)
        before = folder.state()
        maker(run, folder)
        made.append(Scene(name, folder.path, template, run.folder / "home", before, folder.state()))
    return [*made, _clean_up(run), _purge(run), _repair(run), _convert(run)]


def refused(outcome: processes.Outcome) -> list[str]:
    """The sources that a finished update says it could not read."""
    if outcome.status != 0:
        return []
    return [refused["source"] for refused in json.loads(outcome.out)["failed"]]


def _kept_back(scene: Scene, sources: Sequence[str]) -> Iterator[State]:
    """Where sources could not be read, they keep their articles as they were before.

    Of a file of lines that broke off, the first lines may be new and the others old.
    """
    before = scene.before or {}
    for lines in range(len(scene.after) + 1) if sources else ():
        known = [id for id in scene.after if not id.endswith(".md")][:lines]
        old = {id for id in {*before, *scene.after} if _is_below(id, sources) and id not in known}
        new = {id: piece for id, piece in scene.after.items() if id not in old}
        yield {**new, **{id: before[id] for id in old if id in before}}


def _is_below(id: str, sources: Sequence[str]) -> bool:
    source = id if id.endswith(".md") else LINES
    return any(name in (".", source) or source.startswith(f"{name}/") for name in sources)


def _folder(run: Run, name: str) -> Folder:
    folder = run.sources(f"{name}-sources")
    folder.put_all(some_pieces(run.author, 6, 6))
    return folder


def _indexed(run: Run, name: str, folder: Folder) -> Path:
    home = run.folder / f"{name}-home"
    outcome = processes.youju("index", folder.path, "--home", home)
    assert outcome.status == 0, outcome.short()
    return home


def _add(run: Run, folder: Folder) -> None:
    for id in ("new.md", "archive/new.md", "new"):
        folder.put(id, run.author.piece())


def _change(run: Run, folder: Folder) -> None:
    for id in ("001.md", "n001"):
        folder.put(id, run.author.edited(folder.pieces[id]))
    folder.put("002.md", run.author.regrouped(folder.pieces["002.md"]))


def _delete(run: Run, folder: Folder) -> None:
    for id in ("archive/000.md", "n001"):
        folder.remove(id)


def _clean_up(run: Run) -> Scene:
    """Two generations that a reader kept lie about, with their rows; the sources have not changed since."""
    folder = _folder(run, "clean-up")
    home = _indexed(run, "clean-up", folder)
    reader = processes.Child(_keep_open, str(home))
    _wait_until_held(home)
    _delete(run, folder)
    _indexed(run, "clean-up", folder)
    reader.kill()
    reader.wait()
    return Scene("clean-up", folder.path, home, run.folder / "home", folder.state(), folder.state())


def _purge(run: Run) -> Scene:
    folder = _folder(run, "purge")
    home = _indexed(run, "purge", folder)
    before = folder.state()
    _delete(run, folder)
    return Scene("purge", folder.path, home, run.folder / "home", before, folder.state(), verb="purge")


def _repair(run: Run) -> Scene:
    """A reader has come upon a text that is not what was indexed."""
    folder = _folder(run, "repair")
    home = _indexed(run, "repair", folder)
    piece = folder.pieces["001.md"]
    library = home / "library.sqlite"
    library.write_bytes(library.read_bytes().replace(piece.token.encode(), b"QX99999V"))
    processes.youju("ask", piece.question, "--home", home)
    return Scene("repair", folder.path, home, run.folder / "home", None, folder.state(), refusal="damaged|no index")


def _convert(run: Run) -> Scene:
    folder = _folder(run, "convert")
    home = run.folder / "convert-home"
    make_format_1(home)
    return Scene(
        "convert", folder.path, home, run.folder / "home", None, folder.state(), refusal="format|older|no index"
    )


def make_format_1(home: Path) -> None:
    """An index as the first release made it, without its caches."""
    home.mkdir()
    with closing(sqlite3.connect(home / "library.sqlite")) as connection:
        connection.executescript(_FORMAT_1.read_text("utf-8"))


def _keep_open(home: str) -> None:
    from index.config import IndexConfig
    from index.reader import open_index

    index = open_index(IndexConfig(home=Path(home)))
    Path(home, "..", "held").touch()
    time.sleep(3600)
    index.close()


def _wait_until_held(home: Path) -> None:
    while not (home / ".." / "held").exists():
        time.sleep(0.005)
    (home / ".." / "held").unlink()
