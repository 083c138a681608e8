"""Words for searching: jieba's dictionary and algorithm, run by its Rust build (same output, fifteen times faster)."""

import re
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path
from typing import Any, Protocol

from index.dictionary import Dictionary, read
from index.fold import fold_sha256
from index.mentions import Finder, Mention, goes_on
from index.spelled import Speller, Spelling

# English function words carry no evidence, and every question in English has them.
_FUNCTION_WORDS = """
a an and are as at be been by can did do does for from had has have how in into is it its of on or s t that the
their there this to was were what when where which who whom whose why will with would"""
STOPWORDS = frozenset(re.findall(r"\w+", _FUNCTION_WORDS))
_WORD = re.compile(r"\w")
# The Rust build takes gpt-4, 2023-2025 and a.b.c for one word each; jieba cuts them into these parts. It needs 270 s
# for 100,000 letters in a row, so no part is longer than 64.
_JOINED = re.compile(r"(?<![a-z0-9])(?:[a-z0-9]++(?:[-_.]++[a-z0-9]++)+|[a-z0-9]{65,}+)")
_PART = re.compile(r"[a-z0-9]{1,64}(?:\.[0-9]{1,64})?")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LONG = 4  # characters: a Chinese word of so many is hardly ever seen in the seam of two others
_AROUND = 8  # characters on either side in which a shorter one must be cut as a word
_RULE = "2"  # how the words of a dictionary are used; another one makes other words


class Words(Protocol):
    """Cuts folded text into search words."""

    sha256: str

    def __call__(self, folded: str) -> list[str]:
        """Words in order of occurrence, repeated as often as they occur; then those that the dictionary adds."""
        ...

    def mentions(self, folded: str) -> Sequence[Mention]:
        """Where the text says words of the organisation, from left to right; the longest wins."""
        ...

    def spelled(self, folded: str) -> Sequence[Spelling]:
        """Where the text spells words of the organisation in pinyin, from left to right."""
        ...


class JiebaWords:
    """jieba in search mode: long words are given whole and in their parts.

    `dictionary` names the file of the organisation's words (`index.dictionary`). Each is kept whole, and no part of it
    is lost that is found without it; a word with synonyms also gives the one token that they share. Raises ConfigError.
    `sha256` changes with all that the words depend on, the folding of texts among it.
    """

    def __init__(self, dictionary: Path | None = None) -> None:
        own = read(dictionary, common=STOPWORDS) if dictionary else Dictionary()
        self._finder, self._speller = Finder(own), Speller(own.words)
        self._plain, self._jieba = _jieba(()), _jieba(tuple(sorted(filter(_is_jiebas, own.words))))
        self._more: dict[str, list[str]] = {}  # by word, as they are met
        made_of = [version("rjieba"), fold_sha256(), *sorted(STOPWORDS), ""]
        if own.words:
            made_of += [_RULE, *sorted(own.words), *sorted("=".join(sorted(names)) for names in own.synonyms)]
        self.sha256 = sha256("\n".join(made_of).encode()).hexdigest()

    def __call__(self, folded: str) -> list[str]:
        """Words in order of occurrence, repeated as often as they occur; then those that the dictionary adds."""
        words = _words(self._jieba, folded)
        given = set(words)
        return words + [w for m in self.mentions(folded) for w in self._added(m) if w not in given]

    def mentions(self, folded: str) -> list[Mention]:
        """Where the text says words of the organisation, from left to right; the longest wins."""
        return list(self._finder.find(folded, self._is_word))

    def spelled(self, folded: str) -> list[Spelling]:
        """Where the text spells words of the organisation in pinyin, from left to right."""
        return self._speller.find(folded)

    def _added(self, mention: Mention) -> list[str]:
        """The word itself, all words in it, and the token of its synonyms; of these, jieba may give some."""
        word = mention.word
        if word not in self._more:
            parts = [*_words(self._plain, word), *self._finder.within(word)]
            added = [w for w in dict.fromkeys([word, *parts]) if " " not in w and w not in STOPWORDS]
            self._more[word] = [*added, mention.token] if len(mention.names) > 1 else added
        return self._more[word]

    def _is_word(self, text: str, start: int, end: int) -> bool:
        """Whether a mention is a word of its text: 经信 in 已经信任 is none, for jieba cuts it."""
        if end - start >= _LONG or not _CHINESE.search(text, start, end):
            return True
        left = max(0, start - _AROUND)
        cuts = set(accumulate(map(len, self._jieba.cut(text[left : end + _AROUND])), initial=left))
        return start in cuts and end in cuts


def _words(jieba: Any, text: str) -> list[str]:  # noqa: ANN401  (rjieba has no stubs)
    parted = _JOINED.sub(lambda joined: " ".join(_PART.findall(joined.group())), text)
    return [w for w in jieba.cut_for_search(parted) if _WORD.search(w) and w not in STOPWORDS]


def _is_jiebas(word: str) -> bool:
    """Whether jieba may cut a word out of its text: with "ai" in its dictionary, it would cut email into em, ai, l."""
    return not (goes_on(f"a{word}", 1) or goes_on(f"{word}a", len(word)))


@lru_cache(maxsize=2)  # 0.1 s and 40 MB each; a server opens its index again after every update
def _jieba(own: tuple[str, ...]) -> Any:  # noqa: ANN401  (rjieba has no stubs)
    import rjieba

    if not own:
        return rjieba  # importing it has read the dictionary once already
    jieba = rjieba.Jieba()
    for word in own:
        jieba.add_word(word, None, None)
    return jieba


def tagged(text: str) -> list[tuple[str, str]]:
    """The words of a folded sentence with jieba's tags of their kind: nr a person, ns a place, nt a body."""
    import rjieba

    found: list[tuple[str, str]] = rjieba.tag(text)
    return found
