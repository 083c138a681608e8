"""Whether the cited evidence supports a sentence: its numbers, dates, names and quotations stand there, and it fits.

A sentence may shorten, join and reword; it may not bring anything that can be looked up and does not stand there.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.embed import Ids, StaticEmbedder
from index.fold import fold
from rag.binding import layout, misplaced
from rag.claims import by_day, follows, is_chinese, letters, quotations, read
from rag.late import late_interaction
from rag.naming import Lookup, names_lacking
from rag.negation import taken_for_fact, turned
from rag.roles import wrong_roles
from rag.types import Hit

_RUNS = re.compile(r"[a-z0-9]{3,}|(?=([\u3400-\u9fff]{2}))")
# Calibrated on one half of the material of benchmarks/verification.py (docs/BENCHMARKS.md).
_LEAST = 0.58
_LEAST_ACROSS = 0.37  # where the sentence and the evidence are in two languages
_IN_NAMES, _BARE = 10, 4
_CUT = re.compile(r"…+|\.{3,}")
_ADDED = re.compile(r"\[([^\[\]]+)\]|［([^［］]+)］|（([^（）]+)）|\(([^()]+)\)")


@dataclass(frozen=True, slots=True)
class Verdict:
    """`lacking` names what the sentence claims and the evidence does not carry, as the sentence writes it; `score` is
    the late interaction of the sentence with the evidence, in [0, 1].
    """

    supported: bool
    lacking: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class _Carried:
    """What one hit carries: its passage, `body`, with all that is known of its article, `head`."""

    head: str
    body: str
    text: str
    base: str | None
    folded: str
    letters: str


def verify(sentence: str, evidence: Sequence[Hit], tokens: StaticEmbedder) -> Verdict:
    """Compare a sentence, without its marks, with the hits that it cites."""
    carried = [_carried(hit) for hit in evidence]
    if not carried or not letters(sentence):
        return Verdict(False, (), 0.0)
    ground, folded = _ground(tuple(c.folded for c in carried), tokens), fold(sentence)
    if _is_quoted(sentence, evidence, carried) and not taken_for_fact(folded, ground.folded):
        return Verdict(True, (), 1.0)
    score = float(late_interaction(tokens, folded, [ground.folded])[0])
    lacking = tuple(dict.fromkeys(_lacking(sentence, folded, carried, ground, tokens)))
    return Verdict(not lacking and _fits(folded, ground, score), lacking, score)


def _is_quoted(sentence: str, evidence: Sequence[Hit], carried: Sequence[_Carried]) -> bool:
    """Whether all of a sentence stands there, but for what was left out (…) or added in brackets from the article."""
    bare = letters(sentence)
    if len(bare) >= _BARE and any(bare in c.letters for c in carried):
        return True
    added = [next(filter(None, found.groups())) for found in _ADDED.finditer(sentence)]
    if any(not any(name in f"{hit.article.title}\n{hit.article.text}" for hit in evidence) for name in added):
        return False
    pieces = [letters(piece) for piece in _CUT.split(_ADDED.sub("", sentence))]
    return max(map(len, pieces)) >= _BARE and all(any(piece in c.letters for c in carried) for piece in pieces)


def _fits(folded: str, ground: Lookup, score: float) -> bool:
    """Whether a sentence is about what the evidence is about: by its tokens, and within one language by its letters."""
    if is_chinese(folded) != ground.is_chinese:
        return score >= _LEAST_ACROSS
    return (score + _shared(folded, ground.folded)) / 2 >= _LEAST


def _shared(folded: str, other: str) -> float:
    """The share of the Latin words and of the runs of two Chinese characters of a text that stand in another."""
    runs = [found[1] or found[0] for found in _RUNS.finditer(folded)]
    return sum(run in other for run in runs) / len(runs) if runs else 1.0


def _lacking(
    sentence: str, folded: str, carried: Sequence[_Carried], ground: Lookup, tokens: StaticEmbedder
) -> Iterator[str]:
    yield from _figures_lacking(sentence, carried)
    yield from _times_lacking(sentence, carried)
    yield from _quotations_lacking(sentence, carried, ground)
    yield from names_lacking(sentence, ground, tokens)
    yield from _misplaced(sentence, carried, tokens)
    yield from (n for n in (turned(folded, ground.folded), taken_for_fact(folded, ground.folded)) if n)
    yield from wrong_roles(folded, ground.folded)


def _misplaced(sentence: str, carried: Sequence[_Carried], tokens: StaticEmbedder) -> Iterator[str]:
    """What none of the hits that have it has for the same thing."""
    wrong: dict[str, None] = {}
    right: set[str] = set()
    for c in carried:
        said, there = layout(sentence, c.base), layout(c.body, c.base, c.head)
        found = list(misplaced(said, there, tokens))
        wrong |= dict.fromkeys(found)
        carries = {f.text for f in said.read.figures if any(f.agrees(o) for o in there.read.figures)}
        carries |= {t.text for t in said.read.times if any(t.holds(o) for o in there.read.times)}
        right |= carries - set(found)
    yield from (text for text in wrong if text not in right)


def _figures_lacking(sentence: str, carried: Sequence[_Carried]) -> Iterator[str]:
    there = [read(c.text, c.base) for c in carried]
    said = read(sentence, carried[0].base)
    # 第二次世界大战 is World War II, and 五大湖 are the Great Lakes.
    across = is_chinese(sentence) and not is_chinese(carried[0].body)
    for figure in said.figures:
        if across and figure.value <= _IN_NAMES and not figure.text[:1].isdecimal():
            continue
        if not (any(figure.agrees(f) for r in there for f in r.figures) or follows(figure, said, there)):
            yield figure.text


def _times_lacking(sentence: str, carried: Sequence[_Carried]) -> Iterator[str]:
    proved: set[str] = set()
    claimed: dict[str, None] = {}
    for c in carried:
        there, said = read(c.text, c.base), read(sentence, c.base)
        claimed |= dict.fromkeys([*(t.text for t in said.times), *(u.text for u in said.unresolved)])
        proved |= {t.text for t in said.times if any(t.holds(o) for o in there.times) or by_day(t, there, c.base)}
        proved |= {u.text for u in said.unresolved if letters(u.plain) in letters(there.text)}
        proved |= {text for text in claimed if fold(text) in c.folded}
    yield from (text for text in claimed if text not in proved)


def _quotations_lacking(sentence: str, carried: Sequence[_Carried], ground: Lookup) -> Iterator[str]:
    """A quotation in English of what is said in Chinese is a translation, and cannot be looked up."""
    if is_chinese(sentence) == ground.is_chinese:
        yield from (q for q in quotations(sentence) if not any(_stands(q, c) for c in carried))


def _stands(quoted: str, there: _Carried) -> bool:
    """Whether a quotation stands there, but for punctuation; a short one, such as “5+6”, with its signs."""
    bare = letters(quoted)
    return bare in there.letters if len(bare) >= _BARE else fold(quoted) in there.folded


def _carried(hit: Hit) -> _Carried:
    article = hit.article
    head = (article.title, hit.passage.heading, article.publisher, _day(article.published))
    return _carry("\n".join(filter(None, head)), hit.passage.text, article.published)


def _day(iso: str | None) -> str:
    """2024-05-06 as an article says it: 2024年5月6日."""
    return "".join(f"{int(part)}{sign}" for part, sign in zip((iso or "").split("-"), "年月日", strict=False) if part)


@lru_cache(2048)
def _carry(head: str, body: str, base: str | None) -> _Carried:
    text = f"{head}\n{body}"
    return _Carried(head, body, text, base, fold(text), letters(text))


@lru_cache(2048)
def _ground(folded: tuple[str, ...], tokens: StaticEmbedder) -> Lookup:
    text = "\n".join(folded)
    ids: Ids = np.unique(tokens.token_ids([text])[0])
    return Lookup(text, ids)
