"""What a sentence claims that can be looked up: numbers, dates, quotations. The same is read from evidence."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from index.dates import DateMention, find_dates
from index.fold import fold
from index.numbers import NumberMention, find_numbers
from index.numbers.english import InFigures, in_figures
from index.numbers.units import agree, in_common

_SAME_VALUE = 1e-6  # relative: what is left of a value that was written in 亿 and read in 万
_SHARE = "%"
_HALVES = ("一半", "半数", "半數")
_TECHNICAL = re.compile(r"(?:[kmgtpe]b|[kmgt]?wh?|[kmcn]?m|k?g|[kmgt]?hz|[kmgtpe]?flops)")
_QUOTED = re.compile(r"“([^“”]{3,})”|「([^「」]{3,})」|『([^『』]{3,})』|\"([^\"]{3,})\"|《([^《》]{2,})》")
_ELLIPSIS = re.compile(r"…+|\.{3,}")
_NOT_WORD = re.compile(r"(?!(?<=\d)[.:/+×*-](?=\d))(?![%‰$¥￥€£])[\W_]")  # 2.3, 5+6 and 10% stay as they are
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
# A year of its own is no quantity; what else the pattern of dates leaves over (近日) is none either.
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_NAMES_MONTH = re.compile(r"\d{1,2}月(?:\d{1,2}[日号])?")
_ENDS = re.compile(r"[。！？!?\n]")
_YEARS_FROM, _COUNTABLE = 999, 20
_YEARS = ("年", "周年", "载")
_MONTH = 7  # characters of an ISO date that tell the month
_DAY_ALONE = re.compile(r"(?<![\d月.])(3[01]|[12]\d|[1-9])[日号號](?![内內本均])")
_DIGITS = "零一二三四五六七八九"
_CLAIMS = re.compile(rf"\d|[{_DIGITS}十今昨去前明上下本]")  # 近期 and 目前 claim nothing
_LISTS = re.compile(r"[，,。；;：:]")
_LAST = re.compile(r".[和与及]")
_MORE = re.compile(r"(?:逾|超|超过|超過)\||[多余餘]")
_LITTLE = 1.0  # 一 and "one" are articles, 第一 and "first" praise


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a text with its unit, as `index.numbers` reads it; a share such as 三分之一 is 33.3 of "%"."""

    text: str
    start: int
    end: int
    value: float
    unit: str
    ordinal: bool
    more: bool = False

    def agrees(self, other: "Figure") -> bool:
        """Whether `other`, of the evidence, says the same of what may be the same thing: 3850 is "3800多", too."""
        if self.ordinal != other.ordinal or not agree(self.unit, other.unit):
            return False
        if self.more and self.value < other.value < self.value + self._step:
            return True
        return abs(self.value - other.value) <= _SAME_VALUE * max(abs(self.value), abs(other.value), 1e-9)

    @property
    def is_year(self) -> bool:
        return self.unit == "年" and self.value > _YEARS_FROM and not self.ordinal

    @property
    def _step(self) -> float:
        """One of the last digit that is no nought: 100 of 3800."""
        step = 1.0
        while self.value % (10 * step) == 0:
            step *= 10
        return step


