"""A page taken apart: the lines above its text, where the text begins and ends, and the lines below it."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from index.fold import fold
from index.types import Where

Field = Literal["title", "publisher", "published", "url", "author"]

HEAD_CHARS = 8000  # a saved page has its menus first
_HEAD_LINES = 80
_TOP_LINES = 12  # of a page without a paragraph; so far down, a dateline may stand below a summary
_FOOT_CHARS = 2000
_PARAGRAPH = 80  # a line that long is text, and a shorter one that ends like a sentence
_SENTENCE = 36
_OPENING = 300
_BODY = re.compile(r"[,，; ]{0,3}正文[:：]")  # a crawler's mark
_INVISIBLE = re.compile("[\xad\u200b-\u200f\u2060-\u2064\ufeff]")
_SENTENCE_END = re.compile(r"[。！？”…](?:[（(【][^（()）】]{2,40}[）)】])?\Z")  # also before （记者 张三）
_NOTICE = re.compile(r"[【\[]?(?:版[权權]|免[责責]|[声聲]明|特[别別][声聲]明|[郑鄭]重[声聲]明|法律[声聲]明)")
_RELATED = re.compile(
    r"[【\[]?(?:相关|延伸|扩展|推荐|更多|热门|猜你喜欢|往期)(?:阅读|推荐|新闻|文章|链接|报道|回顾|内容)?[】\]]?\s?:?"
)


@dataclass(frozen=True, slots=True)
class Found:
    """One field of the metadata: its value as the page writes it (dates in ISO), and where it stood."""

    field: Field
    value: str
    where: Where


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it stands, stripped, and its plain form of the same length: Simplified, ASCII signs, lower case."""

    text: str
    plain: str

    @classmethod
    def of(cls, text: str) -> "Line":
        """The line of a text."""
        text = text.strip()
        return cls(text, text.translate(_plain()))

    def part(self, start: int, end: int | None = None) -> "Line":
        """A piece of it, stripped."""
        return Line.of(self.text[start:end])


@dataclass(frozen=True, slots=True)
class Page:
    """`head` holds the short lines at the top, of which `above` stand above the first paragraph; `opening` the first
    characters of that, `ending` the last of the last one, `foot` the short lines below up to a list of other articles.
    """

    head: tuple[Line, ...]
    above: int
    opening: Line
    ending: Line
    foot: tuple[Line, ...]
    text: str


def take_apart(text: str) -> Page:
    """The parts of a page. Only its two ends are looked at, so that it takes no longer for a long text."""
    top = _lines(_BODY.sub("\n", text[:_OPENING], count=1) + text[_OPENING:HEAD_CHARS])[:_HEAD_LINES]
    paragraphs = [at for at, line in enumerate(top) if _is_paragraph(line)]
    first = paragraphs[0] if paragraphs else min(len(top), _TOP_LINES)
    second = min(paragraphs[1], _TOP_LINES) if len(paragraphs) > 1 else 0
    head = [line for at, line in enumerate(top) if at < max(first, second) and at not in paragraphs]
    opening = top[paragraphs[0]] if paragraphs else ""
    bottom = _lines(text[-_FOOT_CHARS:])
    last = max((at for at, line in enumerate(bottom) if _is_paragraph(line)), default=-1)
    ending = bottom[last][-_OPENING:] if last >= 0 else ""
    return Page(
        head=_until_related(head),
        above=first,
        opening=Line.of(opening[:_OPENING]),
        ending=Line.of(ending),
        foot=_until_related(bottom[last + 1 :]),
        text=text,
    )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in _INVISIBLE.sub("", text).split("\n") if line.strip()]


def _is_paragraph(line: str) -> bool:
    if _NOTICE.match(line):
        return False
    return len(line) >= _PARAGRAPH or (len(line) >= _SENTENCE and bool(_SENTENCE_END.search(line[-60:])))


def _until_related(lines: list[str]) -> tuple[Line, ...]:
    taken: list[Line] = []
    for text in lines:
        line = Line.of(text)
        if _RELATED.fullmatch(line.plain):
            break
        taken.append(line)
    return tuple(taken)


class _Plain(dict[int, str]):
    """Characters in search form, where that is one character; filled as they come."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        folded = " " if char.isspace() else fold(char)
        self[code] = plain = _SIGNS.get(char, folded if len(folded) == 1 else char)
        return plain


_SIGNS = {"丨": "|", "︱": "|", "∶": ":", "︰": ":", "•": "·", "‧": "·", "・": "·", "﹒": "·", "〇": "〇"}


@cache
def _plain() -> _Plain:
    return _Plain()
