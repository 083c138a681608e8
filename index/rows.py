"""Rows of the library ↔ articles and passages, with the checksums that show a damaged row."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any
from zlib import crc32

from index.types import Article, DateMention, Origin

ARTICLE = "id, title, text, source, publisher, published, url, groups, author, origins"  # as Article's fields
CHECKED = "p.start, p.end, p.heading, p.dates, p.sketch, p.vector"  # what a passage's checksum is over


def pack_groups(groups: tuple[str, ...]) -> str:
    """Groups as they stand in a row: "[]" for everybody."""
    return json.dumps(groups, ensure_ascii=False)


def unpack_groups(groups: str) -> tuple[str, ...]:
    """The groups of a row."""
    return tuple(json.loads(groups))


def pack_origins(origins: Iterable[Origin]) -> str:
    """Origins as they stand in a row."""
    return json.dumps({origin.field: origin.where for origin in origins})


def pack_dates(dates: Iterable[DateMention]) -> str:
    """The dates of a passage as they stand in its row."""
    return json.dumps([[d.start, d.end, d.iso, d.first, d.last] for d in dates], separators=(",", ":"))


def unpack_dates(packed: str, text: str) -> tuple[DateMention, ...]:
    """The dates of a passage's row."""
    return tuple(DateMention(start, end, text[start:end], *rest) for start, end, *rest in json.loads(packed))


def article(fields: Sequence[Any]) -> Article:
    """The article of the columns `ARTICLE`."""
    id, title, text, source, publisher, published, url, groups, author, origins = fields
    found_at = tuple(Origin(field, where) for field, where in json.loads(origins).items())
    return Article(id, title, text, source, publisher, published, url, unpack_groups(groups), author, found_at)


def sound_article(fields: Sequence[Any], digest: object) -> Article | None:
    """The article of the columns `ARTICLE`, if it is the one of the digest; damage can change even their types."""
    try:
        found = article(fields)
        return found if found.digest == digest else None
    except (ValueError, TypeError, AttributeError):
        return None


def article_at(connection: sqlite3.Connection, row: int) -> Article:
    """The article of a row."""
    return article(connection.execute(f"SELECT {ARTICLE} FROM articles WHERE row = ?", (row,)).fetchone())


def checksum(start: int, end: int, heading: str | None, dates: str, sketch: bytes, vector: bytes) -> int:
    """CRC-32 of the columns `CHECKED`; a passage's text is checked against its article's, which has a digest."""
    told = f"{start} {end} {heading} {dates}".encode("utf-8", "surrogatepass")
    return crc32(vector, crc32(sketch, crc32(told)))


def is_sound(expected: object, fields: Sequence[Any]) -> bool:
    """Whether the columns `CHECKED` are those of the checksum; damage can change even their types."""
    start, end, heading, dates, sketch, vector = fields
    if not isinstance(sketch, bytes) or not isinstance(vector, bytes):
        return False
    return checksum(start, end, heading, dates, sketch, vector) == expected


def words_checksum(words: object) -> int:
    """CRC-32 of a passage's words."""
    return crc32(str(words).encode("utf-8", "surrogatepass"))
