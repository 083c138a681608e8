"""YoujuRetriever: our passages as LlamaIndex nodes, with no language model behind them."""

import warnings

import pytest

from index.errors import QuestionError
from rag.assistant import Assistant
from rag.types import Question

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # LlamaIndex's own
    from llama_index.core import Settings

    from rag.llamaindex import YoujuRetriever


def test_nodes_are_the_hits_of_a_search(assistant: Assistant):
    nodes = YoujuRetriever(assistant, k=3).retrieve("海州通过备案的大模型有多少款？")
    hits = assistant.search(Question("海州通过备案的大模型有多少款？"), 3)
    assert [n.node.node_id for n in nodes] == [h.passage.id for h in hits]
    assert [n.score for n in nodes] == [h.score for h in hits]
    assert [n.text for n in nodes] == [h.passage.text for h in hits]
    first, source = nodes[0].node, hits[0].article
    assert source.text[first.start_char_idx : first.end_char_idx] == first.text
    assert first.metadata == {
        "article_id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "published": source.published,
        "url": None,
    }


def test_groups_hold_here_too(assistant: Assistant):
    question = "绩效奖金池有多少元？"
    assert all(n.metadata["article_id"] != "salary" for n in YoujuRetriever(assistant).retrieve(question))
    assert YoujuRetriever(assistant, groups=("人力",)).retrieve(question)[0].metadata["article_id"] == "salary"


def test_a_question_that_cannot_be_asked_is_refused(assistant: Assistant):
    with pytest.raises(QuestionError):
        YoujuRetriever(assistant).retrieve("？")


def test_no_language_model_is_set_up(assistant: Assistant):
    YoujuRetriever(assistant).retrieve("青石桥")
    assert Settings._llm is None
