"""What a follow-up names in the place of what the question before named: "到了7月呢？", "那北京呢？", "线下呢？"."""

import re

from index.dates import find_dates
from rag.follow_up import nouns
from rag.names import places
from rag.topic import is_known, names, owner, people, plainly, tokens, topic

_YEAR = re.compile(r"\d{4}年|[今去前明]年")
_QUOTED = re.compile(r"《[^》]+》|“[^”]+”|「[^」]+」")
_NOW = re.compile(r"现在|目前|如今|眼下|最新|最近")
_AS_OF = re.compile(r"(?:截[至止]到?|到|在)\Z")
_WORDS = frozenset(("n", "nr", "nrt", "nrfg", "ns", "nt", "nz", "vn", "an", "eng", "l", "j", "f", "b", "t"))
_ENDS = "？?。！!，, \n的呢吗了"
_OPPOSITES = set("上下内外前后左右大小多少早晚男女东西南北进出买卖高低长短老少")
_BESIDE_A_DATE = 2  # characters: 7月份


def instead(named: str, last: str) -> str | None:
    """The last question with what is named in the place of the one thing of its kind; None where there are several."""
    named, plain = named.strip(_ENDS), plainly(last)
    if _NOW.fullmatch(plainly(named)) or _is_date(named):
        return _at_another_time(named, last, plain)
    for found in (_of_its_kind(named, plain), _alike(named, plain)):
        if len(found) == 1:
            start, end = found[0]
            return last[:start] + named + last[end:]
        if found:
            return None
    return _about_or_of(named, last)


def _is_date(named: str) -> bool:
    found = find_dates(named, None)
    return len(found) == 1 and len(named) - (found[0].end - found[0].start) <= _BESIDE_A_DATE


def _at_another_time(named: str, last: str, plain: str) -> str | None:
    """The last question with another date; one without a year takes that of the date before."""
    old = find_dates(plain, None)
    if not old:
        return f"{named}{last}"
    if len(old) > 1:
        return None
    year, new = _YEAR.match(old[0].text), find_dates(named, None)
    start = old[0].start
    if not new:
        before = _AS_OF.search(plain, 0, start)
        start = before.start() if before else start
    written = new[0].text if new else named
    if new and year and not _YEAR.match(written):
        written = year.group() + written
    return last[:start] + written + last[old[0].end :]


def _of_its_kind(named: str, last: str) -> list[tuple[int, int]]:
    """Where the last question names a place, a person or a thing in quotation marks, if such a one is named instead."""
    if _QUOTED.fullmatch(named):
        return [m.span() for m in _QUOTED.finditer(last)]
    if _is_place(plainly(named)):
        return [(t.start, t.end) for t in tokens(last) if _is_place(t.text)]
    if people(named) == [plainly(named)]:
        return [(last.index(name), last.index(name) + len(name)) for name in people(last)]
    return []


def _alike(named: str, last: str) -> list[tuple[int, int]]:
    """Where the last question says a word that ends or begins alike: 线上 and 线下, 小微企业 and 大企业."""
    plain = plainly(named)
    words = [t for t in tokens(last) if t.tag in _WORDS and len(t.text) >= 2 and t.text != plain]
    same = [
        t for t in words if t.text[-2:] == plain[-2:] or (len(t.text) == len(plain) == 2 and _shares(t.text, plain))
    ]
    return [span for t in same if (span := _with_its_name(t.start, t.end, plain, last))]


def _with_its_name(start: int, end: int, named: str, last: str) -> tuple[int, int] | None:
    """Where a word stands; of one that is no more than the kind of what is named (公司 of 远图公司), with the name."""
    if not named.endswith(last[start:end]) or len(named) == end - start:
        return start, end
    about = owner(topic(last))
    begins = last.find(about) if about else -1
    return (begins, end) if 0 <= begins < start and last[begins:end] == about else None


def _shares(one: str, other: str) -> bool:
    """Whether two words of two characters differ in a pair of opposites only: 线上 and 线下, 医院 and 医生 do not."""
    differing = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(differing) == 1 and set(differing[0]) <= _OPPOSITES


def _about_or_of(named: str, last: str) -> str | None:
    """A name takes the place of what the last question was about (那商汤呢？); another noun is its own (面积呢？)."""
    about, plain = owner(topic(last)), plainly(named)
    if not about or not nouns(plain):
        return None
    if names(named) or not all(is_known(t.text) for t in tokens(plain)):
        return last.replace(about, named, 1)
    return f"{about}的{named}呢？"


def _is_place(text: str) -> bool:
    """Whether a text is the name of a place, and of one that is asked about in the place of another."""
    return bool(text) and (bool(places(text)) and len(text) <= 4 or all(t.tag == "ns" for t in tokens(text)))
