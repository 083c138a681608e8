"""A home and temporary files on a disk of 16 MB that fills up: questions go on, `youju index` says what is missing.

The disk is a tmpfs in a mount namespace of this process's own, so nothing of it is left behind. In each round other
room is left; after room has come back the next run must succeed within 60 s.
"""

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

from tests.faults import processes
from tests.faults.library_checks import Fault, examine
from tests.faults.made_up import some_pieces
from tests.faults.script import Run, main

_NEW_MOUNTS, _NEW_USER = 0x00020000, 0x10000000
_SIZE = 16 << 20
_CAUSES = ("No space left", "disk is full", "unable to open database", "disk I/O error")
_LEAST = (0, 4, 8, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160)  # KiB


class Disk:
    """The small disk. `full_but` fills it up with ballast."""

    def __init__(self, path: Path) -> None:
        self.path, self._ballast = path, path / "ballast"

    def mount(self) -> str:
        """Why it cannot be had here; empty if it is there."""
        if why := _own_namespace():
            return why
        self.path.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "youju", str(self.path)]
        mounted = subprocess.run(command, capture_output=True, text=True)
        return f"no tmpfs may be mounted ({mounted.stderr.strip()})" if mounted.returncode else ""

    def unmount(self) -> None:
        """Before the folder is removed."""
        subprocess.run(["umount", "-l", str(self.path)], check=True)

    def free(self) -> int:
        """Bytes."""
        found = os.statvfs(self.path)
        return found.f_bavail * found.f_frsize

    def full_but(self, kib: int) -> None:
        """Leave so much room."""
        wanted = self.free() - (kib << 10)
        with self._ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(wanted, 1))

    def relieved(self) -> None:
        """Take the ballast away."""
        self._ballast.unlink(missing_ok=True)


class FullDisk:
    """The rounds: an update from one state to another, with other room each time."""

    def __init__(self, run: Run, disk: Disk) -> None:
        self.run, self.disk, self.home = run, disk, disk.path / "home"
        self.folder = run.sources()
        self.folder.put_all(some_pieces(run.author, 20, 20))
        self.before = self.folder.state()
        self.template = run.folder / "template"
        self._index(self.template)
        for number in range(20):
            self.folder.put(f"new{number}.md", run.author.piece())
        self.folder.remove("n001")
        self.after = self.folder.state()

    def play(self) -> None:
        room = self._needed()
        spread = [int(room * n / max(1, self.run.rounds)) for n in range(1, self.run.rounds + 1)]
        for kib in sorted({*_LEAST[:: 5 if self.run.short else 1], *spread}):
            for first in (False, True):
                what = f"{kib} KiB free, {'first index' if first else 'update'}"
                self.run.tried(what, lambda k=kib, f=first: self._try(k, f))

    def _needed(self) -> int:
        """KiB that the update takes up at most, roughly."""
        shutil.copytree(self.template, self.home)
        free = self.disk.free()
        self._index(self.home)
        return 2 * (free - self.disk.free() + _size(self.template)) >> 10

    def _try(self, kib: int, first: bool) -> None:
        self.disk.relieved()
        shutil.rmtree(self.home, ignore_errors=True)
        before = None if first else self.before
        if not first:
            shutil.copytree(self.template, self.home)
        self.disk.full_but(kib)
        outcome = processes.youju("index", self.folder.path, "--home", self.home)
        state = self.after if outcome.status == 0 else before
        self.run.figures["indexed" if outcome.status == 0 else "refused"] += 1
        if outcome.status != 0:
            self._expect_a_clear_refusal(outcome)
        examine(self.home, [state, *([self.after] if outcome.status else [])])
        self._ask(known=state is not None)
        self.disk.relieved()
        self._index(self.home)
        examine(self.home, [self.after])

    def _expect_a_clear_refusal(self, outcome: processes.Outcome) -> None:
        if outcome.status != 2 or outcome.crashed:
            raise Fault(f"no clear refusal: {outcome.short()}")
        if not any(cause in outcome.complaint for cause in _CAUSES):
            raise Fault(f"the cause is not named: {outcome.complaint}")

    def _ask(self, *, known: bool) -> None:
        """The command line answers, with the disk as full as it is."""
        piece = self.before["001.md"]
        outcome = processes.youju("ask", piece.question, "--home", self.home, "--json")
        if known and (outcome.status != 0 or piece.figure not in outcome.out):
            raise Fault(f"no answer on a full disk: {outcome.short()}")
        if not known and outcome.status != 2 and piece.figure not in outcome.out:
            raise Fault(f"an answer without an index: {outcome.short()} {outcome.out}")

    def _index(self, home: Path) -> None:
        outcome = processes.youju("index", self.folder.path, "--home", home, limit=60.0)
        if outcome.status != 0:
            raise Fault(f"youju index with room enough: {outcome.short()}")


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _own_namespace() -> str:
    """Mounts of our own; a normal user needs a user namespace for that. Says why it is not possible."""
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_NEW_MOUNTS | (_NEW_USER if user else 0)):
        return f"no mount namespace ({os.strerror(ctypes.get_errno())})"
    if user:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"0 {user} 1")
        Path("/proc/self/gid_map").write_text(f"0 {group} 1")
    made = subprocess.run(["mount", "--make-rprivate", "/"], capture_output=True, text=True)
    return f"mounts cannot be made private ({made.stderr.strip()})" if made.returncode else ""


def play(run: Run) -> None:
    """Where no tmpfs can be had, it says so."""
    disk = Disk(run.folder / "disk")
    if why := disk.mount():
        run.not_run.append(why)
        return
    try:
        (disk.path / "tmp").mkdir()
        os.environ["TMPDIR"] = str(disk.path / "tmp")
        FullDisk(run, disk).play()
    finally:
        disk.unmount()


if __name__ == "__main__":
    main(__doc__ or "", play, short=2, long=60)
