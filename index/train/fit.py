"""The training itself: token vectors such that a text lies nearer to its partner than to the other texts of a batch."""

import math
import time
from dataclasses import dataclass

import numpy as np
import torch
from numpy.random import Generator, default_rng

from index.train.lengths import Readings, evened
from index.train.losses import dense_loss, late_loss
from index.train.parts import Parts
from index.train.ragged import Floats, Pairs, Ragged, distinct
from index.train.switching import Renderings
from index.train.table import Table

# How often a task is drawn: what the model is for comes often, what is long and uniform seldom.
_WEIGHTS = {
    "question": 4.0,
    "spoken": 3.0,
    "cloze": 2.5,
    "dictionary": 4.0,
    "titles": 4.0,
    "statute": 2.0,
    "docs": 1.5,
    "law": 1.5,
    "medical": 1.0,
    "law cloze": 1.0,
    "abstract": 0.5,
}
_LEFT_SWITCHED, _RIGHT_SWITCHED, _MIRRORED = 0.45, 0.20, 0.50
_KEPT, _SHORT = 0.7, 6
_WARM_UP = 0.05


@dataclass(frozen=True, slots=True)
class Settings:
    """The numbers of the recipe."""

    steps: int = 4000
    dim: int = 256
    batch: int = 1024
    longest: int = 112
    rate: float = 0.03
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """The two sides of a step, and which pairs must not count as negatives."""

    left: Ragged[np.int32]
    right: Ragged[np.int32]
    masked: torch.Tensor


def fit(tasks: list[Pairs], parts: Parts, renderings: Renderings, settings: Settings) -> Floats:
    """Run all steps, one task a step, on one thread: sums in a fixed order give the same model again."""
    torch.set_num_threads(1)
    rng = default_rng(settings.seed)
    table = Table(parts, settings.dim, settings.seed)
    readings = Readings(len(table))
    weights = np.array([_WEIGHTS[pairs.name] for pairs in tasks])
    started = time.monotonic()
    for step in range(settings.steps):
        pairs = tasks[rng.choice(len(tasks), p=weights / weights.sum())]
        rate = settings.rate * schedule(step / settings.steps)
        dense, late = _step(table, draw(pairs, renderings, settings, rng), rate, readings)
        if (step + 1) % 100 == 0:
            spent = time.monotonic() - started
            print(f"{step + 1} steps, {spent:.0f} s, {pairs.name}: dense {dense:.2f}, late {late:.2f}", flush=True)
    return evened(table.vectors(), readings)


def _step(table: Table, batch: Batch, rate: float, readings: Readings) -> tuple[float, float]:
    """One change of the table; the two losses before it."""
    split = len(batch.left.flat)
    tokens, places = distinct(np.concatenate([batch.left.flat, batch.right.flat]), len(table))
    readings.add(tokens, places)
    left, right = Ragged(places[:split], batch.left.offsets), Ragged(places[split:], batch.right.offsets)
    rows = table.rows(tokens)
    dense = dense_loss(rows.vectors, left, right, batch.masked)
    late = late_loss(rows.vectors, left, right, batch.masked)
    (dense + late).backward()  # type: ignore[no-untyped-call]
    table.step(rows, rate)
    return dense.item(), late.item()


def draw(pairs: Pairs, renderings: Renderings, settings: Settings, rng: Generator) -> Batch:
    """Random pairs of one task. Of Chinese ones, one side is put into English in 65 of 100 batches."""
    chosen = rng.integers(0, len(pairs.left), settings.batch)
    left = pairs.left.take(chosen, settings.longest)
    right = pairs.right.take(chosen, settings.longest)
    chance = rng.random()
    if pairs.languages == "zh" and chance < _LEFT_SWITCHED:
        left = renderings.switch(left, rng)
    elif pairs.languages == "zh" and chance < _LEFT_SWITCHED + _RIGHT_SWITCHED:
        right = renderings.switch(right, rng)
    elif pairs.languages == "zh-en" and chance < _MIRRORED:
        left, right = right, left
    left, right = _thinned(left, rng), _thinned(right, rng)
    group = pairs.group[chosen]
    same = (group[:, None] == group[None, :]) & ~np.eye(len(chosen), dtype=np.bool_)
    return Batch(left, right, torch.from_numpy(same))


def _thinned(texts: Ragged[np.int32], rng: Generator) -> Ragged[np.int32]:
    """Three tokens of ten left out of every text of six or more, so that no pair hangs on a single word."""
    lengths = texts.lengths()
    kept = (rng.random(len(texts.flat)) < _KEPT) | np.repeat(lengths < _SHORT, lengths)
    return Ragged(texts.flat[kept], np.concatenate([[0], np.cumsum(kept)])[texts.offsets])


def schedule(done: float) -> float:
    """The share of the rate after a share of the steps: up to 1 at 5 %, then down along a cosine."""
    if done < _WARM_UP:
        return 0.04 + 0.96 * done / _WARM_UP
    return 0.5 * (1 + math.cos(math.pi * (done - _WARM_UP) / (1 - _WARM_UP)))
