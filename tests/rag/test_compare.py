"""compare(): what happened in one month, and what came first, by the days in the evidence of each thing."""

import pytest
from worlds import World

from rag.assistant import Assistant
from rag.config import Config
from rag.parts import compared
from rag.types import Answer, Question

BRIDGE = "2024年5月6日，青石桥大修完工，重新开放通行。"
LIBRARY = "2024年5月20日，海州图书馆新馆开馆，市民前来参观。"
TEA = "2023年11月2日，云岫茶厂投产，首批春茶下线。"


@pytest.fixture(scope="module")
def town(tmp_path_factory) -> Assistant:
    from index.config import IndexConfig

    folder = tmp_path_factory.mktemp("town")
    world = World(folder, IndexConfig(home=tmp_path_factory.mktemp("home"), sources=(folder,)))
    others = ({"id": f"o{n}", "text": f"第{n}号仓库存放茶叶，每周盘点一次。"} for n in range(6))
    texts = {"bridge": BRIDGE, "library": LIBRARY, "tea": TEA, "dateless": "海州剧院翻修结束。"}
    world.write_lines("town.jsonl", *({"id": i, "text": t} for i, t in texts.items()), *others)
    world.update()
    return Assistant(Config(index=world.config))


def ask(town: Assistant, question: str) -> Answer:
    return town.ask(Question(question))


def test_two_things_of_one_month_are_said_to_be(town: Assistant):
    answer = ask(town, "青石桥大修完工和海州图书馆新馆开馆是在同一个月吗？")
    assert answer.text.startswith("是的，在同一个月。")
    assert "青石桥大修完工：2024年5月6日[1]" in answer.text and "海州图书馆新馆开馆：2024年5月20日[2]" in answer.text
    assert [c.quote for c in answer.citations] == [BRIDGE, LIBRARY]


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("青石桥大修完工和海州图书馆新馆开馆是在同一天吗？", "不是，不在同一天。"),
        ("青石桥大修完工和云岫茶厂投产是同一年发生的吗？", "不是，不在同一年。"),
        ("青石橋大修完工和雲岫茶廠投產是同一年發生的嗎？", "不是，不在同一年。"),
        ("青石桥大修完工和云岫茶厂投产，哪个事件更早发生？", "最早的是云岫茶厂投产。"),
        ("青石桥大修完工、海州图书馆新馆开馆和云岫茶厂投产，哪个最晚？", "最晚的是海州图书馆新馆开馆。"),
    ],
)
def test_the_verdict_follows_the_days(town: Assistant, question: str, verdict: str):
    assert ask(town, question).text.startswith(verdict)


@pytest.mark.parametrize(
    "question", ["海州剧院翻修结束和云岫茶厂投产哪个更早？", "海州地铁通车和云岫茶厂投产是在同一个月吗？"]
)
def test_without_a_day_for_each_there_is_no_verdict(town: Assistant, question: str):
    text = ask(town, question).text
    assert not text.startswith(("是的", "不是", "最早"))


@pytest.mark.parametrize(
    ("question", "things", "unit", "order"),
    [
        ("A桥大修和B馆开馆是否发生在同一年？", ("a桥大修", "b馆开馆"), "年", None),
        ("张三与李四会谈和茶厂投产哪个更早", ("张三与李四会谈", "茶厂投产"), None, "first"),
        ("以下事件中，哪个最早发生？茶厂投产、桥大修、馆开馆。", ("茶厂投产", "桥大修", "馆开馆"), None, "first"),
        ("2020年3月，茶厂投产和图书馆开馆是在同一天吗", ("2020年3月茶厂投产", "2020年3月图书馆开馆"), "日", None),
        ("气温3.3度和5.9级地震发生在同一个月吗", ("气温3.3度", "5.9级地震"), "月", None),
    ],
)
def test_what_is_compared_is_read_from_the_question(question: str, things: tuple[str, ...], unit: str, order: str):
    from index.fold import fold

    found = compared(fold(question))
    assert found is not None and (found.things, found.unit, found.order) == (things, unit, order)


@pytest.mark.parametrize(
    "question", ["海州最早的桥是哪座？", "哪家茶厂在海州？", "谁先发现了这座桥？", "共和国成立于哪一年？"]
)
def test_what_asks_for_one_thing_compares_nothing(question: str):
    assert compared(question) is None
