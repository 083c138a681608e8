"""rerank(): the sum of what speaks for a passage, each by its weight; a cross-encoder may take its place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import numpy as np
import pytest
from numpy.typing import NDArray

from index.embed import StaticEmbedder
from index.reader import Index
from rag.candidates import Candidate
from rag.config import RetrieveConfig
from rag.features import FEATURES, features
from rag.rerank import rerank, reread, sought
from rag.retrieve import retrieve
from rag.types import Hit

QUESTION = "青石桥有多长"
CONFIG = RetrieveConfig()


def table() -> dict[str, dict[str, float]]:
    """The weights as they stand in the file, by column and feature."""
    lines = files("rag").joinpath("ranking.tsv").read_text("utf-8").splitlines()
    head, *rows = (line.split("\t") for line in lines)
    return {head[at]: {row[0]: float(row[at]) for row in rows} for at in range(1, len(head))}


@pytest.fixture(scope="module")
def candidates(index: Index) -> list[Candidate]:
    return retrieve(index, QUESTION, CONFIG)


def ranked(index: Index, tokens: StaticEmbedder, question: str, config: RetrieveConfig = CONFIG) -> list[Hit]:
    return rerank(sought(question, None, index), retrieve(index, question, config), tokens, config)


def test_every_kind_of_evidence_has_its_two_weights_and_nothing_else_has_any():
    lines = files("rag").joinpath("ranking.tsv").read_text("utf-8").splitlines()
    assert lines[0].split("\t") == ["feature", "known", "foreign"]
    assert [line.split("\t")[0] for line in lines[1:]] == list(FEATURES)
    weights = [float(number) for line in lines[1:] for number in line.split("\t")[1:]]
    assert len(weights) == 2 * len(FEATURES) and np.isfinite(weights).all()


@pytest.mark.parametrize(("question", "kind"), [(QUESTION, "known"), ("how long is the stone bridge", "foreign")])
def test_the_score_is_the_sum_of_values_times_weights_and_gives_the_order(
    index: Index, tokens: StaticEmbedder, question: str, kind: str
):
    looked_for, found = sought(question, None, index), retrieve(index, question, CONFIG)
    weights = [table()[kind][name] for name in FEATURES]
    expected = {
        candidate.found.passage.id: sum(v * w for v, w in zip(row, weights, strict=True))
        for candidate, row in zip(found, features(looked_for, found, tokens).tolist(), strict=True)
    }
    hits = rerank(looked_for, found, tokens, CONFIG)
    assert {h.passage.id: h.score for h in hits} == pytest.approx(expected, abs=1e-4)
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)


def test_the_best_passage_comes_first(index: Index, tokens: StaticEmbedder):
    assert ranked(index, tokens, QUESTION)[0].article.id == "bridge"


def test_the_evidence_of_a_hit_explains_its_score_exactly(index: Index, tokens: StaticEmbedder):
    for hit in ranked(index, tokens, QUESTION):
        assert [one.name for one in hit.evidence] == list(FEATURES)
        assert hit.score == pytest.approx(sum(one.value * one.weight for one in hit.evidence), abs=1e-4)


@pytest.mark.parametrize("name", FEATURES)
def test_what_is_left_out_weighs_nothing_and_all_else_the_same(
    candidates: list[Candidate], index: Index, tokens: StaticEmbedder, name: str
):
    looked_for = sought(QUESTION, None, index)
    with_it = {h.passage.id: h for h in rerank(looked_for, candidates, tokens, CONFIG)}
    for hit in rerank(looked_for, candidates, tokens, RetrieveConfig(without=(name,))):
        before = with_it[hit.passage.id]
        for one, was in zip(hit.evidence, before.evidence, strict=True):
            assert one.value == was.value and one.weight == (0.0 if one.name == name else was.weight)
        (left_out,) = (one.value * one.weight for one in before.evidence if one.name == name)
        assert hit.score == pytest.approx(before.score - left_out, abs=1e-4)


def test_without_any_evidence_the_candidates_keep_their_order(
    candidates: list[Candidate], index: Index, tokens: StaticEmbedder
):
    hits = rerank(sought(QUESTION, None, index), candidates, tokens, RetrieveConfig(without=FEATURES))
    assert [h.passage for h in hits] == [c.found.passage for c in candidates] and {h.score for h in hits} == {0.0}


def test_the_match_is_the_candidates_score_with_late_interaction_added(
    candidates: list[Candidate], index: Index, tokens: StaticEmbedder
):
    before = {c.found.passage.id: c.score for c in candidates}
    for hit in rerank(sought(QUESTION, None, index), candidates, tokens, RetrieveConfig(late_weight=2.0)):
        (late,) = (one.value for one in hit.evidence if one.name == "late")
        assert hit.match == pytest.approx(before[hit.passage.id] + 2.0 * late)


def test_nothing_found_is_nothing_ranked(index: Index, tokens: StaticEmbedder):
    assert rerank(sought(QUESTION, None, index), [], tokens, CONFIG) == []


@pytest.mark.parametrize(
    ("question", "foreign"),
    [("青石桥有多长", False), ("海州图书馆新馆藏书多少册", False), ("the harbour theatre", False)]
    + [("how long is the stone bridge", True), ("quelle est la longueur du pont", True)],
)
def test_a_question_is_foreign_where_the_articles_hardly_hold_its_words(index: Index, question: str, foreign: bool):
    assert sought(question, None, index).foreign is foreign


def test_what_is_sought_are_the_words_that_carry_content_by_their_rarity(index: Index):
    found = sought("海州的青石桥是什么", "2024-05-06", index)
    assert {"海州", "石桥"} & found.rarity.keys() and not {"的", "是", "什么"} & found.rarity.keys()
    assert found.rarity == {word: index.rarity(word) for word in found.rarity}
    assert sought("去年的青石桥", "2024-05-06", index).when.spans[0].first == "2023-01-01"


@dataclass
class Scripted:
    """Scores the texts by the first of some words that they hold, and remembers what it was given."""

    by: dict[str, float]
    given: list[tuple[str, Sequence[str]]] = field(default_factory=list)

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        self.given.append((question, texts))
        return np.array([next((s for word, s in self.by.items() if word in t), 0.0) for t in texts], np.float32)


def test_a_cross_encoder_gives_order_and_scores(index: Index, tokens: StaticEmbedder):
    hits = ranked(index, tokens, QUESTION)
    encoder = Scripted({"春茶": 0.75, "青石桥": 0.5})
    again = reread(encoder, "青石桥有多长？", hits)  # type: ignore[arg-type]
    assert [(h.article.id, h.score) for h in again[:2]] == [("tea", 0.75), ("bridge", 0.5)]
    assert [h.passage.id for h in again[2:]] == [h.passage.id for h in hits if h.article.id not in ("tea", "bridge")]
    ((question, texts),) = encoder.given
    assert question == "青石桥有多长？" and texts[0].startswith("青石桥\n青石桥建于1912年")


def test_after_a_cross_encoder_the_evidence_still_explains_the_score(index: Index, tokens: StaticEmbedder):
    hits = ranked(index, tokens, QUESTION)
    before = {h.passage.id: [one.value for one in h.evidence] for h in hits}
    for hit in reread(Scripted({"茶": 0.75}), QUESTION, hits):  # type: ignore[arg-type]
        *earlier, last = hit.evidence
        assert (last.name, last.value, last.weight) == ("cross_encoder", hit.score, 1.0)
        assert [one.value for one in earlier] == before[hit.passage.id] and not any(one.weight for one in earlier)


def test_a_cross_encoder_is_given_no_hits_where_there_are_none():
    assert reread(Scripted({}), QUESTION, []) == ()  # type: ignore[arg-type]


def test_a_chinese_question_is_not_foreign_to_chinese_articles_whatever_they_lack(index: Index, tokens: StaticEmbedder):
    question = "火星喷泉曲奇阀门与云岫茶厂"
    looked_for = sought(question, None, index)
    hits = rerank(looked_for, retrieve(index, question, CONFIG), tokens, CONFIG)
    assert looked_for.foreign
    assert {one.name: one.weight for one in hits[0].evidence}["words"] == table()["known"]["words"]
