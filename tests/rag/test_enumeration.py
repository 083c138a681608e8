"""enumeration(): a list that goes on sentence by sentence behind what announces it."""

from worlds import article

from index.fold import fold
from index.passages import Passage
from rag.asked_for import asked_for
from rag.enumeration import enumeration
from rag.evidence import Sentence
from rag.types import Hit

TEXT = (
    "市里印发措施，提出三方面的任务。在支持修桥方面，要多建石桥。建得好的有奖。"
    "在培养人才方面，要办学校。在保护古迹方面，要立法。茶厂另外投产。"
)


def announcing(text: str = TEXT) -> Sentence:
    end = text.index("。") + 1
    hit = Hit(Passage("a", text, 0, len(text)), article(text), 1.0, 1.0)
    return Sentence(hit, 0, end, fold(text[:end]))


def test_the_items_are_given_with_the_sentences_that_they_head():
    items = enumeration(announcing(), asked_for("措施的三个方面依次是什么"))
    assert [i.text for i in items] == ["在支持修桥方面…", "在培养人才方面…", "在保护古迹方面…"]
    assert [i.sentence.text for i in items][1] == "在培养人才方面，要办学校。"


def test_there_is_no_list_where_none_is_asked_for_or_announced():
    assert enumeration(announcing(), asked_for("措施是谁印发的")) == []
    assert enumeration(announcing(), asked_for("有哪些茶厂")) == []
    assert enumeration(announcing("茶厂投产。在修桥方面，有人。在修路方面，有人。"), asked_for("有哪几个方面")) == []
