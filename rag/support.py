"""Whether the chosen sentences are about what the question is about: its years, places, names, attributes, quantities.

A passage on another city, year or company is the likeliest wrong answer, because all its other words fit.
"""

import re
from collections.abc import Iterator, Sequence

from index.fold import fold
from index.reader import Index
from index.synonyms import Rephrase
from index.tokens import tagged
from rag import names
from rag.asked_for import AskedFor, gives_number
from rag.config import AnswerConfig
from rag.evidence import Sentence
from rag.names import Name, Named

# Calibrated on questions over the articles they were written for, and over other articles (docs/BENCHMARKS.md).
_NEAR = 0.15
_WORDLESS = 1.27
_PAGES = 3000  # characters on each side of a sentence that are looked at
_UNTIL = "(?:到|至|截止|by |until )"
# A name of two characters before what kind of thing it names, at the beginning of a clause.
_SUBJECT = re.compile(
    r"(?:^|[,，。?？:：的与和及、\s])(?P<name>[\u3400-\u9fff]{2})(?P<kind>公司|集团|酒店|银行|大学|医院|景区|大桥|中学|小学|[市县镇乡村厂])(?!面|场|长|民)"
)
_ASKING = frozenset("哪这那该本各全多几某我你他她它贵敝同两三四五六七八九十第每")
_CHINESE = re.compile(r"[\u3400-\u9fff]{4}")
_TITLE = re.compile(r"《([^《》]+)》")
_SHARE = 0.4  # an article is about a place that it names this often, compared with the place it names most


def missing(
    named: Named,
    wanted: AskedFor,
    chosen: Sequence[Sentence],
    *,
    index: Index,
    config: AnswerConfig,
    several: bool = False,
) -> str | None:
    """What the question asks about and the sentences do not carry, as it may be said to the user; None: nothing.

    `several`: the question asks several things, and each sentence may answer one.
    """
    if not chosen or _is_foreign(chosen, config.threshold):
        return ""
    return next(_missing(named, wanted, chosen, index, several), None)


def _is_foreign(chosen: Sequence[Sentence], threshold: float) -> bool:
    """Whether the question is foreign to the articles: no passage is near it, or none is and no word is shared."""
    score, best = max(s.hit.match for s in chosen), chosen[0]
    wordless = best.words == 0 and best.cosine < _NEAR
    return score < threshold or (wordless and score < _WORDLESS * threshold)


def _missing(named: Named, wanted: AskedFor, chosen: Sequence[Sentence], index: Index, several: bool) -> Iterator[str]:
    # The best sentence must be of the year and the place; only what asks for several may find them in different ones.
    deciding = chosen if wanted.comparison or several else _deciding(wanted, chosen)
    if named.years and not any(_holds_at(s, year, named, wanted) for s in deciding for year in named.years):
        yield named.years[0]
    # Of two places or two years, a question may be comparing one with the other: one is enough.
    places = [p for p in named.places if _is_word(p, index, named.text)]
    if places and not any(_is_about(s, place, named.rephrase) for s in deciding for place in places):
        yield places[0].shown
    yield from _unnamed(named, wanted, chosen, index)
    yield from _subjects_lacking(named, wanted, chosen)
    if (wanted.money or wanted.measure) and not any(
        s.speaks_of_what(chosen[0], words=0.5) and gives_number(wanted, s.folded) for s in chosen
    ):
        yield wanted.quantity


def _unnamed(named: Named, wanted: AskedFor, chosen: Sequence[Sentence], index: Index) -> Iterator[str]:
    """The titles, Latin names and attributes of the question that the sentences and their passages do not carry."""
    near = named.rephrase(" ".join(_around(s) for s in chosen))
    if _CHINESE.search(near):
        yield from (f"《{title}》" for title in _TITLE.findall(wanted.text) if title not in near)
    known = _known_names(named.text, index)
    for name in named.latin:
        if not (_is_known(name, index) or any(names.holds(other, fold(name)) for other in known)):
            yield name
    yield from (attribute.shown for attribute in named.attributes if not names.carries(near, attribute))


def _subjects_lacking(named: Named, wanted: AskedFor, chosen: Sequence[Sentence]) -> Iterator[str]:
    """The firms, towns and houses of the question that the articles of the chosen sentences never name.

    All other words of a question about 鸿图公司 fit an article on 远图公司.
    """
    articles = {s.hit.article.id: s.hit.article for s in chosen}
    whole = " ".join(named.rephrase(fold(f"{a.title} {a.text[:_PAGES]}")) for a in articles.values())
    for found in _SUBJECT.finditer(wanted.text) if _CHINESE.search(whole) else ():
        name, kind = found["name"], found["kind"]
        ordinary = any(tag[0] in "vadrmcpufq" or word in whole for word, tag in tagged(name) if len(word) > 1)
        if not ordinary and name not in whole and not set(name) & _ASKING:
            yield f"{name}{kind}"


def _deciding(wanted: AskedFor, chosen: Sequence[Sentence]) -> Sequence[Sentence]:
    """The sentence that answers: of a question for a number the first that gives one."""
    giving = [s for s in chosen if wanted.number and gives_number(wanted, s.folded)]
    return (giving or chosen)[:1]


def _holds_at(sentence: Sentence, year: str, named: Named, wanted: AskedFor) -> bool:
    """Whether a sentence speaks of a year: it names it, as a figure or as 去年; or names none and what stands round it
    or its date does.

    Where a date is asked for, the sentence's own year is the answer and need not be the question's; of what is asked to
    have happened by a year, 去年 may well speak.
    """
    stated = names.stated_years(sentence.folded)
    if not stated and not re.search(rf"{_UNTIL}{year}", named.text):
        stated = sentence.relative_years
    if stated and not wanted.date:
        return year in stated
    return year in named.rephrase(_window(sentence)) or (sentence.hit.article.published or "").startswith(year)


def _is_about(sentence: Sentence, place: Name, rephrase: Rephrase) -> bool:
    """Whether a sentence names the place, or its title or heading does, or its article names no place much oftener."""
    hit = sentence.hit
    heading = rephrase(fold(f"{hit.article.title} {hit.passage.heading or ''}"))
    if names.speaks_of(f"{heading}。{sentence.folded}", place):
        return True
    window = rephrase(_window(sentence))
    count = sum(window.count(form) for form in place.forms)
    return count > 0 and count >= _SHARE * max(names.place_counts(window))


def _is_word(place: Name, index: Index, question: str) -> bool:
    """Whether a place is a word of the question, not a piece of two: 最大连锁店 does not name 大连."""
    words = set(index.words(question))
    return any(form in words or form.isascii() for form in place.forms if form in question)


def _is_known(name: str, index: Index) -> bool:
    """Whether the articles hold every word of a name in Latin script."""
    return all(index.rarity(w) < index.rarity("") for w in index.words(fold(name)))


def _known_names(question: str, index: Index) -> list[str]:
    """All the names of what a question names by one of them and the articles by any."""
    mentions = index.words.mentions(question)
    return [name for m in mentions if index.rarity(m.token) < index.rarity("") for name in m.names]


def _around(sentence: Sentence) -> str:
    hit = sentence.hit
    return fold(" ".join((hit.article.title, hit.passage.heading or "", hit.passage.text)))


def _window(sentence: Sentence) -> str:
    """The article for some pages before and after a sentence, folded."""
    return fold(sentence.hit.article.text[max(0, sentence.start - _PAGES) : sentence.end + _PAGES])
