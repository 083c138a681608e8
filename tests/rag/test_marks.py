"""Reading: the pieces of a reply in, its sentences with their marks out, each as soon as it is finished."""

import time

import pytest

from rag.failures import ModelFailed
from rag.marks import Reading


def read(text: str, piece: int) -> list[list[tuple[str, tuple[int, ...]]]]:
    reading = Reading()
    claims = [claim for at in range(0, len(text), piece) for claim in reading.add(text[at : at + piece])]
    return [[(c.text, c.numbers) for c in claim.clauses] for claim in [*claims, *reading.rest(whole=True)]]


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全长48米[1]。建于1912年[2]。", [[("全长48米。", (1,))], [("建于1912年。", (2,))]]),
        ("全长48米。[1][3]建于1912年。 [2]\n", [[("全长48米。", (1, 3))], [("建于1912年。", (2,))]]),
        ("全长48米【1】。建于1912年［2］。", [[("全长48米。", (1,))], [("建于1912年。", (2,))]]),
        ("全长48米[1, 3]，有五个桥孔。", [[("全长48米，有五个桥孔。", (1, 3))]]),
        ("5月24款[1]；6月34款[2]。", [[("5月24款", (1,)), ("；6月34款。", (2,))]]),
        ("甲[1-3]。乙[段落2]。丙[^4]。", [[("甲。", (1, 2, 3))], [("乙。", (2,))], [("丙。", (4,))]]),
        ("It seats 420 [1]. It opened in 2019.[2] U.S. sales fell 6.5% [3, 4].",
         [[("It seats 420.", (1,))], [("It opened in 2019.", (2,))], [("U.S. sales fell 6.5%.", (3, 4))]]),
        ("No. 3 is 6.5 km long. It is old", [[("No. 3 is 6.5 km long.", ())], [("It is old", ())]]),
        ("<think>也许[9]。不对。</think>\n\n全长48米[1]。", [[("全长48米。", (1,))]]),
        ("也许[9]不对</think>全长48米[1]。", [[("全长48米。", (1,))]]),
        ("好的，以下是回答：\n- **全长**48米[1]\n1. 建于1912年[2]\n", [[("全长48米", (1,))], [("建于1912年", (2,))]]),
        ("[0]", [[("", (0,))]]),
        ("他说：“好。”[1]她说“不！”[2]", [[("他说：“好。”", (1,))], [("她说“不！”", (2,))]]),
        ("……。\n\n——\n", []),
    ],
)  # fmt: skip
def test_sentences_come_with_the_marks_behind_them_however_the_reply_is_cut(piece: int, text: str, expected: object):
    assert read(text, piece) == expected


def test_a_sentence_is_given_as_soon_as_no_more_marks_can_follow():
    reading = Reading()
    assert list(reading.add("全长48米。[1]")) == []
    (first,) = reading.add("建")
    assert first.text == "全长48米。" and first.numbers == (1,)


@pytest.mark.parametrize(("text", "left"), [("全长4", 0), ("全长48米，有", 0), ("全长48米。", 1), ("全长48米[1]", 1)])
def test_of_a_reply_that_was_cut_the_last_sentence_counts_if_it_is_finished(text: str, left: int):
    reading = Reading()
    assert len([*reading.add(text), *reading.rest(whole=False)]) == left
    assert len(read(text, 1)) == 1


def test_what_a_terminal_would_obey_is_left_out():
    (claim,) = read("全长\x1b[31m48\u202e米\x07[1]。", 3)
    assert claim == [("全长[31m48米。", (1,))]


def test_a_long_thought_takes_no_time_and_a_sentence_without_an_end_is_refused():
    started = time.perf_counter()
    reading = Reading()
    for _ in range(50_000):
        assert list(reading.add("思考")) == [] if _ else list(reading.add("<think>")) == []
    assert [c.text for c in [*reading.add("</think>好[1]。"), *reading.rest(whole=True)]] == ["好。"]
    assert time.perf_counter() - started < 2
    with pytest.raises(ModelFailed):
        for _ in range(2000):
            list(reading.add("长"))
