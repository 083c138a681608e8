"""find(): the hits for a question, and right behind its best one those for each of its parts."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from index.embed import StaticEmbedder
from index.reader import Index
from index.types import ANYBODY, Filter
from rag.config import RetrieveConfig
from rag.find import Finding, find
from rag.parts import parts
from rag.question import check
from rag.types import Question, Turn

WHOLE = RetrieveConfig(without=("parts",))
ONE, ONE_WHOLE = RetrieveConfig(rerank=1), RetrieveConfig(rerank=1, without=("parts",))  # candidate
QUESTION = "海州图书馆闭馆当天，云岫茶厂的厂长是谁？"
PARTS = ("海州图书馆闭馆", "云岫茶厂的厂长是谁")


def found(
    index: Index,
    tokens: StaticEmbedder,
    text: str,
    config: RetrieveConfig = WHOLE,
    only: Filter = ANYBODY,
    *history: Turn,
) -> Finding:
    return find(index, tokens, check(text), Question(text, history, filter=only), config)


def ids(finding: Finding) -> list[str]:
    return [hit.passage.id for hit in finding.hits]


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (QUESTION, PARTS),
        (
            "云岫茶厂开新生产线、海州图书馆闭馆、青石桥大修，哪个最早？",
            ("云岫茶厂开新生产线", "海州图书馆闭馆", "青石桥大修"),
        ),
    ],
)
@pytest.mark.parametrize("most", [1, 60])
def test_the_best_hits_of_the_parts_follow_the_best_of_the_whole(
    index: Index, tokens: StaticEmbedder, question: str, parts: Sequence[str], most: int
):
    whole = ids(found(index, tokens, question, RetrieveConfig(rerank=most, without=("parts",))))
    best = [ids(found(index, tokens, part))[0] for part in parts]
    assert len(set(best)) == len(parts)
    first = list(dict.fromkeys([whole[0], *best]))
    with_parts = ids(found(index, tokens, question, RetrieveConfig(rerank=most)))
    assert with_parts == [*first, *(one for one in whole if one not in first)]


def test_a_part_brings_in_what_the_whole_finds_too_late(index: Index, tokens: StaticEmbedder):
    assert {hit.article.id for hit in found(index, tokens, QUESTION, ONE).hits} == {"library", "tea"}
    assert len(found(index, tokens, QUESTION, ONE_WHOLE).hits) == 1


def test_without_parts_the_hits_stand_by_their_scores(index: Index, tokens: StaticEmbedder):
    scores = [hit.score for hit in found(index, tokens, QUESTION).hits]
    assert len(scores) > 5 and scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("question", [QUESTION, "青石桥大修和海州图书馆闭馆哪个更早？", "青石桥有多长？"])
def test_each_passage_comes_once(index: Index, tokens: StaticEmbedder, question: str):
    names = ids(found(index, tokens, question, RetrieveConfig()))
    assert names and len(set(names)) == len(names)


def test_what_was_looked_for_and_how_long_it_took_are_told(index: Index, tokens: StaticEmbedder):
    finding = found(index, tokens, QUESTION, RetrieveConfig())
    assert finding.looked_for.folded == check(QUESTION).folded
    assert finding.retrieve > 0 and finding.rerank > 0


def test_a_part_that_says_next_to_nothing_is_not_searched_for(index: Index, tokens: StaticEmbedder):
    text = "云岫茶厂的春茶产量是多少斤？又是多少多少呢？"
    assert len(parts(check(text).folded)) == 2
    assert ids(found(index, tokens, text, ONE)) == ids(found(index, tokens, text, ONE_WHOLE))


def test_a_follow_up_has_no_parts_though_it_stands_beside_another_question(index: Index, tokens: StaticEmbedder):
    before, typed = Turn("海州图书馆哪一天闭馆？", "每周一闭馆。"), "他们的茶厂春茶产量是多少？"
    asked = check(f"{before.question} {before.answer} {typed}")
    assert len(find(index, tokens, asked, Question(asked.text), ONE).hits) == 2
    assert len(find(index, tokens, asked, Question(typed, (before,)), ONE).hits) == 1


def test_the_parts_keep_to_the_filter(index: Index, tokens: StaticEmbedder):
    question = "海州图书馆闭馆当天，绩效奖金池有多少元？"
    closed, opened = (found(index, tokens, question, RetrieveConfig(), Filter(g)) for g in ((), ("人力",)))
    assert "salary" not in {hit.article.id for hit in closed.hits}
    assert "salary" in [hit.article.id for hit in opened.hits[:3]]
    narrow = found(index, tokens, question, RetrieveConfig(), Filter(paths=("tea",)))
    assert {hit.article.id for hit in narrow.hits} == {"tea"}


class Upside:
    """Finds that the last text fits best."""

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.linspace(0, 1, len(texts), dtype=np.float32)


def test_a_cross_encoder_orders_the_hits_of_the_whole(index: Index, tokens: StaticEmbedder):
    text = "青石桥有多长？"
    plain = ids(found(index, tokens, text))
    again = find(index, tokens, check(text), Question(text), RetrieveConfig(), Upside())  # type: ignore[arg-type]
    assert ids(again) == plain[::-1]
