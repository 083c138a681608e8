"""The fields that labels give: of a name what belongs to it, of a date only one that the label is sure to mean."""

import re
from collections.abc import Iterator

from index.metadata.dated import day_or_month_at_start
from index.metadata.labels import Value, labelled_values, split_labels
from index.metadata.outlets import known_outlet_at, looks_like_outlet, may_be_outlet, outlet_of_host
from index.metadata.page import Found, Line, Page
from index.metadata.people import people

_EDGES = " |·,，;；/-()[]【】。"
_CUT = re.compile(r"[|,，;；。(\[【]|(?<=[^\x00-\x7f]) ")
_DIGIT = re.compile(r"(?<=..)[0-9]")  # 36氪 is a name, 某报2024 is one with a day
_QUOTED = re.compile(r"《\s?([^《》]{2,20}?)\s?》")
_URL = re.compile(r"https?://[^\s，。；）)】>\"']{4,2000}", re.IGNORECASE)
_EVENT = re.compile(r"(?:地点|地址|会场|主持|参会|出席|报名|截止|议程|演员|导演|主演|片长|上映|播出).{0,6}:")
_VAGUE = ("时间", "日期", "发布", "发表", "出版")
_PEN_NAME = re.compile(
    r"(?!.*(?:单位|简介|大学|学院|日报|编辑部|系|说|认为|为什么))[^\W\d_][\w·.]{1,11}(?<!记者)"
    r"|[a-z][a-z.]{0,20}(?: [a-z][a-z.]{0,20}){1,3}"
)
_LAST_BRACKETS = re.compile(r"[(【\[](?P<in>[^()【】\[\]]{4,60})[)】\]] ?\Z")


def found_in(lines: tuple[Line, ...]) -> Iterator[Found]:
    """The fields that labels give; how sure a label is of a date depends on what other labels stand there."""
    is_event = any(_EVENT.search(line.plain) for line in lines)
    for value in labelled_values(lines, "title", "publisher", "author", "published", "url"):
        yield from _read(value, is_event=is_event)


def found_round_text(page: Page) -> Iterator[Found]:
    """A label glued to the text, whose value ends where a known name does, and one in brackets at the text's end."""
    first = split_labels(page.opening.part(0, 60))
    if first.values and not first.rest.plain and first.values[0].kind == "publisher":
        line = first.values[0].line
        if known := known_outlet_at(line.plain):
            yield Found("publisher", line.text[: len(known)], "label")
    if last := _LAST_BRACKETS.search(page.ending.plain):
        yield from found_in((page.ending.part(*last.span("in")),))


def updated_in(lines: tuple[Line, ...]) -> Iterator[Found]:
    """The day of the last change, where no day of publishing is given."""
    for value in labelled_values(lines, "updated"):
        if day := day_or_month_at_start(value.line.plain):
            yield Found("published", day.iso, "label")


def _read(value: Value, *, is_event: bool) -> Iterator[Found]:
    line = value.line
    match value.kind:
        case "title" if 2 <= len(line.text) <= 120:
            yield Found("title", line.text, "label")
        case "publisher":
            yield from _publisher(line)
        case "author" if author := _author(line):
            yield Found("author", author, "label")
        case "published" if not (is_event and value.label in _VAGUE):
            yield from _published(line, must_be_whole=value.label in _VAGUE)
        case "url" if url := _URL.search(line.text):
            yield Found("url", url.group(), "label")


def _published(line: Line, *, must_be_whole: bool) -> Iterator[Found]:
    """The day, and the outlet that may stand behind it without a label. 时间：5月6日下午两点 is an event's."""
    day = day_or_month_at_start(line.plain)
    if not day:
        return
    rest = line.plain[day.end :]
    if must_be_whole and rest.strip(_EDGES) and not rest.startswith(" "):
        return
    yield Found("published", day.iso, "label")
    if looks_like_outlet(line.part(day.end).plain):
        yield Found("publisher", line.part(day.end).text, "label")


def _publisher(line: Line) -> Iterator[Found]:
    """来源：某报 2024-05-06 gives both."""
    if name := _name(line):
        yield Found("publisher", name, "label")
        behind = line.part(line.text.find(name) + len(name)).plain.lstrip("》 (,，")
        day = day_or_month_at_start(behind)
        if day and len(day.iso) == len("2024-05-06"):
            yield Found("published", day.iso, "dateline")


def _name(line: Line) -> str | None:
    """The name behind 来源：, without what else stands there; where lines were lost, a known outlet at its start."""
    if url := _URL.match(line.text):
        return outlet_of_host(url.group().split("/")[2].lower())
    quoted = _QUOTED.match(line.plain)
    name = line.part(*quoted.span(1)) if quoted else line
    for end in (_CUT, _DIGIT):
        if cut := end.search(name.plain, 1):
            name = name.part(0, cut.start())
    name = name.part(0, len(name.plain.rstrip(_EDGES + ":\"'“”")))
    if may_be_outlet(name.plain):
        return name.text
    return line.text[: len(known_outlet_at(line.plain))] or None


def _author(line: Line) -> str | None:
    """The people behind 作者：, or a pen name."""
    if named := people(line):
        return named
    ends = [at for at, char in enumerate(line.plain[:40]) if char in " |(，,;；"]
    for end in reversed(ends):
        if named := people(line.part(0, end)):
            return named
    first = line.part(0, ends[0] if ends and line.plain[ends[0]] in " |(" else None)
    return first.text if _PEN_NAME.fullmatch(first.plain) and may_be_outlet(first.plain) else None
