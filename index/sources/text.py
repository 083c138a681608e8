"""Plain text: one file, one article; title, publisher and date are looked for in the text itself."""

from collections.abc import Iterator

from index.metadata import describe
from index.sources.encoding import decode
from index.sources.file import SourceFile
from index.sources.record import article
from index.types import Article


def read(file: SourceFile) -> Iterator[Article]:
    """The article of a .txt file. Raises SourceError."""
    raw = decode(file.read())
    found = describe(raw)
    fields = {
        "title": found.title,
        "publisher": found.publisher,
        "published": found.published,
        "url": found.url,
    }
    yield article(id=file.id, source=file.id, text=raw, fields=fields)
