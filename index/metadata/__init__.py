"""What a scraped page says about itself: title, publisher, date, address and author, and where it says so.

Only what is certain: a wrong date would resolve 今年 and 去年 wrongly, so nothing is better. Values are in the script
of the page, without glosses. A page is looked at by its ends, labels first; sentences of the text come last.
"""

from collections.abc import Iterator

from index.furniture import without_furniture
from index.glosses import without_glosses
from index.metadata import addresses, bylines, datelines, labelled, sentences, sites, titles, wires
from index.metadata.page import HEAD_CHARS, Found, Page, take_apart

__all__ = ["Found", "describe"]


def describe(raw: str) -> tuple[Found, ...]:
    """The metadata that stand in scraped text: each field once at most, from the surest place that has it."""
    page = take_apart(without_glosses(raw.replace("\r\n", "\n").replace("\r", "\n")))
    best: dict[str, Found] = {}
    for found in _clues(page):
        best.setdefault(found.field, found)
    return tuple(best.values())


def _clues(page: Page) -> Iterator[Found]:
    """All that can be found, the surest first."""
    addressed = [*_addressed(page)]
    url = next((found.value for found in addressed), None)
    year = addresses.year_of(url)
    yield from labelled.found_in(page.head)
    yield from addressed
    yield from titles.found_in(_without_furniture(page))
    yield from datelines.found_in(page)
    yield from bylines.found_in_lines(page.head)
    yield from wires.found_in_opening(page, year)
    yield from bylines.found_in_text(page)
    yield from labelled.found_in(page.foot)
    yield from labelled.found_round_text(page)
    yield from wires.found_in_foot(page.foot)
    yield from bylines.found_in_lines(page.foot)
    if url:
        yield from addresses.told_by(url)
    yield from labelled.updated_in(page.head)
    yield from sites.found_in(page)
    yield from sentences.found_in(page, year)


def _addressed(page: Page) -> Iterator[Found]:
    """The article's address, labelled or alone on a line."""
    yield from (found for found in labelled.found_in(page.head) if found.field == "url")
    yield from addresses.alone_in(page.head)
    yield from (found for found in labelled.found_in(page.foot) if found.field == "url")
    yield from addresses.alone_in(page.foot)


def _without_furniture(page: Page) -> Page:
    """The beginning of the page without mastheads and counters above its title."""
    return take_apart(without_furniture(page.text[:HEAD_CHARS]))
