"""retrieve(): cosine plus a weight times the share of BM25 that the question could reach."""

import numpy as np
import pytest

from index.fold import fold
from index.reader import Index
from index.types import Filter
from rag.config import RetrieveConfig
from rag.retrieve import retrieve

QUESTION = fold("云岫茶厂2023年春茶产量是多少")


def test_a_candidates_score_is_its_cosine_plus_the_weighted_share_of_bm25(index: Index):
    config = RetrieveConfig(lexical_weight=2.5)
    words = index.words(QUESTION)
    lexical = index.lexical(words, config.candidates)
    bm25 = dict(zip(lexical.rows.tolist(), lexical.scores.tolist(), strict=True))
    vector = index.embedder.encode([QUESTION], kind="query")[0]
    for candidate in retrieve(index, QUESTION, config):
        row = candidate.found.row
        assert candidate.cosine == pytest.approx(float(np.dot(candidate.found.vector, vector)), abs=1e-6)
        assert candidate.words == pytest.approx(bm25.get(row, 0.0) / index.bound(words))
        assert candidate.score == pytest.approx(candidate.cosine + 2.5 * candidate.words)


@pytest.mark.parametrize("question", [QUESTION, "the harbour theatre", "茶 茶 茶", "1", "量子色动力学"])
def test_words_lie_between_nothing_and_everything(index: Index, question: str):
    found = retrieve(index, question, RetrieveConfig())
    assert found and all(0.0 <= c.words <= 1.0 and -1.001 <= c.cosine <= 1.001 for c in found)


def test_candidates_come_best_first_and_each_once(index: Index):
    found = retrieve(index, QUESTION, RetrieveConfig())
    assert found[0].found.article.id == "tea"
    assert [c.score for c in found] == sorted((c.score for c in found), reverse=True)
    assert len({c.found.row for c in found}) == len(found)


def test_a_question_foreign_to_the_articles_gets_nothing_from_words(index: Index):
    assert all(c.words == 0.0 for c in retrieve(index, "zyzzyva", RetrieveConfig()))


def test_no_more_is_proposed_than_either_leg_may(index: Index):
    assert len(retrieve(index, QUESTION, RetrieveConfig(candidates=1))) <= 2


def test_what_a_group_may_not_read_is_not_among_the_candidates(index: Index):
    question = "绩效奖金池有多少元"
    assert "salary" not in {c.found.article.id for c in retrieve(index, question, RetrieveConfig())}
    assert "salary" not in {c.found.article.id for c in retrieve(index, question, RetrieveConfig(), Filter(("财务",)))}
    assert retrieve(index, question, RetrieveConfig(), Filter(("人力",)))[0].found.article.id == "salary"


def test_without_words_only_the_vectors_propose(index: Index):
    found = retrieve(index, QUESTION, RetrieveConfig(candidates=2, without=("words",)))
    near = index.dense(index.embedder.encode([QUESTION], kind="query")[0], 2)
    assert {c.found.row for c in found} == set(near.rows.tolist())
    assert all(c.words == 0.0 and c.score == c.cosine for c in found)


def test_without_vectors_only_the_words_propose(index: Index):
    found = retrieve(index, QUESTION, RetrieveConfig(without=("cosine",)))
    assert {c.found.row for c in found} == set(index.lexical(index.words(QUESTION), 100).rows.tolist())
    assert all(c.words > 0 for c in found)
    assert retrieve(index, "zyzzyva", RetrieveConfig(without=("cosine",))) == []


def test_without_either_nothing_is_proposed(index: Index):
    assert retrieve(index, QUESTION, RetrieveConfig(without=("words", "cosine"))) == []
