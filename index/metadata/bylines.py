"""Who wrote it: 本报记者 张三, 文/张三, （记者 张三）, 記者張三／台北報導; and for whom, where the line says so."""

import re
from collections.abc import Iterator

from index.metadata.outlets import looks_like_outlet
from index.metadata.page import Found, Line, Page
from index.metadata.people import NAME, NAMES, people
from index.metadata.vocabulary import PLACES

_LONGEST = 60
_BULLET = re.compile(r"[□■●▲◎○☆★◆◇▶/ -]*")
_OUTLET = re.compile(
    r"(?<![\w·+])(?P<outlet>[\w·+]{2,9}?)(?:首席|高级|资深|见习|实习|特约|特派|全媒体|融媒体?|驻\w{1,3})*记者"
)
_BY = re.compile(r"(?:文|撰文|撰稿|采写|图文|文、图|文/图|作者|原创)(?: ?[/|:]| {1,3})")
_HAS_ROLE = re.compile(r"(?<!参与)记者|通讯员|撰稿|撰文|^文[/|]")
_BRACKETS = re.compile(r"[(〔【\[](?P<in>[^()〔〕【】\[\]]{4,60})[)〕】\]]")
_AFTER_WIRE = re.compile(r"[^。，(（]{2,24}日(?:综合|专)?[电讯] ?\((?P<in>[^()]{2,40})\)")
_AUTHOR_IS = re.compile(rf"作者:? ?(?P<names>{NAME})(?:,? ?(?:系|为|是|[,，]).{{0,40}})?")
# 記者張三／台北報導, 記者張三／台北聯合報, 某報記者張三報道, 某社記者張三台北6日電
_REPORTS = re.compile(
    rf"""(?P<outlet>[\w·+]{{0,10}}?)(?:特派|驻地|实习|见习)?记者[ ]?(?P<names>{NAMES})(?:
        [ ]?/[ ]?[\w、/]{{2,10}}?(?:报[导道](?P<paper>\w{{2,6}}报|中央社)?|(?P<paper2>联合报|经济日报))
      | [ ]?(?:\w{{2,4}})?报[导道]
      | (?P<place>[\u4e00-\u9fff]{{2,4}}?)(?:\d{{1,2}}月)?\d{{1,2}}日(?:综合|专)?[电讯]
    )""",
    re.VERBOSE,
)


def found_in_lines(lines: tuple[Line, ...]) -> Iterator[Found]:
    """From lines that are nothing but a byline."""
    for line in lines:
        bullet = _BULLET.match(line.plain)
        bare = line.part(bullet.end() if bullet else 0)
        outlet, _, rest = bare.plain.partition(" ")
        if _HAS_ROLE.match(rest) and looks_like_outlet(outlet):  # 某报 记者张三/台北报道
            yield Found("publisher", bare.text[: len(outlet)], "byline")
            bare = bare.part(len(outlet))
        if len(bare.plain) <= _LONGEST:
            yield from _byline(bare)


def found_in_text(page: Page) -> Iterator[Found]:
    """From the text's first words and its last."""
    start = page.opening.part(0, 120)
    yield from _in_brackets(start)
    if reports := _REPORTS.match(start.plain):
        yield from _reporting(start, reports)
    if after_wire := _AFTER_WIRE.match(start.plain):
        yield from _authors(start.part(*after_wire.span("in")))
    brackets = list(_BRACKETS.finditer(page.ending.plain))
    if brackets and not page.ending.plain[brackets[-1].end() :].strip(" 。"):
        yield from _in_brackets(page.ending.part(brackets[-1].start()))


def _byline(line: Line) -> Iterator[Found]:
    with_slashes = Line(line.text, line.plain.replace("|", "/"))
    if (_HAS_ROLE.search(line.plain) or _BY.match(line.plain)) and people(with_slashes):
        yield from _authors(with_slashes)
        yield from _employer(line)
    elif reports := _REPORTS.fullmatch(line.plain):
        yield from _reporting(line, reports)
    else:
        yield from _in_brackets(line)


def _in_brackets(line: Line) -> Iterator[Found]:
    for found in _BRACKETS.finditer(line.plain):
        inner = line.part(*found.span("in"))
        if reports := _REPORTS.fullmatch(inner.plain):
            yield from _reporting(inner, reports)
        elif author := _AUTHOR_IS.fullmatch(inner.plain):
            yield from _authors(inner.part(*author.span("names")))
        elif _HAS_ROLE.search(inner.plain) and people(inner):
            yield from _authors(inner)
            yield from _employer(inner)


def _reporting(line: Line, found: re.Match[str]) -> Iterator[Found]:
    if not found["place"] or found["place"] in PLACES:
        yield from _authors(line.part(*found.span("names")))
    for group in ("outlet", "paper", "paper2"):
        if found[group] and looks_like_outlet(found[group]):
            yield Found("publisher", line.text[slice(*found.span(group))], "byline")


def _authors(line: Line) -> Iterator[Found]:
    if named := people(line):
        yield Found("author", named, "byline")


def _employer(line: Line) -> Iterator[Found]:
    """A paper's own reporter writes in that paper."""
    found = _OUTLET.search(line.plain)
    if found and looks_like_outlet(found["outlet"]):
        yield Found("publisher", line.text[slice(*found.span("outlet"))], "byline")
