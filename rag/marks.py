"""What a model writes, piece by piece → finished sentences, in clauses with the numbers of the passages they cite."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from rag.failures import ModelFailed

_MARK = re.compile(
    r"[\[【［][\s^]*(?:段落|资料|来源|passages?|sources?|no\.?)?\s*"
    r"(?P<numbers>\d{1,3}(?:\s*(?:[,，、;；\-–~和]|and)\s*\[?\d{1,3})*)\s*[\]】］]",
    re.IGNORECASE,
)
_BEGUN_MARK = re.compile(r"[\[【［][^\]】］\n]{0,30}$")
# Where a sentence ends. A Latin stop ends none inside a number or word, behind an initial or a common abbreviation, or
# where a small letter goes on.
_END = re.compile(
    r"(?:[。！？!?…]+|(?<![\s.][A-Za-z])(?<!\b(?:No|Mr|Dr|St|vs))(?<!\b(?:Mrs|Inc|Ltd|etc))\.(?![\w.])(?!\s+[a-z]))"
    r"[”’」』）)\"']*|\n+"
)
_BEHIND = re.compile(rf"(?:\s*{_MARK.pattern.replace('(?P<numbers>', '(?:')})*[。.；;，,]?", re.IGNORECASE)
_CLOSED = re.compile(r"[。！？!?…\]】］][”’」』）)\"']*$")
_THINKS = re.compile(r"\s*<think(?:ing)?>")
_THOUGHT = re.compile(r"</think(?:ing)?>")
_TAG = 12  # characters of the longest such tag
_LONGEST = 1000  # characters: no sentence of an answer is longer
_DRESS = re.compile(r"^\s*(?:[-*•·>#]+\s+|\d{1,2}[.)、]\s*(?!\d))+|\*\*|__|`")
_MANY = 12


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence and the numbers behind it; only the last clause of a sentence may have none."""

    text: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence that a model wrote. Its text is without marks and on one line."""

    clauses: tuple[Clause, ...]

    @property
    def text(self) -> str:
        """The sentence without its marks."""
        return "".join(clause.text for clause in self.clauses)

    @property
    def numbers(self) -> tuple[int, ...]:
        """Every number that it cites, in order."""
        return tuple(dict.fromkeys(n for clause in self.clauses for n in clause.numbers))


class Reading:
    """Takes the pieces of a reply and gives its sentences as soon as they are finished, with the marks behind them.

    What a model thinks aloud, between <think> and </think>, is left out.
    """

    def __init__(self) -> None:
        self._text = ""
        self._thinks = False

    def add(self, piece: str) -> Iterator[Claim]:
        """The sentences that the piece finishes. Raises ModelFailed where one has no end."""
        self._text += piece
        if self._is_thinking():
            return
        while (end := _finished(self._text)) is not None:
            sentence, self._text = self._text[:end], self._text[end:]
            yield from _claims(sentence)
        if len(self._text) > _LONGEST:
            raise ModelFailed("too_much")

    def rest(self, *, whole: bool) -> Iterator[Claim]:
        """What is left at the end; of a reply that is not whole, only what ends like a sentence."""
        text = self._text.rstrip()
        if not self._is_thinking() and (whole or _CLOSED.search(text)):
            yield from _claims(text)

    def _is_thinking(self) -> bool:
        """Whether all that came so far is thought; only enough of it is kept to see where it ends."""
        if thought := _THOUGHT.search(self._text):
            self._text, self._thinks = self._text[thought.end() :], False
        elif self._thinks or _THINKS.match(self._text):
            self._text, self._thinks = self._text[-_TAG:], True
        return self._thinks


def _finished(text: str) -> int | None:
    """Where the first sentence ends with all its marks; None while more of them may follow."""
    for match in _END.finditer(text):
        behind = _BEHIND.match(text, match.end())
        end = behind.end() if behind else match.end()
        rest = text[end:].lstrip()
        if not rest or _BEGUN_MARK.match(rest):
            return None
        return end
    return None


def _claims(sentence: str) -> Iterator[Claim]:
    """The sentence in its clauses; nothing for what says nothing, such as "Here is the answer:"."""
    clauses: list[Clause] = []
    at = 0
    for match in _MARK.finditer(sentence):
        text, numbers = _plain(sentence[at : match.start()]).rstrip(), _numbers(match["numbers"])
        at = match.end()
        if not _says_something(text) and clauses:
            clauses[-1] = Clause(clauses[-1].text + text.strip(), _joined(clauses[-1].numbers, numbers))
        else:
            clauses.append(Clause(text, numbers))
    tail = _plain(sentence[at:])
    if clauses:
        clauses[-1] = Clause(f"{clauses[-1].text}{tail}".rstrip(), clauses[-1].numbers)
    elif _says_something(tail) and not tail.rstrip().endswith((":", "：")):
        clauses.append(Clause(tail.strip(), ()))
    if clauses:
        first = clauses[0]
        yield Claim((Clause(first.text.lstrip(), first.numbers), *clauses[1:]))


def _numbers(text: str) -> tuple[int, ...]:
    """1, 3 and 2-4 → (1, 3, 2, 3, 4), each once."""
    found: list[int] = []
    for part in re.split(r"[,，、;；和\[]|and", text):
        ends = [int(n) for n in re.findall(r"\d+", part)]
        if ends:
            found += range(ends[0], min(ends[-1], ends[0] + _MANY) + 1) if len(ends) > 1 else ends
    return tuple(dict.fromkeys(found))


def _joined(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _plain(text: str) -> str:
    """One line without Markdown's dress and without characters that a terminal or page would obey."""
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    return re.sub(r" {2,}", " ", _DRESS.sub("", kept))


def _says_something(text: str) -> bool:
    return any(c.isalnum() for c in text)
