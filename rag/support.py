"""Whether the chosen sentences carry what the question is about: its years, places, names, quantities."""

from collections.abc import Sequence
from index.embed import StaticEmbedder
from index.reader import Index
from rag.asked_for import AskedFor
from rag.config import AnswerConfig
from rag.evidence import Sentence
from rag.question import Asked
from rag.types import Hit


def missing(
    asked: Asked,
    wanted: AskedFor,
    chosen: Sequence[Sentence],
    hits: Sequence[Hit],
    *,
    index: Index,
    tokens: StaticEmbedder,
    config: AnswerConfig,
) -> str | None:
    return None
