"""An English follow-up completed from the turn before it, as `rag.complete` does for Chinese ones.

English has no tags here: a name is known by its capitals, so less is completed, and more stands beside the turn before.
"""

import re

from rag.topic import owner, people, topic
from rag.types import Turn

_AND = re.compile(r"(?:and|but|so|then|also|ok(?:ay)?|what about|how about)\b[,\s]*", re.IGNORECASE)
_ABOUT = re.compile(r"(?:and |but |so )?(?:what|how) about\b", re.IGNORECASE)
_INSTEAD = re.compile(
    r"(?:and|but|(?:and )?(?:what|how) about)\s+(?P<how>in|for|by|as of|at|on|of)?\s*(?P<named>[^?,]{2,40}?)[\s?]*\Z",
    re.IGNORECASE,
)
_IT = re.compile(r"\b(?P<its>its|his|their)\b|\b(?P<it>it|he|she|they|him|them)\b|\bher\b", re.IGNORECASE)
_HE = frozenset(("he", "his", "him", "she"))
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(
    rf"(?:(?:mid-|early |late )?(?:{_MONTHS})\s+(?:\d{{1,2}},?\s+)?)?(?:19|20)\d\d|(?:{_MONTHS})(?: \d{{1,2}})?\b"
)
_NAME = re.compile(
    r"(?:[A-Z][\w.-]*|AI)(?:'s)?(?:\s+(?:of\s+(?:the\s+)?)?(?:[A-Z][\w.-]*(?:'s)?))*|[\u3400-\u9fff][\u3400-\u9fff“”《》·]*"
)
_ASKS = re.compile(
    r"(?:What|When|Where|Who|Whom|Whose|Which|Why|How|Is|Are|Was|Were|Does|Do|Did|Has|Have|Had|Can|Could|Will|Would|Should|In|On|By|As|At"
    r"|The|A|An|According|Name|List|Tell|Please|And|But|So|Then|Also|I)\b"
)
_SHORT = 4  # words


def points_back(text: str) -> bool:
    """Whether an English question leans on the one before it."""
    if _AND.match(text) and (_ABOUT.match(text) or _INSTEAD.fullmatch(text.strip()) or not _names(text)):
        return True
    pronoun = _IT.search(text) or re.search(r"\b(?:that|those|this|these)\b(?!\s+\w+ed\b)", text[:30], re.IGNORECASE)
    if pronoun and not _names(text[: pronoun.start()]):
        return True
    return len(text.split()) <= _SHORT and not _names(text)


def complete(text: str, before: Turn) -> str | None:
    """The follow-up as a question of its own; None where it cannot be told what it leaves out."""
    text = text.strip()
    last = before.question
    if (found := _INSTEAD.match(text)) and not _IT.search(text):
        return _instead(found["named"], found["how"], last)
    begin = None if _ABOUT.match(text) else _AND.match(text)
    rest = text[begin.end() :] if begin else text
    pronoun = _IT.search(rest)
    if pronoun is None or pronoun.group().lower() == "her":
        return None
    meant = _meant(pronoun.group().lower(), before)
    if meant is None:
        return None
    put = f"{meant}'s" if pronoun["its"] else meant
    whole = rest[: pronoun.start()] + put + rest[pronoun.end() :]
    return whole[:1].upper() + whole[1:]


def _names(text: str) -> list[str]:
    """The names of a text, without the words with which questions begin, and without dates."""
    found = []
    for match in _NAME.finditer(_DATE.sub(lambda m: " " * len(m.group()), text)):
        name = match.group()
        while begins := _ASKS.match(name):
            name = name[begins.end() :].lstrip(" '")
        if name:
            found.append(name)
    return found


def _meant(pronoun: str, before: Turn) -> str | None:
    """What a pronoun stands for: the one name of the question before; he, the one person of its question or answer."""
    chinese = owner(topic(before.question)) if re.search("[\u3400-\u9fff]", before.question) else ""
    if pronoun in _HE:
        told = people(before.question) or _names(before.question) or people(before.answer)
        return told[0] if len(told) == 1 else None
    found = list(dict.fromkeys(name.removesuffix("'s") for name in _names(before.question)))
    return chinese or (found[0] if len(found) == 1 else None)


def _instead(named: str, how: str | None, last: str) -> str | None:
    """The last question with the date or name in the place of its one date or name."""
    named = re.sub(r"^the\s+", "", named.strip(), flags=re.IGNORECASE)
    dates = list(_DATE.finditer(last))
    if _DATE.fullmatch(named):
        if not dates and how:
            return f"{last.strip().rstrip('?')} {how} {named}?"
        if len(dates) != 1:
            return None
        year = re.search(r"(?:19|20)\d\d", dates[0].group())
        new = named if re.search(r"\d{4}", named) or not year else f"{named} {year.group()}"
        return last[: dates[0].start()] + new + last[dates[0].end() :]
    found = _names(last)
    if len(found) != 1 or _names(named) != [named]:
        return None
    old = found[0].removesuffix("'s")
    return last.replace(old, named, 1)
