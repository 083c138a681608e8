"""Is an answer right, cited, a refusal; did the search find the evidence? Pure functions: no disk, no model."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from eval.types import Evidence, GoldItem, ItemResult, Tally, Verdict
from rag.types import Answer, Citation, Hit

MAX_CHARS = 300  # a longer answer is not right, whatever it holds
HITS = 10  # evidence counts as found among this many hits
SHARE = 0.8  # of a quote's characters that must stand in a hit: cleaning may have changed some

_GLOSS = re.compile(r"(?<=[\u3400-\u9fff])\([a-zà-ɏ]{1,7}\)")
_MARK = re.compile(r"\[\d+\]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")


def normalise(text: str) -> str:
    """NFKC, Simplified, case folded; no pinyin glosses, white space, citation marks or thousands commas."""
    text = _to_simplified().convert(unicodedata.normalize("NFKC", text)).casefold()
    text = re.sub(r"\s+", "", _GLOSS.sub("", text))
    return _THOUSANDS.sub("", _MARK.sub("", text))


def holds(normal: str, needle: str) -> bool:
    """Whether a needle stands in a normalised text; a number is not found inside a longer one: 25亿 is not in 225亿."""
    wanted = normalise(needle)
    lead = r"(?<![\d.])" if wanted[:1].isdigit() else ""
    tail = r"(?![\d])" if wanted[-1:].isdigit() else ""
    return bool(wanted) and re.search(lead + re.escape(wanted) + tail, normal) is not None


def judge(item: GoldItem, answer: Answer | None) -> Verdict | None:
    """The verdict on an answer; a missing one (None) is wrong. None for an item that no program can score."""
    if not item.scorable:
        return None
    if answer is None:
        return Verdict(right=False, cited=not item.answerable, refused=False, evidence=evidence_found(item, ()))
    text = normalise(answer.text)
    refused = answer.status == "no_evidence"
    found = evidence_found(item, answer.hits)
    if not item.answerable:
        refused = refused or any(holds(text, needle) for needle in _needles(item))
        return Verdict(right=refused, cited=True, refused=refused, evidence=found)
    right = not refused and bool(answer.citations) and states(item, text)
    return Verdict(right, right and cites(item, answer.citations), refused, found)


def states(item: GoldItem, normal: str) -> bool:
    """Whether a normalised text of at most 300 characters holds one of each list of `must`, and none of `must_not`."""
    if len(normal) > MAX_CHARS or any(holds(normal, needle) for needle in item.must_not):
        return False
    return all(any(holds(normal, needle) for needle in alternatives) for alternatives in item.must)


def cites(item: GoldItem, citations: Sequence[Citation]) -> bool:
    """Whether one citation comes from a source of the item, or its quote holds one of the alternatives."""
    if any(source in c.article_id + c.source for c in citations for source in item.sources):
        return True
    return any(holds(normalise(c.quote), needle) for c in citations for needle in _needles(item))


def evidence_found(item: GoldItem, hits: Sequence[Hit]) -> bool | None:
    """Whether the best ten hits hold every quote of the item's evidence; None if it names none."""
    if not item.evidence:
        return None
    return all(_quoted(evidence, hits[:HITS]) for evidence in item.evidence)


def _quoted(evidence: Evidence, hits: Sequence[Hit]) -> bool:
    """Whether the passages of an article of the evidence's source hold its quote; it may run over several of them."""
    passages: dict[str, list[Hit]] = {}
    for hit in hits:
        if evidence.source in hit.article.id + hit.article.source:
            passages.setdefault(hit.article.id, []).append(hit)
    quote = normalise(evidence.quote)
    joined = ("".join(h.passage.text for h in sorted(of, key=lambda h: h.passage.start)) for of in passages.values())
    return any(overlap(quote, normalise(text)) >= SHARE for text in joined)


def overlap(quote: str, text: str) -> float:
    """The share of a quote's characters that stand in order in a stretch of the text at most twice as long, in [0, 1].

    1.0 where the text holds the quote. The bound keeps characters from being gathered out of a whole article.
    """
    if quote in text:
        return 1.0
    step, span = max(1, len(quote) // 2), 2 * len(quote)
    starts = range(0, max(1, len(text) - span + step), step)
    return max(common_subsequence(quote, text[s : s + span]) for s in starts) / len(quote)


def common_subsequence(one: str, other: str) -> int:
    """The length of the longest common subsequence, bit-parallel (Hyyrö 2004): a column of the table is one integer."""
    places: dict[str, int] = {}
    for place, char in enumerate(one):
        places[char] = places.get(char, 0) | 1 << place
    full = (1 << len(one)) - 1
    column = full
    for char in other:
        matched = column & places.get(char, 0)
        column = ((column + matched) | (column - matched)) & full
    return len(one) - column.bit_count()


def tally(kind: str, results: Iterable[ItemResult]) -> Tally:
    """The counts over results; those without a verdict are not among them."""
    scored = [(r.item, r.verdict) for r in results if r.verdict]
    verdicts = [verdict for _, verdict in scored]
    return Tally(
        kind=kind,
        n=len(verdicts),
        answerable=sum(item.answerable for item, _ in scored),
        right=sum(v.right for v in verdicts),
        cited=sum(verdict.cited for item, verdict in scored if item.answerable),
        refused=sum(v.refused for v in verdicts),
        evidenced=sum(v.evidence is not None for v in verdicts),
        found=sum(v.evidence is True for v in verdicts),
    )


def _needles(item: GoldItem) -> Iterable[str]:
    return (needle for alternatives in item.must for needle in alternatives)


@cache
def _to_simplified() -> Any:  # noqa: ANN401 - OpenCC has no types
    from opencc import OpenCC

    return OpenCC("t2s")
