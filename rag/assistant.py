"""ask(): from a question to a verified answer, in five steps. Read this page first."""

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from index.embed import StaticEmbedder, load_embedder
from index.fold import fold
from index.reader import Index, open_index
from index.synonyms import in_words_of
from index.types import Filter
from rag import question as questions
from rag import witnesses
from rag.asked_for import asked_for
from rag.condense import condense, in_own_words, is_follow_up
from rag.config import Config
from rag.crossencoder import load_cross_encoder
from rag.evidence import Sentence
from rag.extract import extract, ranked
from rag.find import Finding, find
from rag.names import named
from rag.types import Answer, Citation, Hit, Question, Reprint, Seconds


class Assistant:
    """Answers questions over the newest generation of one index. Threads may share it."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._index = open_index(config.index)
        self._tokens = _token_vectors(self._index)

    def ask(self, question: Question) -> Answer:
        """Answer a question from the articles of `question.filter`. Raises QuestionError if it cannot be asked."""
        index = self._current()
        typed = questions.check(question.text)
        standalone = condense(question)
        asked = questions.check(standalone)
        rephrase = in_words_of(asked.folded, index.words)
        found = self._find(index, asked, question)
        started = perf_counter()
        answer = extract(
            replace(asked, folded=rephrase(asked.folded), script=typed.script, narrowed=question.filter.narrows),
            found.hits,
            looked_for=found.looked_for,
            wanted=asked_for(rephrase(typed.folded)),
            named=named(typed, questions.check(in_own_words(question)), rephrase),
            said=rephrase(fold(question.history[-1].answer)) if is_follow_up(question) else "",
            index=index,
            tokens=self._tokens,
            config=self._config.answer,
        )
        seconds = Seconds(found.retrieve, found.rerank, perf_counter() - started)
        return Answer(
            question=question.text,
            standalone=standalone,
            text=answer.text,
            citations=tuple(_with_reprints(index, c, found.hits, question.filter) for c in answer.citations),
            hits=found.hits,
            status=answer.status,
            mode="extractive",
            dropped=0,
            seconds=seconds,
        )

    def search(self, question: Question, k: int) -> list[Hit]:
        """The best passage of each of the `k` best articles. Raises QuestionError if the question cannot be asked."""
        index = self._current()
        questions.check(question.text)
        found = self._find(index, questions.check(condense(question)), question)
        return [_whole(index, hit, question.filter) for hit in _distinct(found.hits, k)]

    def sentences(self, question: Question, k: int) -> list[Sentence]:
        """The `k` sentences that an answer would be made of first. Raises QuestionError if it cannot be asked."""
        index = self._current()
        typed, asked = questions.check(question.text), questions.check(condense(question))
        found = self._find(index, asked, question)
        rephrase = in_words_of(asked.folded, index.words)
        wanted = asked_for(rephrase(typed.folded))
        return ranked(found.hits, found.looked_for, wanted, self._tokens, rephrase)[:k]

    def refresh(self) -> None:
        """Let go of a generation that a newer one has replaced, without waiting for the next question."""
        self._current()

    def _find(self, index: Index, asked: questions.Asked, question: Question) -> Finding:
        encoder = load_cross_encoder(self._config.rerank)
        return find(index, self._tokens, asked, question, self._config.retrieve, encoder)

    def _current(self) -> Index:
        """The index, opened again if a newer generation was published; who still searches the old one keeps it."""
        index = self._index
        if not index.is_current():
            index = self._index = open_index(self._config.index)
        return index


def _token_vectors(index: Index) -> StaticEmbedder:
    """Late interaction needs token vectors, which a transformer does not have: then the shipped model's serve."""
    if isinstance(index.embedder, StaticEmbedder):
        return index.embedder
    shipped = load_embedder("shipped")
    assert isinstance(shipped, StaticEmbedder)
    return shipped


def _with_reprints(index: Index, citation: Citation, hits: Sequence[Hit], only: Filter) -> Citation:
    """A citation with the other places where its quote can be read."""
    hit = next(h for h in hits if h.article.id == citation.article_id)
    also = witnesses.reprints(index, hit, citation.quote, only)
    return replace(citation, reprints=tuple(Reprint(a.id, a.title, a.publisher, a.published, a.source) for a in also))


def _whole(index: Index, hit: Hit, only: Filter) -> Hit:
    """A hit with all the articles that say the same, where only those were known that were found beside it."""
    return replace(hit, reprints=witnesses.reprints(index, hit, hit.passage.text, only))


def _distinct(hits: Sequence[Hit], k: int) -> list[Hit]:
    """The first hit of each article."""
    best: dict[str, Hit] = {}
    for hit in hits:
        best.setdefault(hit.article.id, hit)
    return list(best.values())[:k]
