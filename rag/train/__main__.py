"""`python -m rag.train half MATERIAL FOLDER`, then `python -m rag.train learn MATERIAL MODEL FILE`.

First the half of the material that an embedder is trained on (`python -m index.train FOLDER MODEL`), then the weights
that are learned with it on the other half and written to FILE (`rag/ranking.tsv`).
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from index.config import EmbedConfig, IndexConfig
from index.embed import StaticEmbedder
from index.fold import fold
from index.reader import open_index
from index.writer import update
from rag.candidates import Candidate
from rag.config import RetrieveConfig
from rag.features import FEATURES, Sought, features
from rag.question import check
from rag.rerank import sought
from rag.retrieve import retrieve
from rag.train.fit import Ranked, fit
from rag.train.material import Asked, World, worlds, write_half

_MOST, _SEED, _PENALTY = 3000, 0, 0.001
# Hardly a question of the material asks about a day, and its articles have no date: these are set by hand.
_DATED = {"day": 1.0, "another_day": -0.5, "newest": 1.0, "later": -2.5}


def main() -> None:
    """Halve the material, or learn."""
    parser = argparse.ArgumentParser(prog="python -m rag.train", description="Learn the weights of the ranking.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    half, learn = verbs.add_parser("half"), verbs.add_parser("learn")
    for verb in (half, learn):
        verb.add_argument("material", type=Path, help="folder of the training material")
    half.add_argument("folder", type=Path, help="where the half for the embedder goes")
    learn.add_argument("model", help="the embedder that was trained on the half")
    learn.add_argument("file", type=Path, help="where the weights go")
    given = parser.parse_args()
    if given.verb == "half":
        write_half(given.material, given.folder)
        return
    questions: dict[bool, list[Ranked]] = {False: [], True: []}
    for world in worlds(given.material, most=_MOST, seed=_SEED):
        questions[world.foreign] += ranked(world, given.model)
        print(f"{world.name}: {len(world.articles)} articles", flush=True)  # noqa: T201
    given.file.write_text(table(learned(questions[False]), learned(questions[True])), encoding="utf-8")


def learned(questions: Sequence[Ranked]) -> dict[str, float]:
    """The weight of each feature."""
    print(f"{len(questions)} questions", flush=True)  # noqa: T201
    return dict(zip(FEATURES, fit(questions, penalty=_PENALTY).tolist(), strict=True)) | _DATED


def table(known: Mapping[str, float], foreign: Mapping[str, float]) -> str:
    """The weights as `rag.rerank` reads them."""
    rows = (f"{name}\t{known[name]:.3f}\t{foreign[name]:.3f}\n" for name in FEATURES)
    return "".join(("feature\tknown\tforeign\n", *rows))


def ranked(world: World, model: str) -> Iterator[Ranked]:
    """What each question has to choose from in the world's articles, indexed with the model."""
    with TemporaryDirectory() as folder:
        source = Path(folder, "articles.jsonl")
        source.write_text("".join(json.dumps(a, ensure_ascii=False) + "\n" for a in world.articles), "utf-8")
        config = IndexConfig(home=Path(folder, "home"), sources=(source,), embed=EmbedConfig(model=model))
        update(config)
        index = open_index(config)
        assert isinstance(index.embedder, StaticEmbedder)
        for asked in world.questions:
            looked_for = sought(check(asked.question).folded, None, index)
            candidates = retrieve(index, looked_for.folded, RetrieveConfig())
            if candidates:
                yield _judged(asked, looked_for, candidates, index.embedder)


def _judged(asked: Asked, looked_for: Sought, candidates: list[Candidate], tokens: StaticEmbedder) -> Ranked:
    """Right is what holds the answer; what else the right article says is neither right nor wrong."""
    values = features(looked_for, candidates, tokens)
    own = np.array([c.found.article.id == asked.article for c in candidates], np.bool_)
    right = own & np.array([_holds(fold(c.found.passage.text), asked) for c in candidates], np.bool_)
    right = right if right.any() else own
    kept = right | ~own
    return Ranked(values[kept].astype(np.float64), right[kept])


def _holds(text: str, asked: Asked) -> bool:
    return any(fold(answer) in text for answer in asked.answers)


if __name__ == "__main__":
    main()
