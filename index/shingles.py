"""Texts as arrays of shingle hashes, the form in which they are compared: any script, any punctuation, one spelling.

A token is a Han character, a word of an alphabet or a number; a shingle is a run of four tokens (Broder 1997, "On the
resemblance and containment of documents"). Punctuation, white space and symbols fall away. No disk, no model.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.fold import fold

SKETCH = 32  # hashes
SHINGLE = 4  # tokens; with 5, one word in twenty changed costs another 4 % of the shingles
SHORT = 30  # tokens; a shorter text has one shingle, which is all of it
_BATCH = 100_000  # characters
_AROUND, _BESIDE = 3, 5  # tokens of a number's context on both sides, and on one
# What `fold` leaves apart because it depends on the word: both are one character here. From OpenCC's conversions of
# 69,377 news articles to s2t, s2tw and s2hk.
_ONE = "著着瞭了藉借覆复甦苏像象炼链揹背彷仿薰熏俱具钜巨座坐谘咨衞卫枱台敍叙痺痹簷檐么幺濬浚甯宁澂澄暱昵伕夫腭颚菓果"
_DIGITS = "零一二三四五六七八九"
_NUMERALS = _DIGITS + "〇两十百千万亿"
_FIRST_IDEOGRAM = 0x2E80  # from here on, characters are written without spaces
_DROPPED, _CHARACTER, _WORD, _NUMBER = range(4)
_POINT, _NEW_LINE = ord("."), ord("\n")

_STEP = np.uint64(0x9E3779B97F4A7C15)
_WEIGHTS = np.multiply.accumulate(np.full(64, 0x2545F4914F6CDD1D, np.uint64))  # of the places in a word

Kind = TypeVar("Kind", np.uint32, np.uint64)


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of several texts in a row: hashes, whether each is a number, its line and its text; all (n,)."""

    hashes: NDArray[np.uint64]
    numbers: NDArray[np.bool_]
    lines: NDArray[np.int64]
    texts: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hashes(Generic[Kind]):
    """Hashes of several texts in a row, and the text each is of; both (n,)."""

    hashes: NDArray[Kind]
    texts: NDArray[np.int64]

    def by_text(self, count: int) -> list[NDArray[Kind]]:
        """The hashes of each of the `count` texts."""
        bounds = np.searchsorted(self.texts, np.arange(count + 1)).tolist()
        return [self.hashes[start:end] for start, end in pairwise(bounds)]


def tokens(texts: Sequence[str]) -> Tokens:
    """The tokens of texts, folded or not: full-width, Traditional and capital letters count as what they fold to."""
    codes, kinds = _alphabet()
    joined = "\n".join(texts)
    raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4")
    kind = _with_points(kinds.take(raw, mode="clip"), raw)
    at = np.flatnonzero(kind)
    kind = kind[at]
    begins = np.ones(len(at), np.bool_)
    begins[1:] = (kind[1:] == _CHARACTER) | (kind[1:] != kind[:-1]) | (np.diff(at) > 1)
    starts = np.flatnonzero(begins)
    place = np.arange(len(at)) - np.repeat(starts, np.diff(starts, append=len(at)))
    hashes = np.add.reduceat(codes.take(raw[at], mode="clip") * _WEIGHTS.take(place, mode="clip"), starts)
    lines = np.cumsum(raw == _NEW_LINE)[at[starts]]
    return Tokens(hashes, kind[starts] == _NUMBER, lines, _texts(texts)[lines])


def shingles(of: Tokens) -> Hashes[np.uint32]:
    """The shingles of each text, in its order. A text of less than 30 tokens has a single one, of all its tokens."""
    sizes = np.bincount(of.texts)
    last = max(len(of.hashes) - SHINGLE + 1, 0)
    begun = of.texts[:last]
    inside = (begun == of.texts[SHINGLE - 1 :][:last]) & (sizes[begun] >= SHORT)
    runs = _mixed([of.hashes[place : last + place] for place in range(SHINGLE)])[inside]
    short = np.flatnonzero((sizes > 0) & (sizes < SHORT))
    if not len(short):
        return Hashes(runs, begun[inside])
    ends = np.cumsum(sizes)
    wholes = [_mixed(list(of.hashes[ends[at] - sizes[at] : ends[at], None])) for at in short]
    texts = np.concatenate([begun[inside], short])
    order = np.argsort(texts, kind="stable")
    return Hashes(np.concatenate([runs, *wholes])[order], texts[order])


