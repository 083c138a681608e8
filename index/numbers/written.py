"""One way of writing each number, for searching: 二十五万, 廿五万 and 250,000 become 25万, 百分之三十 becomes 30%.

Rewritten is what can hardly be anything but a number; what is left alone is left alone on both sides of a search.
Left alone are small numerals (三家), round ones without a value (数十万, 千万要小心), names (十四五, 二十大), and long
figures that may be a code or a telephone number. English text keeps its figures, without thousands commas.
"""

import re
from decimal import Decimal
from functools import lru_cache

from index.numbers.numerals import SIZES, chinese_value

_DIGIT = "一二三四五六七八九"
_FORMAL = "壹贰叁肆伍陆柒捌玖拾佰仟"
_C = f"{_DIGIT}十百千万亿两零〇○廿卅{_FORMAL}"
_POSITIONAL = str.maketrans("零〇○一二三四五六七八九", "000123456789")
_ROUND = frozenset(("十万", "百万", "十亿", "百亿", "千亿", "万亿", "十万亿", "百万亿", "千万亿"))
_COUNTED = "人元个家户名位件台套吨辆亩册页次条项篇字米公平千美欧日港英币股份斤倍所座间张只头株棵颗枚本"
# Chinese numerals. A possessive run is taken whole or not at all: 一百二十大 must not become 120大. Patterns begin
# with a set, so that the search for it runs in C, and look behind it then: 4 µs for 200 characters, not 40.
_NUMERAL = re.compile(
    rf"""[{_C}第](?:
       (?<=第)(?P<nth>[{_DIGIT}十])(?=[届期章条款号批节]|季度)
      |(?<=千)(?<![{_C}几数少\d].)(?P<ten_million>万)(?=[{_COUNTED}级])
      |(?<!第)(?<![{_C}\d.第].)(?P<year>[{_DIGIT}零〇○]{{3}}+)(?=年)
      |(?<!第)(?<![{_C}].)(?P<fraction>[{_C}]{{0,7}}+分之(?:[{_C}]{{1,8}}+(?:点[{_C}]{{1,8}}+)?|\d{{1,8}}+(?:\.\d{{1,4}})?))
      |(?<!第)(?<![{_C}几数少\d.点].)(?P<numeral>[{_C}]{{1,23}}+(?:点[{_DIGIT}零〇○]{{1,8}}+[百千]?[万亿]{{1,2}}+)?)(?![大几点\d{_C}])
      |(?<=[{_DIGIT}十])(?<![{_C}几数少\d.点].)(?P<decimal>点[{_DIGIT}零〇○]{{1,8}}+[百千]?[万亿]{{1,2}}+)
      |(?<=[{_DIGIT}十])(?<![{_C}个\d第].)(?P<month>)(?=月(?![亮球饼光色薪嫂子])|季度)
      |(?<=[{_DIGIT}])(?<![{_C}\d第].)(?P<line>)(?=号[线楼院馆厅仓])
      |(?<=月[{_DIGIT}十])(?P<day>)(?=[日号]))""",
    re.VERBOSE | re.ASCII,
)
_FIGURE = re.compile(
    r"""[0-9](?<![\da-z.,/_-].)(?:
       (?P<scaled>(?:\d{0,2}(?:,\d{3})++|\d{0,15}+)(?:\.\d{1,8}+)?[十百千]?[万亿]{1,3}+(?:(?<=亿)(?:\d,)?\d{1,4}+[十百千]?万)?+)(?![十百千万亿])
      |(?P<grouped>\d{0,2}(?:,\d{3})++(?:\.\d{1,8}+)?)(?![\d,]|\.\d)
      |(?<=[1-9])(?P<long>\d{4,15}+)(?![\d,]|\.\d))""",
    re.VERBOSE | re.ASCII,
)
_CHINESE_BEHIND = re.compile(r"\s?[\u4e00-\u9fff]")
_COUNTED_BEHIND = re.compile(rf"[多余]?[{_COUNTED}]")
_CHINESE_BEFORE = re.compile(r"[\u4e00-\u9fff]\s?\Z")
_CODE_BEFORE = re.compile(r"[码号编话代真][:是为]?\s?\Z")


def in_one_way(text: str) -> str:
    """Folded text with each number written in one way. Doing it twice changes nothing."""
    return _FIGURE.sub(_figure, _NUMERAL.sub(_numeral, text))


