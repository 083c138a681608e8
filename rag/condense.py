"""A follow-up and its history → a question that stands alone."""

import re

from index.dates import find_dates, spoken
from rag import complete, complete_english, follow_up
from rag.question import MAX_CHARS
from rag.types import Question, Turn

_REFUSED = re.compile(
    r"^(?:筛选范围内的)?文章里没有找到|^篩選範圍內的文章|^文章[里裏裡]沒有找到|^Not found in the "
)  # rag.wording
_YEAR = re.compile(r"\d{4}")
_LONGEST = 200  # characters of a follow-up that is completed; what is longer says enough
_CHINESE = re.compile(r"[\u3400-\u9fff]")


def condense(question: Question) -> str:
    """The question itself, or a follow-up completed from the turn before it.

    Where it cannot be told what a follow-up leaves out, the last turn stands before it: searching is by words and
    vectors, so what a pronoun refers to need only stand beside it. "去年9月" gets its date beside it where the day of
    asking is given. Of what grows too long the end is kept: only what the user types now is refused for its length.
    """
    whole = completed(question)
    if whole is not None:
        return _dated(whole, question.today)[-MAX_CHARS:]
    text = _dated(question.text, question.today)
    if not is_follow_up(question):
        return text[-MAX_CHARS:]
    last = question.history[-1]
    said = "" if _REFUSED.search(last.answer) else f"{last.answer[:100]} "
    return f"{last.question} {said}{text}"[-MAX_CHARS:]


def in_own_words(question: Question) -> str:
    """The same without the answer: it names years and places that the user may not have asked about."""
    whole = completed(question)
    if whole is not None:
        return whole[-MAX_CHARS:]
    if not is_follow_up(question):
        return question.text
    return f"{question.history[-1].question} {question.text}"[-MAX_CHARS:]


def is_follow_up(question: Question) -> bool:
    """Whether a question points back to the turn before it."""
    if not question.history:
        return False
    if _CHINESE.search(question.text):
        return follow_up.points_back(question.text[:MAX_CHARS])
    return complete_english.points_back(question.text[:MAX_CHARS])


def completed(question: Question) -> str | None:
    """A follow-up as a question of its own; None for another question, and where it cannot be told what is meant."""
    if not is_follow_up(question) or len(question.text) > _LONGEST:
        return None
    before = question.history[-1]
    if _REFUSED.search(before.answer):
        before = Turn(before.question, "")
    in_chinese = _CHINESE.search(question.text)
    whole = (complete if in_chinese else complete_english).complete(question.text, before)
    return whole if whole is None or len(whole) <= MAX_CHARS else None


def _dated(text: str, today: str | None) -> str:
    """The text with its relative dates resolved against the day of asking, in brackets behind them."""
    if today is None:
        return text
    parts, end = [], 0
    for mention in find_dates(text, today):
        if mention.iso and not _YEAR.search(mention.text):
            parts += [text[end : mention.end], f"（{spoken(mention.iso)}）"]
            end = mention.end
    return "".join([*parts, text[end:]])
