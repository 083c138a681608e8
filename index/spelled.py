"""Pinyin in a question → the organisation's word: mosu kongjian, mó sù kōng jiān and mosukongjian are 模速空间.

A word must be spelled whole, in two syllables or more. In a question that is English otherwise, in three or more: of
two, too many are English words (change is 嫦娥). The words of the index beside the dictionary's are not looked at: they
are too many, and almost any syllables would be one of them.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product

from index.pinyin import can_be_pinyin, readings

_LETTERS = "[a-z\u00e0-\u01dc]+[1-5]?"  # a letter with a tone mark is one character; a figure may tell the tone
_LATIN = re.compile(rf"(?<![a-z0-9]){_LETTERS}(?:['’·-]?{_LETTERS})*(?![a-z0-9])")
_BETWEEN = re.compile(r"[\s'’·-]*")
_TONE = re.compile("[\u0300\u0301\u0304\u030c1-5'’·-]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_SPELLINGS = 32  # of one word: characters that are read in several ways
_MOST_TOKENS = 16


@dataclass(frozen=True, slots=True)
class Spelling:
    """`text[start:end]` spells a word."""

    start: int
    end: int
    word: str


class Speller:
    """Finds the words of a dictionary that a text spells."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(words)

    def find(self, folded: str) -> list[Spelling]:
        """From left to right, the longest first; none overlap."""
        if not self._words:
            return []
        runs = [_Run(m.start(), m.end(), _bare(m.group())) for m in _LATIN.finditer(folded)]
        if not runs or not self._by_spelling:
            return []
        least = 2 if _CHINESE.search(folded) or all(can_be_pinyin(run.letters) for run in runs) else 3
        return list(self._found(folded, runs, least))

    def _found(self, folded: str, runs: list["_Run"], least: int) -> Iterator[Spelling]:
        place = 0
        while place < len(runs):
            end, word = self._longest(folded, runs, place, least)
            if word:
                yield Spelling(runs[place].start, runs[end - 1].end, word)
            place = end if word else place + 1

    def _longest(self, folded: str, runs: list["_Run"], first: int, least: int) -> tuple[int, str]:
        """The end of the longest row of runs from `first` on that spells a word, and the word; "" if none does."""
        letters, best = "", (first, "")
        for place in range(first, min(len(runs), first + _MOST_TOKENS)):
            if place > first and not _BETWEEN.fullmatch(folded, runs[place - 1].end, runs[place].start):
                break
            letters += runs[place].letters
            word = self._by_spelling.get(letters, "")
            if len(word) >= least:
                best = (place + 1, word)
        return best

    @cached_property
    def _by_spelling(self) -> dict[str, str]:
        spelled: dict[str, str] = {}
        for word in self._words:
            if len(word) >= 2 and all(map(readings, word)):
                for syllables in islice(product(*map(readings, word)), _SPELLINGS):
                    spelled.setdefault("".join(syllables), word)
        return spelled


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of Latin letters, and the same without tones."""

    start: int
    end: int
    letters: str


def _bare(run: str) -> str:
    """Without tones, which marks or figures tell; ü, which NFD takes apart as well, as v."""
    toneless = _TONE.sub("", unicodedata.normalize("NFD", run))
    return unicodedata.normalize("NFC", toneless).replace("ü", "v")
