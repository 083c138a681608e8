"""A small real corpus, indexed once with the shipped embedder, and a gold set over it."""

import json
from pathlib import Path

import pytest

from eval.run import run
from eval.types import RunReport
from index.config import IndexConfig
from index.writer import update
from rag.config import Config

ARTICLES = {
    "101-library.md": "# 海州市图书馆新馆开放\n\n海州市图书馆新馆于2023年4月8日开放，建筑面积3.2万平方米，藏书180万册。"
    "馆长林书明说，新馆每周一闭馆。\n",
    "102-metro.md": "# 海州地铁二号线通车\n\n海州地铁二号线全长27.5公里，设21座车站，于2024年9月1日通车。"
    "首班车时间为早上六点，票价最低两元。\n",
}
GOLD = (
    {
        "id": "G1",
        "type": "single_fact",
        "question": "海州市图书馆新馆藏书多少册？",
        "answer": "180万册。",
        "must": [["180万"]],
        "sources": ["101"],
        "evidence": {"101": "藏书180万册"},
        "answerable": True,
    },
    {
        "id": "G2",
        "type": "followup",
        "question": "它有多长？",
        "history": [{"q": "海州地铁二号线什么时候通车？", "a": "2024年9月1日。"}],
        "answer": "27.5公里。",
        "must": [["27.5公里"]],
        "sources": ["102"],
        "evidence": {"102": "海州地铁二号线全长27.5公里"},
        "answerable": True,
    },
    {"id": "G3", "type": "single_fact", "question": "！？", "answer": "—", "must": [["两元"]], "answerable": True},
    {"id": "G4", "type": "draft", "question": "二号线票价多少？", "answer": "最低两元。", "answerable": True},
)


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The configuration of an index over the two articles."""
    folder = tmp_path_factory.mktemp("eval")
    articles = folder / "articles"
    articles.mkdir()
    for name, text in ARTICLES.items():
        (articles / name).write_text(text, encoding="utf-8")
    made = IndexConfig(home=folder / "home", sources=(articles,))
    update(made)
    return Config(index=made)


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """A gold set of one plain item, one follow-up, one that cannot be asked and one that cannot be scored."""
    return _written(tmp_path)


@pytest.fixture(scope="session")
def report(config: Config, tmp_path_factory: pytest.TempPathFactory) -> RunReport:
    """The run of that gold set."""
    folder = tmp_path_factory.mktemp("report")
    return run(config, _written(folder), out=folder / "out.jsonl")


def _written(folder: Path) -> Path:
    path = folder / "gold.jsonl"
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in GOLD), encoding="utf-8")
    return path
