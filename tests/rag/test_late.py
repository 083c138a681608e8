"""meet() and late_interaction(): MaxSim, each question token weighing as much as its vector is long."""

import numpy as np
import pytest

from index.embed import StaticEmbedder, load_embedder
from rag.late import late_interaction, meet

TEXTS = ("青石桥建于1912年", "云岫茶厂的春茶", "石桥石桥石桥", "the harbour theatre")
PIECE = 18  # tokens


@pytest.fixture(scope="module")
def tokens() -> StaticEmbedder:
    shipped = load_embedder("shipped")
    assert isinstance(shipped, StaticEmbedder)
    return shipped


def bests(tokens: StaticEmbedder, asked: np.ndarray, met: np.ndarray) -> list[float]:
    """Of each asked token the best cosine among the met ones: 0 where there is none, or none that is above it."""
    unit, _ = tokens.vectors(asked)
    others, _ = tokens.vectors(met)
    return [max([0.0, *(float(np.dot(one, other)) for other in others)]) for one in unit]


def naive(tokens: StaticEmbedder, question: str, ids: np.ndarray) -> float:
    """The sum over question tokens of weight times the best cosine among the tokens, over the sum of weights."""
    (asked,) = tokens.token_ids([question])
    _, weight = tokens.vectors(asked)
    found = bests(tokens, asked, ids)
    return sum(w * b for w, b in zip(weight.tolist(), found, strict=True)) / sum(weight.tolist())


@pytest.mark.parametrize("question", ["青石桥建于哪一年", "harbour", "茶茶茶", "bridge of stone"])
def test_it_equals_the_formula_written_out(tokens: StaticEmbedder, question: str):
    found = late_interaction(tokens, question, TEXTS)
    expected = [naive(tokens, question, ids) for ids in tokens.token_ids(TEXTS)]
    assert found.tolist() == pytest.approx(expected, abs=1e-5)


def test_a_text_that_holds_the_question_matches_it_wholly(tokens: StaticEmbedder):
    assert late_interaction(tokens, "青石桥", ["青石桥"])[0] == pytest.approx(1.0, abs=1e-5)


def test_empty_texts_match_nothing_and_leave_the_others_in_their_place(tokens: StaticEmbedder):
    assert late_interaction(tokens, "青石桥", ["", "青石桥", ""]).tolist() == pytest.approx([0, 1, 0], abs=1e-5)
    assert late_interaction(tokens, "青石桥", [""]).tolist() == [0]


@pytest.mark.parametrize("question", ["", "   "])
def test_a_question_without_tokens_matches_nothing(tokens: StaticEmbedder, question: str):
    met = meet(tokens, question, ["青石桥"] * len(TEXTS), TEXTS)
    nothing = [0] * len(TEXTS)
    assert met.weights.shape == (0,) and met.of_texts(met.weights).tolist() == nothing
    assert met.of_windows(met.telling).tolist() == nothing and met.heads.tolist() == nothing


def test_a_head_is_a_part_of_its_own_text_only(tokens: StaticEmbedder):
    met = meet(tokens, "青石桥", ["青石桥", "", ""], ["的", "的", "青石桥"])
    first, second, third = met.of_texts(met.weights).tolist()
    assert first == pytest.approx(1.0, abs=1e-5) == third and second < 0.5


def test_a_text_matches_with_head_and_body_together(tokens: StaticEmbedder):
    head, body = tokens.token_ids(["云岫茶厂", "青石桥建于1912年"])
    met = meet(tokens, "云岫青石桥", ["云岫茶厂"], ["青石桥建于1912年"])
    expected = naive(tokens, "云岫青石桥", np.concatenate([head, body]))
    assert met.of_texts(met.weights).tolist() == pytest.approx([expected], abs=1e-5)


def test_the_share_of_a_head_that_the_question_says_equals_the_formula_written_out(tokens: StaticEmbedder):
    """The head's tokens, weighed by their length, each with its best cosine among the question's."""
    question, heads = "青石桥建于哪一年", ("青石桥", "云岫茶厂青石桥店", "")
    (asked,) = tokens.token_ids([question])
    expected = []
    for ids in tokens.token_ids(heads[:2]):
        _, weight = tokens.vectors(ids)
        expected.append(float(np.dot(weight, bests(tokens, ids, asked)) / weight.sum()))
    found = meet(tokens, question, heads, ["文", "", "文"]).heads
    assert found.tolist() == pytest.approx([*expected, 0.0], abs=1e-5) and found[0] > found[1]


LONG = "青石桥建于1912年，全长48米，有五个桥孔，桥墩里的铜钱是工人发现的，云岫茶厂的春茶产量为6.5万斤，厂长是陈望舒。"


@pytest.mark.parametrize("text", ["青石桥", LONG, LONG * 3])
def test_the_best_window_is_the_best_pair_of_neighbouring_pieces(tokens: StaticEmbedder, text: str):
    question = "青石桥的厂长"
    (ids,) = tokens.token_ids([text])
    pieces = [ids[at : at + PIECE] for at in range(0, len(ids), PIECE)]
    windows = [np.concatenate(pieces[at : at + 2]) for at in range(len(pieces))]
    met = meet(tokens, question, ["云岫"], [text])
    assert met.windows.shape == (len(met.weights), len(windows))
    expected = max(naive(tokens, question, window) for window in windows)
    assert met.of_windows(met.weights).tolist() == pytest.approx([expected], abs=1e-5)


def test_what_stands_together_fits_a_window_better_than_what_is_far_apart(tokens: StaticEmbedder):
    rest = "秋天的田野里一片金黄，农民们正在收割稻谷，孩子们放学以后也来帮忙，" * 4
    met = meet(tokens, "青石桥馆长", ["", ""], [f"青石桥馆长{rest}", f"青石桥{rest}馆长"])
    near, far = met.of_texts(met.weights).tolist()
    assert near == pytest.approx(far, abs=0.02)
    near, far = met.of_windows(met.weights).tolist()
    assert near > far + 0.1


def test_no_window_reaches_into_the_next_text_or_holds_a_head(tokens: StaticEmbedder):
    alone = [meet(tokens, "青石桥", [""], [text]) for text in TEXTS]
    together = meet(tokens, "青石桥", ["青石桥"] * len(TEXTS), TEXTS)
    expected = [float(one.of_windows(one.weights)[0]) for one in alone]
    assert together.of_windows(together.weights).tolist() == pytest.approx(expected, abs=1e-5)


def test_where_nothing_tells_the_texts_apart_tokens_weigh_as_always(tokens: StaticEmbedder):
    met = meet(tokens, "青石桥", ["", ""], ["青石桥", "的青石桥"])
    assert met.telling.tolist() == met.weights.tolist()
    assert met.of_windows(met.telling).tolist() == pytest.approx([1.0, 1.0])
    told = meet(tokens, "青石桥", ["", ""], ["青石桥", "the harbour"])
    assert (told.telling > 0.3 * told.weights).all()
