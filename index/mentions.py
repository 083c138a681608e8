"""Where a text says a word of the organisation's dictionary."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.dictionary import Dictionary, Names

_SPACE = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Mention:
    """A word of the dictionary at its place in a folded text; `names` are its synonyms, itself among them."""

    start: int
    end: int
    word: str
    names: Names

    @property
    def token(self) -> str:
        """What stands in the word index for all the names: a word of a text has no "=" in it."""
        return "=" + min(self.names).replace(" ", "=")


class Finder:
    """Finds the words of a dictionary, in a time that does not grow with their number."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._names: dict[str, Names] = {word: (word,) for word in dictionary.words}
        self._names |= {name: names for names in dictionary.synonyms for name in names}
        lengths: dict[str, set[int]] = defaultdict(set)
        for word in self._names:
            lengths[word[:2]].add(len(word))
        self._lengths = {two: sorted(of, reverse=True) for two, of in lengths.items()}
        self._first = re.compile("|".join({re.escape(two[0]) for two in lengths}) or "(?!)")

    def find(self, folded: str, is_word: Callable[[str, int, int], bool]) -> Iterator[Mention]:
        """From left to right the longest that `is_word(text, start, end)` takes for words; none overlap."""
        text = _SPACE.sub(" ", folded)
        place = 0
        while first := self._first.search(text, place):
            found = (m for m in self._at(text, first.start()) if is_word(text, m.start, m.end))
            mention = next(found, None)
            if mention:
                yield mention
            place = mention.end if mention else first.start() + 1

    def within(self, word: str) -> Iterator[str]:
        """The other words of the dictionary that stand anywhere in a word."""
        for start in range(len(word)):
            yield from (m.word for m in self._at(word, start) if m.word != word)

    def _at(self, text: str, start: int) -> Iterator[Mention]:
        """The words that begin at a place, the longest first."""
        one, two = text[start], text[start : start + 2]
        for length in (*self._lengths.get(two, ()), *self._lengths.get(one, ())):
            end = start + length
            names = self._names.get(text[start:end])
            if names and not goes_on(text, start) and not goes_on(text, end):
                yield Mention(start, end, text[start:end], names)


def goes_on(text: str, place: int) -> bool:
    """Whether a Latin word or a number goes on across a place."""
    before, behind = text[place - 1 : place], text[place : place + 1]
    return before.isascii() and before.isalnum() and behind.isascii() and behind.isalnum()
