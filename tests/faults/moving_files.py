"""Sources that move while they are read, and changes that the clock and the size do not show.

Whatever a run of `youju index` sees meanwhile, after the last one the index holds the final content.
"""

import mmap
import os
import time
from collections.abc import Callable

from tests.faults import inotify, processes
from tests.faults.hidden_edits import WAYS, YEAR_1970, in_place
from tests.faults.library_checks import Fault, examine
from tests.faults.made_up import LINES, Piece, some_pieces
from tests.faults.movers import append_slowly, delete_and_make, put_back, replace_often, write_slowly
from tests.faults.script import Run, main

_TRUSTED = 2.2  # seconds: a file that was left alone so long may be known again by its times


class MovingFiles:
    """One folder and its index, attacked in rounds."""

    def __init__(self, run: Run) -> None:
        self.run, self.home, self.folder = run, run.folder / "home", run.sources()
        self.outside = run.folder / "outside"
        self.outside.mkdir()
        self.folder.put_all(some_pieces(run.author, 3 * len(WAYS), 10))

    def play(self) -> None:
        for number in range(self.run.rounds):
            for attempt in self._attempts():
                self.run.tried(f"round {number}, {attempt.__name__.strip('_')}", attempt)

    def _attempts(self) -> list[Callable[[], None]]:
        lasting = [] if self.run.short else [self._through_memory]
        return [self._quietly, self._swapped, self._one_after_another, self._while_read, self._while_moving, *lasting]

    def _quietly(self) -> None:
        """Each file changes its content and hides that in another way."""
        self._settle()
        ids = sorted(id for id in self.folder.pieces if id.endswith(".md"))
        hidden = {id: list(WAYS)[n % len(WAYS)] for n, id in enumerate(ids)}
        for id, name in hidden.items():
            piece = self._twin(id)
            WAYS[name](self.folder.path / id, piece.as_file().encode(), self.outside / str(time.monotonic_ns()))
            self.run.figures["hidden changes"] += 1
        self._index_and_examine(hidden)

    def _swapped(self) -> None:
        """Two files of one size and time change places, by three renames and by links."""
        self._settle()
        one, two, three, four = self.run.dice.sample(sorted(i for i in self.folder.pieces if i.endswith(".md")), 4)
        paths = {id: self.folder.path / id for id in (one, two, three, four)}
        aside = self.outside / "aside"
        paths[one].rename(aside)
        paths[two].rename(paths[one])
        aside.rename(paths[two])
        for id, name in ((three, "three"), (four, "four")):
            os.link(paths[id], self.outside / name)
            paths[id].unlink()
        os.link(self.outside / "three", paths[four])
        os.link(self.outside / "four", paths[three])
        pieces = self.folder.pieces
        pieces[one], pieces[two] = pieces[two], pieces[one]
        pieces[three], pieces[four] = pieces[four], pieces[three]
        self.run.figures["swaps"] += 2
        self._index_and_examine({id: "swapped" for id in (one, two, three, four)})
        (self.outside / "three").unlink()
        (self.outside / "four").unlink()

    def _one_after_another(self) -> None:
        """Edit, index, edit, index, with no time between."""
        for _ in range(4):
            for id in ("001.md", "002.md"):
                in_place(self.folder.path / id, self._twin(id).as_file().encode(), self.outside)
            self._index_and_examine({"001.md": "edited at once", "002.md": "edited at once"})
            self.run.figures["quick edits"] += 2

    def _while_read(self) -> None:
        """Files that change when they are opened and once more when they are closed, their times put back."""
        self._settle()
        ids = ["001.md", "002.md", "004.md"]
        versions = {id: [self._twin(id).as_file() for _ in range(2)] for id in ids}
        for id in ids:
            os.utime(self.folder.path / id, (YEAR_1970, YEAR_1970))  # so that it is read
        index = processes.start_youju("index", self.folder.path, "--home", self.home, waits=True)
        paths = {str(self.folder.path / id): versions[id] for id in ids}
        editor = processes.Child(inotify.edit_while_read, paths, put_back)
        time.sleep(0.05)
        index.go()
        outcome = index.wait()
        self.run.expect(outcome.status == 0, f"index while files are edited: {outcome.short()}")
        self.run.figures["edits while read"] += editor.wait().result
        for id in ids:
            put_back(str(self.folder.path / id), versions[id][1])
        self._index_and_examine({id: "edited while read" for id in ids})

    def _while_moving(self) -> None:
        """Other processes write slowly, replace and delete while the index is made again and again."""
        doings: list[tuple[Callable[..., None], str]] = [
            *((write_slowly, "001.md"), (append_slowly, "002.md"), (replace_often, "004.md")),
            *((delete_and_make, "005.md"), (write_slowly, LINES)),
        ]
        movers = [processes.Child(act, str(self.folder.path / name), self._new_content(name)) for act, name in doings]
        while not all([mover.ended(0.01) for mover in movers]):
            outcome = processes.youju("index", self.folder.path, "--home", self.home)
            self.run.figures["runs meanwhile"] += 1
            if outcome.status != 0:
                raise Fault(f"youju index while files move: {outcome.short()}")
        for mover in movers:
            outcome = mover.wait()
            assert outcome.status == 0, outcome.short()
        self._index_and_examine({name: act.__name__ for act, name in doings})

    def _through_memory(self) -> None:
        """A program that keeps a file mapped and writes twice: the kernel notes the time of the first write only, until
        it has written the page to the disk. No time tells of the second, so it counts as known where it is missed.
        """
        path = self.folder.path / "007.md"
        with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as memory:
            memory[0:1] = bytes(memory[0:1])
            self._settle()
            memory[:] = self._twin("007.md").as_file().encode()
            try:
                self._index_and_examine({"007.md": "through memory"})
            except Fault:
                self.run.known["a second write through memory that was missed"] += 1
        path.touch()
        self._index_and_examine({"007.md": "touched"})

    def _settle(self) -> None:
        """Everything is indexed, and old enough to be known by its times."""
        self._index()
        time.sleep(_TRUSTED)
        self._index()

    def _twin(self, id: str) -> Piece:
        self.folder.pieces[id] = self.run.author.twin(self.folder.pieces[id])
        return self.folder.pieces[id]

    def _new_content(self, name: str) -> str:
        if name != LINES:
            return self._twin(name).as_file()
        return "".join(self._twin(id).as_line(id) for id in self.folder.pieces if not id.endswith(".md"))

    def _index(self) -> None:
        outcome = processes.youju("index", self.folder.path, "--home", self.home, "--json")
        if outcome.status != 0 or '"failed": []' not in outcome.out:
            raise Fault(f"youju index: {outcome.short()} {outcome.out[-300:]}")

    def _index_and_examine(self, done: dict[str, str]) -> None:
        self._index()
        try:
            examine(self.home, [self.folder.state()], asked=2)
        except Fault as fault:
            raise Fault(
                f"{fault} ({', '.join(f'{id}: {what}' for id, what in done.items() if id in str(fault))})"
            ) from None


def play(run: Run) -> None:
    """All attacks, once a round."""
    MovingFiles(run).play()


if __name__ == "__main__":
    main(__doc__ or "", play, short=1, long=30)
