"""What a token is made of while it is learned: a Chinese word of its characters, an English one of its letters."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from index.train.ragged import Floats, Ragged, ragged

_SUFFIXES = ("s", "d", "n", "es", "ed", "ly", "er", "al", "ing", "ers", "ian", "ion", "ions", "ally", "ment", "ness")
_SPELT, _LETTERS, _SHARED = 4, (4, 5, 6), 4


@dataclass(frozen=True, slots=True)
class Parts:
    """For each token the rows whose weighted sum is its vector, its own row first; there are `rows` of them.

    The rows beyond the tokens belong to groups of letters.
    """

    ids: Ragged[np.int32]
    shares: Floats
    rows: int


def parts_of(tokens: list[str]) -> Parts:
    """A token's own row, and with it the means of its characters', of its stem's, and of its groups of letters.

    What is read once so shares what was learned about its parts, a geologist what was learned of geology (the subword
    idea of Bojanowski et al. 2017).
    """
    number = {token: place for place, token in enumerate(tokens)}
    spelt = {token: _letters(token) for token in tokens if _is_spelt(token)}
    often = Counter(group for groups in spelt.values() for group in groups)
    shared = [group for group, words in often.items() if words >= _SHARED]
    letters = {group: place for place, group in enumerate(shared, len(tokens))}
    rows: list[list[int]] = []
    shares: list[float] = []
    for place, token in enumerate(tokens):
        han = list(token) if len(token) > 1 and token[0] >= "\u4e00" else []
        kinds = (
            [number[char] for char in han if char in number],
            [] if han else _stem(token, number),
            [letters[group] for group in spelt.get(token, ()) if group in letters],
        )
        rows.append([place, *(part for kind in kinds for part in kind)])
        shares += [1.0, *(1 / len(kind) for kind in kinds for _ in kind)]
    return Parts(ragged(rows), np.array(shares, np.float32), len(tokens) + len(letters))


def _is_spelt(token: str) -> bool:
    return len(token) >= _SPELT and token.isascii() and token.isalpha()


def _letters(word: str) -> list[str]:
    """Its groups of four to six letters; its beginning and its end count as letters."""
    marked = f"<{word}>"
    return list(dict.fromkeys(marked[at : at + n] for n in _LETTERS for at in range(len(marked) - n + 1)))


def _stem(word: str, number: dict[str, int]) -> list[int]:
    """The known word that this is an inflected form of, if there is one."""
    for base in (word.removesuffix(suffix) for suffix in _SUFFIXES if word.endswith(suffix) and word.isalpha()):
        undoubled = base[:-1] if base[-1:] == base[-2:-1] else base
        for stem in (base, base + "e", base.removesuffix("i") + "y", undoubled):
            if len(base) >= 3 and len(stem) >= 3 and stem != word and stem in number:
                return [number[stem]]
    return []
