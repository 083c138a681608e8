"""A question as it was typed → a question that can be asked: checked, and known by script and language."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from index.errors import QuestionError
from index.fold import fold, simplified
from index.pinyin import is_syllable, toneless

MAX_CHARS = 2000
Script = Literal["hans", "hant", "latin"]
_CJK = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Asked:
    """A checked question: its text without control characters, folded for searching, and its script.

    It is `narrowed` where a filter leaves out some of what the asker may read.
    """

    text: str
    folded: str
    script: Script
    narrowed: bool = False

    def as_typed(self, piece: str) -> str:
        """A piece of the folded question as it was typed, where folding kept the number of characters."""
        at = self.folded.find(piece)
        return self.text[at : at + len(piece)] if at >= 0 and len(self.text) == len(self.folded) else piece


def check(text: str) -> Asked:
    """Raises QuestionError for a question without a word in it, or of more than 2,000 characters."""
    if len(text) > MAX_CHARS:
        raise QuestionError(
            f"问题有 {len(text)} 个字，最多 {MAX_CHARS} 个：请把问题写短一些",
            f"the question has {len(text)} characters, {MAX_CHARS} at most: please shorten it",
        )
    printable = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    shown = " ".join(printable.split())
    folded = fold(shown)
    if not any(c.isalnum() for c in folded):
        raise QuestionError(
            "没有读到问题：请写一句话，例如“上海有多少款大模型通过备案？”",
            'no question was read: write a sentence, such as "How many models has Shanghai filed?"',
        )
    return Asked(shown, folded, _script(shown))


def content_words(words: Sequence[str]) -> list[str]:
    """The words that carry a question's content, each once."""
    return [w for w in dict.fromkeys(words) if w not in _empty_words()]


@cache
def _empty_words() -> frozenset[str]:
    """Words that ask or connect: they name nothing that a passage could hold."""
    return frozenset(files("rag").joinpath("empty_words.txt").read_text(encoding="utf-8").split())


def _script(text: str) -> Script:
    """Traditional if Simplified changes a Chinese character, Latin if Latin words outnumber Chinese characters.

    Beside Chinese characters, pinyin is no Latin.
    """
    chinese = _CJK.findall(text)
    latin = re.findall(r"[A-Za-z]+", toneless(text))
    if len(chinese) < len([word for word in latin if not (chinese and is_syllable(word.lower()))]):
        return "latin"
    kept = set(_CJK.findall(simplified(text)))
    return "hant" if any(c not in kept for c in chinese) else "hans"
