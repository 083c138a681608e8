"""An answer without a language model: sentences of the articles that answer the question, each with its citation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.embed import StaticEmbedder
from index.fold import fold
from index.reader import Index
from index.synonyms import Rephrase
from rag import wording
from rag.aliases import with_aliases
from rag.asked_for import AskedFor, asked_for, can_give, gives, gives_number
from rag.asked_when import Span, is_later
from rag.aspects import aspects
from rag.cite import cite
from rag.compare import Event, compare
from rag.config import AnswerConfig
from rag.enumeration import enumeration
from rag.evidence import Sentence, gather
from rag.excerpt import Excerpt, excerpt, tells_apart
from rag.find import Finding
from rag.names import Named, stated_years
from rag.one_line import says_more
from rag.parts import compared
from rag.question import Asked
from rag.support import missing
from rag.timeline import timeline
from rag.types import Citation, Status
from rag.verify import verify
from rag.weigh import together, told, weigh

PASSAGES = 12  # hits whose sentences are looked at
_WHOLE = 0.5  # what a sentence is worth to the whole question, for one of its aspects
_SAYS_ENOUGH = 0.4  # of the rarity of the question's words
_FALLS_SHORT = 0.1  # as likely as the best one: what is less is no second best
_UNLIKELY = 0.01  # of a sentence that is no side of a comparison
_ALL_SIDES = 0.98  # of a comparison: one side alone answers nothing
_FAR = 1.5  # less worth: an answer that was given is better again than what is so far behind it
_MORE = re.compile(r"还有|别的|其他|另外|\b(?:more|else|other)\b")  # asks for what was not said
_SOME = 0.5  # likely enough before another aspect has its turn
_MARK = 4  # characters of a mark such as [1] and an end mark


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of an answer with its citations and status."""

    text: str
    citations: tuple[Citation, ...]
    status: Status


def extract(
    asked: Asked,
    found: Finding,
    *,
    wanted: AskedFor,
    named: Named,
    said: str,
    index: Index,
    tokens: StaticEmbedder,
    config: AnswerConfig,
) -> Extract:
    """One to three sentences of what was found that answer the question; a refusal that names what is missing, if none.

    `asked` is the question that stands alone, in the script of its last turn; `wanted` is what that turn asks for,
    `named` what the asker named. `said` is the folded answer before a follow-up, in the question's words: it asks for
    something else, so what was said is given again only for a number that nothing else gives.
    """
    if verdict := _verdict(asked, found, tokens):
        return verdict
    rephrase = with_aliases(found.hits[:PASSAGES], found.looked_for.folded, named.rephrase)
    considered = _considered(found, wanted, tokens, rephrase)
    several = len(considered) > 1
    chosen = _choose(_without(considered, said, wanted), named.years, config)
    lacking = missing(named, wanted, chosen, index=index, config=config, several=several)
    if said and wanted.number and (lacking is not None or not gives_number(wanted, chosen[0].folded)):
        chosen = _choose(considered, named.years, config)
        lacking = missing(named, wanted, chosen, index=index, config=config, several=several)
    until = found.looked_for.when.until
    if lacking is None and until and all(is_later(told(s), until) for s in chosen):
        lacking = wording.day(Span(until, until))
    if not chosen or lacking is not None:
        return Extract(wording.refusal(asked, lacking, shown=bool(found.hits)), (), "no_evidence")
    return _worded(asked, found, wanted, considered, chosen)


def _verdict(asked: Asked, found: Finding, tokens: StaticEmbedder) -> Extract | None:
    """The answer to a question that compares dates, where the evidence has one for each thing."""
    both = compared(asked.folded)
    answered = compare(both, found.parts, tokens) if both else None
    if not both or not answered or any(_is_unproved(event, tokens) for event in answered.events):
        return None
    cited = [event.sentence for event in answered.events]
    return Extract(wording.comparison(asked, both, answered), cite(cited), "answered")


