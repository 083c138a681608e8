"""What a question is about by name: years, places, Latin names, attributes. Evidence must carry each of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from index.fold import fold
from index.synonyms import Rephrase, as_it_is
from rag.question import Asked

# The year in the name of an event ("2024世界人工智能大会") dates nothing else in the sentence.
_STATED_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)(?![\u3400-\u9fff])|(?<!\d)(?:19|20)\d\d(?=[年至到])")
_COMPARED_WITH = re.compile(r"(?:比|超过|超越|高于|低于|多于|少于|不及|相当于|大于|小于)[^,，。;；]{1,24}")
_TITLE = re.compile(r"《[^》]*》")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d|\s*[多余个万亿家人款元])")
# A Latin name: a capital and at least three letters more. Acronyms such as GPU are common nouns.
_LATIN_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*")
# "香港同事想知道": the place of whoever asks, not of what is asked about. What stands behind such a place.
_ASKER = re.compile(r"的?(?:同事|朋友|客户|网友|读者).{0,3}(?:想|问|要|希望|托|关心)")


@dataclass(frozen=True, slots=True)
class Name:
    """Something the question names, as it is said to the user, and the folded forms that count as carrying it."""

    shown: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attribute:
    """A fact such as a turnover: the words that ask for it, which also state it, and further words that state it."""

    asked: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """All that a question names and its evidence must carry; `text` is the folded question it was read from.

    Evidence is looked at in the question's words, into which `rephrase` puts a folded text.
    """

    text: str
    years: Sequence[str]
    places: Sequence[Name]
    latin: Sequence[str]
    attributes: Sequence[Name]
    rephrase: Rephrase = as_it_is


def named(typed: Asked, about: Asked, rephrase: Rephrase = as_it_is) -> Named:
    """What a question names. `about` is the question with the one before it, to which a follow-up points back.

    A follow-up that names a year, place or attribute means that one, not the one before: "and in Beijing?"
    """
    now, before = rephrase(typed.folded), rephrase(about.folded)
    return Named(
        text=f"{now} {before}",
        years=years(now) or years(before),
        places=places(now) or places(before),
        latin=[name for name in latin_names(about) if holds(before, fold(name))],  # not what is pinyin
        attributes=attributes(now) or attributes(before),
        rephrase=rephrase,
    )


def years(folded: str) -> list[str]:
    """The years of a folded question, each once."""
    return list(dict.fromkeys(_YEAR.findall(folded)))


def stated_years(folded: str) -> set[str]:
    """The years a sentence speaks of, without those in the titles it names. Of a span, only the ends carry figures."""
    return set(_STATED_YEAR.findall(_TITLE.sub("", folded)))


def places(folded: str) -> list[Name]:
    """The places of a gazetteer of provinces, large cities and countries that a folded text names."""
    return [p for p in _gazetteer() if any(_asks_about(folded, form) for form in p.forms)]


def place_counts(folded: str) -> list[int]:
    """How often a folded text names each place of the gazetteer."""
    return [sum(folded.count(form) for form in place.forms) for place in _gazetteer()]


def latin_names(asked: Asked) -> list[str]:
    """Names in Latin script. In an English question the first word of a sentence counts only by its inner capitals."""
    found = _LATIN_NAME.finditer(asked.text)
    if asked.script != "latin":
        return [m.group() for m in found if len(m.group()) > 3]
    return [m.group() for m in found if re.search(r"[a-z][A-Z]|[A-Z]{2}", m.group())]


def attributes(folded: str) -> list[Name]:
    """The facts about a person or a firm that a folded question asks for and that nothing else implies."""
    found = []
    for attribute in _attributes():
        if word := next((w for w in attribute.asked if holds(folded, w)), None):
            found.append(Name(word, (*attribute.asked, *attribute.said)))
    return found


def carries(text: str, name: Name) -> bool:
    """Whether a folded text names it in any of its forms."""
    return any(holds(text, form) for form in name.forms)


def speaks_of(text: str, name: Name) -> bool:
    """The same, but not as what something else is compared with: "more than Beijing has" tells nothing of Beijing."""
    return carries(_COMPARED_WITH.sub("", text), name)


def _asks_about(folded: str, form: str) -> bool:
    """Whether a text names a place otherwise than as that of whoever asks."""
    if not holds(folded, form):
        return False
    return any(not _ASKER.match(folded, found.end()) for found in re.finditer(re.escape(form), folded))


def holds(folded: str, form: str) -> bool:
    """Whether a folded text names something by this form; a Latin one stands as a word of its own."""
    if not form.isascii():
        return form in folded
    return re.search(rf"(?<![a-z]){re.escape(form)}(?![a-z])", folded) is not None


@cache
def _gazetteer() -> tuple[Name, ...]:
    return tuple(Name(forms[0], tuple(forms)) for forms in (line.split("\t") for line in _lines("places.tsv")))


@cache
def _attributes() -> tuple[Attribute, ...]:
    rows = (line.split("\t") for line in _lines("attributes.tsv"))
    return tuple(Attribute(tuple(asked.split("|")), tuple(filter(None, said.split("|")))) for asked, said in rows)


def _lines(table: str) -> list[str]:
    return files("rag").joinpath(table).read_text(encoding="utf-8").splitlines()
