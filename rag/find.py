"""From a question to its hits: the candidates and their order, for the question and for each of its parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from index.embed import StaticEmbedder
from index.fold import fold
from index.reader import Index
from index.synonyms import in_words_of
from rag.condense import completed, is_follow_up
from rag.config import RetrieveConfig
from rag.crossencoder import CrossEncoder
from rag.features import Sought, coverage
from rag.parts import compared, parts
from rag.question import Asked
from rag.rerank import rerank, reread, sought
from rag.retrieve import retrieve
from rag.types import Hit, Question

_ENOUGH = 0.15  # of the rarity of the question's words: "what does each mean" holds less
_HELD = 0.6  # of the rarity of a part's words: then the best hit is about it


@dataclass(frozen=True, slots=True)
class Finding:
    """The hits, best first, each passage once; what was looked for; the seconds that retrieving and reranking took.

    `parts` are what was found for the parts of the question that were searched by themselves.
    """

    hits: tuple[Hit, ...]
    looked_for: Sought
    retrieve: float
    rerank: float
    parts: tuple["Finding", ...] = ()


def find(
    index: Index,
    tokens: StaticEmbedder,
    asked: Asked,
    question: Question,
    config: RetrieveConfig,
    encoder: CrossEncoder | None = None,
) -> Finding:
    """The hits for a checked question that stands alone; `question` says who asks, when, and of which articles.

    The best hit of each part of the question follows the best one of the whole.
    """
    whole = _find(index, tokens, asked.folded, question, config)
    # A follow-up stands beside the turn before it, which is no part of what is asked.
    beside = is_follow_up(question) and completed(question) is None
    one = "parts" in config.without or beside or not whole.hits
    others = [] if one else _find_parts(index, tokens, whole, question, config)
    hits = whole.hits if encoder is None else reread(encoder, asked.text, whole.hits)
    first = (*hits[:1], *(hit for part in others for hit in part.hits[:1]))
    return Finding(
        hits=_distinct((*first, *hits)),
        looked_for=whole.looked_for,
        retrieve=whole.retrieve + sum(part.retrieve for part in others),
        rerank=whole.rerank + sum(part.rerank for part in others),
        parts=tuple(others),
    )


def _find_parts(
    index: Index, tokens: StaticEmbedder, whole: Finding, question: Question, config: RetrieveConfig
) -> list[Finding]:
    """What is found for the parts of the question that say enough and that the best hit of the whole does not hold.

    Questions about one article in several sentences are common, and each search takes as long as the whole. Of things
    that are to be compared each is searched for.
    """
    folded = whole.looked_for.folded
    if both := compared(folded):
        return [_find(index, tokens, thing, question, config) for thing in both.things]
    rarity = whole.looked_for.rarity
    best = whole.hits[0]
    held = fold(f"{best.article.title} {best.passage.heading or ''} {best.passage.text}")
    others = []
    for part in parts(folded):
        own = {word: r for word, r in rarity.items() if word in part}
        if sum(own.values()) >= _ENOUGH * sum(rarity.values()) and coverage(own, held) < _HELD:
            others.append(_find(index, tokens, part, question, config))
    return others


def _find(index: Index, tokens: StaticEmbedder, folded: str, question: Question, config: RetrieveConfig) -> Finding:
    started = perf_counter()
    rephrase = in_words_of(folded, index.words)
    candidates = retrieve(index, folded, config, question.filter)
    found = perf_counter()
    looked_for = sought(rephrase(folded), question.today, index)
    hits = rerank(looked_for, candidates, tokens, config, rephrase=rephrase)
    return Finding(tuple(hits), looked_for, found - started, perf_counter() - found)


def _distinct(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Each passage where it comes first."""
    first: dict[str, Hit] = {}
    for hit in hits:
        first.setdefault(hit.passage.id, hit)
    return tuple(first.values())