def _worded(
    asked: Asked, found: Finding, wanted: AskedFor, considered: Sequence["Aspect"], chosen: Sequence[Sentence]
) -> Extract:
    """A line of values or a whole list, where the question asks for one; else the chosen sentences, cut."""
    if len(considered) == 1:
        line = timeline(considered[0].ranked, wanted, found.looked_for)
        if line and says_more(line, found.looked_for, considered[0].ranked[0]):
            cited, text = wording.timeline(asked, line)
            return Extract(text, cite(cited), "answered")
        if listed := enumeration(chosen[0], wanted):
            return Extract(wording.answer(asked, listed), cite([item.sentence for item in listed]), "answered")
    dated = len({s.hit.article.id for s in chosen}) == 1  # of several articles each is shown with its date
    rarity = found.looked_for.rarity
    shown = [excerpt(s, wanted, rarity, dated=dated) for s in chosen]
    if len(considered) > 1 and not all(_is_given(aspect.wanted, shown) for aspect in considered):
        shown = [excerpt(s, wanted, rarity, dated=dated, cut=False) for s in chosen]
    return Extract(wording.answer(asked, shown), cite(chosen), "answered")


def _without(considered: Sequence["Aspect"], said: str, wanted: AskedFor) -> list["Aspect"]:
    """The aspects, the first without the sentences that the last answer gave, unless all others are far behind them."""
    first, *others = considered
    fresh = [s for s in first.ranked if not _was_said(s, said)]
    behind = fresh and fresh[0].worth < first.ranked[0].worth - _FAR
    if not fresh or (behind and not _MORE.search(wanted.text)):
        return list(considered)
    return [replace(first, ranked=fresh), *others]


