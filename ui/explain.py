"""What the score of a hit is made of: each kind of evidence with its name, its value, its weight and what they give."""

import unicodedata
from collections.abc import Sequence

from index.errors import Language
from rag.types import Evidence, Hit

NAMES: dict[str, tuple[str, str]] = {
    "words": ("词语（BM25）", "words (BM25)"),
    "cosine": ("语义", "meaning"),
    "late": ("逐词对应", "word by word"),
    "telling": ("关键词对应", "telling words"),
    "window": ("同一句内", "within a sentence"),
    "article": ("全篇对应", "whole article"),
    "title": ("标题", "title"),
    "named": ("点名标题", "title named"),
    "coverage": ("词语齐全", "words covered"),
    "phrases": ("相同短语", "shared phrases"),
    "day": ("日期相合", "date fits"),
    "another_day": ("日期不合", "another date"),
    "newest": ("新近", "recency"),
    "later": ("晚于所问", "later than asked"),
    "length": ("篇幅", "length"),
    "cross_encoder": ("重排模型", "cross-encoder"),
}
_TOTAL = ("合计", "total")


def table(hit: Hit, language: Language) -> list[str]:
    """Aligned lines, what adds most first, without what adds nothing; the last one is the score."""
    which = 0 if language == "zh" else 1
    telling = [one for one in hit.evidence if one.value * one.weight]
    telling.sort(key=lambda one: -one.value * one.weight)
    rows = [(NAMES[one.name][which], _product(one), f"{one.value * one.weight:.3f}") for one in telling]
    return _aligned([*rows, (_TOTAL[which], "", f"{hit.score:.3f}")])


def record(hit: Hit) -> dict[str, object]:
    """The same as JSON has it: every kind of evidence, and how well question and passage match."""
    evidence = {one.name: {"value": round(one.value, 6), "weight": round(one.weight, 6)} for one in hit.evidence}
    return {"match": round(hit.match, 4), "evidence": evidence}


def _product(one: Evidence) -> str:
    return f"{one.value:.3f} × {one.weight:.3f}"


def _aligned(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    """Names to the left, numbers to the right."""
    name, product, number = (max(map(_width, column)) for column in zip(*rows, strict=True))
    return [f"{n}{' ' * (name - _width(n))}  {p:>{product}}  {v:>{number}}" for n, p, v in rows]


def _width(text: str) -> int:
    """The columns of a terminal that a text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
