"""The training itself: token vectors such that a text lies nearer to its partner than to the other texts of a batch.

Two losses share the vectors: of the mean vector, as dense search compares texts, and of late interaction, in which each
token of the one text meets its best token of the other (Khattab and Zaharia 2020), as reranking compares them.
"""

import time
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.random import Generator, default_rng
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from index.train.ragged import Pairs, Ragged, slices
from index.train.switching import Renderings


@dataclass(frozen=True, slots=True)
class Settings:
    """The recipe's numbers."""

    steps: int = 6000
    dim: int = 256
    batch: int = 1024
    late_batch: int = 128
    longest: int = 112
    longest_asked: int = 20
    longest_told: int = 96
    rate: float = 0.02
    scale: float = 20.0
    late_scale: float = 20.0
    late_weight: float = 1.0
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """The two sides of a step and which pairs must not count as negatives."""

    left: Ragged
    right: Ragged
    masked: torch.Tensor


import os
ROWWISE = bool(os.environ.get('ROWWISE'))
class Table:
    """Vectors of all tokens; a token's vector is its own part plus the mean of what it is made of."""

    def __init__(self, parts: Ragged, weights: NDArray[np.float32], settings: Settings) -> None:
        generator = torch.Generator().manual_seed(settings.seed)
        self.own = torch.randn(len(parts), settings.dim, generator=generator) * 0.1
        self.own[torch.from_numpy(parts.lengths() > 1)] *= 0.3
        self._parts, self._weights = parts, weights
        self._mean = torch.zeros_like(self.own)
        self._square = torch.zeros_like(self.own)
        self._seen = torch.zeros(len(parts))

    def rows(self, tokens: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor, NDArray[np.int64]]:
        """Vectors of the given tokens, the leaf they are computed from, and which rows of `own` that leaf holds."""
        parts = self._parts.take(tokens)
        weights = slices_of(self._weights, self._parts, tokens)
        touched, places = _distinct(parts.flat, len(self._parts))
        leaf = self.own[torch.from_numpy(touched)].requires_grad_()
        vectors = F.embedding_bag(
            torch.from_numpy(places),
            leaf,
            torch.from_numpy(parts.offsets[:-1]),
            mode="sum",
            per_sample_weights=torch.from_numpy(weights),
        )
        return vectors, leaf, touched

    def update(self, touched: NDArray[np.int64], gradient: torch.Tensor, rate: float) -> None:
        """Adam (Kingma and Ba 2015) on the touched rows alone; bias is corrected by a row's own count of steps."""
        rows = torch.from_numpy(touched)
        self._seen[rows] += 1
        seen = self._seen[rows, None]
        if ROWWISE:
            square = self._square[rows, :1].mul_(0.99).add_(gradient.square().mean(1, keepdim=True), alpha=0.01)
            self._square[rows, :1] = square
            deviation = (square / (1 - 0.99**seen)).sqrt_().add_(1e-8)
            self.own.index_add_(0, rows, gradient * (-rate / deviation))
            return
        mean = self._mean[rows].mul_(0.9).add_(gradient, alpha=0.1)
        square = self._square[rows].mul_(0.99).addcmul_(gradient, gradient, value=0.01)
        self._mean[rows], self._square[rows] = mean, square
        deviation = (square / (1 - 0.99**seen)).sqrt_().add_(1e-8)
        self.own[rows] -= rate * (mean / (1 - 0.9**seen)) / deviation

    def vectors(self) -> NDArray[np.float32]:
        """All vectors as they are shipped: a token's parts summed."""
        with torch.no_grad():
            everything, _, _ = self.rows(np.arange(len(self._parts)))
        return everything.numpy()


def slices_of(values: NDArray[np.float32], rows: Ragged, chosen: NDArray[np.int64]) -> NDArray[np.float32]:
    """The values that belong to the items of the chosen rows."""
    starts = rows.offsets[chosen]
    places = slices(np.arange(len(rows.flat), dtype=np.int32), starts, rows.offsets[chosen + 1] - starts).flat
    return values[places]


