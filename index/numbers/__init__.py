"""Numbers in text, Chinese and English, with their values and units. Pure; offsets are of the text as it stands.

Limits: 一 before a measure word (一个) is an article, not a number; 几十万 and 三五家 have no value and are not read,
nor are English number words, 翻番 and 打折; a digit that belongs to a name (A100, GPT-4) is not a number; 兆 is a
million million. A number that is only about right (6000多亿, 约25万) has the value that is written and is marked.
Years, months and days are numbers here too: see `index.dates` for those.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from index.numbers.numerals import SIZES, chinese_value
from index.numbers.patterns import ABOUT_BEFORE, ABOUT_BEHIND, NUMBER, PLAIN

__all__ = ["NumberMention", "chinese_value", "find_numbers"]

_ENGLISH = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_ROUND = ("十万", "百万", "十亿", "百亿", "千亿", "万亿", "百万亿")  # not 千万, which also means "by all means"
_LONGEST = 40  # digits; a longer run is no number


@dataclass(frozen=True, slots=True)
class NumberMention:
    """`text[start:end]`, its value, and the measure word or unit behind it ("" if none). 10% is 10 of "%".

    `approximate`: the text calls the value a round one or a bound (25万多, 近25万, 25万以上).
    """

    start: int
    end: int
    text: str
    value: float
    unit: str
    ordinal: bool = False
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class _Reading:
    value: float
    unit: str = ""
    ordinal: bool = False
    approximate: bool = False


def find_numbers(text: str) -> tuple[NumberMention, ...]:
    """The numbers of a text, in order."""
    return tuple(_mentions(text, text.translate(PLAIN)))


def _mentions(text: str, plain: str) -> Iterator[NumberMention]:
    for found in NUMBER.finditer(plain):
        reading = _read(found)
        if reading is not None:
            start, end = found.span()
            about = reading.approximate or _is_about(plain, start, end)
            yield NumberMention(
                start, end, text[start:end], reading.value, reading.unit, reading.ordinal, about and not reading.ordinal
            )


def _is_about(plain: str, start: int, end: int) -> bool:
    """Whether the words round a number say that it is not exact."""
    before = ABOUT_BEFORE.search(plain, max(0, start - 3), start)
    return before is not None or ABOUT_BEHIND.match(plain, end) is not None


def _read(found: re.Match[str]) -> _Reading | None:
    if found["arabic"]:
        return _arabic(found)
    if found["chinese"]:
        return _chinese(found)
    if found["nth"]:
        value = _value(found["nth"])
        return None if value is None else _Reading(value, found["nth_unit"] or "", ordinal=True)
    if found["below"]:
        return _fraction(found["below"], found["above"])
    if found["tenths"]:
        return _tenths(found["tenths"], found["more_tenths"])
    if found["half"]:
        return _Reading(0.5)
    return _formal(found)


def _fraction(below: str, above: str) -> _Reading | None:
    """三分之一 is a third; 百分之十 is 10 of "%", like 10%."""
    whole, part = _value(below), _value(above)
    if not whole or part is None:
        return None
    if below in ("百", "千", "一百", "100"):
        return _Reading(part, "‰" if below == "千" else "%")
    return _Reading(part / whole)


def _tenths(tenths: str, more: str | None) -> _Reading | None:
    """三成五 is 35 of "%"."""
    value = _value(tenths)
    rest = 0.0 if not more else 5.0 if more == "半" else chinese_value(more)
    return None if value is None or rest is None else _Reading(10 * value + rest, "%")


def _arabic(found: re.Match[str]) -> _Reading | None:
    if len(found["arabic"]) > _LONGEST:
        return None
    value = float(found["arabic"].replace(",", ""))
    value *= prod(SIZES[char] for char in found["scale"] or "")
    if found["lower"]:  # 1亿2000万
        value += int(found["lower"]) * prod(SIZES[char] for char in found["lower_scale"])
    value *= _ENGLISH[found["english"].lower()] if found["english"] else 1
    unit = found["unit"] or ""
    return _Reading(
        -value if found["minus"] else value,
        "%" if unit.lower() == "percent" else unit,
        approximate=bool(found["more"] or found["more_of_scale"]),
    )


def _chinese(found: re.Match[str]) -> _Reading | None:
    """A numeral counts if it is measured, or if digits and units make it one: 千行, 五一 and 一个 are none."""
    numeral, unit = found["chinese"], found["measure"] or ""
    if numeral == "一" or ("点" in numeral and not (unit or numeral[-1] in SIZES)):
        return None
    units = sum(char in SIZES for char in numeral)
    digits = len(numeral) - units
    if not (unit or found["odd_scale"]) and (numeral == "万一" or not (digits and units or numeral in _ROUND)):
        return None
    if digits > 1 and not units and not {"零", "点"} & set(numeral):
        return None
    value = chinese_value(numeral)
    if value is None:
        return None
    value *= prod(SIZES[char] for char in found["odd_scale"] or "")
    return _Reading(-value if found["negative"] else value, unit, approximate=bool(found["odd"]))


def _formal(found: re.Match[str]) -> _Reading | None:
    """壹佰万元, as contracts write it; 陆万 without a unit may be somebody's name."""
    numeral = found["formal"]
    if not found["formal_unit"] and not set("拾佰仟") & set(numeral[1:]):
        return None
    value = chinese_value(numeral)
    return None if value is None else _Reading(value, found["formal_unit"] or "")


def _value(numeral: str) -> float | None:
    if numeral[:1].isdecimal() and numeral[0].isascii():
        return float(numeral.replace(",", "")) if len(numeral) <= _LONGEST else None
    return chinese_value(numeral)
