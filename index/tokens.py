"""Words for searching: jieba's dictionary and algorithm, run by its Rust build (same output, fifteen times faster)."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from index.errors import ConfigError

# English function words carry no evidence, and every question in English has them.
STOPWORDS = frozenset(
    "a an and are as at be been by can did do does for from had has have how in into is it its of on or s t that the "
    "their there this to was were what when where which who whom whose why will with would".split()
)
_WORD = re.compile(r"\w")


class Words(Protocol):
    """Cuts folded text into search words."""

    sha256: str

    def __call__(self, folded: str) -> list[str]:
        """Words in order of occurrence, repeated as often as they occur."""
        ...


class JiebaWords:
    """jieba in search mode: long words are given whole and in their parts."""

    def __init__(self, dictionary: Path | None = None) -> None:
        import rjieba  # 0.1 s with its dictionary: not before the first text

        self._jieba = rjieba.Jieba()
        content = b""
        if dictionary is not None:
            content = _read(dictionary)
            for line in content.decode("utf-8", "replace").splitlines():
                if line.strip():
                    self._jieba.add_word(line.split()[0].lower())
        self.sha256 = sha256(content).hexdigest()

    def __call__(self, folded: str) -> list[str]:
        """Words in order of occurrence, repeated as often as they occur."""
        return [w for w in self._jieba.cut_for_search(folded) if _WORD.search(w) and w not in STOPWORDS]


def _read(dictionary: Path) -> bytes:
    try:
        return dictionary.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"读不了用户词典 {dictionary}（{error.strerror}）：请改正配置里的 index.dictionary",
            f"cannot read the dictionary {dictionary} ({error.strerror}): correct index.dictionary",
        ) from error
