"""Two `youju index` at once: one does the work, the other says within 2 s that it is busy. Then stale lock files.

Half of the rounds start from nothing; some start the program itself and not a fork of this one.
"""

import os
import shutil
import subprocess
import sys
import time

from tests.faults import processes
from tests.faults.library_checks import Fault, examine
from tests.faults.made_up import change, some_pieces
from tests.faults.processes import Outcome
from tests.faults.script import Run, main

_AT_ONCE = 2.0  # seconds until the second writer has ended
_BUSY = "is updating"


class TwoWriters:
    """The rounds over one folder of sources."""

    def __init__(self, run: Run) -> None:
        self.run, self.home, self.folder = run, run.folder / "home", run.sources()
        self.folder.put_all(some_pieces(run.author, 10, 150))

    def play(self) -> None:
        for number in range(self.run.rounds):
            fresh = number % 2 == 0
            if fresh:
                shutil.rmtree(self.home, ignore_errors=True)
            change(self.folder, self.run.author, 3)
            start = self._programs if number % 10 == 9 else self._forks
            self.run.tried(f"round {number}", lambda s=start: self._together(s()))
            self.run.tried(f"stale lock {number}", self._stale_lock)
        self.run.tried("odd locks", self._odd_locks)

    def _forks(self) -> tuple[Outcome, Outcome]:
        """Both wait at a gate, which opens for both."""
        command = ("index", self.folder.path, "--home", self.home)
        first, second = (processes.start_youju(*command, waits=True) for _ in range(2))
        first.go()
        second.go()
        while not all([first.ended(0.005), second.ended(0.005)]):  # each is looked at: when did it end?
            pass
        return first.wait(), second.wait()

    def _programs(self) -> tuple[Outcome, Outcome]:
        """The program itself, twice; what two of them take to start does not count."""
        to_start = 2 * _seconds_to_start()
        started = time.monotonic() + to_start
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
        both = [subprocess.Popen(self._command(), **quiet) for _ in range(2)]
        took = [0.0, 0.0]
        while not all(took):
            for n, one in enumerate(both):
                if not took[n] and one.poll() is not None:
                    took[n] = time.monotonic() - started
            time.sleep(0.005)
        said = [one.communicate()[1] for one in both]
        first, second = (Outcome(one.returncode, "", s, None, t) for one, s, t in zip(both, said, took, strict=True))
        return first, second

    def _command(self) -> list[str]:
        return [*processes.real_youju(), "index", str(self.folder.path), "--home", str(self.home)]

    def _together(self, outcomes: tuple[Outcome, Outcome]) -> None:
        done = [one for one in outcomes if one.status == 0]
        busy = [one for one in outcomes if one.status == 2 and _BUSY in one.complaint and not one.crashed]
        if len(done) + len(busy) != 2 or not done:
            raise Fault(" | ".join(one.short() for one in outcomes))
        self.run.figures["turned away"] += len(busy)
        self.run.figures["one after the other"] += len(done) - 1
        slow = [one.seconds for one in busy if one.seconds > _AT_ONCE]
        if slow:
            raise Fault(f"told only after {slow[0]:.1f} s that it is busy")
        examine(self.home, [self.folder.state()], asked=1)

    def _stale_lock(self) -> None:
        """A writer that was killed leaves its lock file, which keeps nobody out."""
        change(self.folder, self.run.author, 1)
        child = processes.start_youju("index", self.folder.path, "--home", self.home)
        child.ended(self.run.dice.uniform(0.0, 0.15))
        child.kill()
        child.wait()
        self._index()
        self.run.figures["stale locks"] += 1

    def _odd_locks(self) -> None:
        """What a lock file may look like after a restore by hand: another content, read-only, gone."""
        lock = self.home / "writer.lock"
        for make in (lambda: lock.write_text("4194304\n"), lambda: lock.chmod(0o400), lock.unlink):
            make()
            if os.access(lock, os.W_OK) or not lock.exists():  # a normal user must be able to open it
                self._index()
        for path in (self.home / "generations").glob("*.lock"):
            path.unlink()
        self._index()
        examine(self.home, [self.folder.state()], asked=1)

    def _index(self) -> None:
        outcome = processes.youju("index", self.folder.path, "--home", self.home)
        if outcome.status != 0:
            raise Fault(f"youju index: {outcome.short()}")


def _seconds_to_start() -> float:
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", "import ui.commands, index.writer, rag.config"], check=True)
    return time.monotonic() - started


def play(run: Run) -> None:
    """The same as user and as root, but for a lock file that a user may not open."""
    TwoWriters(run).play()


if __name__ == "__main__":
    main(__doc__ or "", play, short=4, long=60)
