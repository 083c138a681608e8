"""A question and its hits → what a language model is shown: the words of `prompts/`, the passages as numbered data."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rag.endpoint import LlmConfig
from rag.orders import blanked, is_order, orders
from rag.question import Asked
from rag.types import Hit

_LANGUAGES = {"hans": "简体中文", "hant": "繁体中文", "latin": "the language of the question"}
_FORGED = str.maketrans({"<": "＜", ">": "＞", "[": "［", "]": "］"})
_UNKNOWN = {"zh": "未注明", "en": "unknown"}


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent, and the hits whose passages it holds: the first is number 1."""

    system: str
    user: str
    hits: tuple[Hit, ...]


def compose(asked: Asked, today: str, hits: Sequence[Hit], config: LlmConfig) -> Prompt:
    """The prompt for a question, with the best of the hits; a passage that is nothing but orders is left out."""
    language = "en" if asked.script == "latin" else "zh"
    shown: list[Hit] = []
    blocks: list[str] = []
    room = config.chars
    for hit in hits:
        text = harmless(blanked(hit, orders(hit)))
        if len(shown) == config.passages or (shown and len(text) > room):
            break
        if any(c.isalnum() for c in text):
            shown.append(hit)
            blocks.append(_block(len(shown), hit, text[:room], language))
            room -= len(text)
    user = _words(f"user.{language}").format(
        passages="\n".join(blocks),
        today=today,
        question=harmless(asked.text),
        language=_LANGUAGES[asked.script],
    )
    return Prompt(_words(f"system.{language}"), user, tuple(shown))


def harmless(text: str) -> str:
    """Text that can neither close the quotation that it stands in, nor be taken for a mark or a token of a template."""
    kept = "".join(c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C")
    return re.sub(r"\n\s*\n+", "\n", kept.translate(_FORGED)).strip()


def _block(number: int, hit: Hit, text: str, language: str) -> str:
    article, unknown = hit.article, _UNKNOWN[language]
    return _words("passage").format(
        number=number,
        title=_attribute(article.title, hit.passage.heading),
        publisher=_attribute(article.publisher) or unknown,
        date=_attribute(article.published) or unknown,
        text=text,
    )


def _attribute(*texts: str | None) -> str:
    """For between quotes, on one line; an order in the place of a title is none."""
    lines = (" ".join(harmless(text).split()).replace('"', "”") for text in texts if text and not is_order(text))
    return " · ".join(dict.fromkeys(line for line in lines if line))


@cache
def _words(name: str) -> str:
    return files("prompts").joinpath(f"{name}.txt").read_text(encoding="utf-8").strip()
