"""Lists that an article goes through sentence by sentence: "four aspects. In supporting X, … In raising Y, …"."""

import re
from collections.abc import Iterator
from dataclasses import replace

from index.fold import fold
from index.numbers import chinese_value
from index.passages import Span, sentences
from rag.asked_for import AskedFor
from rag.evidence import Sentence
from rag.excerpt import Excerpt

_ANNOUNCED = re.compile(
    r"(?P<count>[两二三四五六七八九十]|\d+|多|几)[个大项条点种类]*(?P<noun>方面|举措|措施|任务|建议|要点|原则|目标|行动|办法)"
)
_ITEMS = (  # how the sentences of such a list begin; what is shown of them is told by the group, else by its end
    re.compile(r"(?:在|从)?(?P<item>[^，,、。；;]{2,30}(?<!等)方面)[，,]"),
    re.compile(
        r"(?:[一二三四五六七八九十]是|第[一二三四五六七八九十][，,、：:是]?|[一二三四五六七八九十]、|[（(][一二三四五六七八九十\d][）)])(?P<item>[^，,。；;：:]{3,40})"
    ),
)
_FOLLOWS = 2500  # characters behind the announcement in which the list stands
_MOST = 8
_ROOM = 260  # characters of all items


def enumeration(announcing: Sentence, wanted: AskedFor) -> list[Excerpt]:
    """The items of the list that a sentence announces, each with the sentence that it heads; none without a list."""
    announced = _ANNOUNCED.search(announcing.folded)
    if not wanted.listing or not announced or announced["noun"] not in wanted.text:
        return []
    article = announcing.hit.article
    spans = list(sentences(article.text, announcing.start, min(len(article.text), announcing.end + _FOLLOWS)))
    for begins in _ITEMS:
        items = list(_items(announcing, spans, begins))[:_MOST]
        if (
            len(items) == _count(announced["count"], len(items))
            and len(items) > 1
            and sum(len(item.text) for item in items) <= _ROOM
        ):
            return items
    return []


def _count(announced: str, found: int) -> int:
    """How many items were announced; as many as there are, where it is not said."""
    return int(announced) if announced.isdecimal() else int(chinese_value(announced) or found)


def _items(announcing: Sentence, spans: list[Span], begins: re.Pattern[str]) -> Iterator[Excerpt]:
    text = announcing.hit.article.text
    for span in spans:
        if found := begins.match(text, span.start, span.end):
            shown = f"{text[span.start : found.end('item')]}…"
            sentence = replace(announcing, start=span.start, end=span.end, folded=fold(text[span.start : span.end]))
            yield Excerpt(sentence, shown, (Span(span.start, found.end("item")),))
