"""backup() and restore(): one file that holds all of an index, taken while it is used.

The caches are not in it: they are built again from the library.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from index import caches, durable, library, repair
from index.config import IndexConfig
from index.errors import BackupError, YoujuError
from index.reader import read_manifest
from index.tokens import JiebaWords
from index.types import Manifest
from index.writer import locked, rebuild_caches


def backup(home: Path, target: Path) -> Manifest:
    """Write the visible generation of a home to one file; returns what it holds.

    A file of the same name is replaced if it is a backup, in one step. Raises BackupError if it is something else or
    cannot be written, and what reading the index raises.
    """
    if target.exists() and _fault(target):
        raise BackupError(
            f"{target} 已存在而且不是 youju 的备份：请换一个文件名",
            f"{target} exists and is no backup of youju's: choose another name",
        )
    work = target.with_name(f"{target.name}.part")
    with closing(library.open_read_only(home)) as source:
        try:
            work.unlink(missing_ok=True)
            os.close(os.open(work, os.O_CREAT | os.O_WRONLY, 0o600))
            source.execute("VACUUM INTO ?", (str(work),))
            _leave_only_the_visible(work)
            durable.sync(work)
            work.rename(target)
            durable.sync_folder(target.absolute().parent)
        except (OSError, sqlite3.OperationalError) as error:
            work.unlink(missing_ok=True)
            raise BackupError(
                f"备份没有写成 {target}（{error}）：请检查路径、权限和磁盘空间",
                f"the backup could not be written to {target} ({error}): check the path, the permissions and the disk",
            ) from error
    return _manifest(target)


def restore(config: IndexConfig, source: Path) -> Manifest:
    """Put the index of a backup in place of the one of `config.home`; readers go over to it by themselves.

    Raises BackupError if the file is no backup or is damaged, LibraryBusy while an update runs; the home then stays as
    it was.
    """
    home = config.home
    if fault := _fault(source):
        raise BackupError(
            f"{source} 不是完好的 youju 备份（{fault}）：请换一份备份；现有索引未动",
            f"{source} is no sound backup of youju's ({fault}): take another one; the index that is there was left "
            "alone",
        )
    with locked(home), library.faults_told(home):
        coming = _newest_number(home) + 1
        work = home / "library.restored"
        shutil.copyfile(source, work)
        _renumber(work, coming)
        durable.sync(work)
        _replace(home, work)
    manifest = read_manifest(home)
    words = JiebaWords(config.dictionary)
    if words.sha256 == manifest.dictionary_sha256:
        rebuild_caches(home, words)
    return manifest


def _fault(file: Path) -> str | None:
    """Why a file is no sound backup; None if it is one."""
    try:
        with closing(_read(file)) as connection:
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if (application, version) != (library.APPLICATION, library.FORMAT):
                return f"application {application:x}, format {version}"
            return repair.fault(connection)
    except (sqlite3.DatabaseError, OSError, UnicodeDecodeError) as error:
        return str(error)


def _manifest(file: Path) -> Manifest:
    with closing(_read(file)) as connection:
        found = library.manifest(connection)
        assert found is not None  # what has none cannot be opened to be copied
        return found


def _read(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _leave_only_the_visible(file: Path) -> None:
    """Retired rows are deleted texts; the files' paths are this machine's."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        newest = library.current_generation(connection)
        with library.transaction(connection):
            library.delete(connection, f"NOT (born <= {newest} AND (died IS NULL OR died > {newest})) AND row > ?", 0)
            connection.execute("UPDATE articles SET died = NULL")
            connection.execute("DELETE FROM generations WHERE number != ?", (newest,))
            connection.execute("DELETE FROM reprints WHERE generation != ?", (newest,))
            connection.execute("DELETE FROM files")
            connection.execute("DROP TABLE IF EXISTS halfway")
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("VACUUM")


def _newest_number(home: Path) -> int:
    """The highest generation that a home has had: of its library, if that can be read, and of its caches."""
    try:
        known = read_manifest(home).generation
    except YoujuError:
        known = 0
    return max(known, *caches.numbers(home), 0)


def _renumber(file: Path, number: int) -> None:
    """A restored generation is newer than any that a reader of this home holds."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        with library.transaction(connection):
            connection.execute("UPDATE generations SET number = ?, vectors_sha256 = '', lexical_sha256 = ''", (number,))
            connection.execute("UPDATE reprints SET generation = ?", (number,))
            connection.execute("UPDATE articles SET born = min(born, ?)", (number,))
        connection.execute("PRAGMA journal_mode = WAL")
    library.check_whole(file)


def _replace(home: Path, work: Path) -> None:
    """The log of the library that goes must not be taken for the new one's: it is written back and removed first."""
    path = home / library.FILE
    if path.exists():
        try:
            with closing(sqlite3.connect(path, isolation_level=None)) as old:
                old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            repair.set_aside(home)
    for log in (*library.logs(path), *library.logs(work)):
        log.unlink(missing_ok=True)
    work.rename(path)
    durable.sync_folder(home)
