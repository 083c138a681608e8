"""What the rag room hands out is frozen, made of the standard library, and a hit knows what stands beside it."""

import ast
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from index.types import Article, Passage
from rag import types
from rag.types import Hit, Question, Turn

STORY = "青石桥建于1912年。全长48米！有五个桥孔。\n\n2021年大修。工人发现了铜钱。铜钱在博物馆。"


def test_results_cannot_be_changed():
    question = Question("桥", (Turn("茶", "6.5万斤"),))
    with pytest.raises(FrozenInstanceError):
        question.text = "茶"  # type: ignore[misc]


def test_the_types_import_the_standard_library_and_types_texts_and_messages_of_the_index():
    tree = ast.parse(Path(types.__file__).read_text("utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {m for m in modules if m.partition(".")[0] not in sys.stdlib_module_names} == {
        "index.errors",
        "index.passages",
        "index.types",
    }


def hit(text: str, passage: str) -> Hit:
    """A hit whose passage says exactly this."""
    article = Article("a", "题", text, "s")
    start = text.index(passage)
    return Hit(Passage("a", passage, start, start + len(passage)), article, score=1.0, match=1.0)


def test_beside_a_passage_stand_whole_sentences():
    found = hit(STORY, "2021年大修。")
    assert found.before(8) == "有五个桥孔。\n\n" and found.before(14) == "全长48米！有五个桥孔。\n\n"
    assert found.after(8) == "工人发现了铜钱。" and found.after(15) == "工人发现了铜钱。铜钱在博物馆。"


def test_where_no_sentence_is_so_short_one_is_cut():
    found = hit(STORY, "2021年大修。")
    assert found.before(4) == "孔。\n\n" and found.after(4) == "工人发现"


def test_nothing_stands_before_the_beginning_or_after_the_end():
    assert hit(STORY, "青石桥建于1912年。").before(99) == "" == hit(STORY, "铜钱在博物馆。").after(99)
    assert hit(STORY, STORY).before(9) == "" == hit(STORY, STORY).after(9)


@pytest.mark.parametrize(
    "text", [STORY, f"{'长' * 900}。{STORY}{'又' * 900}", f"{'a b. ' * 300}{STORY}{'c d. ' * 300}"]
)
@pytest.mark.parametrize("chars", [0, 1, 7, 40, 500, 5000])
def test_passage_and_what_stands_beside_it_are_a_slice_of_the_article(text: str, chars: int):
    found = hit(text, "2021年大修。")
    before, after = found.before(chars), found.after(chars)
    assert f"{before}2021年大修。{after}" in text and len(before) <= chars and len(after) <= chars
    assert (before != "") is (chars > 0) is (after != "")
