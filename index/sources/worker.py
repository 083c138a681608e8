"""The child process that reads files: `python -m index.sources.worker`, started by `index.sources.isolated`.

Requests come in as lines on standard input, replies leave as lines on standard output; an empty line says that the
child is ready, or that a file is done. It may use so much memory and no more, writes no file, reaches no network and
starts no program.
"""

import os
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from index.sources.formats import read
from index.sources.wire import OUT_OF_MEMORY, parse_opening, parse_request, reply
from index.types import Article, Refused

_FORBIDDEN = (
    "socket.bind", "socket.connect", "socket.getaddrinfo", "socket.gethostby", "socket.send", "urllib.Request",
    "subprocess.Popen", "os.exec", "os.fork", "os.posix_spawn", "os.system", "pty.spawn",
)  # fmt: skip


def main() -> None:
    """Serve until standard input ends."""
    requests = sys.stdin.buffer
    replies = _only_for_replies()
    config, limits = parse_opening(requests.readline())
    _confine(limits.memory)
    _tell(replies, b"\n")
    for line in requests:
        for found in _within(limits.seconds, read(parse_request(line), config)):
            _tell(replies, reply(found))
        _tell(replies, b"\n")


def _only_for_replies() -> BinaryIO:
    """Standard output under another number; what a parser prints goes where its errors go."""
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return replies


def _tell(replies: BinaryIO, line: bytes) -> None:
    try:
        replies.write(line)
        replies.flush()
    except BrokenPipeError:  # nobody listens any more
        os._exit(0)


def _confine(memory: int) -> None:
    """Limits for the rest of this process's life."""
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + memory, size + memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_forbid)


def _forbid(event: str, _: object) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"a reader of files must not call {event}")


def _within(seconds: float, found: Iterator[Article | Refused]) -> Iterator[Article | Refused]:
    """`found`, each item under an alarm that ends the process: its parent, who would, may be gone."""
    while True:
        signal.setitimer(signal.ITIMER_REAL, 2 * seconds)
        item = next(found, None)
        signal.setitimer(signal.ITIMER_REAL, 0)
        if item is None:
            return
        yield item


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
