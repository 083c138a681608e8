"""An answer without a language model: sentences of the articles that answer the question, each with its citation."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.embed import StaticEmbedder
from index.reader import Index
from index.synonyms import Rephrase
from rag import wording
from rag.asked_for import AskedFor, gives_number
from rag.cite import cite
from rag.config import AnswerConfig
from rag.evidence import Sentence, gather
from rag.features import Sought
from rag.names import Named, stated_years
from rag.question import Asked
from rag.support import missing
from rag.types import Citation, Hit, Status
from rag.weigh import weigh

_PASSAGES = 12  # hits whose sentences are looked at
_MARK = 4  # characters of a mark such as [1] and an end mark


@dataclass(frozen=True, slots=True)
class Extract:
    """The text of an answer with its citations and status."""

    text: str
    citations: tuple[Citation, ...]
    status: Status


def extract(
    asked: Asked,
    hits: Sequence[Hit],
    *,
    looked_for: Sought,
    wanted: AskedFor,
    named: Named,
    said: str,
    index: Index,
    tokens: StaticEmbedder,
    config: AnswerConfig,
) -> Extract:
    """One to three sentences of the hits that answer the question; a refusal that names what is missing, if none do.

    `asked` is the question that stands alone, in the script of its last turn, and `looked_for` what it was searched
    by; `wanted` is what that turn asks for, `named` what the asker named. `said` is the folded answer before a
    follow-up, in the question's words: it asks for something else, so what was said is given again only for a number
    that nothing else gives.
    """
    weighed = ranked(hits, looked_for, wanted, tokens, named.rephrase)
    chosen = _choose([s for s in weighed if not _was_said(s, said)] or weighed, wanted, named.years, config)
    lacking = missing(named, wanted, chosen, index=index, config=config)
    if said and wanted.number and (lacking is not None or not gives_number(wanted, chosen[0].folded)):
        chosen = _choose(weighed, wanted, named.years, config)
        lacking = missing(named, wanted, chosen, index=index, config=config)
    if not chosen or lacking is not None:
        return Extract(wording.refusal(asked, lacking, shown=bool(hits)), (), "no_evidence")
    return Extract(wording.answer(asked, chosen), cite(chosen), "answered")


def ranked(
    hits: Sequence[Hit], looked_for: Sought, wanted: AskedFor, tokens: StaticEmbedder, rephrase: Rephrase
) -> list[Sentence]:
    """The sentences of the best hits, those first that answer best."""
    gathered = gather(hits[:_PASSAGES], whole_lists=wanted.listing, rephrase=rephrase)
    return weigh(gathered, looked_for, wanted, tokens)


def _was_said(sentence: Sentence, said: str) -> bool:
    """Whether an answer gave the sentence; an answer puts it on one line."""
    return " ".join(sentence.folded.split()) in said


def _choose(ranked: Sequence[Sentence], wanted: AskedFor, years: Sequence[str], config: AnswerConfig) -> list[Sentence]:
    """The best sentence, then the next ones while they are nearly as good and there is room."""
    enough = ranked[0].worth - config.margin if ranked else 0.0
    if wanted.comparison:
        ranked = _by_article_in_turn(ranked)
    elif wanted.number and years:
        ranked = _led_by_year(ranked, years, wanted)
    chosen: list[Sentence] = []
    room = config.chars
    for sentence in ranked:
        near = sentence is ranked[0] or sentence.worth >= enough
        if not near and not _is_another_value(sentence, ranked[0], chosen, wanted):
            continue
        length = len(sentence.text) + len(wording.origin(sentence, "hans")) + _MARK
        repeated = any(sentence.folded == s.folded for s in chosen)  # scraped pages say things twice
        if len(chosen) < config.sentences and length <= room and not repeated:
            chosen.append(sentence)
            room -= length
    return chosen


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


def _by_article_in_turn(ranked: Sequence[Sentence]) -> list[Sentence]:
    """The best sentence of each article first: the sides of a comparison stand in different ones."""
    best: dict[str, Sentence] = {}
    for sentence in ranked:
        best.setdefault(sentence.hit.article.id, sentence)
    first = list(best.values())
    return first + [s for s in ranked if s not in first]
