"""A small town of real articles, indexed once with the shipped embedder: what the tests of the rag room ask about."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from worlds import BRIDGE, LIBRARY, SALARY, TEA

from index.config import IndexConfig
from index.embed import StaticEmbedder
from index.reader import Index, open_index
from index.types import Filter
from index.writer import update
from rag.assistant import Assistant
from rag.config import Config
from rag.types import Answer, Question, Turn

HALLS = (
    "陶瓷厅陈列历代青花与白瓷三百余件，其中一件明代青花大罐是从沉船里打捞上来的；"
    "书画厅展出本地画家的山水与花鸟，每个季度更换一次展品，附有语音讲解；"
    "铜器厅收藏编钟、铜镜与铜鼓，观众可以敲响一口仿制的编钟；"
    "民俗厅复原了一条老街，有药铺、茶馆和染坊"
)
TOWN = (
    {"id": "tea", "title": "云岫春茶", "text": TEA},
    {"id": "bridge", "title": "青石桥", "text": BRIDGE},
    {"id": "library", "title": "海州图书馆", "text": LIBRARY},
    {"id": "salary", "title": "绩效奖金", "text": SALARY, "groups": ["人力"]},
    {
        "id": "may",
        "title": "大模型备案",
        "text": "截至2024年5月6日，海州共有24款大模型通过备案。",
        "publisher": "海州日报",
        "published": "2024-05-06",
    },
    {
        "id": "june",
        "title": "大模型又添新成员",
        "text": "截至2024年6月中旬，海州通过备案的大模型有34款。",
        "publisher": "海州晚报",
        "published": "2024-06-20",
    },
    {
        "id": "ferry",
        "title": "上海轮渡",
        "text": "上海轮渡公司2022年运送乘客800万人次。轮渡公司有员工1200名，总经理是沈之航。",
    },
    {"id": "hospital", "title": "海州醫院", "text": "海州醫院設有床位1200張，院長葉知秋說，門診大樓將於明年啟用。"},
    {
        "id": "harbour",
        "title": "The Harbour Theatre",
        "text": "The Harbour Theatre opened in 2019 and seats 420 people. A second stage is planned.",
    },
    {"id": "museum", "title": "海州博物馆", "text": f"海州博物馆设有四个展厅：{HALLS}。\n\n博物馆逢周一闭馆。"},
    {
        "id": "parks",
        "title": "海州公园",
        "text": "园林局印发了《海州市公园建设办法（2016-2018年）》，从五个方面改善公园。",
        "publisher": "海州日报",
        "published": "2017-03-01",
    },
    {"id": "notes", "title": "锅炉房", "text": "锅炉房[1]共有12台锅炉[2]，锅炉由OpenBoiler公司制造[9]。"},
)
Ask = Callable[..., Answer]


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """The town, indexed."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "town.jsonl").write_text("".join(json.dumps(a) + "\n" for a in TOWN), "utf-8")
    made = IndexConfig(home=folder / "home", sources=(folder / "town.jsonl",))
    update(made)
    return Config(index=made)


@pytest.fixture(scope="session")
def index(config: Config) -> Iterator[Index]:
    opened = open_index(config.index)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def tokens(index: Index) -> StaticEmbedder:
    assert isinstance(index.embedder, StaticEmbedder)
    return index.embedder


@pytest.fixture(scope="session")
def assistant(config: Config) -> Assistant:
    return Assistant(config)


@pytest.fixture(scope="session")
def ask(assistant: Assistant) -> Ask:
    """Ask the town: `ask(question, (earlier question, its answer), …, groups=…)`."""

    def one(text: str, *history: Sequence[str], groups: tuple[str, ...] = ()) -> Answer:
        return assistant.ask(Question(text, tuple(Turn(q, a) for q, a in history), filter=Filter(groups)))

    return one


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
