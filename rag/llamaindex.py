"""The index as a LlamaIndex retriever and its embedder as a LlamaIndex embedding, so that pipelines, synthesizers and
evaluators built on LlamaIndex can use them.

Importing this module imports llama_index.core (1.4 s); nothing on the way to an answer does.
"""

import asyncio
from collections.abc import Sequence

from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from index.config import EmbedConfig
from index.embed import Embedder, load_embedder
from index.fold import fold
from index.types import ANYBODY, Filter
from index.unit import Kind
from rag.assistant import Assistant
from rag.types import Hit, Question

_MOST_AT_ONCE = 2048  # LlamaIndex's own bound


class YoujuEmbedding(BaseEmbedding):
    """Our embedder: the shipped one, or any that `embed.model` may name. Texts are folded as they are for the index.

    Raises ModelError if the model is missing or unfit.
    """

    _embedder: Embedder = PrivateAttr()

    def __init__(self, embed: EmbedConfig | str = "shipped") -> None:
        embedder = load_embedder(embed)
        super().__init__(model_name=embedder.name, embed_batch_size=min(embedder.at_once, _MOST_AT_ONCE))
        self._embedder = embedder

    @classmethod
    def class_name(cls) -> str:
        """The name under which LlamaIndex logs and stores it."""
        return "YoujuEmbedding"

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._embedded([query], "query")[0]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._embedded([text], "passage")[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._embedded(texts, "passage")

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)

    async def _aget_text_embedding(self, text: str) -> list[float]:
        return await asyncio.to_thread(self._get_text_embedding, text)

    async def _aget_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return await asyncio.to_thread(self._get_text_embeddings, texts)

    def _embedded(self, texts: Sequence[str], kind: Kind) -> list[list[float]]:
        vectors: list[list[float]] = self._embedder.encode([fold(text) for text in texts], kind=kind).tolist()
        return vectors


class YoujuRetriever(BaseRetriever):
    """Gives the best passage of each of the `k` best articles as nodes, with title, publisher and date as metadata."""

    def __init__(self, assistant: Assistant, *, k: int = 10, only: Filter = ANYBODY) -> None:
        self._assistant, self._k, self._only = assistant, k, only
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        question = Question(query_bundle.query_str, filter=self._only)
        return [_node(hit) for hit in self._assistant.search(question, self._k)]


def _node(hit: Hit) -> NodeWithScore:
    passage, article = hit.passage, hit.article
    node = TextNode(
        id_=passage.id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "article_id": article.id,
            "title": article.title,
            "publisher": article.publisher,
            "published": article.published,
            "url": article.url,
        },
    )
    return NodeWithScore(node=node, score=hit.score)
