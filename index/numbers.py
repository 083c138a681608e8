"""Numbers in text, Chinese and English, with their values and units. Pure; offsets are of the text as it stands.

Limits: 一 before a measure word (一个) is an article, not a number; English number words and fractions other than
"分之" are not read; a digit that belongs to a name (A100, GPT-4) is not a number; approximate numbers (6000多亿)
have the value that is written. Years, months and days are numbers here too: see `index.dates` for those.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_SAME_LENGTH = str.maketrans(
    "萬億兆兩零〇○０１２３４５６７８９，．％個屆條項種類間輛臺張隻幾電歲幢畝噸層點題後餘",
    "万亿兆两零零零0123456789,.%个届条项种类间辆台张只几电岁幢亩吨层点题后余",
)
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_SCALES = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_ENGLISH = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}

_CHINESE = "[零一二三四五六七八九两十百千万亿]+"
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_MEASURE = (
    "个百分点|百分点|人次|平方米|平方公里|立方米|公里|千米|厘米|毫米|公斤|千克|千瓦时?|万元|美元|欧元|港元|日元|英镑|"
    "人民币|个月|小时|分钟|秒钟?|周年|星期|年|月|周|天|日|元|块|米|吨|克|亩|度|"
    "个|家|人|名|位|款|项|条|张|件|台|部|座|届|次|种|倍|所|本|篇|字|大|方面|类|级|期|批|辆|架|艘|户|间|层|"
    "只|头|匹|棵|株|颗|枚|支|把|场|轮|组|队|套|份|处|起|例|岁|幅|首|卷|册|门|科|省|市|区|县|镇|村|国|卡|步"
)
_NUMBER = re.compile(
    rf"""
      (?P<ordinal>第)\s?(?P<nth>\d+|{_CHINESE})(?P<nth_unit>{_MEASURE})?
    | (?P<below>\d+|{_CHINESE}|百|千)分之(?P<above>{_ARABIC}|{_CHINESE})
    | (?<![A-Za-z\d.])(?<![A-Za-z]-)(?P<arabic>{_ARABIC})
      (?:[ ]?(?P<english>(?:hundred|thousand|million|billion|trillion)(?![a-z]))
       |[多余几]?(?P<scale>[十百千]?[万亿兆]{{0,3}})[多余]?)
      (?:[ ]?(?P<unit>%|‰|percent|{_MEASURE}|[A-Za-z]{{1,12}}))?
    | (?<![十百千万亿零〇一二三四五六七八九两])(?P<chinese>{_CHINESE})[多余]?(?P<measure>{_MEASURE})?
    """,
    re.VERBOSE | re.IGNORECASE,
)


_ROUND = ("十万", "百万", "十亿", "百亿", "千亿", "万亿", "百万亿")  # not 千万, which also means "by all means"


@dataclass(frozen=True, slots=True)
class NumberMention:
    """`text[start:end]`, its value, and the measure word or unit behind it ("" if none). 10% is 10 of "%"."""

    start: int
    end: int
    text: str
    value: float
    unit: str
    ordinal: bool = False


def find_numbers(text: str) -> tuple[NumberMention, ...]:
    """The numbers of a text, in order."""
    plain = text.translate(_SAME_LENGTH)
    return tuple(_mentions(text, plain))


def chinese_value(numeral: str) -> float | None:
    """The value of a Chinese numeral: 二十五万 → 250000, 二〇二四 → 2024; None if it is none."""
    if all(char in _DIGITS for char in numeral) and len(numeral) > 1:
        return float("".join(str(_DIGITS[char]) for char in numeral))
    total = section = digit = 0
    for char in numeral:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif char in _UNITS:
            section += (digit or 1) * _UNITS[char]
            digit = 0
        elif char in _SCALES:
            total = (total + section + digit or 1) * _SCALES[char]
            section = digit = 0
        else:
            return None
    return float(total + section + digit)


def _mentions(text: str, plain: str) -> Iterator[NumberMention]:
    for found in _NUMBER.finditer(plain):
        mention = _ordinal(found) or _fraction(found) or _arabic(found) or _chinese(found)
        if mention is not None:
            value, unit, ordinal = mention
            start, end = found.span()
            yield NumberMention(start, end, text[start:end], value, unit, ordinal)


def _ordinal(found: re.Match[str]) -> tuple[float, str, bool] | None:
    if not found["nth"]:
        return None
    value = _value(found["nth"])
    return None if value is None else (value, found["nth_unit"] or "", True)


def _fraction(found: re.Match[str]) -> tuple[float, str, bool] | None:
    """三分之一 is a third; 百分之十 is 10 of "%", like 10%."""
    if not found["below"]:
        return None
    below, above = _value(found["below"]), _value(found["above"])
    if not below or above is None:
        return None
    if found["below"] in ("百", "千", "一百", "100"):
        return above, "‰" if found["below"] == "千" else "%", False
    return above / below, "", False


def _arabic(found: re.Match[str]) -> tuple[float, str, bool] | None:
    if not found["arabic"]:
        return None
    value = float(found["arabic"].replace(",", ""))
    for char in found["scale"] or "":
        value *= _UNITS.get(char) or _SCALES[char]
    value *= _ENGLISH[found["english"].lower()] if found["english"] else 1
    unit = found["unit"] or ""
    return value, "%" if unit.lower() == "percent" else unit, False


def _chinese(found: re.Match[str]) -> tuple[float, str, bool] | None:
    """A numeral counts if it is measured, or if digits and units make it one: 千行, 五一 and 一个 are none."""
    numeral, unit = found["chinese"], found["measure"] or ""
    if not numeral or numeral == "一":
        return None
    digits = sum(char in _DIGITS for char in numeral)
    units = len(numeral) - digits
    if not unit and (numeral == "万一" or not (digits and units or numeral in _ROUND)):
        return None
    if digits > 1 and not units and "零" not in numeral:
        return None
    value = chinese_value(numeral)
    return None if value is None else (value, unit, False)


def _value(numeral: str) -> float | None:
    if numeral[:1].isdigit() and numeral[0].isascii():
        return float(numeral.replace(",", ""))
    return chinese_value(numeral)
