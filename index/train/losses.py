"""How far the texts of a batch are from lying nearest to their partners: by mean vector, and by late interaction."""

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]

from index.train.ragged import Places, Ragged, distinct

_SCALE = 20.0  # a cosine difference of .1 is worth a factor of e²
_LATE_PAIRS, _LONGEST_ASKED, _LONGEST_TOLD = 128, 20, 96
Row = np.int64


def dense_loss(vectors: torch.Tensor, left: Ragged[Row], right: Ragged[Row], masked: torch.Tensor) -> torch.Tensor:
    """The loss of the normalised mean vectors, as dense search compares texts. Rows hold places in `vectors`."""
    return _both_ways(_mean(vectors, left) @ _mean(vectors, right).T, masked)


def late_loss(vectors: torch.Tensor, left: Ragged[Row], right: Ragged[Row], masked: torch.Tensor) -> torch.Tensor:
    """The loss of late interaction (Khattab and Zaharia 2020), as reranking compares them, over the first 128 pairs.

    Each token of the left text meets its best token of the right one; it weighs as much as its vector is long.
    """
    few = np.arange(min(_LATE_PAIRS, len(left)))
    asked, told = left.take(few, _LONGEST_ASKED), right.take(few, _LONGEST_TOLD)
    asked_ids, asked_at = distinct(asked.flat, len(vectors))
    told_ids, told_at = distinct(told.flat, len(vectors))
    lengths = vectors.norm(dim=1).clamp_min(1e-6)
    units = vectors / lengths[:, None]
    best = _BestMatch.apply(  # type: ignore[no-untyped-call]
        units[torch.from_numpy(told_ids)],
        units[torch.from_numpy(asked_ids)],
        torch.from_numpy(told_at),
        torch.from_numpy(told.offsets[:-1]),
    )
    weights = lengths[torch.from_numpy(asked.flat)]
    total = _weighted_sum(best.T.contiguous(), asked_at, asked, weights)
    whole = _weighted_sum(torch.ones(len(asked_ids), 1), asked_at, asked, weights)
    return _both_ways(total / whole.clamp_min(1e-6), masked[: len(few), : len(few)])


class _BestMatch(torch.autograd.Function):
    """Cosine of each asked token with its best token of each told text: (texts told, tokens asked).

    Only the best pairs carry a gradient, so the way back is a sparse product where autograd would take two dense ones.
    """

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401 - torch's own signature
        told: torch.Tensor,
        asked: torch.Tensor,
        places: torch.Tensor,
        offsets: torch.Tensor,
    ) -> torch.Tensor:
        best, _, _, where = torch.embedding_bag(told @ asked.T, places, offsets, mode=2)  # 2 is "max"
        ctx.save_for_backward(told, asked, where)
        return best

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:  # noqa: ANN401
        told, asked, where = ctx.saved_tensors
        columns = np.broadcast_to(np.arange(len(asked)), where.shape).ravel()
        shape = (len(told), len(asked))
        pairs = csr_matrix((gradient.numpy().ravel(), (where.numpy().ravel(), columns)), shape)
        return torch.from_numpy(pairs @ asked.numpy()), torch.from_numpy(pairs.T @ told.numpy()), None, None


def _mean(vectors: torch.Tensor, texts: Ragged[Row]) -> torch.Tensor:
    places, offsets = torch.from_numpy(texts.flat), torch.from_numpy(texts.offsets[:-1])
    return F.normalize(F.embedding_bag(places, vectors, offsets, mode="mean"), dim=1)


def _weighted_sum(rows: torch.Tensor, places: Places, texts: Ragged[Row], weights: torch.Tensor) -> torch.Tensor:
    offsets = torch.from_numpy(texts.offsets[:-1])
    return F.embedding_bag(torch.from_numpy(places), rows, offsets, mode="sum", per_sample_weights=weights)


def _both_ways(similarity: torch.Tensor, masked: torch.Tensor) -> torch.Tensor:
    """Cross entropy of each text against its partner among all, left to right and right to left."""
    scaled = (similarity * _SCALE).masked_fill(masked, -1e4)
    target = torch.arange(len(scaled))
    return (F.cross_entropy(scaled, target) + F.cross_entropy(scaled.T, target)) / 2
