"""strace around a forked child: what it asked of the kernel, and faults put into the N-th call of a kind.

strace counts for each thread by itself: a fault at N meets the first thread that comes to its N-th call.
"""

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.processes import LIMIT, Child, Outcome

CALLS = (
    *("write", "pwrite64", "fsync", "fdatasync", "ftruncate"),
    *("rename", "renameat", "renameat2", "unlink", "unlinkat", "link", "linkat", "mkdir", "rmdir"),
)
_LINE = re.compile(r"^(?P<thread>\d+) (?P<call>\w+)\((?P<arguments>.*)$")
_PATH = re.compile(r'<(/[^>]*)>|"(/[^"]*)"')


@dataclass(frozen=True, slots=True)
class Call:
    """One system call of a log: its thread, name, the paths in its arguments, and these with its result.

    `helper`: not the traced process made it, but a program that it started.
    """

    thread: int
    name: str
    paths: tuple[str, ...]
    arguments: str
    helper: bool = False

    @property
    def faked(self) -> bool:
        """Whether strace put a fault in its place."""
        return "(INJECTED)" in self.arguments

    @property
    def failed(self) -> bool:
        """Whether it gave an error."""
        return " = -1 " in self.arguments

    def is_below(self, folder: Path) -> bool:
        """Whether one of its paths lies in the folder."""
        return any(Path(path).is_relative_to(folder) for path in self.paths)


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at the N-th `call` of a thread: "signal=KILL" or "error=ENOSPC"."""

    call: str
    number: int
    effect: str

    def __str__(self) -> str:
        return f"{self.effect} at {self.call} {self.number}"

    def as_option(self) -> str:
        """For `strace -e`."""
        return f"inject={self.call}:{self.effect}:when={self.number}"


def missing() -> str:
    """Why strace cannot be used here; empty if it can."""
    if shutil.which("strace") is None:
        return "strace is not installed"
    outcome, calls = traced(Path("trace.log"), ("getppid",), _ask_for_parent)
    return "" if any(call.name == "getppid" for call in calls) else f"strace may not attach ({outcome.short()})"


def traced(
    log: Path, names: Sequence[str], function: Callable[..., Any], *arguments: Any, fault: Fault | None = None
) -> tuple[Outcome, list[Call]]:
    """Run the function in a child under strace. The log holds the calls of these names, of all threads, in order."""
    child = Child(function, *arguments, waits=True)
    wanted = ",".join(f"?{name}" for name in (*names, "execve"))
    options = ["-f", "-qq", "-y", "-s", "0", "-o", str(log), "-e", f"trace={wanted}"]
    if fault is not None:
        options += ["-e", fault.as_option()]
    command = ["strace", *options, "-p", str(child.pid)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as tracer:
        _wait_for(child.pid, tracer)
        child.go()
        outcome = child.wait(LIMIT)
        tracer.wait(LIMIT)
    return outcome, list(read_log(log)) if log.exists() else []  # no log: strace could not attach


def read_log(log: Path) -> Iterator[Call]:
    """The calls of a log; one that another thread's line cut in two is put together at its end."""
    begun: dict[str, str] = {}
    helpers: set[str] = set()
    for line in log.read_text("utf-8", "backslashreplace").splitlines():
        thread, _, rest = line.partition(" ")
        rest = rest.strip()
        if rest.endswith("<unfinished ...>"):
            begun[thread] = rest.removesuffix("<unfinished ...>")
            continue
        if rest.startswith("<... "):
            rest = begun.pop(thread, "") + rest.partition(" resumed>")[2]
        if rest.startswith("execve("):
            helpers.add(thread)
        yield from _call(thread, rest, thread in helpers)
    for thread, rest in begun.items():  # calls that never came back
        yield from _call(thread, rest, thread in helpers)


def _call(thread: str, rest: str, helper: bool) -> Iterator[Call]:
    if found := _LINE.match(f"{thread} {rest}"):
        paths = tuple(a or b for a, b in _PATH.findall(found["arguments"]))
        yield Call(int(thread), found["call"], paths, found["arguments"], helper)


def places(calls: Sequence[Call]) -> list[tuple[int, Call]]:
    """The calls that a fault at N would meet first, with their N: the first of its name to be its thread's N-th."""
    counts: dict[tuple[str, int], int] = {}
    first: dict[tuple[str, int], Call] = {}
    for call in calls:
        key = call.name, call.thread
        counts[key] = counts.get(key, 0) + 1
        first.setdefault((call.name, counts[key]), call)
    return [(number, call) for (_, number), call in first.items()]


def _wait_for(pid: int, tracer: subprocess.Popen[bytes]) -> None:
    """Until the child is traced, or strace has given up."""
    while tracer.poll() is None and "TracerPid:\t0\n" in _status(pid):
        time.sleep(0.001)
    time.sleep(0.01)  # from attaching to seeing every call


def _status(pid: int) -> str:
    return Path(f"/proc/{pid}/status").read_text()


def _ask_for_parent() -> int:
    import os

    return os.getppid()
