"""Pinyin that a glosser wrote behind the characters, 萬(wàn), and the characters that it tore: both undone.

Only files are touched that a glosser went through: many glosses, and nearly all behind characters of the
Traditional script, for that is what such programs gloss. A language lesson with 妈(mā) stays as it is.
"""

import re

from index.fold import simplified
from index.mojibake import Patience, mend
from index.pinyin import is_syllable, reading, toneless

_TONED = r"[(（]([a-zü]{0,5}[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-z]{0,3})[)）]"
_GLOSS = re.compile(_TONED)
_NOISE = re.compile(rf"{_TONED}|[(（]([a-zü]{{1,6}})[)）]|(\?)")
_MIN_GLOSSES = 3
_MAX_DISTANCE = 60  # characters a gloss, at most; scraped pages have 12 to 14
_MIN_TRADITIONAL = 0.8


def is_glossed(text: str) -> bool:
    """Whether a glosser went through this text."""
    behind = [text[found.start() - 1] for found in _GLOSS.finditer(text) if found.start()]
    if len(behind) < _MIN_GLOSSES or len(behind) * _MAX_DISTANCE < len(text):
        return False
    return sum(simplified(char) != char for char in behind) >= _MIN_TRADITIONAL * len(behind)


def without_glosses(text: str) -> str:
    """The text without pinyin and with torn characters mended; a text without glosses as it is."""
    if not is_glossed(text):
        return text
    done: list[str] = []
    tail = ""  # the last characters of what is done
    at = 0
    patience = Patience(30 + len(text) // 5000, 5 + len(text) // 40_000)
    while found := _NOISE.search(text, at):
        kept, end = text[at : found.start()], found.end()
        tail = (tail + kept)[-4:]
        if found.group(3):
            new, end = mend(text, found.start(), tail, patience) or ("?", end)
        else:
            new = "" if _is_gloss(found, tail[-1:]) else found.group()
        done += [kept, new]
        tail = (tail + new)[-4:]
        at = end
    return "".join(done) + text[at:]


def _is_gloss(found: re.Match[str], behind: str) -> bool:
    """Toned syllables always are; toneless ones, like (de), only where that is how the character is read."""
    if not "\u3400" <= behind <= "\ufaff":
        return False
    if found.group(1):
        return is_syllable(toneless(found.group(1)))
    return reading(behind) == found.group(2)
