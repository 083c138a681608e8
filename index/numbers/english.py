"""English numbers and dates as `find_numbers` and `find_dates` read them: thirteen, RMB 134 billion, May 6. Pure.

Decades and spaces in Chinese figures are put in one way, too: 20世纪90年代 and the 1990s are 1990年代, 3000 万 is
3000万.

Not read: "a dozen", "scores of", and ordinals above fifteen in words.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_SMALL = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NTH = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
)
_VALUES = {word: value for value, word in enumerate(_SMALL)} | {word: 10 * tens for tens, word in enumerate(_TENS, 2)}
_SIZES = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_BELOW = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "tenth": 10}
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_PARTS = {"early": "初", "beginning": "初", "start": "初", "mid": "中", "middle": "中", "late": "底", "end": "底"}
_UNITS = {
    "元": "yuan|renminbi|rmb|cny",
    "美元": "us dollars?|dollars?|usd",
    "欧元": "euros?|eur",
    "个百分点": "percentage points?",
    "%": "per ?cent",
    "人": "people|persons|employees|workers|students|passengers|participants|visitors|members|users",
    "家": "companies|company|firms|enterprises|institutions|schools|universities|hospitals",
    "年": "years?",
    "个月": "months?",
    "天": "days?",
    "小时": "hours?",
    "倍": "times(?= (?:as|more|the|that|higher|larger))",
    "平方米": "square met(?:re|er)s",
    "平方公里": "square kilomet(?:re|er)s|km2",
    "公里": "kilomet(?:re|er)s|km",
}
_SPELLED = "|".join(sorted((*_VALUES, *_SIZES), key=len, reverse=True))
_LEADING = "|".join(sorted(_VALUES, key=len, reverse=True))
_MONTH = f"{'|'.join(f'{m.title()}|{m[:3].title()}' for m in _MONTHS)}|Sept"
_YEAR = r"(?:1[5-9]|20)\d\d"
_PART = r"[Ee]arly|[Mm]id|[Ll]ate"
_DATE = re.compile(
    rf"""\b(?: (?: (?P<md>{_MONTH})\.?\s(?P<d>[0-3]?\d)(?:st|nd|rd|th)?
           | (?P<e>[0-3]?\d)(?:st|nd|rd|th)?\s(?:of\s)?(?P<me>{_MONTH})\.?)
         (?![\d%]|,\d)(?:,?\s(?P<y>{_YEAR}))?
       | (?P<part>{_PART})[\s-](?P<mp>{_MONTH})\.?(?:,?\s(?P<yp>{_YEAR}))?
       | (?P<my>{_MONTH})\.?,?\s(?:of\s)?(?P<ym>{_YEAR})
       | (?<=\b(?:[Ii]n|[Bb]y|[Oo]f)\s)(?P<mb>{_MONTH})
       | (?:[Tt]he\s)?(?P<half>[Ff]irst|[Ss]econd)\shalf\sof\s(?P<yh>{_YEAR})
       | (?:[Tt]he\s)?(?P<quarter>[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth)\squarter\sof\s(?P<yq>{_YEAR})
       | (?:[Tt]he\s)?(?P<bit>[Ee]nd|[Bb]eginning|[Ss]tart|[Mm]iddle|{_PART})[\s-](?:of\s|in\s)?(?P<yb>{_YEAR})
       | (?<=[a-z]\s)(?P<y1>{_YEAR})(?!\s[a-z]+s\b|\s?%)
       )\b""",
    re.VERBOSE,
)
_FRACTION = re.compile(
    rf"\b(?P<above>one|two|three|four|nine|a)[\s-](?P<below>{'|'.join(_BELOW)})s?\b(?=\sof\b|[\s,.;]|\Z)", re.IGNORECASE
)
_SIZE = "|".join(_SIZES)
_WORDS = re.compile(rf"\b(?:(?:{_LEADING})\b|a(?=\s(?:{_SIZE})\b))(?:(?:\sand)?[\s-](?:{_SPELLED})\b)*", re.IGNORECASE)
_ORDINAL = re.compile(rf"\b(?:({'|'.join(_NTH)})|(\d{{1,3}})(?:st|nd|rd|th))\b", re.IGNORECASE)
_MONEY = re.compile(
    rf"(?P<sign>RMB|CNY|US\$|USD|HK\$|[¥￥$€£])\s?(?P<figure>\d[\d,]*(?:\.\d+)?)"
    rf"(?:[\s-]?(?P<size>{_SIZE}|bn\b|mn?\b|tn\b))?",
    re.IGNORECASE,
)
_SHORT = {"bn": "billion", "m": "million", "mn": "million", "tn": "trillion"}
_SIGNS = dict.fromkeys(("rmb", "cny", "¥", "￥"), "元") | dict.fromkeys(("us$", "usd", "$"), "美元")
_SIGNS |= {"hk$": "港元", "€": "欧元", "£": "英镑"}
_MEASURED = re.compile(
    rf"(?P<figure>\d[\d,]*(?:\.\d+)?(?:[\s-](?:{_SIZE}))?)[\s-]"
    rf"(?:{'|'.join(f'(?P<u{n}>{names})' for n, names in enumerate(_UNITS.values()))})\b",
    re.IGNORECASE,
)
_CENTURY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)[\s-](?:century|centuries)")
_DECADE = re.compile(rf"\b({_YEAR})s\b|(?<!\d)(?P<century>\d\d)\s?世[纪紀]\s?(?P<decade>\d0)\s?年代")
_SLASHED = re.compile(r"(?<![\d/.])(\d)/(\d{1,2})(?![\d/年月日])")
_SPACED = re.compile(r"(?<=\d)[ \u00a0\u3000](?=[十百千万亿萬億年月日%])")
_LATIN = re.compile(r"[A-Za-z]{2}|[$¥￥€£]")


@dataclass(frozen=True, slots=True)
class InFigures:
    """A text with its English numbers and dates rewritten; `written` says what each new piece stood for."""

    text: str
    written: Mapping[str, str]


def in_figures(text: str) -> InFigures:
    """Rewrite English dates, then fractions, number words, sums of money and units; other text stays as it is."""
    written: dict[str, str] = {}

    def rewrite(pattern: re.Pattern[str], how: Callable[[re.Match[str]], str], before: str) -> str:
        def one(found: re.Match[str]) -> str:
            new = how(found)
            if new:
                written[new] = written.get(found.group(), found.group())
            return new

        return pattern.sub(one, before)

    for pattern, how in (*_ANYWHERE, *(_RULES if _LATIN.search(text) else ())):
        text = rewrite(pattern, how, text)
    return InFigures(text, written)


def _date(found: re.Match[str]) -> str:
    """May 6, 2024 is 2024年5月6日, mid-June 2024 is 2024年6月中旬, the end of 2025 is 2025年底."""
    year = next((found[g] for g in ("y", "yp", "ym", "yh", "yq", "yb", "y1") if found[g]), None)
    month = next((found[g] for g in ("md", "me", "mp", "my", "mb") if found[g]), None)
    told = f"{year}年" if year else ""
    if month:
        told += f"{1 + next(n for n, name in enumerate(_MONTHS) if name.startswith(month[:3].lower()))}月"
    if day := found["d"] or found["e"]:
        told += f"{day}日"
    if part := found["part"]:
        told += f"{_PARTS[part.lower()].replace('初', '上').replace('底', '下')}旬"
    if half := found["half"]:
        told += "上半年" if half.lower() == "first" else "下半年"
    if quarter := found["quarter"]:
        told += f"第{'一二三四'[_NTH.index(quarter.lower())]}季度"
    if bit := found["bit"]:
        told = f"{year}年{_PARTS[bit.lower()]}".replace("年中", "年年中")
    return told


def _fraction(found: re.Match[str]) -> str:
    above = 1 if found["above"].lower() == "a" else _VALUES[found["above"].lower()]
    return f"{_BELOW[found['below'].lower()]}分之{above}"


def _words(found: re.Match[str]) -> str:
    """Two hundred and thirteen thousand is 213000; "one" alone is more often a word than a number."""
    total = section = 0
    for word in re.findall(r"[a-z]+", found.group().lower()):
        if word in _VALUES or word == "a":
            section += _VALUES.get(word, 1)
        elif word == "hundred":
            section *= 100
        elif word in _SIZES:
            total, section = total + section * _SIZES[word], 0
    return found.group() if total + section <= 1 else str(total + section)


def _ordinal(found: re.Match[str]) -> str:
    return f"第{_NTH.index(found[1].lower()) + 1 if found[1] else found[2]}"


def _money(found: re.Match[str]) -> str:
    size = (found["size"] or "").lower()
    return f"{found['figure']}{' ' * bool(size)}{_SHORT.get(size, size)}{_SIGNS[found['sign'].lower()]}"


def _measured(found: re.Match[str]) -> str:
    unit = next(unit for n, unit in enumerate(_UNITS) if found[f"u{n}"])
    return f"{found['figure']}{unit}"


def _decade(found: re.Match[str]) -> str:
    """The 1990s and 20世纪90年代 are 1990年代."""
    return f"{found[1] or str(int(found['century']) - 1) + found['decade']}年代"


def _slashed(found: re.Match[str]) -> str:
    """1/3 is a third; 5/6 might be a day in May."""
    above, below = int(found[1]), int(found[2])
    return f"{below}分之{above}" if above == 1 and below > 1 else found.group()


_ANYWHERE = ((_SLASHED, _slashed), (_SPACED, lambda _: ""), (_DECADE, _decade))
_RULES = (
    (_CENTURY, lambda found: f"{found[1]}世纪"),
    (_DATE, _date),
    (_FRACTION, _fraction),
    (_WORDS, _words),
    (_ORDINAL, _ordinal),
    (_MONEY, _money),
    (_MEASURED, _measured),
)
