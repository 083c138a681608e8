"""The rooms and the way down: who may import whom, and what the command line never loads."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "index": {"index"},
    "prompts": {"prompts"},
    "rag": {"rag", "index", "prompts"},
    "eval": {"eval", "rag", "index", "prompts"},
    "ui": {"ui", "eval", "rag", "index"},
}
HEAVY = {"torch", "transformers", "llama_index", "gradio", "fastapi", "sentence_transformers", "numpy", "faiss"}
MODULES = [path for room in MAY_IMPORT for path in sorted((ROOT / room).rglob("*.py"))]


def imported(tree: ast.AST) -> set[str]:
    """The first part of every module that is imported anywhere in a file."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that they can be read"
            names.add((node.module or "").partition(".")[0])
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_downhill(path):
    room = path.relative_to(ROOT).parts[0]
    siblings = imported(ast.parse(path.read_text("utf-8"))) & MAY_IMPORT.keys()
    assert siblings <= MAY_IMPORT[room]


def test_no_module_imports_itself_in_a_circle():
    names = {".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p for p in MODULES}
    below = {
        name: {
            target
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.ImportFrom) and node.module
            for target in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
            if target in names and target != name
        }
        for name, path in names.items()
    }
    while below:
        leaves = {name for name, targets in below.items() if not targets & below.keys()}
        assert leaves, f"a circle among {sorted(below)}"
        below = {name: targets for name, targets in below.items() if name not in leaves}


def test_a_file_of_rag_imports_only_files_listed_above_it():
    listed = re.findall(r"^\| `(rag/[\w/]+\.py)`", (ROOT / "docs/ARCHITECTURE.md").read_text("utf-8"), re.MULTILINE)
    there = {p.relative_to(ROOT).as_posix() for p in MODULES if p.is_relative_to(ROOT / "rag")}
    assert set(listed) == {name for name in there if not name.endswith("__init__.py")}
    assert len(set(listed)) == len(listed)
    for place, name in enumerate(listed):
        imports = {
            f"{module.replace('.', '/')}.py"
            for node in ast.walk(ast.parse((ROOT / name).read_text("utf-8")))
            if isinstance(node, ast.ImportFrom) and node.module
            for module in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
        }
        assert imports & there <= set(listed[:place]), name


@pytest.mark.parametrize("arguments", [[], ["--help"], ["index", "--help"], ["ask", "--help"]])
def test_the_command_line_says_its_help_without_a_heavy_import(arguments):
    code = (
        "import sys, ui.cli\n"
        f"try: {arguments} and ui.cli.main({arguments})\n"
        "except SystemExit as end: assert not end.code\n"
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert told.returncode == 0, told.stderr
    assert set(told.stderr.split()) & HEAVY == set()
