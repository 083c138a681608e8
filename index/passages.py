"""Article text → sentences and passages at exact offsets. Nothing is rewritten: a passage is a slice of its article.

Every pattern is linear: what could be tried again from each character of a run is possessive or looks behind first.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from index.dates import find_dates
from index.types import Article, Passage

# A sentence ends at its marks and the quotes that close behind them, or at a line break. A Latin mark inside a word,
# an address or a number ends nothing, nor does the stop of an initial (U.S.), of a numbered line (1.) or of an
# abbreviation, after which a small letter follows.
_END = re.compile(
    r"""(?: (?<![。！？!?…]) [。！？!?…]++ (?: (?<=[。！？…]) | (?![0-9A-Za-z_=&/%\#+-]) )
          | \. (?<!\b[A-Z]\.) (?<!^\d\.) (?<!^\d\d\.) (?=[”’"')]*+(?:\s|\Z)) (?!\s{1,3}[a-z])
        ) (?P<quotes>[”’」』）)"']*+)
      | \n+""",
    re.VERBOSE | re.MULTILINE,
)
_SOFT_END = re.compile(r"[；;，、：\s]|[,:](?!\d)")
_LINE_END = re.compile(r"[^\S\n]*+\n")
_HARD_LIMIT = 400
_HEADING_CHARS = 40


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters."""

    start: int
    end: int


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The sentences of `text[start:end]`, without the white space round them; none is longer than 400 characters."""
    stop = len(text) if end is None else end
    begin, quoted = start, False
    for match in _END.finditer(text, start, stop):
        quotes = match["quotes"]
        if quotes is None:  # a new line opens no quotation that another one closes
            cut, quoted = match.end(), False
        else:
            marks = match.end() - len(quotes)
            quoted ^= text.count('"', begin, marks) % 2 == 1
            cut = marks + _closing(quotes, quoted)
            quoted = quoted and '"' not in text[marks:cut]
        yield from _cut(text, begin, cut)
        begin = cut
    yield from _cut(text, begin, stop)


def _closing(quotes: str, quoted: bool) -> int:
    """How many of the quotes close: a straight one where none is open begins the next sentence."""
    for count, quote in enumerate(quotes):
        if quote == '"':
            if not quoted:
                return count
            quoted = False
    return len(quotes)


def _cut(text: str, start: int, end: int) -> Iterator[Span]:
    """One sentence, stripped; in pieces while it is beyond the limit."""
    start, end = _strip(text, start, end)
    while end - start > _HARD_LIMIT:
        middle = _best_cut(text, start)
        yield Span(*_strip(text, start, middle))
        start, end = _strip(text, middle, end)
    if start < end:
        yield Span(start, end)


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _best_cut(text: str, start: int) -> int:
    """After the last comma of the limit's second half; else where no word, number or character is torn; else there."""
    earliest, latest = start + _HARD_LIMIT // 2, start + _HARD_LIMIT
    soft = [match.end() for match in _SOFT_END.finditer(text, earliest, latest)]
    if soft:
        return soft[-1]
    return next((at for at in range(latest, earliest, -1) if not _tears(text, at)), latest)


def _tears(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    word = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
    return word or before == "\u200d" or after == "\u200d" or unicodedata.category(after).startswith("M")


def split(article: Article, *, passage_chars: int) -> Iterator[Passage]:
    """Passages of whole sentences, filled to `passage_chars`.

    A heading starts a new one, is kept with what follows it, and named by the passages below it. Short lines in a row
    (a list, a table) are headings of nothing: they fill passages like sentences.
    """
    text, heading = article.text, None
    last = len(text.rstrip())
    start = end = -1
    body = False
    for span in sentences(text):
        titles = span.end < last and _is_heading(text, span)
        full = span.end - start > passage_chars and (body or titles)
        if start >= 0 and (full or (titles and body)):
            yield _passage(article, start, end, heading)
            start = -1
        if titles:
            heading = text[span.start : span.end]
        if start < 0:
            start, body = span.start, False
        body = body or not titles
        end = span.end
    if start >= 0:
        yield _passage(article, start, end, heading)


def _passage(article: Article, start: int, end: int, heading: str | None) -> Passage:
    text = article.text[start:end]
    return Passage(article.id, text, start, end, heading, find_dates(text, article.published))


def _is_heading(text: str, span: Span) -> bool:
    """A short line of its own that ends without punctuation."""
    last = text[span.end - 1]
    if span.end - span.start > _HEADING_CHARS or not (last.isalnum() or last in '”"》)）'):
        return False
    before = span.start
    while before and text[before - 1].isspace() and text[before - 1] != "\n":
        before -= 1
    return (before == 0 or text[before - 1] == "\n") and _LINE_END.match(text, span.end) is not None
