"""purge(): what was deleted can no longer be read from the index's folder, by whatever means."""

import sqlite3
import time
from pathlib import Path

from index import caches, library, repair
from index.changes import Progress
from index.config import IndexConfig
from index.errors import LibraryBusy
from index.types import UpdateReport
from index.writer import locked, opened, update

_WAIT = 30.0  # seconds: a server looks for a newer generation every ten


def purge(config: IndexConfig, *, progress: Progress = lambda done: None, wait: float = _WAIT) -> UpdateReport:
    """Update the index, then remove every trace of what it no longer holds: old generations, set-aside libraries, words
    struck out of the word index, the database's free pages and its log.

    Raises what `update` raises, and LibraryBusy if a program still reads an older generation after `wait` seconds.
    """
    report = update(config, progress=progress, clean=True)
    with locked(config.home), library.faults_told(config.home), opened(config.home) as connection:
        _wait_for_readers(config.home, connection, wait)
        repair.remove_aside(config.home)
        connection.execute("VACUUM")
        _empty_log(config.home, connection, wait)
    return report


def _wait_for_readers(home: Path, connection: sqlite3.Connection, wait: float) -> None:
    """Until nobody reads an older generation, whose rows and files then go."""
    newest = library.current_generation(connection)
    give_up = time.monotonic() + wait
    while caches.remove_unread(home, connection, keep=newest) < newest:
        if time.monotonic() >= give_up:
            raise LibraryBusy(
                f"还有程序在读 {home} 的旧版本，其中仍有已删除的文字：请结束正在运行的 youju serve 或 ask 后再试",
                f"a program still reads an older generation of {home}, which holds the deleted text: end the youju "
                "serve or ask that is running and try again",
            )
        time.sleep(0.2)


def _empty_log(home: Path, connection: sqlite3.Connection, wait: float) -> None:
    """Write the log back and cut it to nothing; a statement that a reader runs just now can be in the way."""
    give_up = time.monotonic() + wait
    while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        if time.monotonic() >= give_up:
            raise LibraryBusy(
                f"{home} 的数据库正被读取，日志未能清空：请稍后再试",
                f"the database in {home} is being read, its log could not be emptied: try again later",
            )
        time.sleep(0.1)
