"""The index as a LlamaIndex retriever, so that pipelines, synthesizers and evaluators built on LlamaIndex can use it.

Importing this module imports llama_index.core (1.4 s); nothing on the way to an answer does.
"""

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.assistant import Assistant
from rag.types import Hit, Question


class YoujuRetriever(BaseRetriever):
    """Gives the best passage of each of the `k` best articles as nodes, with title, publisher and date as metadata."""

    def __init__(self, assistant: Assistant, *, k: int = 10, groups: tuple[str, ...] = ()) -> None:
        self._assistant, self._k, self._groups = assistant, k, groups
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        question = Question(query_bundle.query_str, groups=self._groups)
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
