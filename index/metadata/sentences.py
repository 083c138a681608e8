"""The day, month or year that the sentences of a text tell, where the page does not."""

import re
from collections.abc import Iterator

from index.dates import iso_date
from index.metadata.page import Found, Page

_TODAY = re.compile(
    r"今[天日][(（](?:(?P<full>(?:19|20)\d\d)年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})日[)）](?:[^。\n]{0,20}?《(?P<y>20\d\d))?"
)
_CONGRESS = re.compile(r"(20\d\d)年全[国國][两兩][会會]正在")
_EARLY = re.compile(r"早在(20\d\d)年")
_AIM = re.compile(r"(?<![直])到(20\d\d)年(?=底|末|，|,|要|将|將|全|力|建|实现|實現)")
_CHARS = 20_000  # of a text that are looked at
_BEGINNING = 600


def found_in(page: Page, year: str | None) -> Iterator[Found]:
    """The date that a text's own words tell. `year` is one that is known from elsewhere."""
    iso = _day(page.text[:_BEGINNING], year) or _congress(page.text[:_BEGINNING]) or _year(page.text[:_CHARS])
    if iso:
        yield Found("published", iso, "sentence")


def _day(text: str, year: str | None) -> str | None:
    """今天（5月6日）, with a year."""
    found = _TODAY.search(text)
    known = (found["full"] or found["y"] or year) if found else None
    return iso_date(f"{known}-{found['m']}-{found['d']}") if found and known else None


def _congress(text: str) -> str | None:
    """The two sessions meet in March; only those of 2020 met in May."""
    found = _CONGRESS.search(text)
    return f"{found.group(1)}-{'05' if found.group(1) == '2020' else '03'}" if found else None


def _year(text: str) -> str | None:
    """The year of a text that speaks of this year and last year, from the years it does name.

    A year "as early as 2023" is neither this year nor last year, or the text would say so; an aim "by 2025" has not
    passed. Where the year after next of the one is the other, the text is from then.
    """
    early = [int(year) for year in _EARLY.findall(text)]
    aims = [int(year) for year in _AIM.findall(text)]
    if not early or not aims or "今年" not in text or "去年" not in text:
        return None
    return str(min(aims)) if max(early) + 2 == min(aims) else None
