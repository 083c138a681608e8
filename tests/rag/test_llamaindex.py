"""Our passages as LlamaIndex nodes and our embedder as its embedding, with no language model behind them."""

import asyncio
import warnings

import numpy as np
import pytest

from index.embed import load_embedder
from index.errors import ModelError, QuestionError
from index.fold import fold
from index.types import Filter
from rag.assistant import Assistant
from rag.types import Question

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # LlamaIndex's own
    from llama_index.core import Settings, VectorStoreIndex
    from llama_index.core.ingestion import IngestionPipeline
    from llama_index.core.llms import MockLLM
    from llama_index.core.query_engine import RetrieverQueryEngine
    from llama_index.core.schema import TextNode

    from rag.llamaindex import YoujuEmbedding, YoujuRetriever


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
    assert YoujuRetriever(assistant, only=Filter(("人力",))).retrieve(question)[0].metadata["article_id"] == "salary"


def test_a_retriever_keeps_to_its_filter(assistant: Assistant):
    found = YoujuRetriever(assistant, only=Filter(paths=("bridge",))).retrieve("云岫茶厂春茶产量")
    assert {n.metadata["article_id"] for n in found} == {"bridge"}


def test_a_question_that_cannot_be_asked_is_refused(assistant: Assistant):
    with pytest.raises(QuestionError):
        YoujuRetriever(assistant).retrieve("？")


def test_no_language_model_is_set_up(assistant: Assistant):
    YoujuRetriever(assistant).retrieve("青石桥")
    assert Settings._llm is None


# YoujuEmbedding

NOTES = ("青石桥建于1912年，全长48米。", "雲岫茶廠的春茶產量為6.5萬斤。", "图书馆每周一闭馆。")


def test_its_vectors_are_those_of_the_embedder_for_the_folded_text():
    embedding, shipped = YoujuEmbedding(), load_embedder("shipped")
    passages = shipped.encode([fold(note) for note in NOTES])
    np.testing.assert_allclose(embedding.get_text_embedding_batch(list(NOTES)), passages, atol=1e-6)
    np.testing.assert_allclose(embedding.get_text_embedding(NOTES[1]), passages[1], atol=1e-6)
    asked = shipped.encode([fold("春茶產量")], kind="query")[0]
    np.testing.assert_allclose(embedding.get_query_embedding("春茶產量"), asked, atol=1e-6)
    assert embedding.model_name == "shipped" and embedding.get_text_embedding_batch([]) == []


def test_asynchronous_calls_give_the_same_vectors():
    embedding = YoujuEmbedding()

    async def all_of_them() -> list[list[float]]:
        texts = await embedding.aget_text_embedding_batch(list(NOTES))
        return [*texts, await embedding.aget_text_embedding(NOTES[0]), await embedding.aget_query_embedding(NOTES[1])]

    expected = embedding.get_text_embedding_batch([*NOTES, NOTES[0], NOTES[1]])
    np.testing.assert_allclose(asyncio.run(all_of_them()), expected, atol=1e-6)


def test_a_vector_index_of_llamaindex_finds_with_it_across_scripts_and_languages():
    index = VectorStoreIndex([TextNode(text=note) for note in NOTES], embed_model=YoujuEmbedding())
    for question, found in (("云岫茶厂的春茶产量", 1), ("圖書館哪天閉館？", 2), ("How long is the stone bridge?", 0)):
        assert index.as_retriever(similarity_top_k=1).retrieve(question)[0].text == NOTES[found]
    assert Settings._llm is None


def test_it_is_a_step_of_an_ingestion_pipeline():
    nodes = IngestionPipeline(transformations=[YoujuEmbedding()]).run(nodes=[TextNode(text=note) for note in NOTES])
    assert [len(node.get_embedding()) for node in nodes] == [load_embedder("shipped").dim] * 3


def test_a_query_engine_answers_from_our_passages_with_the_model_that_it_is_given(assistant: Assistant):
    engine = RetrieverQueryEngine.from_args(YoujuRetriever(assistant, k=1), llm=MockLLM())
    answer = engine.query("青石桥有多长？")
    assert answer.source_nodes[0].metadata["article_id"] == "bridge" and "48米" in str(answer)
    assert Settings._llm is None


def test_a_model_that_is_missing_is_said():
    with pytest.raises(ModelError, match="hf download"):
        YoujuEmbedding("nobody/no-such-model")
