"""Files, folders and JSON Lines → articles. One reader a format, chosen by suffix in one table."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from index.errors import EmptySource, Message, SourceError
from index.sources import jsonl, markdown, text
from index.sources.file import SourceFile
from index.sources.folder import walk
from index.types import Article, Refused

_READERS: dict[str, Callable[[SourceFile], Iterator[Article | Refused] | Iterator[Article]]] = {
    ".txt": text.read,
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".jsonl": jsonl.read,
    ".jsonl.gz": jsonl.read,
}
_UNSUPPORTED = Message(
    "暂不支持这种格式；请转成 .txt、.md 或 .jsonl",
    "format not supported yet; turn it into .txt, .md or .jsonl",
)


def read_sources(paths: Sequence[Path]) -> Iterator[Article | Refused]:
    """The articles of files and folders, in the given order, and what was refused in its place.

    A file's id is its POSIX path below the given folder, or its name if it was given itself; a line of
    JSON Lines has its own. The first article with an id is kept, later ones are refused. Raises SourceError at
    once, before anything is read, if a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise SourceError(
                f"找不到 {path}；请检查路径是否写对", f"{path} does not exist; check how the path is written"
            )
    return _without_repeats(paths)


def _without_repeats(paths: Sequence[Path]) -> Iterator[Article | Refused]:
    first_seen: dict[str, str] = {}
    for found in _read_all(paths):
        if isinstance(found, Article) and found.id in first_seen:
            yield _repeated(found, first_seen[found.id])
            continue
        if isinstance(found, Article):
            first_seen[found.id] = found.source
        yield found


def _read_all(paths: Sequence[Path]) -> Iterator[Article | Refused]:
    for path in paths:
        for found in walk(path) if path.is_dir() else (SourceFile(path, path.name),):
            if isinstance(found, Refused):
                yield found
            else:
                yield from _read_one(found)


def _read_one(file: SourceFile) -> Iterator[Article | Refused]:
    name = file.path.name.lower()
    reader = next((read for suffix, read in _READERS.items() if name.endswith(suffix)), None)
    if reader is None:
        yield Refused(file.id, _UNSUPPORTED)
        return
    try:
        yield from reader(file)
    except SourceError as error:
        yield Refused(file.id, error.message, gone=isinstance(error, EmptySource))


def _repeated(found: Article, first: str) -> Refused:
    return Refused(
        f"{found.source}:{found.id}" if found.source != found.id else found.source,
        Message(
            f"id {found.id!r} 已在 {first} 中出现；请给每篇文章唯一的 id",
            f"id {found.id!r} stands already in {first}; give every article an id of its own",
        ),
    )
