"""A gold set is read whole or refused with the line that is wrong."""

from pathlib import Path

import pytest

from eval.goldset import read_gold
from eval.types import Evidence
from index.errors import GoldError
from rag.types import Turn

BUNDLED = Path(__file__).resolve().parents[2] / "eval/gold/bundled.jsonl"


def written(folder: Path, text: str) -> Path:
    path = folder / "set.jsonl"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(GoldError) as caught:
        read_gold(written(folder, text))
    assert caught.value.message.zh != caught.value.message.en
    return caught.value.message.en


def test_every_field_of_an_item_is_read(tmp_path):
    (item,) = read_gold(
        written(
            tmp_path,
            '{"id": "A", "lang": "zh-Hans", "type": "list", "question": "哪些？", "answer": "甲、乙", '
            '"answerable": true, "must": [["甲", "1"], ["乙"]], "must_not": ["丙"], '
            '"sources": ["001"], "evidence": {"001": "甲和乙"}, '
            '"history": [{"q": "问", "a": "答"}]}',
        )
    )
    assert (item.id, item.kind, item.question, item.answer) == ("A", "list", "哪些？", "甲、乙")
    assert item.must == (("甲", "1"), ("乙",))
    assert item.must_not == ("丙",)
    assert item.sources == ("001",)
    assert item.evidence == (Evidence("001", "甲和乙"),)
    assert item.history == (Turn("问", "答"),)


def test_a_byte_order_mark_blank_lines_and_unknown_fields_are_passed_over(tmp_path):
    text = '\ufeff{"id": "A", "question": "问", "colour": 3}\n\n  \n{"id": "B", "question": "问"}'
    assert [item.id for item in read_gold(written(tmp_path, text))] == ["A", "B"]


def test_an_item_without_must_is_answerable_but_not_scorable(tmp_path):
    (item,) = read_gold(written(tmp_path, '{"id": "A", "question": "问"}'))
    assert item.answerable
    assert not item.scorable


def test_the_bundled_set_is_fit():
    items = read_gold(BUNDLED)
    assert len(items) == 64
    assert all(item.scorable for item in items)


def test_an_id_that_stands_twice_is_refused_at_its_second_line(tmp_path):
    line = '{"id": "A", "question": "问"}\n'
    assert "set.jsonl line 2: id 'A' stands twice" in refusal(tmp_path, line + line)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{", "JSON"),
        ("[1]", "expected"),
        ("[" * 100_000, "JSON"),
        ('{"question": "问"}', "id"),
        ('{"id": "B"}', "question"),
        ('{"id": "B", "question": " "}', "question"),
        ('{"id": "B", "question": "问", "answerable": "yes"}', "answerable"),
        ('{"id": "B", "question": "问", "must": ["甲"]}', "must"),
        ('{"id": "B", "question": "问", "must": [[3]]}', "must"),
        ('{"id": "B", "question": "问", "must_not": "甲"}', "must_not"),
        ('{"id": "B", "question": "问", "evidence": ["甲"]}', "evidence"),
        ('{"id": "B", "question": "问", "history": ["甲"]}', "history"),
        ('{"id": "B", "question": "问", "history": [{"q": "甲"}]}', "history.a"),
    ],
)
def test_a_line_that_is_no_item_is_refused_with_its_number_and_field(tmp_path, line, named):
    message = refusal(tmp_path, f'{{"id": "A", "question": "问"}}\n\n{line}\n')
    assert "set.jsonl line 3: " in message
    assert named in message


def test_a_file_that_is_missing_empty_or_not_utf8_is_refused(tmp_path):
    with pytest.raises(GoldError, match="none.jsonl"):
        read_gold(tmp_path / "none.jsonl")
    with pytest.raises(GoldError):
        read_gold(tmp_path)
    assert "holds no item" in refusal(tmp_path, "\n")
    (tmp_path / "big5.jsonl").write_bytes('{"id": "A", "question": "問題"}'.encode("big5"))
    with pytest.raises(GoldError, match="UTF-8"):
        read_gold(tmp_path / "big5.jsonl")
