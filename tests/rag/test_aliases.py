"""with_aliases(): a short name in a question is understood in texts that have only the long one."""

from worlds import article

from index.passages import Passage
from index.synonyms import as_it_is
from rag.aliases import with_aliases
from rag.types import Hit

GIVES = "市政府发布了《海州市推动桥梁建设若干措施（2023-2025年）》（又称为海州“桥梁九条”）。"


def hits(text: str = GIVES) -> list[Hit]:
    return [Hit(Passage("a", text, 0, len(text)), article(text), 1.0, 1.0)]


def test_a_text_with_the_long_name_gets_the_short_one_beside_it():
    rephrase = with_aliases(hits(), "桥梁九条是什么时候发布的", as_it_is)
    assert "桥梁九条" in rephrase("11月发布《海州市推动桥梁建设若干措施(2023-2025年)》")
    assert rephrase("茶厂投产") == "茶厂投产"


def test_nothing_changes_for_a_question_that_does_not_use_the_short_name():
    assert with_aliases(hits(), "茶厂有多少人", as_it_is) is as_it_is
    assert with_aliases(hits("没有别名的文章。"), "桥梁九条", as_it_is) is as_it_is
