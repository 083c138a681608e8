"""One witness, one voice: of passages that tell the same, the best stays and names the articles of the others.

Without it a story that ten papers reprint would fill every answer, and a file with five hundred copies of a question's
words would push all else out of sight.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from index.fold import fold
from index.reader import Index
from index.types import Article, Filter
from rag.candidates import Candidate
from rag.types import Hit

_SHARED = 5  # of the 16 hashes of two passages' sketches: fewer, and they are not compared
_PIECE = 12  # letters; passages are compared piece by piece
_TOLD = 0.7  # of the pieces; a sentence that was dropped or moved, or a word that was changed, costs a few
_MARKS = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"[\d.零〇一二三四五六七八九十百千万亿两]*[\d零〇一二三四五六七八九十百千万亿两]")


def join(index: Index, ranked: Sequence[Candidate], most: int, *, per_article: int) -> list[Candidate]:
    """The best `most` candidates, in order, without those that repeat a better one; its `repeats` name their articles.

    Of a story told by several articles one speaks; of the others stays what it does not say. Of an article stay at most
    `per_article`: a long one must not push out the others.
    """
    kept: list[Candidate] = []
    speaker: dict[int, int] = {}  # story → position in `kept`
    holders: dict[bytes, list[int]] = {}  # hash of a sketch → positions in `kept`
    count: dict[int, int] = {}
    for candidate in ranked:
        found = candidate.found
        said = _said_before(candidate, kept, speaker.get(index.story(found.article_row)), holders)
        if said is not None:
            kept[said] = _with_repeat(kept[said], candidate)
        elif count.get(found.article_row, 0) < per_article:
            count[found.article_row] = count.get(found.article_row, 0) + 1
            speaker.setdefault(index.story(found.article_row), len(kept))
            for piece in _hashes(found.sketch):
                holders.setdefault(piece, []).append(len(kept))
            kept.append(candidate)
        if len(kept) == most:
            break
    return kept


def reprints(index: Index, hit: Hit, text: str, only: Filter) -> tuple[Article, ...]:
    """The other articles that hold `text`, a part of the hit's article: what was found to say the same, and its story.

    Only articles of the filter; the first of the story comes first.
    """
    known = {a.id: a for a in (*index.reprints(hit.article, only), *hit.reprints)}
    return tuple(a for a in known.values() if a.id != hit.article.id and says(a.text, text))


def says(whole: str, text: str) -> bool:
    """Whether a text holds another one, but for punctuation, script and a few words; and all of its figures."""
    part, letters = _bare(text), _bare(whole)
    pieces = [part[at : at + _PIECE] for at in range(0, max(len(part) - _PIECE // 2, 1), _PIECE)]
    held = sum(piece in letters for piece in pieces)
    return held >= _TOLD * len(pieces) and set(_NUMBER.findall(part)) <= set(_NUMBER.findall(letters))


def _said_before(
    candidate: Candidate, kept: Sequence[Candidate], speaker: int | None, holders: dict[bytes, list[int]]
) -> int | None:
    """The position of the kept candidate that says what this one says: its story's speaker, or a like passage."""
    found = candidate.found
    other = speaker is not None and kept[speaker].found.article_row != found.article_row
    if speaker is not None and other and says(kept[speaker].found.article.text, found.passage.text):
        return speaker
    shared: dict[int, int] = {}
    for piece in _hashes(found.sketch):
        for position in holders.get(piece, ()):
            shared[position] = shared.get(position, 0) + 1
    near = sorted(position for position, hashes in shared.items() if hashes >= _SHARED)
    return next((position for position in near if says(kept[position].found.passage.text, found.passage.text)), None)


def _hashes(sketch: bytes) -> list[bytes]:
    return [sketch[start : start + 4] for start in range(0, len(sketch), 4)]


@lru_cache(maxsize=512)  # the articles and passages of one question meet several others
def _bare(text: str) -> str:
    return _MARKS.sub("", fold(text))


def _with_repeat(leader: Candidate, repeat: Candidate) -> Candidate:
    articles = {a.id: a for a in (*leader.repeats, *repeat.repeats, repeat.found.article)}
    articles.pop(leader.found.article.id, None)
    return replace(leader, repeats=tuple(articles.values()))
