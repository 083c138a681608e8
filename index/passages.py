"""Article text → sentences and passages at exact offsets. Nothing is rewritten: a passage is a slice of its article."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.types import Article, Passage

# A sentence ends at its mark and the quotes that close behind it, at a line break, or at a Latin full stop before a
# space: the stop in 6.5 or in a host name ends nothing.
_END = re.compile(r"[。！？!?…]+[”’」』）)\"']*|\n+|\.[”’\"')]*(?=\s|$)(?<!\b[A-Z]\.)")
_SOFT_END = re.compile(r"[；;，,、：:\s]")
_HARD_LIMIT = 400


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters."""

    start: int
    end: int


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The sentences of `text[start:end]`, without the white space round them; longer ones than 400 characters are cut."""
    stop = len(text) if end is None else end
    begin = start
    for match in _END.finditer(text, start, stop):
        yield from _cut(text, begin, match.end())
        begin = match.end()
    yield from _cut(text, begin, stop)


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """One sentence, stripped; cut at a comma (or anywhere, if there is none) while it is beyond the limit."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > _HARD_LIMIT:
        soft = [m.end() for m in _SOFT_END.finditer(text, start + _HARD_LIMIT // 2, start + _HARD_LIMIT)]
        middle = soft[-1] if soft else start + _HARD_LIMIT
        yield Span(start, middle)
        start = middle
    if start < end:
        yield Span(start, end)


def split(article: Article, *, passage_chars: int) -> Iterator[Passage]:
    """Passages of whole sentences, filled to `passage_chars`; a heading starts a new one and is kept with it."""
    heading: str | None = None
    start = end = -1
    for span in sentences(article.text):
        is_heading = _is_heading(article.text, span)
        if start >= 0 and (is_heading or span.end - start > passage_chars):
            yield _passage(article, start, end, heading)
            start = -1
        if is_heading:
            heading = article.text[span.start : span.end]
        if start < 0:
            start = span.start
        end = span.end
    if start >= 0:
        yield _passage(article, start, end, heading)


def _passage(article: Article, start: int, end: int, heading: str | None) -> Passage:
    return Passage(article.id, article.text[start:end], start, end, heading)


def _is_heading(text: str, span: Span) -> bool:
    """A short line of its own that ends without punctuation and is followed by more text."""
    if span.end - span.start > 40 or not text[span.end - 1].isalnum() and text[span.end - 1] not in '”"》)）':
        return False
    alone = (span.start == 0 or text[span.start - 1] == "\n") and text[span.end : span.end + 1] == "\n"
    return alone and bool(text[span.end :].strip())
