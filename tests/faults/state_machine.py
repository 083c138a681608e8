"""Random histories of a folder and its index against a dict: hypothesis adds, edits, renames, deletes, restores and
regroups articles, updates, kills updates, loses caches, and keeps readers open.

What the index holds, and what it lets whom find, must be what the dict says; what did not change keeps its rows.
"""

import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from tests.faults import processes
from tests.faults.library_checks import Fault, examine, look
from tests.faults.made_up import GROUPS, Author, Folder, Piece, State
from tests.faults.script import Run, main

_PICK = st.integers(0, 999)
_GROUPS = st.sampled_from([(), (), (GROUPS[0],), (GROUPS[1],), GROUPS[:2]])
_NAMES = st.sampled_from(["{}.md", "folder/{}.md", "{}"])
_figures: Counter[str] = Counter()


class IndexMachine(RuleBasedStateMachine):
    """`folder.pieces` is what the sources say, `shown` what the index showed last."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="youju-machine-"))
        self.home, self.author = self.root / "home", Author(1)
        self.folder = Folder(self.root / "sources")
        self.folder.put("first.md", self.author.piece())
        self.earlier: list[tuple[str, Piece]] = []
        self.shown: State | None = None
        self.seen: dict[str, Any] = {}
        self.readers: list[tuple[processes.Child, int]] = []
        self.numbered = 0
        _figures["histories"] += 1

    def teardown(self) -> None:
        while self.readers:
            self._let_go()
        shutil.rmtree(self.root)

    @rule(name=_NAMES, groups=_GROUPS)
    def add(self, name: str, groups: tuple[str, ...]) -> None:
        self.folder.put(self._new(name), self.author.piece(groups))

    @rule(pick=_PICK)
    def edit(self, pick: int) -> None:
        id = self._picked(pick)
        self._put(id, self.author.edited(self.folder.pieces[id]))

    @rule(pick=_PICK, groups=_GROUPS)
    def regroup(self, pick: int, groups: tuple[str, ...]) -> None:
        id = self._picked(pick)
        piece = self.folder.pieces[id]
        self._put(id, Piece(piece.place, piece.token, piece.figure, piece.body, groups))

    @rule(pick=_PICK, name=_NAMES)
    def rename(self, pick: int, name: str) -> None:
        self.folder.rename(self._picked(pick), self._new(name))

    @precondition(lambda self: len(self.folder.pieces) > 1)
    @rule(pick=_PICK)
    def delete(self, pick: int) -> None:
        id = self._picked(pick)
        self.earlier.append((id, self.folder.pieces[id]))
        self.folder.remove(id)

    @precondition(lambda self: self.earlier)
    @rule(pick=_PICK)
    def restore(self, pick: int) -> None:
        """An earlier text comes back under its name, unless it lives on under another."""
        id, piece = self.earlier[pick % len(self.earlier)]
        if all(other.place != piece.place or held == id for held, other in self.folder.pieces.items()):
            self._put(id, piece)

    @rule()
    def update(self) -> None:
        self._update()
        before, shown = self.seen, self.shown
        self._examine([self.folder.state()])
        kept = [id for id, piece in (shown or {}).items() if self.folder.pieces.get(id) == piece]
        for id in kept if before else ():
            _expect(self.seen["rows"][id] == before["rows"][id], f"{id} did not change but was embedded again")
        if shown == self.folder.state() and before:
            _expect(self.seen["generation"] == before["generation"], "a generation for no change")

    @rule(delay=st.floats(0.0, 0.2))
    def update_and_kill(self, delay: float) -> None:
        child = processes.start_youju("index", self.folder.path, "--home", self.home)
        child.ended(delay)
        child.kill()
        outcome = child.wait()
        _figures["kills"] += outcome.status == -9
        _expect(outcome.status in (0, -9), f"index before the kill: {outcome.short()}")
        after = self.folder.state()
        self._examine([after] if outcome.status == 0 else [self.shown, after])

    @precondition(lambda self: self.shown)
    @rule(pick=_PICK, groups=_GROUPS)
    def search(self, pick: int, groups: tuple[str, ...]) -> None:
        """Everybody finds what they may read, and nothing else."""
        assert self.shown is not None
        id = sorted(self.shown)[pick % len(self.shown)]
        outcome = processes.call(_found, str(self.home), self.shown[id].question, groups)
        _expect(outcome.status == 0, f"search: {outcome.short()}")
        readable = {i for i, piece in self.shown.items() if not piece.groups or set(piece.groups) & set(groups)}
        _expect(set(outcome.result) <= readable, f"{set(outcome.result) - readable} found by {groups}")
        _expect(id not in readable or outcome.result[:1] == [id], f"{id} is not found first by {groups}")
        _figures["searches"] += 1

    @precondition(lambda self: self.shown and len(self.readers) < 2)
    @rule()
    def keep_a_reader(self) -> None:
        read, write = os.pipe()
        ready = self.root / f"ready{self.numbered}"
        self.numbered += 1
        reader = processes.Child(_hold, str(self.home), read, write, str(ready))
        os.close(read)
        while not ready.exists() and not reader.ended(0.002):
            pass
        self.readers.append((reader, write))

    @precondition(lambda self: self.readers)
    @rule()
    def let_a_reader_go(self) -> None:
        self._let_go()

    @precondition(lambda self: self.shown)
    @rule(file=st.sampled_from(["vectors.faiss", "lexical/meta.json", "lexical/*.idx"]))
    def lose_a_cache(self, file: str) -> None:
        for path in (self.home / "generations").glob(f"*/{file}"):
            path.unlink()
        self._examine([self.shown])

    def _update(self) -> None:
        outcome = processes.youju("index", self.folder.path, "--home", self.home, "--json")
        _expect(outcome.status == 0, f"youju index: {outcome.short()}")
        _expect('"failed": []' in outcome.out, f"refused: {outcome.out}")
        _figures["updates"] += 1

    def _examine(self, states: list[State | None]) -> None:
        self.shown = states[examine(self.home, states, asked=1)]
        self.seen = processes.call(look, str(self.home), []).result if self.shown is not None else {}

    def _let_go(self) -> None:
        """A reader must have read the same when it opened the index and at the end."""
        reader, gate = self.readers.pop(0)
        os.write(gate, b".")
        os.close(gate)
        outcome = reader.wait()
        _expect(outcome.status == 0 and outcome.result is True, f"a reader lost what it read: {outcome.short()}")
        _figures["readers"] += 1

    def _new(self, name: str) -> str:
        self.numbered += 1
        return name.format(f"a{self.numbered}")

    def _picked(self, pick: int) -> str:
        ids = sorted(self.folder.pieces)
        return ids[pick % len(ids)]

    def _put(self, id: str, piece: Piece) -> None:
        if id in self.folder.pieces:
            self.earlier.append((id, self.folder.pieces[id]))
        self.folder.put(id, piece)


def _found(home: str, question: str, groups: tuple[str, ...]) -> list[str]:
    """In a child: the articles of a search, best first."""
    from index.config import IndexConfig
    from index.types import Filter
    from rag.assistant import Assistant
    from rag.config import Config
    from rag.types import Question

    hits = Assistant(Config(index=IndexConfig(home=Path(home)))).search(Question(question, filter=Filter(groups)), 50)
    return [hit.article.id for hit in hits]


def _hold(home: str, gate: int, other_end: int, ready: str) -> bool:
    """In a child: whether an index shows the same when it is opened and when it is let go."""
    from index.config import IndexConfig
    from index.reader import open_index
    from index.types import Filter

    os.close(other_end)
    index = open_index(IndexConfig(home=Path(home)))
    vector = index.embedder.encode(["2023年产量"], kind="query")[0]
    everything = Filter(GROUPS)

    def read() -> list[tuple[Any, ...]]:
        rows = [*index.dense(vector, 999, everything).rows, *index.lexical(["2023", "产量"], 999, everything).rows]
        return sorted((f.row, f.passage.text, f.article.digest) for f in index.passages(rows, everything))

    first = read()
    Path(ready).touch()
    os.read(gate, 1)
    return read() == first and bool(first)


def _expect(holds: bool, message: str) -> None:
    if not holds:
        raise Fault(message)


def play(run: Run) -> None:
    """As many histories as rounds; longer ones where there is time."""
    chosen = settings(
        max_examples=run.rounds,
        stateful_step_count=12 if run.short else 50,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    try:
        run_state_machine_as_test(seed(run.seed)(IndexMachine), settings=chosen)
    except Exception as error:
        run.fail("\n".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", [])]))
    run.figures.update(_figures)


if __name__ == "__main__":
    main(__doc__ or "", play, short=15, long=500)
