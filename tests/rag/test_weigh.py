"""weigh(): what speaks for a sentence, and the order in which sentences answer a question."""

from collections.abc import Mapping

import numpy as np
import pytest
from worlds import article

from index.embed import StaticEmbedder, load_embedder
from index.fold import fold
from index.passages import split
from rag.asked_for import asked_for
from rag.asked_when import asked_when
from rag.evidence import Sentence, gather
from rag.features import Sought
from rag.late import late_interaction
from rag.types import Hit
from rag.weigh import weigh


@pytest.fixture(scope="module")
def tokens() -> StaticEmbedder:
    shipped = load_embedder("shipped")
    assert isinstance(shipped, StaticEmbedder)
    return shipped


def sentences(*texts: str, matches: tuple[float, ...] = ()) -> list[Sentence]:
    """Each sentence of a hit of its own, with the match of that hit."""
    sources = [article(text, id=str(at)) for at, text in enumerate(texts)]
    given = zip(sources, matches or (1.0,) * len(texts), strict=True)
    return gather([Hit(p, a, score=m, match=m) for a, m in given for p in split(a, passage_chars=220)])


def weighed(
    tokens: StaticEmbedder, question: str, given: list[Sentence], rarity: Mapping[str, float] | None = None
) -> list[Sentence]:
    folded = fold(question)
    return weigh(given, Sought(folded, rarity or {}, asked_when(folded, None)), asked_for(folded), tokens)


def test_no_sentences_have_no_order(tokens: StaticEmbedder):
    assert weighed(tokens, "茶", []) == []


def test_each_kind_of_evidence_is_as_written(tokens: StaticEmbedder):
    question, rarity = "青石桥的桥孔", {"青石": 4.0, "桥孔": 1.5}
    given = sentences(
        "青石桥有五个桥孔，全长四十八米。", "青石桥在海州，建于1912年。", "云岫茶厂的春茶上市了，卖得很好。"
    )
    found = weighed(tokens, question, given, rarity)
    late = late_interaction(tokens, question, [s.folded for s in found])
    for sentence, expected in zip(found, late.tolist(), strict=True):
        asked, vector = tokens.encode([question, sentence.folded])
        assert sentence.late == pytest.approx(expected, abs=1e-5)
        assert sentence.cosine == pytest.approx(float(np.dot(asked, vector)), abs=1e-5)
    assert [s.words for s in found] == pytest.approx([1.0, 4.0 / 5.5, 0.0])


def test_the_best_comes_first_and_none_is_lost(tokens: StaticEmbedder):
    given = sentences(
        "云岫茶厂的春茶上市了，卖得很好。", "青石桥建于1912年，由石匠修建。", "海州图书馆每周一闭馆，全年如此。"
    )
    found = weighed(tokens, "青石桥建于哪一年", given, {"青石桥": 3.0})
    assert found[0].text.startswith("青石桥") and {s.text for s in found} == {s.text for s in given}
    assert [s.worth for s in found] == sorted((s.worth for s in found), reverse=True)


def test_of_two_that_say_the_same_the_one_of_the_better_passage_comes_first(tokens: StaticEmbedder):
    given = sentences("青石桥建于1912年，由石匠修建。", "青石桥建于1912年，由石匠修建。", matches=(2.0, 5.0))
    first, second = weighed(tokens, "青石桥建于哪一年", given)
    assert (first.hit.match, second.hit.match) == (5.0, 2.0) and first.worth > second.worth


def test_what_cannot_give_the_kind_of_answer_asked_for_is_worth_less(tokens: StaticEmbedder):
    looked_for = Sought("海州图书馆的藏书", {}, asked_when("", None))
    with_it, without = sentences("海州图书馆的藏书有180万册，有书有报。", "海州图书馆的藏书很多很多，有书有报。")
    worth = {
        (kind, one.text): weigh([one], looked_for, asked_for(kind), tokens)[0].worth
        for kind in ("", "多少万册")
        for one in (with_it, without)
    }
    assert worth["多少万册", with_it.text] == worth["", with_it.text]
    assert worth["多少万册", without.text] < worth["", without.text]


def dated(*told: tuple[str, str | None]) -> list[Sentence]:
    """Each text, which ends in its sentence, with the date of its article."""
    sources = [article(text, id=str(at), published=day) for at, (text, day) in enumerate(told)]
    return gather([Hit(p, a, score=1.0, match=1.0) for a in sources for p in split(a, passage_chars=220)])


COUNTS = (
    ("海州有24款大模型。", "2024-05-06"),
    ("海州有34款大模型。", "2024-06-20"),
    ("海州有52款大模型。", "2025-01-02"),
    ("海州有12款大模型。", None),
)


def test_asked_about_now_the_newest_comes_first(tokens: StaticEmbedder):
    first, *_ = weighed(tokens, "海州现在有多少款大模型？", dated(*COUNTS))
    assert "52款" in first.text


def test_asked_as_of_a_day_what_is_later_comes_last(tokens: StaticEmbedder):
    order = [s.text for s in weighed(tokens, "截至2024年5月，海州有多少款大模型？", dated(*COUNTS))]
    assert {"34", "52"} == {text[3:5] for text in order[-2:]}


def test_a_later_article_that_tells_of_an_earlier_day_is_not_later(tokens: StaticEmbedder):
    told = dated(("2024年4月，海州有20款大模型。", "2025-01-02"), ("海州有52款大模型。", "2025-01-02"))
    first, _ = weighed(tokens, "截至2024年5月，海州有多少款大模型？", told)
    assert "20款" in first.text


def test_a_sentence_is_read_with_its_title_and_the_sentences_before_it(tokens: StaticEmbedder):
    text = "青石桥横跨临江河，是海州最老的桥。全长四十八米。茶厂每年产茶六万斤。"
    one = article(text, id="a")
    given = gather([Hit(p, one, score=1.0, match=1.0) for p in split(one, passage_chars=220)])
    found = {s.text: s.worth for s in weighed(tokens, "青石桥有多长", given, {"青石桥": 3.0})}
    assert found["全长四十八米。"] > found["茶厂每年产茶六万斤。"]


def test_how_likely_each_sentence_answers_adds_up_to_one(tokens: StaticEmbedder):
    given = sentences("青石桥建于1912年，由石匠修建。", "云岫茶厂的春茶上市了。", "海州图书馆每周一闭馆。")
    found = weighed(tokens, "青石桥建于哪一年", given, {"青石桥": 3.0})
    assert sum(s.likely for s in found) == pytest.approx(1.0)
    assert [s.likely for s in found] == sorted((s.likely for s in found), reverse=True)


def test_what_the_question_quotes_weighs_most_where_the_sentence_says_it(tokens: StaticEmbedder):
    given = sentences("“桥梁九条”由市政府发布。", "市政府发布了桥梁和道路的九条措施。")
    first, second = weighed(tokens, "“桥梁九条”是谁发布的", given)
    assert first.text.startswith("“桥梁九条”") and first.worth > second.worth + 2