def _numeral(found: re.Match[str]) -> str:
    return _read(str(found.lastgroup), found.group())


@lru_cache(4096)
def _read(kind: str, numeral: str) -> str:
    """A numeral in figures, or as it is where it may be another word."""
    if kind == "year":
        return numeral.translate(_POSITIONAL)
    if kind == "nth":
        return f"第{_small(numeral[1])}"
    if kind in ("month", "day", "line"):
        return _small(numeral)
    if kind == "fraction":
        return _fraction(*numeral.split("分之", 1))
    if kind == "ten_million":
        return "1000万"
    if kind == "numeral" and not _is_number(numeral):
        return numeral
    if set(numeral) <= set(_DIGIT + "零〇○"):
        return numeral.translate(_POSITIONAL)
    value = _value(numeral)
    return numeral if value is None else _written(value)


def _is_number(numeral: str) -> bool:
    """Whether digits and units make it one, or it is a round one; or its digits stand in a row round a 〇."""
    if numeral[0] in "零〇○" or numeral == "万一":
        return False
    if set(numeral) & set(_FORMAL):
        return bool(set(numeral) & set("拾佰仟"))
    digits = set(numeral) & set(_DIGIT + "两廿卅")
    if not set(numeral) & {*SIZES, "廿", "卅"}:
        return bool(set(numeral) & set("〇○"))
    return numeral in _ROUND or (bool(digits) and not re.search(r"两(?![百千万亿])", numeral))


def _fraction(base: str, part: str) -> str:
    """三分之一 is 1/3, 百分之三十 is 30%."""
    below, above = _value(base), _value(part)
    if below is None or above is None:
        return f"{base}分之{part}"
    sign = {"百": "%", "一百": "%", "100": "%", "千": "‰"}.get(base)
    return f"{_plain(above)}{sign}" if sign else f"{_plain(above)}/{_plain(below)}"


def _figure(found: re.Match[str]) -> str:
    figure = found.group()
    if found.lastgroup == "scaled":
        return _scaled(figure)
    text, (start, end) = found.string, found.span()
    if found.lastgroup == "grouped":
        chinese = _CHINESE_BEHIND.match(text, end) or _CHINESE_BEFORE.search(text, max(0, start - 2), start)
        value = Decimal(figure.replace(",", ""))
        return _written(value) if chinese else _plain(value)
    return _written(Decimal(figure)) if _counts(figure, text, start, end) else figure


def _counts(figure: str, text: str, start: int, end: int) -> bool:
    """Whether a long figure counts something; 600519 and 021-62345678 are names."""
    if _COUNTED_BEHIND.match(text, end):
        return True
    before = max(0, start - 3)
    near = _CHINESE_BEHIND.match(text, end) or _CHINESE_BEFORE.search(text, before, start)
    return figure.endswith("000") and near is not None and not _CODE_BEFORE.search(text, before, start)


@lru_cache(4096)
def _scaled(figure: str) -> str:
    """12000万 is 1.2亿, 3千万 is 3000万, 1亿2000万 is 1.2亿."""
    number, scale, lower, lower_scale = re.fullmatch(
        r"([\d.,]+)([十百千万亿]+)(?:([\d,]+)([十百千]?)万)?", figure
    ).groups()  # type: ignore[union-attr]
    value = Decimal(number.replace(",", ""))
    for char in scale:
        value *= SIZES[char]
    if lower:
        value += int(lower.replace(",", "")) * SIZES.get(lower_scale, 1) * 10**4
    return _written(value)


def _value(numeral: str) -> Decimal | None:
    if numeral[0].isascii():
        return Decimal(numeral)
    value = chinese_value(numeral.replace("○", "零"))
    return None if value is None else Decimal(repr(value))


def _small(numeral: str) -> str:
    return "10" if numeral == "十" else numeral.translate(_POSITIONAL)


def _written(value: Decimal) -> str:
    """In 万 from ten thousand on, in 亿 from a hundred million on, as newspapers write it."""
    for scale, sign in ((10**12, "万亿"), (10**8, "亿"), (10**4, "万")):
        if value >= scale:
            return _plain(value / scale) + sign
    return _plain(value)


def _plain(value: Decimal) -> str:
    """All digits, without zeros at the end of a fraction."""
    written = f"{value:f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
