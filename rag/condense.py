"""A follow-up and its history → a question that stands alone."""

import re

from index.dates import find_dates
from rag.question import MAX_CHARS
from rag.types import Question

# What points back: a pronoun or demonstrative, "那/那么" at the start, or a question too short to stand alone.
_POINTS_BACK = re.compile(
    r"^(?:那|那么|那麼|然后|然後|还有|還有|and |what about|how about)"
    r"|[他她它]们?|[他她它]們?|这[个些家款位项]|這[個些家款位項]|该|該|其[中他它]?[^他它实實次]"
    r"|上述|前者|后者|後者|\b(?:it|its|he|his|she|her|they|their|them|that|those|this|these)\b",
    re.IGNORECASE,
)
_SHORT = 7
_REFUSED = re.compile(
    r"^(?:筛选范围内的)?文章里没有找到|^篩選範圍內的文章|^文章[里裏裡]沒有找到|^Not found in the "
)  # rag.wording
_YEAR = re.compile(r"\d{4}")


def condense(question: Question) -> str:
    """The question itself, or the question with the last turn before it when it points back to that turn.

    Searching is by words and vectors, so what a pronoun refers to need only stand beside it; "去年9月" gets its date
    beside it where the day of asking is given. Of what grows too long the end is kept: only what the user types now is
    refused for its length.
    """
    text = _dated(question)
    if not is_follow_up(question):
        return text[-MAX_CHARS:]
    last = question.history[-1]
    said = "" if _REFUSED.search(last.answer) else f"{last.answer[:100]} "
    return f"{last.question} {said}{text}"[-MAX_CHARS:]


def in_own_words(question: Question) -> str:
    """The same without the answer: it names years and places that the user may not have asked about."""
    if not is_follow_up(question):
        return question.text
    return f"{question.history[-1].question} {question.text}"[-MAX_CHARS:]


def _dated(question: Question) -> str:
    """The question with its relative dates resolved against `question.today`, in brackets behind them."""
    if question.today is None:
        return question.text
    parts, end = [], 0
    for mention in find_dates(question.text, question.today):
        if mention.iso and not _YEAR.search(mention.text):
            parts += [question.text[end : mention.end], f"（{_spoken(mention.iso)}）"]
            end = mention.end
    return "".join([*parts, question.text[end:]])


def _spoken(iso: str) -> str:
    """2023-09 → 2023年9月, as articles write it."""
    return "".join(f"{int(part)}{unit}" for part, unit in zip(iso.split("-"), "年月日", strict=False))


def is_follow_up(question: Question) -> bool:
    """Whether a question points back to the turn before it."""
    text = question.text
    return bool(question.history and (_POINTS_BACK.search(text) or len(text.strip()) <= _SHORT))
