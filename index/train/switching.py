"""Code switching: a Chinese text with most of its words put into English, anew each time it is read.

To a bag of words that is a translated text, so questions that exist only in Chinese teach English questions too.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.sparse import csr_matrix, vstack  # type: ignore[import-untyped]
from tokenizers import Tokenizer

from index.train.material import Gloss
from index.train.ragged import Ids, Pairs, Places, Ragged, ragged, slices
from index.train.vocabulary import inflected

_PUT_INTO_ENGLISH, _KEPT, _FUNCTION_WORD = 0.85, 0.6, 0.4
_RENDERINGS, _SLOTS = 6, 16
_UNSEEN, _DICE = 0.05, 0.12
_SENTENCES = ("spoken", "docs", "statute")
_FUNCTION_WORDS = (
    "the of in what is was to a did which how many who and for by are does were on that from with when where it its "
    "year as at name do has be an have why much his their had one or"
)


@dataclass(frozen=True, slots=True)
class Renderings:
    """Token t may become any row from `first[t]` to `first[t + 1]` of `phrases` (token ids)."""

    first: Places
    phrases: Ragged[np.int32]
    function_words: Ids

    @property
    def tokens(self) -> int:
        """How many tokens the vocabulary has."""
        return len(self.first) - 1

    def switch(self, texts: Ragged[np.int32], rng: Generator) -> Ragged[np.int32]:
        """The texts with 85 of 100 translatable tokens translated; of the others 60 stay and some turn to filler."""
        flat = texts.flat
        count = self.first[flat + 1] - self.first[flat]
        chance = rng.random((2, len(flat)))
        translated = (count > 0) & (chance[0] < _PUT_INTO_ENGLISH)
        option = self.first[flat] + (rng.random(len(flat)) * count).astype(np.int64)
        option = np.where(translated, option, 0)
        kept = ~translated & (chance[1] < _KEPT)
        filler = ~translated & ~kept & (rng.random(len(flat)) < _FUNCTION_WORD)
        # One pool holds the phrases, then every token by itself, so that each place becomes a slice of it.
        pool = np.concatenate([self.phrases.flat, np.arange(self.tokens, dtype=np.int32)])
        single = len(self.phrases.flat) + np.where(filler, rng.choice(self.function_words, len(flat)), flat)
        starts = np.where(translated, self.phrases.offsets[option], single)
        lengths = np.where(
            translated, self.phrases.offsets[option + 1] - self.phrases.offsets[option], kept | filler
        ).astype(np.int64)
        switched = slices(pool, starts, lengths)
        return Ragged(switched.flat, switched.offsets[texts.offsets])


def renderings(glosses: list[Gloss], tasks: list[Pairs], tokens: list[str], tokenizer: Tokenizer) -> Renderings:
    """Slots of English phrases for every Chinese token that has any, shared out by how often the parallel texts agree.

    A dictionary lists rare senses first as often as not (年: harvest, year); among sentences and their translations
    the common one is seen.
    """
    number = {token: place for place, token in enumerate(tokens)}
    agreement, close = _agreement([pairs for pairs in tasks if pairs.name in _SENTENCES], len(tokens))
    ours = [gloss for gloss in glosses if gloss.word in number and gloss.word[0] >= "\u4e00"]
    encoded = tokenizer.encode_batch_fast([gloss.english for gloss in ours])
    options: dict[int, dict[tuple[int, ...], float]] = defaultdict(dict)
    for gloss, encoding in zip(ours, encoded, strict=True):
        place, phrase = number[gloss.word], tuple(encoding.ids)
        if phrase and len(options[place]) < _RENDERINGS:
            shared = min(agreement.get((place, part), 0.0) for part in phrase)
            options[place][phrase] = shared + (_UNSEEN if len(gloss.word) > 1 else 0.0)
            for form in inflected(gloss.english, verb=gloss.verb):
                if len(phrase) == 1 and form in number:
                    options[place][(number[form],)] = agreement.get((place, number[form]), 0.0) + _UNSEEN / 4
    for place, part in close:
        options[place].setdefault((part,), agreement[place, part])
    slots = [_slots(options.get(place, {})) for place in range(len(tokens))]
    words = np.array([number[word] for word in _FUNCTION_WORDS.split() if word in number], dtype=np.int32)
    first = np.concatenate([[0], np.cumsum([len(row) for row in slots])])
    return Renderings(first, ragged([phrase for row in slots for phrase in row]), words)


def _slots(options: dict[tuple[int, ...], float]) -> list[tuple[int, ...]]:
    """Sixteen slots, each phrase in as many as its share rounds to."""
    whole = sum(options.values())
    if whole < _UNSEEN:
        return []
    return [phrase for phrase, share in options.items() for _ in range(round(_SLOTS * share / whole))]


def _agreement(parallel: list[Pairs], tokens: int) -> tuple[dict[tuple[int, int], float], list[tuple[int, int]]]:
    """For a Chinese and an English token: the part of the Chinese one's texts whose translations have the other.

    Second, the pairs that go together even if no dictionary says so: a Dice coefficient of .12 or more over at least
    four texts, neither of them in more than one of thirty (such words go with everything).
    """
    chinese, english = (
        vstack([_presence(side, tokens) for side in sides])
        for sides in ([pairs.left for pairs in parallel], [pairs.right for pairs in parallel])
    )
    together = (chinese.T @ english).tocoo()
    left, right = (np.asarray(side.sum(axis=0)).ravel() for side in (chinese, english))
    dice = 2 * together.data / (left[together.row] + right[together.col])
    kept = (dice >= _DICE / 6) & (together.data >= 4)
    rows, columns, counts, dice = together.row[kept], together.col[kept], together.data[kept], dice[kept]
    rare = np.maximum(left[rows], right[columns]) < chinese.shape[0] / 30
    pairs = list(zip(rows.tolist(), columns.tolist(), strict=True))
    close = [pair for pair, good in zip(pairs, (dice >= _DICE) & rare, strict=True) if good]
    return dict(zip(pairs, (counts / left[rows]).tolist(), strict=True)), close


def _presence(texts: Ragged[np.int32], tokens: int) -> csr_matrix:
    """Which text has which token, over the texts' first 40 tokens."""
    cut = texts.take(np.arange(len(texts)), 40)
    matrix = csr_matrix((np.ones(len(cut.flat), np.float32), cut.flat, cut.offsets), shape=(len(cut), tokens))
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix
