"""The SQLite library: articles, passages, vectors, generations. It is the only truth; every other file is a cache of it.

A row belongs to the generations from `born` up to, not including, `died`. A generation becomes visible in one commit, by
its row in `generations`; rows of a later number are the unfinished work of an update, which the next update takes over.
One process writes, under a lock; its connection alone checkpoints the write-ahead log, because SQLite before 3.51.3 can
corrupt a database whose log two connections reset at once. Readers open the file read-only.
"""

import sqlite3
from pathlib import Path

from index.errors import LibraryDamaged, LibraryMismatch, LibraryMissing

FORMAT = 1
FILE = "library.sqlite"

_SCHEMA = f"""
PRAGMA user_version = {FORMAT};
CREATE TABLE articles (
    row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    source TEXT NOT NULL, publisher TEXT, published TEXT, url TEXT, groups TEXT NOT NULL,
    digest TEXT NOT NULL, recipe TEXT NOT NULL, born INTEGER NOT NULL, died INTEGER);
CREATE INDEX articles_by_id ON articles (id);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles (row),
    start INTEGER NOT NULL, end INTEGER NOT NULL, heading TEXT, text TEXT NOT NULL, vector BLOB NOT NULL);
CREATE INDEX passages_by_article ON passages (article);
CREATE TABLE generations (
    number INTEGER PRIMARY KEY, model TEXT NOT NULL, model_sha256 TEXT NOT NULL, dim INTEGER NOT NULL,
    passage_chars INTEGER NOT NULL, dictionary_sha256 TEXT NOT NULL, articles INTEGER NOT NULL, passages INTEGER NOT NULL,
    built_at TEXT NOT NULL, vectors_sha256 TEXT NOT NULL, lexical_sha256 TEXT NOT NULL);
"""


def create_or_open(home: Path) -> sqlite3.Connection:
    """The writing connection; the caller holds the lock of the home. Makes the database where there is none."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = home / FILE
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            connection.executescript(f"BEGIN; {_SCHEMA} COMMIT;")
            connection.execute("PRAGMA journal_mode = WAL")
        _check_format(connection, path)
        connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.DatabaseError as error:
        connection.close()
        raise _damaged(path, error) from error
    return connection


def open_read_only(home: Path) -> sqlite3.Connection:
    """A reading connection that threads may share. Raises LibraryMissing, LibraryMismatch or LibraryDamaged."""
    path = home / FILE
    if not path.is_file():
        raise missing(home)
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
    try:
        _check_format(connection, path)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise _damaged(path, error) from error
    return connection


def current_generation(connection: sqlite3.Connection) -> int:
    """The newest visible generation; 0 before the first."""
    number: int = connection.execute("SELECT coalesce(max(number), 0) FROM generations").fetchone()[0]
    return number


def missing(home: Path) -> LibraryMissing:
    """The error of a home in which nothing was indexed."""
    return LibraryMissing(
        f"{home} 里还没有索引：请先运行 youju index 文件夹 --home {home}",
        f"there is no index in {home} yet: run youju index FOLDER --home {home} first",
    )


def _check_format(connection: sqlite3.Connection, path: Path) -> None:
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found != FORMAT:
        connection.close()
        raise LibraryMismatch(
            f"{path} 的格式是 {found}，本程序读写格式 {FORMAT}：请换一个 --home，或移走旧索引后重新运行 youju index",
            f"{path} has format {found}, this program reads and writes format {FORMAT}: "
            "choose another --home, or move the old index away and run youju index again",
        )


def _damaged(path: Path, error: sqlite3.DatabaseError) -> LibraryDamaged:
    return LibraryDamaged(
        f"索引数据库 {path} 已损坏（{error}）：请移走它，再运行 youju index 重建",
        f"the index database {path} is damaged ({error}): move it away and run youju index to build it again",
    )
