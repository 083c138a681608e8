"""The frame of an English answer: publisher, date and figures of a Chinese sentence, spelled in English units.

Only what stands there is spelled: 25万 is 250,000, 6000多亿 is over 600 billion, 今年6月中旬 in an article of 2024 is
mid-June 2024. Of what is counted a small table knows the English (`english.tsv`); where it does not, the number stands
alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from index.dates import NumberMention, find_dates, find_numbers
from index.numbers import chinese_value
from index.passages import Span
from index.types import DateMention
from rag.dated import mentions
from rag.evidence import Sentence
from rag.topic import plainly

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_PARTS = {"上旬": "early ", "初": "early ", "中旬": "mid-", "中": "mid-", "下旬": "late ", "底": "late ", "末": "late "}
_HALVES = {"上半年": "the first half of ", "下半年": "the second half of "}
_NTH = ("first", "second", "third", "fourth")
_PART = re.compile(r"[上中下]旬\Z|[初底末中]\Z")
_HALF = re.compile(r"[上下]半年\Z")
_QUARTER = re.compile(r"(?<!前)(?:第?([一二三四1-4])季度|Q([1-4]))\Z")
_SEVERAL = re.compile(r"[、至到和-]")
_WHOLE_YEAR = re.compile(r"(?:年度?|全年|\d{4})\Z")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d年?")
_DECADE = re.compile(r"(\d\d)世纪(\d0)年代")
# Scores, times of day, centuries, and the numbers of what is numbered.
_NO_NUMBER = re.compile(
    r"\d+[/:：]\d+|(?<![\d.])\d{1,3}[-–—]\d{1,3}(?![\d.%])|\d+胜\d+负|\d{1,2}[时点](?:\d{1,2}分|[许整])|\d{1,2}时(?!间)|\d+世纪(?:\d0年代)?"
    r"|\d0年代|第[\d一二三四五六七八九十百千]+(?![\d一二三四五六七八九十百千届名位次个家枚款大])"
)
_HIDDEN = re.compile(r"《[^》]*》|“[^”]*\+[^”]*”|\[\d+\]")
# Words that make a number less exact: before it, behind it, or in it (6000多亿).
_BEFORE = (
    (re.compile(r"(?:最[高多]|高达|上限为?)\Z"), "up to"),
    (re.compile(r"(?:至少|不少于|不低于)\Z"), "at least"),
    (re.compile(r"(?:逾|超过?|突破|多于|高于|大于)\Z"), "over"),
    (re.compile(r"(?:不足|不到|不满|少于|低于)\Z"), "under"),
    (re.compile(r"(?:(?<![最附临靠])近|接近)\Z"), "nearly"),
    (re.compile(r"(?:约为?|大约|大概)\Z"), "about"),
)
_BEHIND = (
    (re.compile(r"[多余](?![少年])"), "over"),
    (re.compile(r"以上"), "at least"),
    (re.compile(r"左右|上下(?!班)"), "about"),
    (re.compile(r"以下|以内"), "at most"),
)
_OVER = re.compile(r"[多余]")
_AROUND = 12  # characters on either side of a number in which its noun stands
_GREW = re.compile(r"[^，。、；,;\d]{0,10}?[到至为成](?:逾|超过?|约|近|现在的)?")
_LATIN = re.compile(r"[A-Za-z]{2,}\Z")
_FRACTION = re.compile(r"([一二三四五六七八九十\d]+)分之([一二三四五六七八九十\d]+)")
_BELOW = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 10: "tenth"}
_SMALL = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SIZES = ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"))
_MOST = 6  # figures of one line
_DECIMALS = 3
_DIGITS = 14
_COUNTING = "个家款名位人所项种类条张台座件例本篇支只辆艘架部处份"
_LINKS = "一共已有达到为是约近逾超过总计仅只增至从由"  # between a noun and its number
_PERSONS = re.compile(r"(?<=个)人(?![工才口员次])")
_PEOPLE = ("人", "名", "位")


@dataclass(frozen=True, slots=True)
class Spelled:
    """What stands at `text[start:end]`, in English."""

    start: int
    end: int
    english: str


def frame(sentence: Sentence, spans: Sequence[Span]) -> str:
    """One English line on a Chinese sentence: publisher, date, and its first figures in the order of the text.

    Only figures within `spans`, the parts of the article that are shown of it.
    """
    article = sentence.hit.article
    day = f" ({_iso(article.published)})" if article.published else ""
    found = figures(sentence.text, mentions(sentence))
    shown = [s for s in found if any(p.start <= sentence.start + s.start < p.end for p in spans)]
    said = list(dict.fromkeys(s.english for s in shown))[:_MOST]
    by = f"{article.publisher or 'An article'}{day}"
    return f"{by}: {'; '.join(said)}" if said else by


def figures(text: str, dates: Sequence[DateMention]) -> tuple[Spelled, ...]:
    """The dates and numbers of a Chinese text in English, in its order. `dates` are those of the text, at its offsets.

    Left out are what is no quantity: scores, times of day, numbers of laws and lotteries, what stands in titles.
    """
    if not _CHINESE.search(text):
        return ()
    plain = plainly(text)
    found = [Spelled(d.start, d.end, english) for d in dates if (english := day(d))]
    found += [Spelled(*m.span(), f"the {int(m[1]) - 1}{m[2]}s") for m in _DECADE.finditer(plain)]
    found += _numbers(plain, [*(s.span() for s in _NO_NUMBER.finditer(plain)), *((d.start, d.end) for d in dates)])
    hidden = [m.span() for m in _HIDDEN.finditer(plain)]
    kept = (s for s in found if not any(a <= s.start < b for a, b in hidden))
    return tuple(sorted(kept, key=lambda s: s.start))


def day(mention: DateMention) -> str:
    """A resolved date in English: 6 May 2024, mid-June 2024, late 2023; empty for one that is not certain."""
    iso, text = mention.iso, plainly(mention.text)
    if not iso or len(iso) == 10:
        return _iso(iso) if iso else ""
    part = _PART.search(text)
    if part:
        return _PARTS[part.group()] + _iso(iso)
    if _SEVERAL.search(text):
        return ""
    if half := _HALF.search(text):
        return f"{_HALVES[half.group()]}{iso}"
    if quarter := _QUARTER.search(text):
        number = (quarter[1] or quarter[2]).translate(str.maketrans("一二三四", "1234"))
        return f"the {_NTH[int(number) - 1]} quarter of {iso}"
    return _iso(iso) if len(iso) == 7 or _WHOLE_YEAR.search(text) else ""


def number(value: float) -> str:
    """A value as English writes it, without rounding: 250,000, 134 billion, 381.25 billion, 1,234,567."""
    value = float(f"{value:.{_DIGITS}g}")  # 1103.6亿 is read as 110359999999.99998
    for size, name in _SIZES:
        if abs(value) >= size and round(value / size, _DECIMALS) * size == value:
            return _trimmed(f"{value / size:,.{_DECIMALS}f}") + name
    return _trimmed(f"{value:,.6f}")


def _trimmed(written: str) -> str:
    return written.rstrip("0").rstrip(".")


def _iso(iso: str) -> str:
    """2024-05-06 is 6 May 2024."""
    year, *rest = (int(part) for part in iso.split("-"))
    return " ".join([*(str(d) for d in rest[1:]), *(_MONTHS[m - 1] for m in rest[:1]), str(year)])


def _numbers(plain: str, taken: Sequence[tuple[int, int]]) -> Iterator[Spelled]:
    taken = [*taken, *((d.start, d.end) for d in find_dates(plain, None))]
    last: tuple[int, str, str] | None = None  # of the number before: where it ends, its unit, what it counts
    for found in find_numbers(plain):
        if any(a < found.end and found.start < b for a, b in taken) or _is_date(found):
            continue
        counted = _counted(plain, found)
        if not counted and last and last[1] == found.unit and _GREW.fullmatch(plain, last[0], found.start):
            counted = last[2]
        last = found.end, found.unit, counted
        yield Spelled(found.start, found.end, _spelled(plain, found, counted))


def _is_date(found: NumberMention) -> bool:
    """Whether a number is a year or a day of the month that is no date by itself: 2010年间, 至26日6时."""
    return found.unit in ("日", "号", "月") or (found.unit in ("", "年") and _YEAR.fullmatch(found.text) is not None)


def _spelled(plain: str, found: NumberMention, counted: str) -> str:
    """A number with its unit or what it counts, and the words that make it less exact."""
    if found.ordinal:
        return _ordinal(int(found.value))
    before, behind = plain[max(0, found.start - _AROUND) : found.start], plain[found.end : found.end + _AROUND]
    english = _fraction(found.text) or _measured(found, counted, before)
    about = next((word for pattern, word in _BEFORE if pattern.search(before)), "")
    about = about or ("over" if _OVER.search(found.text) else "")
    about = about or next((word for pattern, word in _BEHIND if pattern.match(behind)), "")
    return f"{about} {english}" if about else english


def _measured(found: NumberMention, counted: str, before: str) -> str:
    written, table = number(found.value), _table()
    if found.unit in table["currency"]:
        sign = table["currency"][found.unit]
        return f"{sign} {written}" if sign.isalpha() else sign + written
    if unit := table["unit"].get(found.unit) or _latin(found):
        unit = unit.removesuffix("s") if found.value == 1 else unit
        if not unit[0].isalpha():
            return written + unit
        return f"{written} {'consecutive ' if before.endswith('连续') else ''}{unit}"
    return f"{written} {counted}" if counted and found.value != 1 else written


def _latin(found: NumberMention) -> str:
    """A unit in Latin letters, as the text writes it: EFLOPS."""
    unit = _LATIN.search(found.text)
    return unit.group() if unit and unit.group().lower() == found.unit.lower() else ""


def _counted(plain: str, found: NumberMention) -> str:
    """What a number counts, as far as the table knows the noun: it stands behind the number, or else before it."""
    nouns, (behind, before) = _table()["noun"], _nouns()
    if found.unit and found.unit not in _COUNTING:
        return ""
    if noun := behind.match(plain, found.end - (found.unit == "人")):  # 人 of 25万人工智能人才 is no person
        return nouns[noun[1]]
    if noun := before.search(plain[max(0, found.start - _AROUND) : found.start]):
        return nouns[noun[1]]
    return "people" if found.unit in _PEOPLE or _PERSONS.match(plain, found.end) else ""


def _fraction(text: str) -> str:
    """三分之二 is two thirds, 一半 is half; empty for what is none, and for hundredths, which are a percentage."""
    if text in ("一半", "半数"):
        return "half"
    parts = _FRACTION.fullmatch(text)
    below, above = (int(_value(part)) for part in parts.groups()) if parts else (0, 0)
    if not parts or below not in _BELOW or above >= len(_SMALL):
        return f"{above}/{below}" if parts else ""
    return f"{_SMALL[above]} {_BELOW[below]}{'s' if above > 1 else ''}"


def _value(written: str) -> float:
    return float(written) if written.isascii() else chinese_value(written) or 0.0


def _ordinal(value: int) -> str:
    """1st, 2nd, 3rd, 11th."""
    tail = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return f"{value}{tail}"


@cache
def _table() -> dict[str, dict[str, str]]:
    rows = files("rag").joinpath("english.tsv").read_text(encoding="utf-8").splitlines()
    table: dict[str, dict[str, str]] = {"currency": {}, "unit": {}, "noun": {}}
    for kind, chinese, english in (row.split("\t") for row in rows):
        table[kind][chinese] = english
    return table


@cache
def _nouns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What finds the nouns of the table behind a number and before it; the longest first, for one may end another."""
    noun = "|".join(sorted(_table()["noun"], key=len, reverse=True))
    return (
        re.compile(rf"(?:[^，。、；,;（(《“\d]{{1,6}}的)?({noun})"),
        re.compile(
            rf"(?<![\d一二三四五六七八九十两]|[个家大])({noun})"
            rf"(?:(?:规模|数量|总数)[{_LINKS}]{{0,5}}|[{_LINKS}]{{1,5}})\Z"
        ),
    )
