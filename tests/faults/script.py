"""What the fault scripts share: arguments, a temporary folder, figures, failures, and the one line at the end."""

import argparse
import os
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.faults import processes
from tests.faults.library_checks import Fault
from tests.faults.made_up import Author, Folder


@dataclass
class Run:
    """One run of a script. `rounds` is how often it tries; `folder` is its own and goes afterwards."""

    name: str
    seed: int
    rounds: int
    short: bool
    folder: Path
    figures: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    known: Counter[str] = field(default_factory=Counter)
    not_run: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)
        self.author = Author(self.seed)

    def sources(self, name: str = "sources") -> Folder:
        """A folder of sources below the run's folder."""
        return Folder(self.folder / name)

    def fail(self, what: str) -> None:
        """Note a failure and say it at once."""
        what = what if len(what) < 1200 else f"{what[:1200]} …"
        self.failures.append(what)
        say(f"{self.name}: FAILED: {what}", error=True)

    def expect(self, holds: bool, what: str) -> bool:
        """Note a failure unless the condition holds."""
        if not holds:
            self.fail(what)
        return holds

    def tried(self, what: str, attempt: Callable[[], object]) -> bool:
        """Run one attempt; a Fault in it is a failure of the run, and so is any other error: the run goes on."""
        try:
            attempt()
        except Fault as fault:
            self.fail(f"{what}: {fault}")
            return False
        except Exception as error:
            self.fail(f"{what}: {type(error).__name__}: {error} in {traceback.extract_tb(error.__traceback__)[-1]}")
            return False
        return True

    def summary(self, seconds: float) -> str:
        """The one line at the end."""
        parts = [f"{count} {name}" for name, count in self.figures.items()]
        parts += [f"known failure: {count} {name}" for name, count in self.known.items()]
        parts += [f"not run: {what}" for what in self.not_run]
        parts += [f"{len(self.failures)} failures", f"seed {self.seed}, {seconds:.0f} s"]
        return f"{self.name}: {', '.join(parts)}"


def main(about: str, play: Callable[[Run], None], *, short: int, long: int) -> None:
    """Read the arguments, run the script, print its line and exit: 1 if anything failed."""
    options = _arguments(about, short, long)
    processes.warm()
    started = time.monotonic()
    with _folder(keep=options.keep) as folder:
        rounds = options.rounds or (short if options.short else long)
        run = Run(Path(sys.argv[0]).stem, options.seed, rounds, options.short, Path(folder).resolve())
        os.chdir(folder)  # no configuration of the user's
        play(run)
        os.chdir("/")
    say(run.summary(time.monotonic() - started))
    sys.exit(1 if run.failures else 0)


@contextmanager
def _folder(*, keep: bool) -> Iterator[str]:
    if not keep:
        with tempfile.TemporaryDirectory(prefix="youju-faults-") as folder:
            yield folder
        return
    folder = tempfile.mkdtemp(prefix="youju-faults-")
    yield folder
    say(f"kept: {folder}", error=True)


def say(line: str, *, error: bool = False) -> None:
    """Print a line at once."""
    print(line, file=sys.stderr if error else sys.stdout, flush=True)  # noqa: T201


def _arguments(about: str, short: int, long: int) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--seed", type=int, default=7, help="the same seed makes the same articles and faults")
    parser.add_argument("--short", action="store_true", help=f"{short} rounds, for every commit; else {long}")
    parser.add_argument("--rounds", type=int, help="another number of rounds")
    parser.add_argument("--keep", action="store_true", help="leave the temporary folder where it is")
    return parser.parse_args()
