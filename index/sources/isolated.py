"""Files are read in a child process: whatever a file does to its parser, the other files are still indexed.

One child reads many files, one after the other, and is replaced when it dies. What it may do is limited by
`index.sources.worker`; how long it may take, here.
"""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Self

from index.config import ReadConfig
from index.errors import Message
from index.sources.file import SourceFile
from index.sources.formats import unsupported
from index.sources.wire import OUT_OF_MEMORY, Limits, opening, parse_reply, request
from index.types import Article, Refused

_ROOT = Path(__file__).parents[2]  # where a child finds this package, whatever the working folder
_CHUNK = 1 << 16  # as much as a pipe holds
_START_SECONDS = 60.0  # a child needs 0.2
_MOST_BYTES = 64_000_000  # of one reply: the longest article has 5 million characters
# A child needs no more of the environment: what else stands in it, such as keys, is not for the readers of files.
_PASSED_ON = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "TZ", "TMPDIR", "VIRTUAL_ENV")
_PREFIXES = ("LC_", "PYTHON")

_CRASHED = Message(
    "解析程序崩溃：文件可能已损坏，或需要超过 1 GB 内存；请重新保存，或转成 .txt",
    "crashed its parser: it may be damaged, or need more than 1 GB of memory; save it again, or as .txt",
)
_TOO_BIG = Message("读取需要超过 1 GB 内存；请拆成小文件", "needs more than 1 GB of memory to read; split the file")


class IsolatedReader:
    """Reads files in a child process, which starts with the first file. A context manager: the child ends with it."""

    def __init__(self, config: ReadConfig | None = None, limits: Limits | None = None) -> None:
        self._config, self._limits = config or ReadConfig(), limits or Limits()
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child; another file would start a new one."""
        if self._child:
            child, self._child = self._child, None
            child.end()

    def read(self, file: SourceFile) -> Iterator[Article | Refused]:
        """The articles of a file, and what of it was refused. A file that kills its reader is refused as well."""
        if reason := unsupported(file.path.name, self._config):
            yield Refused(file.id, reason)
            return
        finished = False
        try:
            yield from self._ask(file)
            finished = True
        except _Died as death:
            self.close()
            finished = True
            yield Refused(file.id, death.reason)
        finally:
            if not finished:  # whoever stops in the middle leaves replies behind that are nobody's
                self.close()

    def _ask(self, file: SourceFile) -> Iterator[Article | Refused]:
        if not self._child:
            self._child = _Child(opening(self._config, self._limits), self._limits.seconds)
        self._child.send(request(file))
        while line := self._child.line():
            try:
                yield parse_reply(line, file.id)
            except (ValueError, RecursionError):
                raise _Died(_CRASHED) from None


class _Died(Exception):
    """The child is of no use any more; `reason` is for the user."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason.en)
        self.reason = reason


class _Child:
    """The process and its two pipes. `seconds` is how long it may take for one line."""

    def __init__(self, first_line: bytes, seconds: float) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "index.sources.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(os.environ),
            bufsize=0,
            start_new_session=True,  # Ctrl-C reaches the parent alone, which ends the child
        )
        assert self._process.stdin and self._process.stdout
        self._requests, self._replies = self._process.stdin, self._process.stdout
        os.set_blocking(self._requests.fileno(), False)
        self._seconds = seconds
        self._received = bytearray()
        self._writable, self._readable = select.poll(), select.poll()
        self._writable.register(self._requests, select.POLLOUT)
        self._readable.register(self._replies, select.POLLIN)
        try:
            self.send(first_line)
            self.line(_START_SECONDS)
        except _Died:
            self.end()
            raise RuntimeError("the reader of files does not start; see: python -m index.sources.worker") from None
        except BaseException:
            self.end()
            raise

    def send(self, line: bytes) -> None:
        """Write a whole line. Raises _Died."""
        left, deadline = memoryview(line), time.monotonic() + self._seconds
        while left:
            self._wait(self._writable, deadline)
            try:
                left = left[os.write(self._requests.fileno(), left) :]
            except BrokenPipeError:
                raise self._death() from None

    def line(self, seconds: float | None = None) -> bytes:
        """The next reply; empty at the end of a file. Raises _Died."""
        deadline, scanned = time.monotonic() + (seconds or self._seconds), 0
        while (end := self._received.find(b"\n", scanned)) < 0:
            scanned = len(self._received)
            if scanned > _MOST_BYTES:
                raise _Died(_CRASHED)
            self._wait(self._readable, deadline)
            chunk = os.read(self._replies.fileno(), _CHUNK)
            if not chunk:
                raise self._death()
            self._received += chunk
        line = bytes(self._received[:end])
        del self._received[: end + 1]
        return line

    def end(self) -> None:
        """Kill it, and leave neither a zombie nor an open pipe."""
        self._process.kill()
        self._process.wait()
        self._requests.close()
        self._replies.close()

    def _wait(self, ready: select.poll, deadline: float) -> None:
        if not ready.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise _Died(_too_slow(self._seconds))

    def _death(self) -> _Died:
        """Why the child is gone, by its exit status."""
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:  # it closed its pipes and lives on
            return _Died(_CRASHED)
        if status == -signal.SIGALRM:
            return _Died(_too_slow(self._seconds))
        return _Died(_TOO_BIG if status in (OUT_OF_MEMORY, -signal.SIGKILL) else _CRASHED)


def _environment(own: Mapping[str, str]) -> dict[str, str]:
    passed = {name: value for name, value in own.items() if name in _PASSED_ON or name.startswith(_PREFIXES)}
    path = os.pathsep.join(filter(None, (str(_ROOT), own.get("PYTHONPATH"))))
    # One thread of linear algebra, should a reader load it: each reserves memory that counts.
    return {**passed, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


def _too_slow(seconds: float) -> Message:
    return Message(
        f"{seconds:.0f} 秒内没有读出文章；请拆成小文件，或转成 .txt",
        f"gave no article within {seconds:.0f} s; split it, or save it as .txt",
    )
