"""Both READMEs say the same, and what they link to is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
NAMES = {"my-articles/": "FOLDER", "我的文章/": "FOLDER", "your-server": "SERVER", "你的服务器": "SERVER"}


def commands(name: str) -> list[str]:
    """The lines of the code blocks without their comments; what each language calls in its own way gets one name."""
    blocks = re.findall(r"^    (.+)$", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    lines = [re.sub(r"\s+#.*", "", line) for line in blocks]
    for own, common in NAMES.items():
        lines = [line.replace(own, common) for line in lines]
    return lines


def test_both_give_the_same_commands_in_the_same_order():
    english, chinese = map(commands, READMES)
    assert english == chinese and len(english) > 8


@pytest.mark.parametrize("name", READMES)
def test_what_is_linked_exists(name: str):
    links = re.findall(r"\]\(([^)#]+)", (ROOT / name).read_text("utf-8"))
    assert links
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", READMES)
def test_folders_and_targets_that_are_named_exist(name: str):
    text = (ROOT / name).read_text("utf-8")
    targets = set(re.findall(r"^    make (\w+)", text, re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert targets and all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in targets)
    assert (ROOT / "eval/gold/bundled.jsonl").is_file() and "eval/gold/bundled.jsonl" in text
