"""Late interaction: every token of the question meets its best token of the passage.

Khattab and Zaharia's MaxSim (ColBERT, 2020) over the static embedder's token vectors. A question token weighs as much
as its vector is long, for training makes the vectors of telling tokens longer. No transformer is run.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.embed import Ids, StaticEmbedder

_PIECE = 18  # tokens; two neighbouring pieces are a window, about as long as a sentence
_TELLING = 1e-3  # of the weight of a question: less is rounding
Scores = NDArray[np.float32]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Meeting:
    """A question's tokens and what each meets in some texts.

    `weights` of shape (asked,); `whole` of shape (asked, texts): the cosine in [0, 1] with the best token of a text;
    `windows` of shape (asked, windows): the same for the windows of the texts, of which `first` of shape (texts,) names
    the first one of each text; `heads` of shape (texts,): how much of a text's head the question says, in [0, 1].
    """

    weights: Scores
    whole: Scores
    windows: Scores
    first: Places
    heads: Scores

    @property
    def telling(self) -> Scores:
        """Weights of shape (asked,) that tell these texts apart: what meets its like in all of them has none.

        Where nothing tells them apart, those that the tokens have anyhow.
        """
        weights: Scores = self.weights * (1 - self.whole.mean(axis=1))
        return weights if weights.sum() > _TELLING * self.weights.sum() else self.weights

    def of_texts(self, weights: Scores) -> Scores:
        """How well each text matches with these weights of the question's tokens, in [0, 1]: shape (texts,)."""
        return _mean(weights, self.whole)

    def of_groups(self, weights: Scores, groups: Places) -> Scores:
        """The same for the group of each text, whose tokens are met in the best of its texts: shape (texts,)."""
        together = np.zeros((len(self.weights), int(groups.max()) + 1), np.float32)
        for text, group in enumerate(groups):
            np.maximum(together[:, group], self.whole[:, text], out=together[:, group])
        return _mean(weights, together)[groups]

    def of_windows(self, weights: Scores) -> Scores:
        """How well the best window of each text matches with these weights, in [0, 1]: shape (texts,)."""
        best: Scores = np.maximum.reduceat(_mean(weights, self.windows), self.first)
        return best


def late_interaction(tokens: StaticEmbedder, question: str, texts: Sequence[str]) -> Scores:
    """How well each folded text matches the folded question, in [0, 1]: shape (len(texts),)."""
    met = meet(tokens, question, [""] * len(texts), texts)
    return met.of_texts(met.weights)


def meet(tokens: StaticEmbedder, question: str, heads: Sequence[str], texts: Sequence[str]) -> Meeting:
    """Let the folded question meet at least one folded text; each text has a head, such as its title, as a part."""
    asked, *bags = tokens.token_ids([question, *heads, *texts])
    unit, weights = tokens.vectors(asked)
    body = [_pieces(bag) for bag in bags[len(heads) :]]
    pieces = [piece for head, rest in zip(bags, body, strict=False) for piece in (head, *rest)]
    # Passages on one subject share most of their tokens: each is looked up and compared once.
    flat = np.concatenate(pieces)
    distinct, places = _distinct(flat)
    met, lengths = tokens.vectors(distinct)
    cosines = np.clip(unit @ met.T, 0, 1)  # that of a vector with itself may be a little more than 1
    best = _best(cosines[:, places[flat]], np.array([len(piece) for piece in pieces]))
    count = np.array([len(rest) for rest in body])
    first = np.cumsum(count) - count  # of a text's windows: as many as it has pieces
    start = first + np.arange(len(body))  # of a text's pieces: each has a head before them
    whole = np.maximum.reduceat(best, start, axis=1)
    said = cosines.max(axis=0, initial=0)
    heads_said = [_share(said, lengths, places[bag]) for bag in bags[: len(heads)]]
    return Meeting(weights, whole, _windows(best, start), first, np.array(heads_said, np.float32))


def _distinct(ids: Ids) -> tuple[Ids, Places]:
    """The ids without repeats, and where among them each id stands. Sorting them took .4 ms of 4 for sixty passages."""
    met = np.zeros(int(ids.max(initial=0)) + 1, np.bool_)
    met[ids] = True
    distinct = np.flatnonzero(met)
    places = np.zeros(len(met), np.int64)
    places[distinct] = np.arange(len(distinct))
    return distinct.astype(np.int32), places


def _pieces(text: NDArray[np.int32]) -> list[NDArray[np.int32]]:
    """A text's tokens in pieces; one, empty, of none."""
    return [text[at : at + _PIECE] for at in range(0, max(len(text), 1), _PIECE)]


def _best(cosines: Scores, lengths: Places) -> Scores:
    """The best cosine of each asked token in each piece, of shape (asked, pieces): 0 in an empty one."""
    best = np.zeros((len(cosines), len(lengths)), np.float32)
    full = np.flatnonzero(lengths)
    if len(full) and len(cosines):
        best[:, full] = np.maximum.reduceat(cosines, (np.cumsum(lengths) - lengths)[full], axis=1)
    return best


def _windows(best: Scores, start: Places) -> Scores:
    """Each piece but the heads, which `start` names, together with the next one of its text."""
    heads = np.zeros(best.shape[1] + 1, np.bool_)
    heads[start] = heads[-1] = True
    after = np.concatenate([best[:, 1:], best[:, -1:]], axis=1)
    windows: Scores = np.where(heads[1:], best, np.maximum(best, after))[:, ~heads[:-1]]
    return windows


def _mean(weights: Scores, best: Scores) -> Scores:
    mean: Scores = weights @ best / max(float(weights.sum()), 1e-9)
    return mean


def _share(said: Scores, lengths: Scores, places: Places) -> float:
    whole = float(lengths[places].sum())
    return float(said[places] @ lengths[places]) / whole if whole else 0.0