def _distinct(ids: NDArray[np.int32], limit: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sorted distinct ids, and the place of each id among them; without sorting."""
    present = np.zeros(limit, dtype=bool)
    present[ids] = True
    distinct = np.flatnonzero(present)
    place = np.zeros(limit, dtype=np.int64)
    place[distinct] = np.arange(len(distinct))
    return distinct, place[ids]


def draw(pairs: Pairs, renderings: Renderings, settings: Settings, rng: Generator) -> Batch:
    """Pairs of one task. Where both sides are Chinese, four of ten batches have their left side put into English, and
    two of ten the right one."""
    chosen = rng.integers(0, len(pairs.left), settings.batch)
    left = pairs.left.take(chosen, settings.longest)
    right = pairs.right.take(chosen, settings.longest)
    chance = rng.random()
    if pairs.switchable and chance < 0.45:
        left = renderings.switch(left, rng)
    elif pairs.switchable and chance < 0.65:
        right = renderings.switch(right, rng)
    elif pairs.mirrored and chance < 0.5:
        left, right = right, left
    group = pairs.group[chosen]
    same = (group[:, None] == group[None, :]) & ~np.eye(len(chosen), dtype=bool)
    return Batch(left, right, torch.from_numpy(same))


def _bag(places: NDArray[np.int64], texts: Ragged, vectors: torch.Tensor) -> torch.Tensor:
    offsets = torch.from_numpy(texts.offsets[:-1])
    return F.normalize(F.embedding_bag(torch.from_numpy(places), vectors, offsets, mode="mean"), dim=1)


def _both_ways(similarity: torch.Tensor, masked: torch.Tensor) -> torch.Tensor:
    """Cross entropy of each text against its partner among all, left to right and right to left."""
    similarity = similarity.masked_fill(masked, -1e4)
    target = torch.arange(len(similarity))
    return (F.cross_entropy(similarity, target) + F.cross_entropy(similarity.T, target)) / 2


def dense_loss(vectors: torch.Tensor, batch: Batch, places: NDArray[np.int64], scale: float) -> torch.Tensor:
    """The loss of the normalised mean vectors."""
    split = len(batch.left.flat)
    left = _bag(places[:split], batch.left, vectors)
    right = _bag(places[split:], batch.right, vectors)
    return _both_ways(left @ right.T * scale, batch.masked)


class _BestMatch(torch.autograd.Function):
    """Cosine of each asked token with its best token of each told text. Only the best pairs carry a gradient, so the
    way back is a sparse product where autograd would take two dense ones."""

    @staticmethod
    def forward(
        ctx: Any, told: torch.Tensor, asked: torch.Tensor, places: torch.Tensor, offsets: torch.Tensor
    ) -> torch.Tensor:
        best, _, _, where = torch.embedding_bag(told @ asked.T, places, offsets, mode=2)
        ctx.save_for_backward(told, asked, where)
        return best

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        told, asked, where = ctx.saved_tensors
        columns = np.broadcast_to(np.arange(len(asked)), where.shape).ravel()
        sparse = csr_matrix((gradient.numpy().ravel(), (where.numpy().ravel(), columns)), (len(told), len(asked)))
        by_told = torch.from_numpy(sparse @ asked.numpy())
        by_asked = torch.from_numpy(sparse.T @ told.numpy())
        return by_told, by_asked, None, None


def late_loss(vectors: torch.Tensor, batch: Batch, places: NDArray[np.int64], settings: Settings) -> torch.Tensor:
    """The loss of late interaction over the first pairs of the batch; a token weighs as much as its vector is long."""
    few = np.arange(min(settings.late_batch, len(batch.left)))
    split = len(batch.left.flat)
    asked = Ragged(places[:split], batch.left.offsets).take(few, settings.longest_asked)
    told = Ragged(places[split:], batch.right.offsets).take(few, settings.longest_told)
    asked_ids, asked_at = _distinct(asked.flat, len(vectors))
    told_ids, told_at = _distinct(told.flat, len(vectors))
    lengths = vectors.norm(dim=1).clamp_min(1e-6)
    units = vectors / lengths[:, None]
    best = _BestMatch.apply(
        units[torch.from_numpy(told_ids)],
        units[torch.from_numpy(asked_ids)],
        torch.from_numpy(told_at),
        torch.from_numpy(told.offsets[:-1]),
    )  # (texts told, distinct tokens asked)
    weights = lengths[torch.from_numpy(asked.flat)]
    offsets = torch.from_numpy(asked.offsets[:-1])
    total = F.embedding_bag(
        torch.from_numpy(asked_at), best.T.contiguous(), offsets, mode="sum", per_sample_weights=weights
    )
    whole = F.embedding_bag(
        torch.from_numpy(asked_at), torch.ones(len(asked_ids), 1), offsets, mode="sum", per_sample_weights=weights
    )
    return _both_ways(total / whole.clamp_min(1e-6) * settings.late_scale, batch.masked[: len(few), : len(few)])


def train(tasks: list[Pairs], table: Table, renderings: Renderings, settings: Settings) -> None:
    """Run all steps; one task a step, drawn by weight; the rate rises for 5 % of them and then falls as a cosine."""
    rng = default_rng(settings.seed)
    weight = np.array([pairs.weight for pairs in tasks])
    started = time.monotonic()
    running: dict[str, tuple[float, float]] = {}
    for step in range(settings.steps):
        pairs = tasks[rng.choice(len(tasks), p=weight / weight.sum())]
        batch = draw(pairs, renderings, settings, rng)
        tokens, places = _distinct(np.concatenate([batch.left.flat, batch.right.flat]), renderings.tokens)
        vectors, leaf, touched = table.rows(tokens)
        dense = dense_loss(vectors, batch, places, settings.scale)
        late = late_loss(vectors, batch, places, settings)
        (dense + settings.late_weight * late).backward()
        with torch.no_grad():
            table.update(touched, leaf.grad, settings.rate * _schedule(step / settings.steps))
        running[pairs.name] = (dense.item(), late.item())
        if (step + 1) % 200 == 0:
            losses = "  ".join(f"{name} {a:.2f} {b:.2f}" for name, (a, b) in sorted(running.items()))
            print(f"{step + 1} steps, {time.monotonic() - started:.0f} s: {losses}", flush=True)


def _schedule(done: float) -> float:
    """1 at 5 % of the steps, near 0 at both ends."""
    if done < 0.05:
        return 0.04 + 0.96 * done / 0.05
    return 0.5 * (1 + float(np.cos(np.pi * (done - 0.05) / 0.95)))
