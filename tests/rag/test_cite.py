"""cite(): one citation a sentence, at its place in its article."""

from worlds import article

from index.passages import split
from rag.cite import cite
from rag.evidence import gather
from rag.types import Hit


def test_citations_are_numbered_in_order_and_quote_their_article():
    source = article(
        "青石桥建于1912年，由两位石匠主持修建。桥在2021年大修，换了三块石板，加了栏杆。", publisher="海州日报"
    )
    (passage,) = split(source, passage_chars=220)
    sentences = gather([Hit(passage, source, score=1.0, match=1.0)])
    cited = cite(list(reversed(sentences)))
    assert [c.number for c in cited] == [1, 2]
    assert [c.quote for c in cited] == [s.text for s in reversed(sentences)]
    for one in cited:
        assert source.text[one.start : one.end] == one.quote
        assert (one.article_id, one.passage_id, one.publisher, one.published) == ("a", passage.id, "海州日报", None)


def test_no_sentences_need_no_citations():
    assert cite([]) == ()
