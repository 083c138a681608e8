"""Plain text: one file, one article; title, publisher and date are looked for in the text itself."""

from collections.abc import Iterator

from index.sources.encoding import decode
from index.sources.file import SourceFile
from index.sources.record import article, described
from index.types import Article


def read(file: SourceFile) -> Iterator[Article]:
    """The article of a .txt file. Raises SourceError."""
    raw = decode(file.read())
    yield article(id=file.id, source=file.id, text=raw, layers=(*file.given, *described(raw)))
