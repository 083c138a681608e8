"""The article's own address, and the day and the outlet that it tells."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from index.dates import iso_date
from index.metadata.outlets import outlet_of_host
from index.metadata.page import Found, Line

_ALONE = re.compile(r"(?:原文)?(?:链接|网址)? ?:? ?(?P<url>https?://[^\s，。]{4,2000})", re.IGNORECASE)
_YEAR = r"(?:19|20)\d\d"
_MONTH = r"(?:1[0-2]|0[1-9])"
_DAY = r"(?:3[01]|[12]\d|0[1-9])"
# /2024-05/06/, /2024/05/06/, /2024/0506/, /20240506/, /202405/06/, t20240506_1.html; a month alone is enough.
_DATED = re.compile(rf"[/_]t?(?P<y>{_YEAR})[-/_]?(?P<m>{_MONTH})(?:[-/_]?(?P<d>{_DAY}))?(?=[/_.-]|[A-Z]\d\d|\Z)")


def alone_in(lines: tuple[Line, ...]) -> Iterator[Found]:
    """An address on a line of its own."""
    for line in lines:
        found = _ALONE.fullmatch(line.text)
        if found and _split(found["url"])[1].strip("/"):
            yield Found("url", found["url"], "address")


def told_by(url: str) -> Iterator[Found]:
    """The day in the path of an address, and whose domain it is."""
    parts = _split(url)
    if iso := _day(parts[1]):
        yield Found("published", iso, "address")
    if name := outlet_of_host(parts[0]):
        yield Found("publisher", name, "address")


def year_of(url: str | None) -> str | None:
    """The year in an address's path: 5月6日电 on that page is of that year."""
    return (_day(_split(url)[1]) or "")[:4] or None if url else None


def _split(url: str) -> tuple[str, str]:
    """Host and path."""
    try:
        parts = urlsplit(url)
    except ValueError:  # [ without ]
        return "", ""
    return (parts.hostname or "").lower(), parts.path


def _day(path: str) -> str | None:
    days = [iso for found in _DATED.finditer(path) if (iso := iso_date("-".join(filter(None, found.groups()))))]
    return max(days, key=len, default=None)
