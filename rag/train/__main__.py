"""`python -m rag.train half MATERIAL FOLDER`, then `python -m rag.train learn|choose MATERIAL MODEL FILE`.

First the half of the material that an embedder is trained on (`python -m index.train FOLDER MODEL`), then the weights
that are learned with it on the other half and written to FILE: of passages (`learn`, `rag/ranking.tsv`), and of the
sentences of an answer (`choose`, `rag/choosing.tsv`).
"""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from index.config import EmbedConfig, IndexConfig
from index.embed import StaticEmbedder
from index.fold import fold
from index.reader import Index, open_index
from index.writer import update
from rag import weigh
from rag.asked_for import asked_for
from rag.candidates import Candidate
from rag.config import RetrieveConfig
from rag.evidence import gather
from rag.extract import PASSAGES
from rag.features import FEATURES, Sought, features
from rag.find import find
from rag.question import check
from rag.rerank import sought
from rag.retrieve import retrieve
from rag.train.fit import Ranked, fit
from rag.train.material import Asked, World, worlds, write_half
from rag.types import Question

_MOST, _SEED, _PENALTY = 3000, 0, 0.001
_SENTENCES_OF = 6000  # questions, of which half have a known answer
_CHOOSING_PENALTY = 0.0002  # its shares are read as likelihoods: shrunken weights would make them too even
# Hardly a question of the material asks about a day, and its articles have no date: these are set by hand.
_DATED = {"day": 1.0, "another_day": -0.5, "newest": 1.0, "later": -2.5}


def main() -> None:
    """Halve the material, or learn."""
    parser = argparse.ArgumentParser(prog="python -m rag.train", description="Learn the weights of the ranking.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    half, learn, choose = (verbs.add_parser(verb) for verb in ("half", "learn", "choose"))
    for verb in (half, learn, choose):
        verb.add_argument("material", type=Path, help="folder of the training material")
    half.add_argument("folder", type=Path, help="where the half for the embedder goes")
    for verb in (learn, choose):
        verb.add_argument("model", help="the embedder that was trained on the half")
        verb.add_argument("file", type=Path, help="where the weights go")
    given = parser.parse_args()
    if given.verb == "half":
        write_half(given.material, given.folder)
    elif given.verb == "learn":
        _learn(given)
    else:
        _choose(given)


def _learn(given: argparse.Namespace) -> None:
    questions: dict[bool, list[Ranked]] = {False: [], True: []}
    for world in worlds(given.material, most=_MOST, seed=_SEED):
        questions[world.foreign] += ranked(world, given.model)
        print(f"{world.name}: {len(world.articles)} articles", flush=True)  # noqa: T201
    known, foreign = (learned(questions[kind], FEATURES, _PENALTY) | _DATED for kind in (False, True))
    given.file.write_text(table(known, foreign), encoding="utf-8")


def _choose(given: argparse.Namespace) -> None:
    """Weights of sentences; for foreign questions from what needs no shared words."""
    world = next(worlds(given.material, most=_SENTENCES_OF, seed=_SEED))
    with indexed(world, given.model) as index:
        questions = list(chosen(world, index))
    wordless = [Ranked(q.values * [name not in weigh.OF_WORDS for name in weigh.FEATURES], q.right) for q in questions]
    known, foreign = (learned(kind, weigh.FEATURES, _CHOOSING_PENALTY) for kind in (questions, wordless))
    given.file.write_text(table(known, foreign), encoding="utf-8")


def learned(questions: Sequence[Ranked], names: Sequence[str], penalty: float) -> dict[str, float]:
    """The weight of each feature."""
    print(f"{len(questions)} questions", flush=True)  # noqa: T201
    return dict(zip(names, fit(questions, penalty=penalty).tolist(), strict=True))


def table(known: Mapping[str, float], foreign: Mapping[str, float]) -> str:
    """The weights as `rag.rerank` and `rag.weigh` read them."""
    rows = (f"{name}\t{known[name]:.3f}\t{foreign[name]:.3f}\n" for name in known)
    return "".join(("feature\tknown\tforeign\n", *rows))


def ranked(world: World, model: str) -> Iterator[Ranked]:
    """What each question has to choose from in the world's articles, indexed with the model."""
    with indexed(world, model) as index:
        assert isinstance(index.embedder, StaticEmbedder)
        for asked in world.questions:
            looked_for = sought(check(asked.question).folded, None, index)
            candidates = retrieve(index, looked_for.folded, RetrieveConfig())
            if candidates:
                yield _judged(asked, looked_for, candidates, index.embedder)


def chosen(world: World, index: Index) -> Iterator[Ranked]:
    """The sentences that each question with a known answer has to choose from; right are those that hold it."""
    assert isinstance(index.embedder, StaticEmbedder)
    for asked in world.questions:
        question = check(asked.question)
        hits = find(index, index.embedder, question, Question(asked.question), RetrieveConfig()).hits
        wanted, looked_for = asked_for(question.folded), sought(question.folded, None, index)
        gathered = gather(hits[:PASSAGES], whole_lists=wanted.listing)
        if not asked.answers or not gathered:
            continue
        values = weigh.features(gathered, looked_for, wanted, index.embedder)
        right = np.array([s.hit.article.id == asked.article and _holds(s.folded, asked) for s in gathered], np.bool_)
        yield Ranked(values.astype(np.float64), right)


@contextmanager
def indexed(world: World, model: str) -> Iterator[Index]:
    """The index of a world's articles, made with the model, while it is needed."""
    with TemporaryDirectory() as folder:
        source = Path(folder, "articles.jsonl")
        source.write_text("".join(json.dumps(a, ensure_ascii=False) + "\n" for a in world.articles), "utf-8")
        config = IndexConfig(home=Path(folder, "home"), sources=(source,), embed=EmbedConfig(model=model))
        update(config)
        yield open_index(config)


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
