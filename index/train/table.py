"""The vectors being learned, and the rule by which a step changes them."""

import numpy as np
import torch
import torch.nn.functional as F

from index.train.parts import Parts
from index.train.ragged import Floats, Places, distinct, slices

_DECAY = 0.99


class Table:
    """Vectors of all tokens; a token's vector is a part of its own plus the means of what it is made of."""

    def __init__(self, parts: Parts, dim: int, seed: int) -> None:
        own = torch.randn(parts.rows, dim, generator=torch.Generator().manual_seed(seed)) * 0.1
        own[np.flatnonzero(parts.ids.lengths() > 1)] *= 0.3  # a word starts as its parts say
        self._own = own
        self._parts = parts
        self._square = torch.zeros(parts.rows, 1)
        self._steps = torch.zeros(parts.rows, 1)

    def __len__(self) -> int:
        return len(self._parts.ids)

    def rows(self, tokens: Places) -> "Rows":
        """Vectors of the given tokens, ready for a gradient."""
        parts = self._parts.ids.take(tokens)
        shares = slices(self._parts.shares, self._parts.ids.offsets[tokens], parts.lengths()).flat
        touched, places = distinct(parts.flat, self._parts.rows)
        leaf = self._own[torch.from_numpy(touched)].requires_grad_()
        vectors = F.embedding_bag(
            torch.from_numpy(places),
            leaf,
            torch.from_numpy(parts.offsets[:-1]),
            mode="sum",
            per_sample_weights=torch.from_numpy(shares),
        )
        return Rows(vectors, leaf, touched)

    def step(self, rows: "Rows", rate: float) -> None:
        """Change the parts that were touched, each scaled by the recent size of its gradients.

        Adam (Kingma and Ba 2015) without its first moment and with one second moment for a row: a step then costs what
        its few thousand rows cost, not what the table of 67,000 does.
        """
        gradient = rows.leaf.grad
        if gradient is None:
            raise RuntimeError("step() before backward()")
        with torch.no_grad():
            touched = torch.from_numpy(rows.touched)
            self._steps[touched] += 1
            square = self._square[touched] * _DECAY + gradient.square().mean(1, keepdim=True) * (1 - _DECAY)
            self._square[touched] = square
            deviation = (square / (1 - _DECAY ** self._steps[touched])).sqrt() + 1e-8
            self._own.index_add_(0, touched, gradient * (-rate / deviation))

    def vectors(self) -> Floats:
        """All vectors: own part and parts summed."""
        with torch.no_grad():
            return self.rows(np.arange(len(self))).vectors.numpy()


class Rows:
    """Some vectors of a table during one step: `vectors` are computed from `leaf`, which holds the `touched` parts."""

    def __init__(self, vectors: torch.Tensor, leaf: torch.Tensor, touched: Places) -> None:
        self.vectors, self.leaf, self.touched = vectors, leaf, touched
