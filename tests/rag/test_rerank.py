"""late_interaction(): MaxSim, each question token weighing as much as its vector is long."""

import numpy as np
import pytest

from index.embed import StaticEmbedder
from index.fold import fold
from index.reader import Index
from rag.config import RetrieveConfig
from rag.rerank import late_interaction, rerank
from rag.retrieve import retrieve

TEXTS = ("青石桥建于1912年", "云岫茶厂的春茶", "石桥石桥石桥", "the harbour theatre")


def naive(tokens: StaticEmbedder, question: str, text: str) -> float:
    """The sum over question tokens of weight times the best cosine among the text's tokens, over the sum of weights."""
    asked, met = tokens.token_ids([question, text])
    unit, weight = tokens.vectors(asked)
    others, _ = tokens.vectors(met)
    best = [max(float(np.dot(one, other)) for other in others) for one in unit]
    return sum(w * b for w, b in zip(weight.tolist(), best, strict=True)) / sum(weight.tolist())


@pytest.mark.parametrize("question", ["青石桥建于哪一年", "harbour", "茶茶茶", "bridge of stone"])
def test_it_equals_the_formula_written_out(tokens: StaticEmbedder, question: str):
    found = late_interaction(tokens, question, TEXTS)
    assert found.tolist() == pytest.approx([naive(tokens, question, text) for text in TEXTS], abs=1e-5)


def test_a_text_that_holds_the_question_matches_it_wholly(tokens: StaticEmbedder):
    assert late_interaction(tokens, "青石桥", ["青石桥"])[0] == pytest.approx(1.0, abs=1e-5)


def test_empty_texts_and_an_empty_question_match_nothing(tokens: StaticEmbedder):
    assert late_interaction(tokens, "青石桥", []).tolist() == []
    assert late_interaction(tokens, "青石桥", ["", "青石桥", ""]).tolist() == pytest.approx([0, 1, 0], abs=1e-5)
    assert late_interaction(tokens, "", TEXTS).tolist() == [0] * len(TEXTS)


def test_hits_are_the_best_candidates_with_late_interaction_added(index: Index, tokens: StaticEmbedder):
    config = RetrieveConfig(rerank=3, late_weight=2.0)
    question = fold("青石桥有多长")
    candidates = retrieve(index, question, config)
    hits = rerank(tokens, question, candidates, config)
    assert len(hits) == 3 and hits[0].article.id == "bridge"
    assert {h.passage.id for h in hits} == {c.found.passage.id for c in candidates[:3]}
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    before = {c.found.passage.id: c.score for c in candidates}
    # No heading, so the search text is title and passage.
    for hit in hits:
        text = fold(f"{hit.article.title} {hit.passage.text}")
        assert hit.score == pytest.approx(before[hit.passage.id] + 2.0 * naive(tokens, question, text), abs=1e-4)


def test_nothing_found_is_nothing_ranked(tokens: StaticEmbedder):
    assert rerank(tokens, "青石桥", [], RetrieveConfig()) == []
