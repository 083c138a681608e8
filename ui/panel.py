"""The cards of the panel beside the conversation: a passage with some of its article round it, cited sentences marked.

A card is cut into parts of one kind each: "around" the passage, "plain", or a "quote" with its number. Every text is
plain text; the page shows it as text, never as HTML.
"""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from index.errors import Language
from index.types import Article
from rag.types import Answer, Citation, Hit, Reprint

CONTEXT = 80  # characters of the article shown before and after a passage
NEAREST = 3
_ALSO = 4  # reprints named on a card
Card = dict[str, Any]
Part = dict[str, Any]


def cards(answer: Answer, language: Language) -> list[Card]:
    """One card for each cited passage, in the order of the marks; without evidence, the nearest passages."""
    if not answer.citations:
        return [_found(hit, language) for hit in _nearest(answer.hits)]
    together: list[list[Citation]] = []
    for citation in answer.citations:
        group = next((g for g in together if _share_a_card(g, citation)), None)
        if group is None:
            together.append([citation])
        else:
            group.append(citation)
    return [_cited(group, answer.hits, language) for group in together]


def _share_a_card(group: Sequence[Citation], citation: Citation) -> bool:
    apart = all(citation.end <= c.start or c.end <= citation.start for c in group)
    return group[0].passage_id == citation.passage_id and apart


def _nearest(hits: Sequence[Hit]) -> list[Hit]:
    """The first hits, those of distinct articles first."""
    seen: set[str] = set()
    repeated = []
    for hit in hits:
        repeated.append(hit.article.id in seen)
        seen.add(hit.article.id)
    return [hit for _, hit in sorted(zip(repeated, hits, strict=True), key=lambda pair: pair[0])][:NEAREST]


def _cited(group: Sequence[Citation], hits: Sequence[Hit], language: Language) -> Card:
    """The quotes inside their passage; a quote may reach beyond the passage that it was found by."""
    first = group[0]
    quotes = sorted(group, key=lambda c: c.start)
    hit = next((h for h in hits if h.passage.id == first.passage_id), None)
    article = hit.article if hit else next((h.article for h in hits if h.article.id == first.article_id), None)
    if article is None:  # no hit holds the article: then only the quotes are known
        parts = [_part("quote", c.quote, c.number) for c in quotes]
    else:
        spans = [(c.start, c.end) for c in quotes] + ([(hit.passage.start, hit.passage.end)] if hit else [])
        parts = _parts(article, min(s for s, _ in spans), max(e for _, e in spans), quotes)
    card = _card(first.title, first.publisher, first.published, article.url if article else None, parts, language)
    reprints = {r.article_id: r for c in group for r in c.reprints}
    return {**card, "numbers": [c.number for c in group], "also": also(tuple(reprints.values()), language)}


def also(reprints: Sequence[Reprint], language: Language) -> str:
    """Where else the same can be read, on one line; empty if nowhere."""
    if not reprints:
        return ""
    zh = language == "zh"
    places = [" ".join(filter(None, (r.publisher, r.published))) or r.title for r in reprints]
    shown = ("；" if zh else "; ").join(dict.fromkeys(places[:_ALSO]))
    more = len(reprints) - _ALSO
    rest = (f" 等 {len(reprints)} 处" if zh else f" and {more} more") if more > 0 else ""
    return f"另见转载：{shown}{rest}" if zh else f"Reprinted: {shown}{rest}"


def _found(hit: Hit, language: Language) -> Card:
    article, passage = hit.article, hit.passage
    parts = _parts(article, passage.start, passage.end, ())
    return _card(article.title, article.publisher, article.published, article.url, parts, language)


def _card(
    title: str, publisher: str | None, published: str | None, url: str | None, parts: list[Part], language: Language
) -> Card:
    unknown = ("发布方不详", "日期不详") if language == "zh" else ("publisher unknown", "undated")
    host = _host(url)
    return {
        "numbers": [],
        "also": "",
        "title": title,
        "line": " · ".join((publisher or unknown[0], published or unknown[1])),
        "url": url if host else None,
        "host": host,
        "parts": [part for part in parts if part["text"]],
    }


def _parts(article: Article, start: int, end: int, quotes: Sequence[Citation]) -> list[Part]:
    """From `start` to `end` of the article, with a little of its paragraph before and after."""
    text = article.text
    parts = [_part("around", _lead(text, start))]
    for quote in quotes:
        parts += [_part("plain", text[start : quote.start]), _part("quote", quote.quote, quote.number)]
        start = quote.end
    return [*parts, _part("plain", text[start:end]), _part("around", _tail(text, end))]


def _part(kind: str, text: str, number: int | None = None) -> Part:
    """One line break for several: the panel is narrow."""
    return {"kind": kind, "text": re.sub(r"[ \t\r]*\n\s*", "\n", text), "number": number}


def _lead(text: str, start: int) -> str:
    """What stands before in the same paragraph, from the beginning of a sentence where one is near."""
    lead = text[max(0, start - CONTEXT) : start]
    paragraph = lead.rpartition("\n\n")[2]
    if paragraph != lead or start <= CONTEXT:
        return paragraph
    sentence = re.search(r"[。！？\n](?=.)", lead)
    return lead[sentence.end() :] if sentence else f"…{lead}"


def _tail(text: str, end: int) -> str:
    """What follows in the same paragraph, to the end of a sentence where one is near."""
    tail = text[end : end + CONTEXT]
    paragraph = tail.partition("\n\n")[0]
    if paragraph != tail or end + CONTEXT >= len(text):
        return paragraph
    cut = tail.rfind("。")
    return tail[: cut + 1] if cut > 0 else f"{tail}…"


def _host(url: str | None) -> str | None:
    """The host of a web address; None for any other scheme, such as javascript:."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return parts.hostname if parts.scheme in ("http", "https") else None
