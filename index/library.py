"""The SQLite library: articles, passages, vectors, words, generations. The only truth; other files are caches of it.

A row belongs to the generations from `born` up to, not including, `died`. A generation becomes visible in one commit,
by its row in `generations`; rows of a later number are the unfinished work of an update, which the next one takes over.
`generations.struck` counts the passages that its word index holds and no longer gives. `reprints` names, for each
generation, the articles of a story told twice with the first of them, `compared` the pairs that were looked at. `files`
holds what each source file gave when it was last read, `halfway` the vectors of an article that is being written.

One process writes, under a lock; its connection alone checkpoints the write-ahead log, because SQLite before 3.51.3 can
corrupt a database whose log two connections reset at once. Readers open the file read-only.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from errno import ENOSPC
from pathlib import Path

from index import durable
from index.errors import LibraryDamaged, LibraryMismatch, LibraryMissing, LibraryUnavailable
from index.types import Manifest

FORMAT = 2
_FORMATS = 100  # a higher number is no format of a later release but damage
FILE = "library.sqlite"
SUSPECT = "suspect"  # a file that says that somebody found the library damaged

APPLICATION = 0x796A6C31  # in the file's header: a library of youju's, not anybody's database
# Texts stand last in their rows, so that SQLite need not read them to reach the rest.
_SCHEMA = f"""
PRAGMA user_version = {FORMAT};
PRAGMA application_id = {APPLICATION};
CREATE TABLE articles (
    row INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, title TEXT NOT NULL, source TEXT NOT NULL,
    publisher TEXT, published TEXT, url TEXT, groups TEXT NOT NULL, author TEXT, origins TEXT NOT NULL,
    digest TEXT NOT NULL, body_digest TEXT NOT NULL, recipe TEXT NOT NULL, dictionary TEXT NOT NULL,
    sketch BLOB NOT NULL, born INTEGER NOT NULL, died INTEGER, text TEXT NOT NULL);
CREATE INDEX articles_restricted ON articles (row) WHERE groups != '[]';
CREATE INDEX articles_retired ON articles (died) WHERE died IS NOT NULL;
CREATE INDEX articles_by_id ON articles (id);
CREATE INDEX articles_by_body ON articles (body_digest);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT, article INTEGER NOT NULL REFERENCES articles (row),
    start INTEGER NOT NULL, end INTEGER NOT NULL, heading TEXT, dates TEXT NOT NULL, sketch BLOB NOT NULL,
    vector BLOB NOT NULL, checksum INTEGER NOT NULL, words_checksum INTEGER NOT NULL, text TEXT NOT NULL,
    words TEXT NOT NULL);
CREATE INDEX passages_by_article ON passages (article);
CREATE TABLE generations (
    number INTEGER PRIMARY KEY, model TEXT NOT NULL, model_sha256 TEXT NOT NULL, dim INTEGER NOT NULL,
    passage_chars INTEGER NOT NULL, dictionary_sha256 TEXT NOT NULL, articles INTEGER NOT NULL,
    passages INTEGER NOT NULL, built_at TEXT NOT NULL, vectors_sha256 TEXT NOT NULL, lexical_sha256 TEXT NOT NULL,
    struck INTEGER NOT NULL);
CREATE TABLE reprints (
    generation INTEGER NOT NULL, article INTEGER NOT NULL, first INTEGER NOT NULL, PRIMARY KEY (generation, article))
    WITHOUT ROWID;
