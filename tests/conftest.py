"""What all tests share: a home folder of their own, and a small world of real articles to index."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from worlds import BRIDGE, LIBRARY, TEA, World

from index.config import IndexConfig


@pytest.fixture(autouse=True)
def youju_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No test touches the user's index."""
    home = tmp_path / "home"
    monkeypatch.setenv("YOUJU_HOME", str(home))
    return home


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Three articles, not yet indexed."""
    folder = tmp_path / "sources"
    folder.mkdir()
    world = World(folder, IndexConfig(home=tmp_path / "home", sources=(folder,)))
    world.write("tea.md", f"# 云岫春茶\n\n{TEA}\n")
    world.write("bridge.md", f"# 青石桥\n\n{BRIDGE}\n")
    world.write("library.md", f"# 海州图书馆\n\n{LIBRARY}\n")
    yield world
    for index in world.opened:
        index.close()
