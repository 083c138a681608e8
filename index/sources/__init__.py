"""Files and folders → articles. `formats` says which reader reads which file; `isolated` has them read."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from index.config import ReadConfig
from index.errors import Message, SourceError
from index.sources.file import SourceFile
from index.sources.folder import given_file, walk
from index.sources.isolated import IsolatedReader
from index.types import Article, Refused

__all__ = ["IsolatedReader", "SourceFile", "list_files", "read_sources"]


def list_files(paths: Sequence[Path], *, skip: Path | None = None) -> Iterator[SourceFile | Refused]:
    """The files of files and folders, in the given order, and what must not be read. Nothing is opened.

    A file's id is its POSIX path below the given folder, or its name if it was given itself. `skip`, a folder such as
    the index's own, is left out without a word. Raises SourceError at once if a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise SourceError(
                f"找不到 {path}；请检查路径是否写对", f"{path} does not exist; check how the path is written"
            )
    return _walked(paths, skip)


def read_sources(paths: Sequence[Path], config: ReadConfig | None = None) -> Iterator[Article | Refused]:
    """The articles of files and folders, in the given order, and what was refused in its place.

    An article's id is that of its file; a line of JSON Lines and a row of a table have their own. The first article
    with an id is kept, later ones are refused. Raises SourceError at once, before anything is read, if a path does not
    exist.
    """
    return _without_repeats(_read_all(list_files(paths), config))


def _walked(paths: Sequence[Path], skip: Path | None) -> Iterator[SourceFile | Refused]:
    for path in paths:
        if path.is_dir():
            yield from walk(path, skip=skip)
        else:
            yield given_file(path)


def _read_all(files: Iterator[SourceFile | Refused], config: ReadConfig | None) -> Iterator[Article | Refused]:
    with IsolatedReader(config) as reader:
        for file in files:
            if isinstance(file, Refused):
                yield file
            else:
                yield from reader.read(file)


def _without_repeats(found: Iterator[Article | Refused]) -> Iterator[Article | Refused]:
    first_seen: dict[str, str] = {}
    for one in found:
        if isinstance(one, Article) and one.id in first_seen:
            yield _repeated(one, first_seen[one.id])
            continue
        if isinstance(one, Article):
            first_seen[one.id] = one.source
        yield one


def _repeated(found: Article, first: str) -> Refused:
    return Refused(
        f"{found.source}:{found.id}" if found.source != found.id else found.source,
        Message(
            f"id {found.id!r} 已在 {first} 中出现；请给每篇文章唯一的 id",
            f"id {found.id!r} stands already in {first}; give every article an id of its own",
        ),
        article_id=found.id,
    )
