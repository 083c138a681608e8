"""Words for searching: jieba's dictionary and algorithm, run by its Rust build (same output, fifteen times faster)."""

import re
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from index.errors import ConfigError
from index.fold import fold

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


class Words(Protocol):
    """Cuts folded text into search words."""

    sha256: str

    def __call__(self, folded: str) -> list[str]:
        """Words in order of occurrence, repeated as often as they occur."""
        ...


class JiebaWords:
    """jieba in search mode: long words are given whole and in their parts.

    `dictionary` names a text file in UTF-8 with one organisation word a line; what follows the word on its line
    (jieba's frequency and tag) is ignored. Raises ConfigError. `sha256` changes with all that the words depend on.
    """

    def __init__(self, dictionary: Path | None = None) -> None:
        own = _read(dictionary) if dictionary else ()
        self._jieba, self._own = _jieba(own), frozenset(own)
        made_of = (version("rjieba"), *sorted(STOPWORDS), "", *own)
        self.sha256 = sha256("\n".join(made_of).encode()).hexdigest()

    def __call__(self, folded: str) -> list[str]:
        """Words in order of occurrence, repeated as often as they occur."""
        parted = _JOINED.sub(self._part, folded)
        return [w for w in self._jieba.cut_for_search(parted) if _WORD.search(w) and w not in STOPWORDS]

    def _part(self, joined: re.Match[str]) -> str:
        word = joined.group()
        return word if word in self._own else " ".join(_PART.findall(word))


@lru_cache(maxsize=2)  # 0.1 s and 40 MB each; a server opens its index again after every update
def _jieba(own: tuple[str, ...]) -> Any:  # noqa: ANN401  (rjieba has no stubs)
    import rjieba

    if not own:
        return rjieba  # importing it has read the dictionary once already
    jieba = rjieba.Jieba()
    for word in own:
        jieba.add_word(word, None, None)
    return jieba


def _read(dictionary: Path) -> tuple[str, ...]:
    """The words of a dictionary in search form, for they are looked for in folded text."""
    try:
        lines = dictionary.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        cause = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ConfigError(
            f"读不了用户词典 {dictionary}（{cause}）：应为 UTF-8 文本，每行一个词；请改正它或配置里的 index.dictionary",
            f"cannot read the dictionary {dictionary} ({cause}), a UTF-8 text with one word a line: mend it, or "
            "correct index.dictionary",
        ) from error
    return tuple(fold(line.split()[0]) for line in lines if line.strip())
