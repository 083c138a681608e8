"""What the rag room hands out is frozen, and made of the standard library."""

import ast
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from rag import types
from rag.types import Question, Turn


def test_results_cannot_be_changed():
    question = Question("桥", (Turn("茶", "6.5万斤"),))
    with pytest.raises(FrozenInstanceError):
        question.text = "茶"  # type: ignore[misc]


def test_the_types_import_the_standard_library_and_the_types_of_the_index():
    tree = ast.parse(Path(types.__file__).read_text("utf-8"))
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {m for m in modules if m.partition(".")[0] not in sys.stdlib_module_names} == {"index.types"}
