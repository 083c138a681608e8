"""The order of fsync and rename in an strace log of the program itself, while it makes, extends and rebuilds an index.

Before a name becomes final, what it names was synced: a file after its last write; of a folder every file, and the
folder itself after its last entry. After the rename the folder that holds the name is synced, before the database says
so and before the program ends.
"""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.faults import processes, traced
from tests.faults.made_up import Folder, change, some_pieces
from tests.faults.script import Run, main
from tests.faults.traced import Call

_WRITES = (
    *("write", "pwrite64", "writev", "pwritev", "pwritev2", "ftruncate", "fallocate"),
    *("copy_file_range", "sendfile"),
)
_SYNCS = ("fsync", "fdatasync")
_RENAMES = ("rename", "renameat", "renameat2")
_ENTRIES = ("mkdir", "mkdirat", "link", "linkat", "openat", "creat")
_CREATING = "O_CREAT"


class Order:
    """Reads a log call by call. `faults` are the breaches, `renames` the number of final names."""

    def __init__(self, home: Path) -> None:
        self.home, self.renames = home, 0
        self.faults: list[str] = []
        self._dirty: set[str] = set()  # files written and folders given an entry since they were last synced
        self._unsettled: dict[str, str] = {}  # folder → the final name that waits for its sync

    def read(self, calls: Sequence[Call]) -> None:
        for call in calls:
            if call.failed or not call.is_below(self.home):
                continue
            self._note(call)
        self.faults += [f"{name}: its folder is not synced at the end" for name in self._unsettled.values()]
        last = self._dirty & {f"{self.home}/library.sqlite", f"{self.home}/library.sqlite-wal"}
        self.faults += [f"{path} is not synced at the end" for path in last]

    def _note(self, call: Call) -> None:
        if call.name in _SYNCS:
            self._dirty.discard(call.paths[0])
            self._unsettled.pop(call.paths[0], None)
        elif call.name in _RENAMES:
            below = [path for path in call.paths if Path(path).is_relative_to(self.home)]
            self._rename(*below[-2:])
        elif call.name == "ftruncate" and call.paths[0].endswith("-wal"):
            self._dirty.discard(call.paths[0])  # its content stands in the database by now
        elif call.name in _WRITES:
            self._write(call.paths[0])
        elif call.name in _ENTRIES and (call.name != "openat" or _CREATING in call.arguments):
            self._dirty.add(os.path.dirname(call.paths[-1]))

    def _write(self, path: str) -> None:
        if path == f"{self.home}/library.sqlite-wal" and (late := self._unsettled.get(f"{self.home}/generations")):
            self.faults.append(f"{late}: the database goes on before its folder is synced")
        self._dirty.add(path)

    def _rename(self, old: str, new: str) -> None:
        unsynced = [path for path in self._dirty if path == old or path.startswith(f"{old}/")]
        self.faults += [f"{path} is not synced when {Path(old).name} becomes {Path(new).name}" for path in unsynced]
        waiting = [name for folder, name in self._unsettled.items() if folder.startswith(old)]
        self.faults += [f"{name}: its folder is not synced when {Path(old).name} is renamed" for name in waiting]
        self._dirty = {path.replace(old, new, 1) if path.startswith(old) else path for path in self._dirty}
        self._unsettled[os.path.dirname(new)] = new
        self.renames += 1


def play(run: Run) -> None:
    """The first index, then updates that add, change and delete, then a cache that was lost."""
    if why := traced.missing():
        run.not_run.append(why)
        return
    folder, home = run.sources(), run.folder / "home"
    folder.put_all(some_pieces(run.author, 10, 10))
    for number in range(run.rounds):
        _round(run, home, folder, f"update {number}")
        change(folder, run.author, 3)
    next((home / "generations").glob("*/vectors.faiss")).write_bytes(b"")
    _round(run, home, folder, "update with a damaged cache")


def _round(run: Run, home: Path, folder: Folder, what: str) -> None:
    log = run.folder / "trace.log"
    names = ",".join(f"?{name}" for name in (*_WRITES, *_SYNCS, *_RENAMES, *_ENTRIES))
    strace = ["strace", "-f", "-qq", "-y", "-s", "0", "-o", str(log), "-e", f"trace={names}", "-e", "signal=none"]
    command = [*strace, *processes.real_youju(), "index", str(folder.path), "--home", str(home)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    run.expect(done.returncode == 0, f"{what}: exit {done.returncode}: {done.stderr[-300:]}")
    order = Order(home)
    order.read(list(traced.read_log(log)))
    run.figures["updates"] += 1
    run.figures["renames"] += order.renames
    for fault in sorted(set(order.faults)):
        run.fail(f"{what}: {fault}")


if __name__ == "__main__":
    main(__doc__ or "", play, short=2, long=20)
