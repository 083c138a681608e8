"""`python -m index.train MATERIAL FOLDER [--steps N]`: from the material to the model's folder."""

import argparse
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from index.train.fit import Settings, fit
from index.train.folder import write_model
from index.train.material import Task, read_glosses, read_tasks
from index.train.parts import parts_of
from index.train.ragged import Pairs, Places, ragged
from index.train.switching import renderings
from index.train.vocabulary import choose_tokens, make_tokenizer


def main() -> None:
    """Read, count, train, write."""
    parser = argparse.ArgumentParser(prog="python -m index.train", description="Train the shipped embedder.")
    parser.add_argument("material", type=Path, help="folder of the training material")
    parser.add_argument("folder", type=Path, help="where the model goes")
    parser.add_argument("--steps", type=int, default=Settings().steps)
    given = parser.parse_args()
    settings = Settings(steps=given.steps)
    glosses = read_glosses(given.material)
    tasks = read_tasks(given.material, glosses, settings.seed)
    tokens = choose_tokens(tasks, glosses)
    tokenizer = make_tokenizer(tokens)
    pairs = [to_pairs(task, tokenizer) for task in tasks]
    print(f"{len(tokens)} tokens; " + ", ".join(f"{task.name} {len(task.left)}" for task in pairs), flush=True)
    vectors = fit(pairs, parts_of(tokens), renderings(glosses, pairs, tokens, tokenizer), settings)
    write_model(given.folder, tokenizer, vectors)


def to_pairs(task: Task, tokenizer: Tokenizer) -> Pairs:
    """The task as token ids, without pairs that have an empty side."""
    left, right = (
        ragged([encoding.ids for encoding in tokenizer.encode_batch_fast(side)]) for side in (task.left, task.right)
    )
    kept = np.flatnonzero((left.lengths() > 0) & (right.lengths() > 0))
    shared = task.left if task.shares == "left" else task.right
    return Pairs(task.name, task.languages, left.take(kept), right.take(kept), _numbered(shared)[kept])


def _numbered(texts: list[str]) -> Places:
    """Equal texts get equal numbers."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(text, len(numbers)) for text in texts], dtype=np.int64)


if __name__ == "__main__":
    main()
