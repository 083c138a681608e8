"""Whether the chosen sentences are about what the question is about: its years, places, names, attributes, quantities.

A passage on another city, another year or another company is the likeliest wrong answer, because all its other words fit.
"""

import re
from collections.abc import Iterator, Sequence

from index.fold import fold
from index.reader import Index
from rag import names
from rag.asked_for import AskedFor, gives_number
from rag.config import AnswerConfig
from rag.evidence import Sentence
from rag.question import Asked

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_OFTEN = 3  # an article that names a place this often is about it


def missing(
    asked: Asked, wanted: AskedFor, chosen: Sequence[Sentence], *, index: Index, config: AnswerConfig
) -> str | None:
    """What the question asks about and the sentences do not carry, as it may be said to the user; None: nothing."""
    if not chosen or max(s.late for s in chosen) < config.threshold:
        return ""
    return next(_missing(asked, wanted, chosen, index), None)


def _missing(asked: Asked, wanted: AskedFor, chosen: Sequence[Sentence], index: Index) -> Iterator[str]:
    for year in names.years(asked):
        if not any(_holds_at(s, year) for s in chosen):
            yield year
    for place in names.places(asked.folded):
        if not any(_is_about(s, place) for s in chosen):
            yield place.shown
    for name in names.latin_names(asked):
        if not _is_known(name, index):
            yield name
    near = " ".join(_around(s) for s in chosen)
    for attribute in names.attributes(asked.folded):
        if not names.carries(near, attribute):
            yield attribute.shown
    if (wanted.money or wanted.measure) and not any(_is_close(s) and gives_number(wanted, s.folded) for s in chosen):
        yield wanted.quantity


def _holds_at(sentence: Sentence, year: str) -> bool:
    """Whether a sentence speaks of a year: it names it, or names no year and its passage or its article's date does."""
    stated = set(_YEAR.findall(sentence.folded))
    if stated:
        return year in stated
    return year in _around(sentence) or (sentence.hit.article.published or "").startswith(year)


def _is_about(sentence: Sentence, place: names.Name) -> bool:
    """Whether a sentence's passage names the place, or its article does so often."""
    if names.carries(_around(sentence), place):
        return True
    article = fold(sentence.hit.article.text)
    return sum(article.count(form) for form in place.forms) >= _OFTEN


def _is_known(name: str, index: Index) -> bool:
    """Whether the articles hold every word of a name in Latin script."""
    return all(index.rarity(w) < index.rarity("") for w in index.words(fold(name)))


def _is_close(sentence: Sentence) -> bool:
    """Whether a sentence is about the question at all, not just one with a number of the right sort."""
    return sentence.words >= 0.3 or sentence.late >= 0.45


def _around(sentence: Sentence) -> str:
    hit = sentence.hit
    return fold(" ".join((hit.article.title, hit.passage.heading or "", hit.passage.text)))