CREATE TABLE compared (
    a INTEGER NOT NULL, b INTEGER NOT NULL, alike INTEGER NOT NULL, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE files (
    path BLOB PRIMARY KEY, checksum INTEGER NOT NULL, stamp TEXT NOT NULL, articles TEXT NOT NULL,
    refused TEXT NOT NULL);
"""
_HALFWAY = "CREATE TABLE IF NOT EXISTS halfway (key BLOB PRIMARY KEY, checksum INTEGER NOT NULL, vector BLOB NOT NULL)"
VISIBLE = "a.born <= :g AND (a.died IS NULL OR a.died > :g)"  # in generation :g
_MANIFEST = "model, model_sha256, dim, passage_chars, dictionary_sha256, number, articles, passages, built_at"
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)


def create_or_open(home: Path) -> sqlite3.Connection:
    """The writing connection; the caller holds the lock of the home. Makes the database where there is none."""
    path = home / FILE
    if not path.exists() or path.stat().st_size == 0:
        _create(path)
    _check_header(path)
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        _convert(connection)
        _check_format(connection, path)
        connection.execute(_HALFWAY)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # what was removed cannot be read from the file's gaps
    except BaseException:
        connection.close()
        raise
    return connection


def open_read_only(home: Path) -> sqlite3.Connection:
    """A reading connection that threads may share. Raises LibraryMissing, -Mismatch, -Damaged or -Unavailable."""
    path = home / FILE
    with faults_told(home):
        if not path.is_file() or path.stat().st_size == 0:
            raise missing(home)
        connection = _connect_to_read(path)
        try:
            _check_format(connection, path)
        except BaseException:
            connection.close()
            raise
    return connection


@contextmanager
def faults_told(home: Path) -> Iterator[None]:
    """Faults of the disk and of the database inside the block become one clear error."""
    try:
        yield
    except UnicodeDecodeError as error:  # SQLite quotes what it cannot read, and Python cannot read the quotation
        raise damaged(home, "schema") from error
    except sqlite3.DatabaseError as error:
        if type(error) not in (sqlite3.DatabaseError, sqlite3.OperationalError):
            raise  # a bug of ours
        if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _BROKEN:
            raise damaged(home, str(error)) from error
        raise _unavailable(home, str(error)) from error
    except OSError as error:
        raise _unavailable(home, error.strerror or str(error)) from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of the block or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite has rolled back by itself after some faults
            connection.execute("ROLLBACK")
        raise


def current_generation(connection: sqlite3.Connection) -> int:
    """The newest visible generation; 0 before the first."""
    number: int = connection.execute("SELECT coalesce(max(number), 0) FROM generations").fetchone()[0]
    return number


def manifest(connection: sqlite3.Connection) -> Manifest | None:
    """How the visible generation was made; None before the first."""
    row = connection.execute(f"SELECT {_MANIFEST} FROM generations ORDER BY number DESC LIMIT 1").fetchone()
    return Manifest(FORMAT, *row) if row else None


@dataclass(frozen=True, slots=True)
class Count:
    """How much a generation holds."""

    articles: int
    passages: int


def count(connection: sqlite3.Connection, generation: int) -> Count:
    """The articles and passages of a generation, counted."""
    found = connection.execute(
        f"SELECT count(*), coalesce(sum((SELECT count(*) FROM passages p WHERE p.article = a.row)), 0)"
        f" FROM articles a WHERE {VISIBLE}",
        {"g": generation},
    ).fetchone()
    return Count(*found)


def delete(connection: sqlite3.Connection, condition: str, value: int) -> None:
    """Delete the articles of a condition, with their passages."""
    connection.execute(f"DELETE FROM passages WHERE article IN (SELECT row FROM articles WHERE {condition})", (value,))
    connection.execute(f"DELETE FROM articles WHERE {condition}", (value,))


def missing(home: Path) -> LibraryMissing:
    """The error of a home in which nothing was indexed."""
    return LibraryMissing(
        f"{home} 里还没有索引：请先运行 youju index 文件夹 --home {home}",
        f"there is no index in {home} yet: run youju index FOLDER --home {home} first",
    )


def damaged(home: Path, cause: str) -> LibraryDamaged:
    """The error of a database whose content is not what was written; it leaves a mark for the next update to look."""
    with suppress(OSError):
        (home / SUSPECT).touch(mode=0o600)
    return LibraryDamaged(
        f"索引数据库 {home / FILE} 已损坏（{cause}）：请运行 youju index，它会移开坏库并从文章重建",
        f"the index database {home / FILE} is damaged ({cause}): run youju index, which sets it aside and builds it "
        "again from the articles",
    )


def _create(path: Path) -> None:
    """An empty library. It is made under another name: a reader could not undo a creation that was cut off."""
    work = path.with_suffix(".new")
    for leftover in (*path.parent.glob(f"{work.name}*"), *logs(path)):
        leftover.unlink(missing_ok=True)
    work.touch(mode=0o600)
    with closing(sqlite3.connect(work, isolation_level=None)) as connection:
        # Written to the file itself; only its header turns to the log, which a full disk would leave unread on closing.
        connection.executescript(f"BEGIN; {_SCHEMA} COMMIT; PRAGMA journal_mode = WAL;")
    check_whole(work)
    durable.sync_folder(path.parent)
    work.rename(path)
    durable.sync_folder(path.parent)


def check_whole(path: Path) -> None:
    """Raises OSError unless a closed database is all in its file, so that it can be renamed."""
    log = logs(path)[0]
    if log.exists() and log.stat().st_size:
        raise OSError(ENOSPC, os.strerror(ENOSPC))


def logs(path: Path) -> tuple[Path, Path]:
    """The write-ahead log of a database and its index. Another database under the same name must not find them."""
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def _convert(connection: sqlite3.Connection) -> None:
    """Bring a library of format 1 to this one: its articles stay, and the next update writes all that is new of them.

    Until then no model is named for the generation, so that a reader asks for the update.
    """
    if connection.execute("PRAGMA user_version").fetchone()[0] != 1:
        return
    connection.executescript(
        f"""BEGIN IMMEDIATE;
        DROP INDEX articles_restricted; DROP INDEX articles_retired; DROP TABLE passages;
        ALTER TABLE articles RENAME TO articles_1; ALTER TABLE generations RENAME TO generations_1;
        {_SCHEMA}
        INSERT INTO articles SELECT row, id, title, source, publisher, published, url, groups, NULL, '{{}}', '', '',
            '', dictionary, x'', born, died, text FROM articles_1 WHERE died IS NULL;
        INSERT INTO generations SELECT number, '', '', dim, passage_chars, '', articles, 0, built_at, '', '', 0
            FROM generations_1 ORDER BY number DESC LIMIT 1;
        DROP TABLE articles_1; DROP TABLE generations_1;
        COMMIT;"""
    )


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """Where the log's shared memory can be neither opened nor made (a read-only medium, a full disk) and no writer has
    left a log, the database file alone is complete and is read as it lies."""
    uri = f"{path.absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
    try:
        connection.execute("PRAGMA user_version").fetchone()
        return connection
    except sqlite3.OperationalError as error:
        connection.close()
        log = logs(path)[0]
        code = error.sqlite_errorcode & 0xFF
        if code == sqlite3.SQLITE_BUSY or (log.exists() and log.stat().st_size) or not os.access(path, os.R_OK):
            raise
        return sqlite3.connect(f"{uri}&immutable=1", uri=True, check_same_thread=False)
    except BaseException:
        connection.close()
        raise


def _check_header(path: Path) -> None:
    """SQLite takes a file whose header names a later version for one that may only be read, and says no more."""
    with path.open("rb") as file:
        versions = file.read(20)[18:]
    if versions not in (b"\1\1", b"\2\2"):
        raise damaged(path.parent, "header")


def _check_format(connection: sqlite3.Connection, path: Path) -> None:
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    if found == 1:
        raise LibraryMismatch(
            f"{path} 是旧版本（格式 1）建立的：请运行一次 youju index，它会自动转换",
            f"{path} was made by an older version (format 1): run youju index once, which converts it",
        )
    ours = connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION
    if ours and not 0 < found < _FORMATS:
        raise damaged(path.parent, f"format {found}")
    if found != FORMAT:
        raise LibraryMismatch(
            f"{path} 的格式是 {found}，本程序读写格式 {FORMAT}：请换一个 --home，或移走旧索引后重新运行 youju index",
            f"{path} has format {found}, this program reads and writes format {FORMAT}: "
            "choose another --home, or move the old index away and run youju index again",
        )


def _unavailable(home: Path, cause: str) -> LibraryUnavailable:
    return LibraryUnavailable(
        f"索引文件夹 {home} 无法读写（{cause}）：请检查磁盘空间和权限后再试；已有的索引仍可查询",
        f"the index folder {home} cannot be read or written ({cause}): check the disk space and the permissions and "
        "try again; an index that is there still answers",
    )
