"""How probable a piece of Chinese is, by the frequencies of jieba's dictionary."""

import math
from functools import cache
from types import ModuleType

from index.fold import simplified

_CORPUS = 60_000_000  # the words that jieba's frequencies were counted in
_SIGN = -5.0  # log probability of a punctuation mark, a number or a foreign word


@cache
def _jieba() -> ModuleType:
    import rjieba  # 0.1 s with its dictionary, and few files are torn

    return rjieba


@cache
def is_word(pair: str) -> bool:
    """Whether jieba's dictionary has the text as a word."""
    return bool(_jieba().has_word(simplified(pair)))


@cache
def log_frequency(word: str) -> float:
    """The log probability of one word of jieba's dictionary."""
    if word.isascii() or not any(char.isalnum() for char in word):
        return _SIGN
    return math.log(_jieba().suggest_freq(word) / _CORPUS)


def per_character(before: str, text: str, after: str) -> float:
    """The log probability a character of `text` between its neighbours, as jieba's most probable words."""
    whole = simplified(before + text + after)
    words = _jieba().cut(whole, False)
    return sum(log_frequency(word) for word in words) / max(len(whole), 1)
