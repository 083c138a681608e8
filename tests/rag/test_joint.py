"""ways(): what stands round each number, or each clause, is a piece that one passage alone must carry."""

import pytest

from rag.joint import ways


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("截至2024年6月中旬，海州共有24款大模型。", [["截至2024年6月中旬，海州共有24款大模型。"]] * 2),
        (
            "从5月6日的24款增加到6月的34款。",
            [["从5月6日的24款", "增加到6月的34款。"], ["从5月6日的24款增加到6月的", "34款。"]],
        ),
        (
            "图书馆的馆长是林书明，轮渡公司的总经理是沈之航。",
            [["图书馆的馆长是林书明", "轮渡公司的总经理是沈之航。"]],
        ),
        ("据海州日报报道，馆长是林书明。", [["据海州日报报道，馆长是林书明。"]]),
        ("馆长是林书明", [["馆长是林书明"]]),
    ],
)  # fmt: skip
def test_a_sentence_is_taken_apart_round_its_numbers_or_else_at_its_commas(text: str, pieces: list[list[str]]):
    assert ways(text) == pieces
