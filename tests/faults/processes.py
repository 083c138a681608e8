"""Work in forked children: each has its own memory to lose, may be killed, and what it said and gave is kept.

The parent imports what the children need and runs none of it, so a child starts in milliseconds and inherits no thread.
"""

import ctypes
import faulthandler
import json
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

LIMIT = 60.0  # seconds until a child counts as hanging
_PR_SET_PTRACER, _ANYBODY = 0x59616D61, -1
_PR_SET_CHILD_SUBREAPER = 36
_running: set[int] = set()  # the children of ours that were not waited for


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a child ended. `status` is its exit status, or minus the signal that ended it; None: it hung."""

    status: int | None
    out: str
    err: str
    result: Any
    seconds: float

    @property
    def crashed(self) -> bool:
        """It hung, died of a signal or showed a traceback."""
        return self.status is None or self.status < 0 or "Traceback" in self.err

    @property
    def complaint(self) -> str:
        """The line for the user; empty where there is none."""
        lines = [line for line in self.err.replace("\r", "\n").splitlines() if line.startswith("youju: ")]
        return lines[-1] if lines else ""

    def short(self) -> str:
        """The outcome in a line, for a report."""
        lines = [line for line in self.err.splitlines() if line.strip()]
        said = lines[-1] if lines and "Traceback" in self.err else self.complaint or " ".join(lines)
        return f"exit {self.status} after {self.seconds:.1f} s: {said[-400:]}"


class Child:
    """A forked process that runs one function. It waits for `go` if it was started with `waits`."""

    def __init__(self, function: Callable[..., Any], *arguments: Any, waits: bool = False) -> None:
        self._out, self._err, self._result = (_memory() for _ in range(3))
        read, self._gate = os.pipe()
        sys.stdout.flush()
        self.started = time.monotonic()
        self.pid = os.fork()
        if not self.pid:
            os.close(self._gate)
            self._run(read, function, arguments)
        os.close(read)
        _running.add(self.pid)
        self._pidfd = os.pidfd_open(self.pid)
        self._status: int | None = None
        self._took: float | None = None
        if not waits:
            self.go()

    def go(self) -> None:
        """Let a child run that waits."""
        if self._gate >= 0:
            os.write(self._gate, b".")  # closing would not do: children that were forked meanwhile hold it open
            os.close(self._gate)
            self._gate = -1
            self.started = time.monotonic()

    def kill(self) -> None:
        """SIGKILL, if it still runs."""
        if self._status is None:
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def ended(self, seconds: float) -> bool:
        """Whether it has ended, or does so within the time."""
        if self._took is None and select.select([self._pidfd], [], [], seconds)[0]:
            self._took = time.monotonic() - self.started
        return self._took is not None

    def wait(self, limit: float = LIMIT) -> Outcome:
        """The outcome; a child that takes longer is killed and counts as hanging."""
        hangs = not self.ended(limit)
        if hangs:
            self.kill()
        if self._gate >= 0:
            os.close(self._gate)
        self._status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self._pidfd)
        _running.discard(self.pid)
        out, err, result = (_read(file) for file in (self._out, self._err, self._result))
        seconds = limit if self._took is None else self._took
        return Outcome(None if hangs else self._status, out, err, json.loads(result or "null"), seconds)

    def _run(self, gate: int, function: Callable[..., Any], arguments: Sequence[Any]) -> None:
        """In the child: never returns."""
        status = 1
        try:
            _may_be_traced()
            os.dup2(self._out.fileno(), 1)
            os.dup2(self._err.fileno(), 2)
            os.read(gate, 1)
            faulthandler.enable(2)
            result = function(*arguments)
            os.write(self._result.fileno(), json.dumps(result).encode())
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(bool(end.code))
        except BaseException:
            traceback.print_exc()
        finally:
            _flush()
            os._exit(status)


def call(function: Callable[..., Any], *arguments: Any, limit: float = LIMIT) -> Outcome:
    """Run a function in a child to its end."""
    return Child(function, *arguments).wait(limit)


def youju(*arguments: object, limit: float = LIMIT) -> Outcome:
    """One command line in a child, as the program of that name runs it."""
    return start_youju(*arguments).wait(limit)


def start_youju(*arguments: object, waits: bool = False) -> Child:
    """The same, not waited for."""
    return Child(command_line, [str(a) for a in arguments], waits=waits)


def warm() -> None:
    """Import what the children need, so that a kill meets them at work and not while they import.

    What they leave behind becomes this process's child, so that it can be seen.
    """
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    os.environ.update(OPENBLAS_NUM_THREADS="1", TOKENIZERS_PARALLELISM="false", YOUJU_LANG="en")
    os.environ.pop("YOUJU_HOME", None)
    import faiss  # noqa: F401
    import opencc  # noqa: F401
    import tantivy  # noqa: F401

    import ui.batch  # noqa: F401
    import ui.commands  # noqa: F401
    import ui.render  # noqa: F401
    from index import writer  # noqa: F401
    from index.embed import load_embedder
    from index.tokens import JiebaWords
    from rag import assistant  # noqa: F401

    load_embedder("shipped")
    JiebaWords(None)("春茶产量")


def left_behind(seconds: float = 5.0) -> list[str]:
    """What children that are gone have left running after so many seconds: the processes' command lines."""
    give_up = time.monotonic() + seconds
    while orphans := [pid for pid in _children() if pid not in _running]:
        for pid in orphans:
            os.waitpid(pid, os.WNOHANG)
        if time.monotonic() >= give_up:
            return [Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ") for pid in orphans]
        time.sleep(0.005)
    return []


def real_youju() -> list[str]:
    """The program itself, for a process that is not forked."""
    return [sys.executable, "-m", "ui.cli"]


def command_line(arguments: Sequence[str]) -> None:
    """In a child: the program, with its exit status."""
    from ui.cli import main

    raise SystemExit(main(arguments))


def _children() -> list[int]:
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    return [int(pid) for pid in children.read_text().split()] if children.exists() else []


def _may_be_traced() -> None:
    """Let any process of this user trace this one, where the kernel allows only parents to."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PTRACER, ctypes.c_long(_ANYBODY), 0, 0, 0)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            continue


def _memory() -> BinaryIO:
    """A file in memory, not on the disk whose faults are being tried."""
    return os.fdopen(os.memfd_create("said"), "w+b")


def _read(file: BinaryIO) -> str:
    with file:
        file.seek(0)
        return file.read().decode("utf-8", "backslashreplace")
