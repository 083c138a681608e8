"""An agency's or a paper's mark in the text's first words (新华社上海5月6日电, 【某報專訊】); signatures below it."""

import re
from collections.abc import Iterator

from index.dates import iso_date
from index.metadata.dated import day_in
from index.metadata.outlets import known_outlet_at, looks_like_outlet, may_be_outlet
from index.metadata.page import Found, Line, Page
from index.types import Where

_LOOKED_AT = 120  # characters
_WIRE = re.compile(
    r"(?P<quoted>据)?(?P<head>[^\s\d,，。:：(（《“]{2,16}?) ?"
    r"(?:(?P<y>20\d\d) ?年 ?)?(?P<m>1[0-2]|0?[1-9]) ?月 ?(?P<d>3[01]|[12]\d|0?[1-9]) ?日"
    r"(?:综合|专)?(?:电|讯|消息|报道)"
)
_DISPATCH = re.compile(
    r"[【\[]?(?P<name>[^\s\d,，。:：()《》“”【】]{2,10}?)(?P<day>20\d\d年\d{1,2}月\d{1,2}日)?"
    r"(?:专?讯|消息)(?=[】\] (,，:])"
)
_PRINTED = re.compile(
    r"[《(] ?(?P<name>[^《》()\d]{2,14}?) ?[》)]? ?\(? {0,2}(?P<day>20\d\d年\d{1,2}月\d{1,2}日)"
    r" {0,4},? ?第? ?\w{1,4} ?版"
)
_OFFICE = re.compile(r"\w{2,26}(?:委员会|人民政府|办公厅|办公室|[局厅部委会院]|大学|学院|中心|公司|管理处|总队|集团)")


def found_in_opening(page: Page, year: str | None) -> Iterator[Found]:
    """From the first words of the text. A day without a year is completed by `year`, if that is known."""
    for line in (*page.head[-3:], page.opening):
        plain = line.plain[:_LOOKED_AT]
        if wire := _WIRE.match(plain, len(plain) - len(plain.lstrip("(【〔[ "))):
            yield from _wire(line, wire, year)
        elif dispatch := _DISPATCH.match(plain):
            yield from _dispatch(line, dispatch)


def found_in_foot(lines: tuple[Line, ...]) -> Iterator[Found]:
    """《人民日报》（2024年05月06日 第 01 版）, and an office's signature above the day."""
    for line in lines:
        printed = _PRINTED.search(line.plain)
        if printed and may_be_outlet(printed["name"]):
            yield Found("publisher", line.text[slice(*printed.span("name"))], "footer")
            yield from _published(printed["day"], "footer")
    for above, below in zip(lines, lines[1:], strict=False):
        day = day_in(below.plain)
        if day and (day.start, day.end) == (0, len(below.plain)) and _OFFICE.fullmatch(above.plain):
            yield Found("publisher", above.text, "footer")
            yield Found("published", day.iso, "footer")


def _wire(line: Line, found: re.Match[str], year: str | None) -> Iterator[Found]:
    """据 before the agency's name means that another outlet quotes it."""
    name = known_outlet_at(found["head"]) or (found["head"] if looks_like_outlet(found["head"]) else "")
    if name and not found["quoted"]:
        yield Found("publisher", line.text[found.start("head") :][: len(name)], "dateline")
    if name and (known := found["y"] or year):
        yield from _published(f"{known}-{found['m']}-{found['d']}", "dateline")


def _dispatch(line: Line, found: re.Match[str]) -> Iterator[Found]:
    if looks_like_outlet(found["name"]) and not found["name"].endswith(("发布", "官网")):  # 某局发布消息
        yield Found("publisher", line.text[slice(*found.span("name"))], "dateline")
        yield from _published(found["day"] or "", "dateline")


def _published(day: str, where: Where) -> Iterator[Found]:
    if iso := iso_date(day):
        yield Found("published", iso, where)
