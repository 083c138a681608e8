"""SIGKILL at random moments while the sources change and `youju index` runs; what is left builds up over the rounds.

After each kill the index must open and show the state before or after. The next `youju index` must need no help.
"""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.faults import processes
from tests.faults.library_checks import answers, examine, first_difference, look
from tests.faults.made_up import State, change, some_pieces
from tests.faults.script import Run, main


class Acknowledged:
    """The tokens of what a finished `youju index` reported, kept where a crash of ours would not lose them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.tokens: set[str] = set()

    def set(self, state: State) -> None:
        """An index run has exited with 0 over this state."""
        self.tokens = {piece.token for piece in state.values()}
        self._write()

    def forget_but(self, state: State) -> None:
        """The sources have changed: what they no longer say may go."""
        self.tokens &= {piece.token for piece in state.values()}
        self._write()

    def _write(self) -> None:
        with self._path.open("w") as file:
            file.write("\n".join(sorted(self.tokens)))
            file.flush()
            os.fsync(file.fileno())


class Kills:
    """The rounds, with the state that the index showed last."""

    def __init__(self, run: Run) -> None:
        self.run, self.home = run, run.folder / "home"
        self.folder = run.sources()
        self.acknowledged = Acknowledged(run.folder / "acknowledged")
        self.shown: State | None = None
        self.late: list[State] = []
        self.usual = 0.15  # seconds of a run
        self.reader: processes.Child | None = None

    def play(self) -> None:
        self.folder.put_all(some_pieces(self.run.author, 20, 20))
        for _ in range(4 * self.run.rounds):
            if self.run.failures:
                return  # what follows would fail for the same reason
            if self.run.figures["kills"] >= self.run.rounds:
                break
            self._round()
        self._let_readers_go()
        self._finish()
        self._compare_with_a_fresh_index()

    def _round(self) -> None:
        dice = self.run.dice
        made = change(self.folder, self.run.author, dice.randint(1, 6)) if self.shown else ["first"]
        after = self.folder.state()
        self.acknowledged.forget_but(after)
        when, moment = dice.choice(list(_MOMENTS.items()))
        child = processes.start_youju("index", self.folder.path, "--home", self.home, "--json")
        moment(self, child)
        child.kill()
        outcome = child.wait()
        self._expect_no_orphans()
        self.run.figures["kills" if outcome.status == -9 else "ended before the kill"] += 1
        if outcome.status == 0:
            self._acknowledge(after)
        elif outcome.status != -9:
            self.run.fail(f"index before the kill: {outcome.short()}")
        self._examine(f"killed {when} after {outcome.seconds:.3f} s of {made}", [self.shown, after, *self.late])
        self._note_what_may_come_late(after)
        self._sometimes_a_reader()
        if dice.random() < 0.4:
            self._finish()

    def _note_what_may_come_late(self, after: State) -> None:
        """While a reader has its files open, SQLite does not look at what a killed writer had committed just then;
        once that reader is gone, it does. The commit is whole, so it may be shown as long as no other run has ended.
        """
        if self.reader is not None and self.shown is not after:
            self.late.append(after)

    def _finish(self) -> None:
        """A run to the end: it needs no help, whatever was left."""
        outcome = processes.youju("index", self.folder.path, "--home", self.home, "--json")
        if not self.run.expect(outcome.status == 0, f"index after kills: {outcome.short()}"):
            return
        self.run.expect('"failed": []' in outcome.out, f"sources refused: {outcome.out[-300:]}")
        self.run.figures["finished"] += 1
        self.usual = 0.9 * self.usual + 0.1 * outcome.seconds
        self._acknowledge(self.folder.state())
        told = processes.youju("status", "--home", self.home, "--json")
        counted = f'"articles": {len(self.folder.pieces)},'
        self.run.expect(told.status == 0 and counted in told.out, f"status: {told.short()} {told.out}")
        self._examine("after a finished run", [self.folder.state()])
        if self.reader is None:
            self._expect_nothing_left()

    def _acknowledge(self, state: State) -> None:
        self.late = []
        self.acknowledged.set(state)
        self.shown = state

    def _examine(self, what: str, states: list[State | None]) -> None:
        def attempt() -> None:
            number = examine(self.home, states, self.acknowledged.tokens)
            self.shown = states[number]
            self.run.figures["already published"] += number == 1
            self.run.figures["published late"] += number > 1

        self.run.tried(what, attempt)

    def _expect_nothing_left(self) -> None:
        """One generation, no unfinished work, no dead rows."""
        left = [path.name for path in (self.home / "generations").iterdir() if path.is_dir()]
        self.run.expect(len(left) == 1, f"left after a finished run: {left}")
        with closing(sqlite3.connect(f"file:{self.home / 'library.sqlite'}?mode=ro", uri=True)) as connection:
            (count,) = connection.execute("SELECT count(*) FROM articles").fetchone()
        self.run.expect(count == len(self.folder.pieces), f"{count} rows for {len(self.folder.pieces)} articles")

    def _expect_no_orphans(self) -> None:
        """What a killed process had started ends as well."""
        left = processes.left_behind()
        self.run.expect(not left, f"processes left behind: {left}")

    def _sometimes_a_reader(self) -> None:
        """A reader that keeps its generation while others come, and is killed some rounds later."""
        if self.reader is None and self.shown and self.run.dice.random() < 0.2:
            self.reader = processes.Child(_keep_open, str(self.home))
        elif self.reader is not None and self.run.dice.random() < 0.4:
            self._let_readers_go()

    def _let_readers_go(self) -> None:
        if self.reader is not None:
            self.reader.kill()
            self.reader.wait()
            self.reader = None

    def _compare_with_a_fresh_index(self) -> None:
        fresh = self.run.folder / "fresh"
        processes.youju("index", self.folder.path, "--home", fresh)
        questions = [piece.question for piece in self.folder.pieces.values()]
        found, expected = (processes.call(answers, str(home), questions).result for home in (self.home, fresh))
        if self.run.expect(found is not None and expected is not None, "no answers at the end"):
            odd = first_difference(found, expected)
            self.run.expect(not odd, f"other answers than of an index that was made afresh: {odd}")

    def wait_some_time(self, child: processes.Child) -> None:
        child.ended(self.run.dice.uniform(0, self.usual))

    def wait_hardly(self, child: processes.Child) -> None:
        child.ended(self.run.dice.uniform(0, 0.02))

    def wait_for_cache_building(self, child: processes.Child) -> None:
        self._wait_until(child, lambda: any((self.home / "generations").glob("*.tmp")), 0.04)

    def wait_for_publishing(self, child: processes.Child) -> None:
        before = self._generations()
        self._wait_until(child, lambda: bool(self._generations() - before), 0.01)

    def wait_for_clean_up(self, child: processes.Child) -> None:
        before = self._generations()
        self._wait_until(child, lambda: bool(before - self._generations()), 0.005)

    def damage_and_ask(self, child: processes.Child) -> None:
        """Let the run end, take a cache away, and kill the reader that builds it again."""
        child.ended(processes.LIMIT)
        for path in (self.home / "generations").glob("*/vectors.faiss"):
            path.unlink()
        reader = processes.Child(look, str(self.home), [])
        reader.ended(self.run.dice.uniform(0, 0.15))
        reader.kill()
        reader.wait()

    def _generations(self) -> set[str]:
        folder = self.home / "generations"
        return {name for name in os.listdir(folder) if name.isdigit()} if folder.is_dir() else set()

    def _wait_until(self, child: processes.Child, holds: Callable[[], bool], then: float) -> None:
        while not child.ended(0.0) and not holds():
            time.sleep(0.0005)
        child.ended(self.run.dice.uniform(0, then))


_MOMENTS: dict[str, Callable[[Kills, processes.Child], None]] = {
    "at a random moment": Kills.wait_some_time,
    "very early": Kills.wait_hardly,
    "while caches are built": Kills.wait_for_cache_building,
    "while it is published": Kills.wait_for_publishing,
    "at the clean-up": Kills.wait_for_clean_up,
    "while a reader builds caches": Kills.damage_and_ask,
}


def _keep_open(home: str) -> None:
    from index.config import IndexConfig
    from index.reader import open_index

    index = open_index(IndexConfig(home=Path(home)))
    time.sleep(3600)
    index.close()


def play(run: Run) -> None:
    Kills(run).play()


if __name__ == "__main__":
    main(__doc__ or "", play, short=6, long=200)
