"""The value of a Chinese numeral: spoken (两千三百), shortened (一万二), positional (二〇二四) or formal (壹佰万)."""

from math import prod

_SPOKEN = str.maketrans("〇○壹贰叁肆伍陆柒捌玖拾佰仟萬億貳參陸兩點負", "零零一二三四五六七八九十百千万亿二三六两点负")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
SCALES = {"万": 10**4, "亿": 10**8, "兆": 10**12}
SIZES = _UNITS | SCALES
_HIGHEST = 10**16
_LONGEST = 40  # characters; what is longer is a pattern, not a number


def chinese_value(numeral: str) -> float | None:
    """The value of a Chinese numeral: 二十五万 → 250000, 二〇二四 → 2024, 一点二亿 → 120000000; None if it is none.

    Two digits in a row (三五百) are a guess, not a number, unless all are digits.
    """
    if len(numeral) > _LONGEST:
        return None
    spoken = numeral.translate(_SPOKEN).replace("廿", "二十").replace("卅", "三十")
    if spoken.startswith("负"):
        value = chinese_value(spoken[1:])
        return None if value is None else -value
    whole, point, behind = spoken.partition("点")
    value = _whole(whole)
    if not point or value is None:
        return value
    digits = behind.rstrip("".join(SIZES))
    if not digits or any(char not in _DIGITS for char in digits):
        return None
    decimal = f"{value:.0f}." + "".join(str(_DIGITS[char]) for char in digits)
    return float(decimal) * prod(SIZES[char] for char in behind[len(digits) :])


def _whole(numeral: str) -> float | None:
    if not numeral:
        return None
    if all(char in _DIGITS for char in numeral):
        return float("".join(str(_DIGITS[char]) for char in numeral))
    return _spelled(numeral)


def _spelled(numeral: str) -> float | None:
    """Digits before units before scales. A scale above the last one multiplies all before it (一万二千亿)."""
    total = section = 0
    digit: int | None = None
    unit = scale = _HIGHEST
    for char in numeral:
        if char in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[char]
        elif char in _UNITS:
            if _UNITS[char] >= unit:
                return None
            unit = _UNITS[char]
            section += unit * (digit or 1)
            digit = None
        elif char in SCALES:
            section += digit or 0
            if scale <= SCALES[char] or not total:
                total = (total + section or 1) * SCALES[char]
            elif section:
                total += section * SCALES[char]
            else:
                return None
            section, digit, unit, scale = 0, None, _HIGHEST, SCALES[char]
        else:
            return None
    before = SIZES.get(numeral[-2], 0) if len(numeral) > 1 else 0
    return float(total + section + (digit or 0) * (before // 10 if before else 1))