def sketches(texts: Sequence[str], size: int = SKETCH) -> list[bytes]:
    """Of each text the `size` lowest hashes of its shingles, ascending, as little-endian uint32: bottom-k MinHash.

    A text without letters and digits has an empty sketch.
    """
    return [sketch for some in batches(texts) for sketch in _sketches(some, size)]


def batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """The texts in lists of some 100,000 characters, which are hashed fastest and take little memory."""
    ends = np.cumsum([len(text) for text in texts], dtype=np.int64) // _BATCH
    bounds = [0, *(np.flatnonzero(np.diff(ends)) + 1).tolist(), len(texts)]
    yield from (texts[start:end] for start, end in pairwise(bounds))


def _sketches(texts: Sequence[str], size: int) -> Iterator[bytes]:
    found = shingles(tokens(texts))
    keys = np.sort(found.texts << 32 | found.hashes)
    keys = keys[np.diff(keys, prepend=-1) != 0]
    bounds = np.searchsorted(keys, np.arange(len(texts) + 1) << 32).tolist()
    low = keys.astype("<u4")
    return (low[start : min(start + size, end)].tobytes() for start, end in pairwise(bounds))


def figures(of: Tokens) -> Hashes[np.uint64]:
    """The numbers of each text, other numbers masked: (n, 3) of hash << 32 | hash of the value.

    The hashes are of the three tokens on both sides, of the five before and of the five behind, all in its line.
    """
    at = np.flatnonzero(of.numbers)
    places = np.arange(len(of.hashes)) + _BESIDE * (of.lines + 1)
    masked = np.zeros(len(of.hashes) + _BESIDE * (int(of.lines.max(initial=0)) + 2), np.uint64)
    masked[places] = np.where(of.numbers, np.uint64(1), of.hashes)
    around, before, behind = range(-_AROUND, _AROUND + 1), range(-_BESIDE, 1), range(_BESIDE + 1)
    contexts = [_mixed([masked[places[at] + place] for place in side]) for side in (around, before, behind)]
    values = _mixed([of.hashes[at]]).astype(np.uint64)
    return Hashes(np.stack(contexts, axis=1).astype(np.uint64) << np.uint64(32) | values[:, None], of.texts[at])


def _mixed(parts: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint32]:
    """One hash from several, in their order (splitmix64's finaliser); all (n,)."""
    mixed = parts[0].copy()
    for part in parts[1:]:
        mixed *= _STEP
        mixed += part
    mixed ^= mixed >> np.uint64(32)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0x94D049BB133111EB)
    return (mixed >> np.uint64(32)).astype(np.uint32)


def _texts(texts: Sequence[str]) -> NDArray[np.int64]:
    """The text that each line is of."""
    return np.repeat(np.arange(len(texts)), [text.count("\n") + 1 for text in texts])


def _with_points(kind: NDArray[np.uint8], raw: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """A point between two digits belongs to the number: 6.5 is not 65."""
    points = np.flatnonzero(raw[1:-1] == _POINT) + 1
    inside = points[(kind[points - 1] == _NUMBER) & (kind[points + 1] == _NUMBER)]
    if len(inside):
        kind[inside] = _NUMBER
    return kind


@cache
def _alphabet() -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """For every character below U+10000 the code it counts as and its kind; both (65536,)."""
    written = [char for char in map(chr, range(0x10000)) if char.isalnum()]
    folded = fold("\n".join(written)).split("\n")
    one = dict(zip(_ONE[::2], _ONE[1::2], strict=True)) | {char: str(n) for n, char in enumerate(_DIGITS)}
    one |= {"〇": "0", "两": "2"}
    codes, kinds = np.zeros(0x10000, np.uint64), np.zeros(0x10000, np.uint8)
    codes[_POINT] = _POINT
    for char, form in zip(written, folded, strict=True):
        plain = next((part for part in form if part.isalnum()), char)
        codes[ord(char)] = ord(one.get(plain, plain))
        kinds[ord(char)] = _kind(plain)
    return codes, kinds


def _kind(char: str) -> int:
    if char.isdecimal() or char in _NUMERALS:
        return _NUMBER
    return _CHARACTER if ord(char) >= _FIRST_IDEOGRAM else _WORD
