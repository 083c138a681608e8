"""Sentences → citations: each quote stands literally in its article, at the offsets given with it."""

from collections.abc import Sequence

from rag.evidence import Sentence
from rag.types import Citation


def cite(sentences: Sequence[Sentence]) -> tuple[Citation, ...]:
    """One citation a sentence, numbered from 1 in their order."""
    return tuple(_citation(number, s) for number, s in enumerate(sentences, 1))


def _citation(number: int, sentence: Sentence) -> Citation:
    article, passage = sentence.hit.article, sentence.hit.passage
    return Citation(
        number=number,
        article_id=article.id,
        passage_id=passage.id,
        title=article.title,
        publisher=article.publisher,
        published=article.published,
        source=article.source,
        quote=article.text[sentence.start : sentence.end],
        start=sentence.start,
        end=sentence.end,
    )