def _is_unproved(event: Event, tokens: StaticEmbedder) -> bool:
    """Whether the question names something of an event that its evidence does not."""
    shown = f"最早的是{event.thing}。{event.thing}：{wording.day(event.day)}"
    return bool(verify(shown, [event.sentence.hit], tokens).lacking)


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that a question asks, and the sentences in the order in which they answer it."""

    wanted: AskedFor
    ranked: Sequence[Sentence]

    def likely(self, chosen: Sequence[Sentence]) -> float:
        """How likely it is that one of the chosen sentences answers it; one that defines the term asked for does."""
        if self.wanted.term and any(gives("definition", self.wanted, s.folded) for s in chosen):
            return 1.0
        return sum(s.likely for s in self.ranked if any(s.is_at(c) for c in chosen))


def ranked(found: Finding, wanted: AskedFor, tokens: StaticEmbedder, rephrase: Rephrase) -> list[Sentence]:
    """The sentences of the best hits, those first that answer best."""
    gathered = gather(found.hits[:PASSAGES], whole_lists=wanted.listing, rephrase=rephrase)
    gathered = [s for s in gathered if s.says_more_than(found.looked_for.folded)] or gathered
    return weigh(gathered, found.looked_for, wanted, tokens)


def _considered(found: Finding, wanted: AskedFor, tokens: StaticEmbedder, rephrase: Rephrase) -> list[Aspect]:
    """Each aspect of the question with its own order of the sentences, led by that of the whole."""
    whole = ranked(found, wanted, tokens, rephrase)
    asked = aspects(found.looked_for.folded)
    if len(asked) == 1 and asked[0] in (found.looked_for.folded, found.looked_for.folded.rstrip("?？。 ")):
        return [Aspect(wanted, whole)]
    considered: list[Aspect] = []
    for place, text in enumerate(asked):
        kinds = wanted if len(asked) == 1 else asked_for(text)
        # "How many each?" says too little to be looked for without what was asked first.
        full = text if place == 0 or found.looked_for.share(text) >= _SAYS_ENOUGH else f"{asked[0]}，{text}"
        part = weigh(whole, found.looked_for.within(full), kinds, tokens)
        considered.append(Aspect(kinds, together(part, whole, _WHOLE)))
    return considered


def _is_given(wanted: AskedFor, shown: Sequence[Excerpt]) -> bool:
    """Whether what is shown gives what one aspect asks for, where that can be told."""
    return tells_apart(wanted) and any(can_give(wanted, fold(e.text)) == 1 for e in shown)


def _was_said(sentence: Sentence, said: str) -> bool:
    """Whether an answer gave the sentence; an answer puts it on one line."""
    return " ".join(sentence.folded.split()) in said


def _choose(considered: Sequence[Aspect], years: Sequence[str], config: AnswerConfig) -> list[Sentence]:
    """For each aspect the best sentence, then further ones until it is likely enough that one of them answers.

    All within the number of sentences and characters, in the order of the aspects.
    """
    chosen: list[Sentence] = []
    own: list[list[Sentence]] = [[] for _ in considered]
    for enough in (_SOME, config.confidence):
        for aspect, mine in zip(considered, own, strict=True):
            sides = aspect.wanted.comparison and len(considered) > 1  # each side of a comparison has its own
            for sentence in _in_turn(aspect, years):
                another = _is_another_value(sentence, aspect.ranked[0], chosen, aspect.wanted)
                goal = _ALL_SIDES if aspect.wanted.comparison and enough > _SOME else enough
                if aspect.likely(mine if sides else chosen) >= goal and not another:
                    continue
                if _fits(sentence, chosen, max(config.sentences, len(considered)), config.chars):
                    chosen.append(sentence)
                    mine.append(sentence)
    return chosen


def _fits(sentence: Sentence, chosen: Sequence[Sentence], most: int, chars: int) -> bool:
    """Whether there is room for a sentence that is not yet there; scraped pages say things twice."""
    if len(chosen) >= most or any(sentence.folded == s.folded for s in chosen):
        return False
    return sum(_length(s) for s in (*chosen, sentence)) <= chars


def _length(sentence: Sentence) -> int:
    return len(sentence.text) + len(wording.origin(sentence, "hans")) + _MARK


def _in_turn(aspect: Aspect, years: Sequence[str]) -> Sequence[Sentence]:
    if aspect.wanted.comparison:
        # What both are said to speak of tells the sides apart from all else.
        named = [s for s in aspect.ranked if any(quoted in s.folded for quoted in aspect.wanted.quoted)]
        return _by_article_in_turn(named or [s for s in aspect.ranked if s.likely >= _UNLIKELY])
    if aspect.wanted.number and years:
        led = _led_by_year(aspect.ranked, years, aspect.wanted)
        return [*led[:1], *(s for s in led[1:] if not _is_of_another_year(s, years))]
    return [s for s in aspect.ranked if s.likely >= _FALLS_SHORT * aspect.ranked[0].likely]


def _is_another_value(sentence: Sentence, best: Sentence, chosen: Sequence[Sentence], wanted: AskedFor) -> bool:
    """Whether another article counts the same thing: 24 models in May beside 34 in June, both of them true."""
    if wanted.measure is None or sentence.hit.article.id in {s.hit.article.id for s in chosen}:
        return False
    return (
        sentence.speaks_of_what(best, words=0.33)
        and gives_number(wanted, best.folded)
        and gives_number(wanted, sentence.folded)
    )


def _led_by_year(ranked: Sequence[Sentence], years: Sequence[str], wanted: AskedFor) -> list[Sentence]:
    """The ranking, led by a number of the year asked about where the best sentence gives that of another year.

    "In 2022 the firm's turnover was 12. In 2023 it was 15": the best by its words may be of the wrong year.
    """
    stated = stated_years(ranked[0].folded) if ranked else set()
    if not stated or not stated.isdisjoint(years):
        return list(ranked)
    for sentence in ranked:
        same = sentence.hit.article.id == ranked[0].hit.article.id and sentence.words >= ranked[0].words / 2
        if same and gives_number(wanted, sentence.folded) and any(year in sentence.folded for year in years):
            return [sentence, *(s for s in ranked if s is not sentence)]
    return list(ranked)


def _is_of_another_year(sentence: Sentence, years: Sequence[str]) -> bool:
    stated = stated_years(sentence.folded)
    return bool(stated) and stated.isdisjoint(years)


def _by_article_in_turn(ranked: Sequence[Sentence]) -> list[Sentence]:
    """The best sentence of each article first: the sides of a comparison stand in different ones."""
    best: dict[str, Sentence] = {}
    for sentence in ranked:
        best.setdefault(sentence.hit.article.id, sentence)
    first = list(best.values())
    return first + [s for s in ranked if s not in first]