@dataclass(frozen=True, slots=True)
class Time:
    """A date of a text: the ISO days between which it lies. `yearless` ones (5月6日) claim a month and a day only."""

    text: str
    start: int
    end: int
    first: str
    last: str
    yearless: bool

    def holds(self, other: "Time") -> bool:
        """Whether `other`, which may be more precise, proves it."""
        if self.yearless:
            return self.first[5:] <= other.first[5:] and other.last[5:] <= self.last[5:] and other.is_within_year
        return self.first <= other.first and other.last <= self.last

    @property
    def is_within_year(self) -> bool:
        return self.first[:4] == self.last[:4]

    @property
    def days(self) -> int:
        """How precise it is: the days between which it lies."""
        return (date.fromisoformat(self.last) - date.fromisoformat(self.first)).days


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A date that leans on a day nobody told, as the text writes it and in figures: November is 11月."""

    text: str
    plain: str


@dataclass(frozen=True, slots=True)
class Read:
    """What was read from a text, and that text in figures, to which the offsets belong."""

    text: str
    figures: tuple[Figure, ...]
    times: tuple[Time, ...]
    unresolved: tuple[Unresolved, ...]

    @property
    def years(self) -> set[int]:
        """The years that its dates name."""
        return {int(t.first[:4]) for t in self.times if not t.yearless and t.is_within_year}


@lru_cache(4096)
def read(text: str, base: str | None) -> Read:
    """The numbers and dates of a text in either script or in English. `base` is the ISO date that it leans on."""
    plain = in_figures(text)
    mentions = tuple(_with_year(find_dates(plain.text, base), plain.text))
    times = tuple(_time(m, plain) for m in mentions if m.iso)
    unresolved = tuple(
        Unresolved(_written(m.text, plain), m.text) for m in mentions if m.first is None and _CLAIMS.search(m.text)
    )
    taken = [(m.start, m.end) for m in mentions]
    return Read(plain.text, _figures(plain, taken), times, unresolved)


def _with_year(mentions: Iterable[DateMention], text: str) -> Iterator[DateMention]:
    """The mentions; one of a month that leans on a day nobody told takes the year its sentence named before it."""
    year, at = "", 0
    for mention in mentions:
        if _YEAR.match(mention.text):
            year, at = mention.text[:4], mention.end
        elif (
            mention.first is None
            and year
            and _NAMES_MONTH.fullmatch(mention.text)
            and not _ENDS.search(text, at, mention.start)
        ):
            told = next(iter(find_dates(f"{year}年{mention.text}", None)), mention)
            mention = replace(mention, iso=told.iso, first=told.first, last=told.last)
        yield mention


def _time(mention: DateMention, plain: InFigures) -> Time:
    first, last = mention.first or "", mention.last or ""
    yearless = mention.text[:1].isdecimal() and not _YEAR.match(mention.text)
    return Time(_written(mention.text, plain), mention.start, mention.end, first, last, yearless)


def _figures(plain: InFigures, taken: list[tuple[int, int]]) -> tuple[Figure, ...]:
    found = [m for m in find_numbers(plain.text) if not any(s < m.end and m.start < e for s, e in taken)]
    return tuple(f for f in (_figure(m, plain) for m in found) if f.value != _LITTLE)


def _figure(mention: NumberMention, plain: InFigures) -> Figure:
    before = plain.text[max(0, mention.start - 2) : mention.start]
    unit = mention.unit
    if unit.isascii() and unit != _SHARE and not _is_technical(mention):
        unit = ""
    value = mention.value
    if unit not in (_SHARE, "‰") and ("分之" in mention.text or mention.text in _HALVES):
        value, unit = 100 * value, _SHARE
    text = _written(mention.text, plain)
    value, unit = in_common(value, unit)
    more = mention.approximate and _MORE.search(f"{before}|{mention.text}") is not None and value >= 1
    return Figure(text, mention.start, mention.end, value, unit, mention.ordinal, more)


def _is_technical(mention: NumberMention) -> bool:
    """100EFLOPS and 5 TB measure; the word behind 24 in "24 of them" does not, nor that in "24 AI firms"."""
    glued = mention.text[-len(mention.unit) - 1] != " "
    return glued or _TECHNICAL.fullmatch(mention.unit.lower()) is not None


def _written(text: str, plain: InFigures) -> str:
    """A mention as the sentence writes it."""
    return next((old for new, old in plain.written.items() if new and (new == text or text.startswith(new))), text)


def follows(figure: Figure, said: Read, there: Sequence[Read]) -> bool:
    """Whether a number that does not stand there follows from what does: it is the year of a date, the years between
    two, the items of a list in its sentence, or the begin of 五到十年.
    """
    years = {year for r in there for year in r.years}
    if figure.value in years and agree(figure.unit, "年"):
        return True
    if figure.unit in _YEARS:
        years |= said.years
        return any(year + figure.value in years for year in years)
    if figure.value < len(_DIGITS) and any(
        f"{_DIGITS[int(figure.value)]}{to}" in r.text for r in there for to in "到至"
    ):
        return True
    if not figure.unit or not agree(figure.unit, "个") or figure.value > _COUNTABLE:
        return False
    return any(_items(clause) == figure.value for clause in _LISTS.split(said.text))


def by_day(time: Time, there: Read, base: str | None) -> bool:
    """Whether a day of the article's month, or of the one before, stands there as its day alone: 据新华社7日电."""
    if time.days or not base or len(base) < _MONTH:
        return False
    months = 12 * (int(base[:4]) - int(time.first[:4])) + int(base[5:7]) - int(time.first[5:7])
    return months in (0, 1) and any(int(day) == int(time.first[8:]) for day in _DAY_ALONE.findall(there.text))


def _items(clause: str) -> int:
    """How many things a clause lists: A、B和C are three."""
    parts = clause.split("、")
    return len(parts) + (_LAST.search(parts[-1]) is not None if len(parts) > 1 else 0)


def quotations(text: str) -> list[str]:
    """What a text puts in quotation marks or as a title in 《》, each piece between ellipses by itself."""
    found = (next(g for g in m.groups() if g) for m in _QUOTED.finditer(text))
    return [piece for quoted in found for piece in _ELLIPSIS.split(quoted) if len(letters(piece)) > 1]


@lru_cache(4096)
def letters(text: str) -> str:
    """The folded text without white space and the punctuation that is no part of a number."""
    return _NOT_WORD.sub("", fold(text))


@lru_cache(4096)
def is_chinese(text: str) -> bool:
    """Whether a text is written in Chinese: with more Chinese characters than Latin words."""
    return len(_CHINESE.findall(text)) > len(_LATIN_WORD.findall(text))
