"""A question and a text that use other names for the same things: what puts the one into the words of the other.

A word that a question spells in pinyin is one of its names, too.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice, product

from index.dictionary import Names
from index.mentions import Mention, goes_on
from index.tokens import Words

Rephrase = Callable[[str], str]


def in_words_of(question: str, words: Words) -> Rephrase:
    """What puts a folded text into a folded question's words: what the question names is named as it names it first."""
    spelled = {question[s.start : s.end]: s.word for s in words.spelled(question)}
    chosen = _first_names(_synonyms(_in_characters(question, words), words))
    if not (chosen or spelled):
        return as_it_is
    return lambda text: _rephrased(text := _replaced(text, spelled), _synonyms(text, words), chosen)


def as_it_is(text: str) -> str:
    """What puts a text into the words of a question that names nothing."""
    return text


def variants(question: str, words: Words, *, most: int) -> list[str]:
    """A folded question, and at most so many others that say the same with other names, in the order of their line."""
    written = _in_characters(question, words)
    found = _synonyms(written, words)
    chosen = _first_names(found)
    choices = product(*([name, *(n for n in names if n != name)] for names, name in chosen.items()))
    others = (_rephrased(written, found, dict(zip(chosen, other, strict=True))) for other in choices)
    return [question, *islice((other for other in others if other != question), most)]


def asked_words(question: str, words: Words) -> dict[str, str]:
    """The words of a folded question, each with its token in the word index: one for all the names of a thing."""
    question = _in_characters(question, words)
    found = _synonyms(question, words)
    rest = _rephrased(question, found, {m.names: " " for m in found})
    return {word: word for word in words(rest)} | {m.word: m.token for m in found}


def _in_characters(question: str, words: Words) -> str:
    """The question with the words that it spells in pinyin."""
    return _replaced(question, {question[s.start : s.end]: s.word for s in words.spelled(question)})


def _replaced(text: str, spelled: Mapping[str, str]) -> str:
    for pinyin, word in spelled.items():
        text = text.replace(pinyin, word)
    return text


def _synonyms(text: str, words: Words) -> list[Mention]:
    return [m for m in words.mentions(text) if len(m.names) > 1]


def _first_names(found: Iterable[Mention]) -> dict[Names, str]:
    """The name by which each thing is mentioned first."""
    names: dict[Names, str] = {}
    for mention in found:
        names.setdefault(mention.names, mention.word)
    return names


def _rephrased(text: str, found: Iterable[Mention], chosen: Mapping[Names, str]) -> str:
    """The text with the chosen names, where there are any."""
    said, end = "", 0
    for mention in found:
        name = chosen.get(mention.names, text[mention.start : mention.end])
        said = _beside(_beside(said, text[end : mention.start]), name)
        end = mention.end
    return _beside(said, text[end:])


def _beside(left: str, right: str) -> str:
    """One text behind the other, with a space where two Latin words would become one."""
    return f"{left} {right}" if goes_on(left[-1:] + right[:1], 1) else left + right
