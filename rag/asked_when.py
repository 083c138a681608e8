"""The time that a question asks about: dates, "as of" a date, or now."""

import re
from dataclasses import dataclass

from index.dates import find_dates
from index.dates.interval import of_iso

_AS_OF = re.compile(r"(?:截[至止]到?|到|\bas of|\bup to|\buntil|\bby(?: the end of)?)\s*$")
_NOW = re.compile(
    r"现在|目前|如今|当前|眼下|最新|最近|近来|至今|\b(?:now|latest|current|currently|newest|recent|so far|today)\b"
)


@dataclass(frozen=True, slots=True)
class Span:
    """ISO days, both included."""

    first: str
    last: str


@dataclass(frozen=True, slots=True)
class When:
    """`spans` are the dates named; `until` is the ISO day as of which something is asked; `now`: what holds last."""

    spans: tuple[Span, ...] = ()
    until: str | None = None
    now: bool = False


def asked_when(folded: str, today: str | None) -> When:
    """What a folded question asks about. `today` is the ISO date of asking, from which 去年 is reckoned."""
    spans: list[Span] = []
    until: str | None = None
    for mention in find_dates(folded, today):
        if mention.iso is None or mention.first is None or mention.last is None:
            continue  # 近日 and 目前 name no date
        if _AS_OF.search(folded[: mention.start]):
            until = mention.last
        else:
            spans.append(Span(mention.first, mention.last))
    return When(tuple(spans), until, now=not spans and until is None and _NOW.search(folded) is not None)


def told_on(published: str | None) -> Span | None:
    """The days on which an article may have appeared, from its ISO date, whole or cut; None where it has none."""
    found = of_iso(published)
    return Span(found.first.isoformat(), found.last.isoformat()) if found else None
