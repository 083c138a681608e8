"""ask(): from a question to a verified answer, in five steps. Read this page first."""

from collections import deque
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from index.embed import StaticEmbedder, load_embedder
from index.fold import fold
from index.reader import Index, open_index
from index.synonyms import in_words_of
from index.types import Filter
from rag import question as questions
from rag import witnesses
from rag.asked_for import asked_for
from rag.condense import completed, condense, in_own_words, is_follow_up
from rag.config import Config
from rag.crossencoder import load_cross_encoder
from rag.endpoint import LlmConfig
from rag.evidence import Sentence
from rag.extract import Extract, extract, ranked
from rag.failures import ModelFailed
from rag.find import Finding, find
from rag.generate import Draft, generate, is_foreign
from rag.names import named
from rag.question import MAX_CHARS, Asked, Script
from rag.types import Answer, Citation, Hit, Question, Reprint, Seconds
from rag.wording import in_script

if TYPE_CHECKING:
    from rag.llm import LanguageModel


class Assistant:
    """Answers questions over the newest generation of one index. Threads may share it."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._index = open_index(config.index)
        self._tokens = _token_vectors(self._index)
        self._model = _language_model(config.llm)

    def ask(self, question: Question) -> Answer:
        """Answer a question from the articles of `question.filter`. Raises QuestionError if it cannot be asked."""
        return deque(self.stream(question), maxlen=1).pop()

    def stream(self, question: Question) -> Generator[Answer, None, None]:
        """The answer as a language model writes it, one more verified sentence at a time; the last one is complete.

        While nothing comes the same one is given again, twice a second; closing the iterator stops the model. Without a
        model there is only the last. Raises QuestionError if the question cannot be asked.
        """
        return self._stream(question, self._model)

    def excerpt(self, question: Question) -> Answer:
        """The answer without a language model, even where there is one. Raises QuestionError if it cannot be asked."""
        return deque(self._stream(question, None), maxlen=1).pop()

    @property
    def has_model(self) -> bool:
        """Whether a language model writes the answers."""
        return self._model is not None

    def _stream(self, question: Question, model: "LanguageModel | None") -> Generator[Answer, None, None]:
        index = self._current()
        questions.check(question.text)
        standalone = condense(question)
        asked = questions.check(standalone)
        found = self._find(index, asked, question)
        told = partial(_told, index, question, standalone, found, perf_counter())
        note = None
        if model and not is_foreign(found.hits, self._config.answer):
            try:
                with closing(self._generate(model, question, asked, found)) as drafts:
                    yield from map(told, drafts)
                return
            except ModelFailed as failed:
                note = failed.message
        yield replace(told(self._extract(index, question, asked, found)), note=note)

    def _generate(
        self, model: "LanguageModel", question: Question, asked: Asked, found: Finding
    ) -> Generator[Draft, None, None]:
        typed = questions.check(question.text)
        return generate(
            model,
            replace(asked, script=_script(question, typed), narrowed=question.filter.narrows),
            found.hits,
            typed=typed.folded,
            today=question.today,
            tokens=self._tokens,
            config=self._config.llm,
        )

    def _extract(self, index: Index, question: Question, asked: Asked, found: Finding) -> Extract:
        typed, rephrase = questions.check(question.text), in_words_of(asked.folded, index.words)
        return extract(
            replace(
                asked, folded=rephrase(asked.folded), script=_script(question, typed), narrowed=question.filter.narrows
            ),
            found,
            wanted=asked_for(rephrase(_meant(question))),
            named=named(typed, questions.check(in_own_words(question)), rephrase),
            said=rephrase(fold(question.history[-1].answer)) if is_follow_up(question) else "",
            index=index,
            tokens=self._tokens,
            config=self._config.answer,
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
        questions.check(question.text)
        asked = questions.check(condense(question))
        found = self._find(index, asked, question)
        rephrase = in_words_of(asked.folded, index.words)
        wanted = asked_for(rephrase(_meant(question)))
        return ranked(found, wanted, self._tokens, rephrase)[:k]

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


def _script(question: Question, typed: Asked) -> Script:
    """The script of the last question; of one that both scripts write alike, that of the question before it."""
    if typed.script == "hans" and question.history and in_script(typed.text, "hant") == typed.text:
        before = question.history[-1].question[:MAX_CHARS]
        return questions.check(before).script if any(c.isalnum() for c in before) else typed.script
    return typed.script


def _meant(question: Question) -> str:
    """The folded last question, with what it leaves out where that can be told: the kind of answer that it asks for."""
    return fold(completed(question) or questions.check(question.text).text)


def _token_vectors(index: Index) -> StaticEmbedder:
    """Late interaction needs token vectors, which a transformer does not have: then the shipped model's serve."""
    if isinstance(index.embedder, StaticEmbedder):
        return index.embedder
    shipped = load_embedder("shipped")
    assert isinstance(shipped, StaticEmbedder)
    return shipped


def _language_model(config: LlmConfig) -> "LanguageModel | None":
    """The model of the configuration; without one, nothing of LlamaIndex is imported."""
    if not config.is_set:
        return None
    from rag.llm import LanguageModel

    return LanguageModel(config)


def _told(
    index: Index, question: Question, standalone: str, found: Finding, started: float, made: Draft | Extract
) -> Answer:
    """What was made, with all that belongs to it; `started` is when the making of it began."""
    written = made if isinstance(made, Draft) else None
    return Answer(
        question=question.text,
        standalone=standalone,
        text=made.text,
        citations=tuple(_with_reprints(index, c, found.hits, question.filter) for c in made.citations),
        hits=found.hits,
        status=made.status,
        mode="llm" if written else "extractive",
        dropped=written.dropped if written else 0,
        seconds=Seconds(found.retrieve, found.rerank, perf_counter() - started),
        unverified=written.unverified if written else (),
    )


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
