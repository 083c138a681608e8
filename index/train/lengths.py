"""How long the shipped vectors are: as learned, evened out by how often a token was read."""

import numpy as np

from index.train.ragged import Floats, Places

_TRUSTED = 0.03  # of all steps: read in so many, a token's length is half its own
_OFTEN = 0.05
_RARITY, _NO_RARITY, _LEAST, _MOST = 0.4, 4.0, 0.2, 12.0


class Readings:
    """In how many steps each token was read, and how often."""

    def __init__(self, tokens: int) -> None:
        self.steps = np.zeros(tokens, np.int64)
        self.times = np.zeros(tokens, np.int64)

    def add(self, tokens: Places, places: Places) -> None:
        """One step: the distinct tokens it read, and the place among them of each that it read."""
        self.steps[tokens] += 1
        self.times[tokens] += np.bincount(places, minlength=len(tokens))


def evened(vectors: Floats, readings: Readings) -> Floats:
    """The vectors with new lengths: their own^.6 · rarity^.4, and what was seldom read first drawn to the usual length.

    A vector grows from nearly nothing as it is learned, so a rare word, which tells most, is too short. Rarity is the
    logarithm of one over a token's share of all that was read, less 4.
    """
    lengths = np.linalg.norm(vectors, axis=1)
    read = readings.steps / readings.steps.max()
    usual = float(lengths[read > _OFTEN].mean())
    trusted = (read * lengths + _TRUSTED * usual) / (read + _TRUSTED)
    share = readings.times / readings.times.sum()
    rarity = np.clip(-np.log(np.maximum(share, 1e-9)) - _NO_RARITY, _LEAST, _MOST)
    wanted = trusted ** (1 - _RARITY) * rarity**_RARITY
    evened: Floats = (vectors * (wanted / np.maximum(lengths, 1e-6))[:, None]).astype(np.float32)
    return evened
