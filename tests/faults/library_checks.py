"""The six checks after a kill or a fault, over what the reader, the caches and the answers show.

1 the index opens within 10 s; 2 the database is whole; 3 every article and passage can be read and is what was
indexed; 4 the caches are those that the library names and hold its rows; 5 content and answers are those before or
after the change, nothing else; 6 what a finished run reported is found.
"""

import hashlib
import re
import sys
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.faults.made_up import GROUPS, Piece, State
from tests.faults.processes import Outcome, call

READY = 10.0  # seconds
_BEST = 10  # hits
_FIGURE = re.compile(r"\d+\.\d+")
_TOKEN = re.compile(r"QX\d{5}V")
Record = Mapping[str, Any]  # of an answer, as `ask --json` prints it
Records = list[dict[str, Any]]
NOWHERE = "没有这个地方的砖瓦厂2023年产量是多少？"


class Fault(Exception):
    """A check that failed."""


def examine(
    home: Path,
    states: Sequence[State | None],
    acknowledged: Collection[str] = (),
    *,
    asked: int = 3,
    whole: bool = True,
    refusal: str = "no index",
) -> int:
    """All six checks; returns the number of the state that the index shows. None stands for a refusal: no index at all.

    Raises Fault. `acknowledged` are tokens that must be found; `asked` is how many articles a state are asked for.
    Without `whole`, SQLite need not find the database whole, as long as all of it can be read and is right.
    """
    pieces = {piece.place: piece for state in states if state for piece in state.values()}
    sample = sorted(pieces, key=lambda place: hashlib.sha256(place.encode()).digest())[: asked * len(states)]
    questions = [pieces[place].question for place in sample] + [NOWHERE]
    seen = call(look, str(home), questions, whole)
    if seen.result is None:
        if None in states and seen.status == 2 and re.search(refusal, seen.complaint):
            return states.index(None)
        raise Fault(f"the index does not open or is not whole: {seen.short()}")
    number = _state_shown(seen, states)
    state = states[number]
    assert state is not None
    lost = set(acknowledged) - {token for _, token, _ in seen.result["articles"]} - {""}
    _expect(not lost, f"acknowledged but not found: {sorted(lost)}")
    for question, record in zip(questions, seen.result["answers"], strict=True):
        judge(question, record, state)
    return number


def look(home: str, questions: Sequence[str], whole: bool = True) -> dict[str, Any]:
    """In a child: checks 1 to 4, and what is there."""
    from index.config import IndexConfig
    from index.reader import open_index
    from index.types import Filter

    started = time.monotonic()
    with refusals_told():
        index = open_index(IndexConfig(home=Path(home)))
        ready = time.monotonic() - started
        _expect(ready <= READY, f"opened only after {ready:.1f} s")
        rows = _rows(Path(home), index.manifest.generation, whole)
        found = index.passages(rows, Filter(GROUPS))
    _check_passages(found, rows)
    check_caches(Path(home), index.manifest.generation, rows)
    counts = (index.manifest.articles, index.manifest.passages)
    articles = {one.article.id: one.article for one in found}
    _expect(counts == (len(articles), len(rows)), f"the manifest counts {counts}, not {(len(articles), len(rows))}")
    index.close()
    return {
        "generation": index.manifest.generation,
        "rows": {id: sorted(one.row for one in found if one.article.id == id) for id in articles},
        "articles": [(a.id, token_of(a.text), a.text) for a in articles.values()],
        "groups": {a.id: a.groups for a in articles.values()},
        "answers": answers(home, questions),
    }


def _check_passages(found: Sequence[Any], rows: Collection[int]) -> None:
    """Every row can be read, and is what its article says at that place."""
    _expect(len(found) == len(rows), f"{len(rows)} passages in the library, {len(found)} can be read")
    for one in found:
        text, passage = one.article.text, one.passage
        _expect(text[passage.start : passage.end] == passage.text, f"passage {passage.id} is not its article's text")


@contextmanager
def refusals_told() -> Iterator[None]:
    """In a child: an index that refuses ends it as it ends the program, with one line and status 2."""
    from index.errors import YoujuError

    try:
        yield
    except YoujuError as error:
        sys.stderr.write(f"youju: {error.message.en}\n")
        raise SystemExit(2) from None


def answers(home: str, questions: Sequence[str], groups: tuple[str, ...] = GROUPS) -> Records:
    """The records that `ask --json` prints, without the times. YoujuError as for the command."""
    from index.config import IndexConfig
    from index.types import Filter
    from rag.assistant import Assistant
    from rag.config import Config
    from rag.types import Question
    from ui.render import answer_record

    assistant = Assistant(Config(index=IndexConfig(home=Path(home))))
    records = [answer_record(assistant.ask(Question(q, filter=Filter(groups))), "zh") for q in questions]
    return [{key: value for key, value in record.items() if key != "seconds"} for record in records]


def contents(home: str) -> str:
    """In a child: a hash over every article and passage as the reader gives them, rows left aside."""
    from index.config import IndexConfig
    from index.reader import open_index
    from index.types import Filter

    index = open_index(IndexConfig(home=Path(home)))
    found = index.passages(_rows(Path(home), index.manifest.generation, whole=False), Filter(GROUPS))
    index.close()
    told = sorted(repr((one.article, one.passage, one.vector.tolist())) for one in found)
    return hashlib.sha256("".join(told).encode("utf-8", "surrogatepass")).hexdigest()


def judge(question: str, record: Record, state: State) -> None:
    """An answer must be right by this state: its figures and quotes stand there, a known place's figure is given."""
    live = {piece.place: piece for piece in state.values()}
    said, quotes = record["text"], [c["quote"] for c in record["citations"]]
    figures = {piece.figure for piece in live.values()}
    wrong = set(_FIGURE.findall(" ".join([said, *quotes]))) - figures if record["status"] != "no_evidence" else set()
    _expect(not wrong, f"figures {wrong} of no article now: {question} → {said}")
    for citation in record["citations"]:
        cited = state.get(citation["article_id"])
        there = cited is not None and citation["quote"] in f"{cited.place}\n\n{cited.body}"
        _expect(there, f"quote not in {citation['article_id']}: {citation['quote']}")
    wanted = next((piece.figure for piece in live.values() if piece.question == question), None)
    if wanted:
        _expect(wanted in said, f"{question} → {record['status']}: {said}, not {wanted}")


def same_answers(found: Sequence[Record], expected: Sequence[Record]) -> bool:
    """Whether the answers are equal: words, citations, the best hits in order; scores to three places, as sums round.

    Among the last of a hundred candidates many have one score, and which of them come in depends on their rows.
    """

    def plain(record: Record) -> tuple[Any, ...]:
        hits = [(h["article_id"], h["passage_id"]) for h in record["hits"][:_BEST]]
        return record["status"], record["text"], record["citations"], hits

    def scores(record: Record) -> list[float]:
        return [h["score"] for h in record["hits"][:_BEST]]

    return len(found) == len(expected) and all(
        plain(a) == plain(b) and all(abs(x - y) < 1e-3 for x, y in zip(scores(a), scores(b), strict=True))
        for a, b in zip(found, expected, strict=True)
    )


def first_difference(found: Sequence[Record], expected: Sequence[Record]) -> str:
    """The first thing in which answers differ; empty if they are the same."""
    for a, b in zip(found, expected, strict=True):
        if same_answers([a], [b]):
            continue
        for key in a:
            listed = key in ("hits", "citations")
            for x, y in zip(a[key], b[key], strict=False) if listed else [(a[key], b[key])]:
                if x != y:
                    return f"{key}: {x} for {y}"
        return "a different number of hits"
    return ""


def check_caches(home: Path, generation: int, rows: Collection[int]) -> None:
    """Both caches hash to what the library names and hold exactly the rows."""
    from index import caches, library

    with closing(library.open_read_only(home)) as connection:
        named = connection.execute(
            "SELECT vectors_sha256, lexical_sha256 FROM generations WHERE number = ?", (generation,)
        ).fetchone()
    _expect(caches.intact(home, generation, caches.CacheHashes(*named)), "the caches are not those of the library")
    opened = caches.opened(home, generation, caches.CacheHashes(*named))
    assert opened is not None
    _expect(_rows_of_vectors(opened.vectors) == sorted(rows), "the vectors are not those of the library's passages")
    _expect(_rows_of_words(opened.lexical) == sorted(rows), "the word index has not the library's passages")


def token_of(text: str) -> str:
    """The token of an article's text; empty if it has none."""
    found = _TOKEN.search(text)
    return found.group() if found else ""


def _rows(home: Path, generation: int, whole: bool) -> list[int]:
    """The rows of the generation's passages, from a database that is whole."""
    from index import library

    with closing(library.open_read_only(home)) as connection:  # which also reads on a full disk
        if whole:
            verdict = connection.execute("PRAGMA integrity_check").fetchall()
            _expect(verdict == [("ok",)], f"integrity_check: {verdict[:3]}")
            _expect(not connection.execute("PRAGMA foreign_key_check").fetchall(), "passages without their article")
        query = f"SELECT p.row FROM passages p JOIN articles a ON a.row = p.article WHERE {library.VISIBLE}"
        return [row for (row,) in connection.execute(query, {"g": generation})]


def _rows_of_vectors(vectors: Any) -> list[int]:
    import faiss

    index = faiss.downcast_index(vectors._index)
    return sorted(faiss.vector_to_array(index.id_map).tolist())


def _rows_of_words(lexical: Any) -> list[int]:
    import tantivy

    searcher = lexical._searcher
    hits = searcher.search(tantivy.Query.all_query(), max(1, searcher.num_docs), count=False).hits
    return sorted(searcher.fast_field_values("row", [address for _, address in hits]))


def _state_shown(seen: Outcome, states: Sequence[State | None]) -> int:
    shown = {id: (token, tuple(seen.result["groups"][id])) for id, token, _ in seen.result["articles"]}
    texts = {id: text for id, _, text in seen.result["articles"]}
    for number, state in enumerate(states):
        if state is not None and shown == {id: (piece.token, piece.groups) for id, piece in state.items()}:
            for id, piece in state.items():
                _expect(_is_whole(piece, texts[id]), f"the text of {id} is not what its source says")
            return number
    raise Fault(f"neither before nor after: {_differences(shown, states)}")


def _is_whole(piece: Piece, text: str) -> bool:
    return text in (piece.body, f"{piece.place}\n\n{piece.body}")


def _differences(shown: Mapping[str, tuple[str, tuple[str, ...]]], states: Sequence[State | None]) -> str:
    said = []
    for state in states:
        wanted = {id: (piece.token, piece.groups) for id, piece in (state or {}).items()}
        odd = {id for id in {*shown, *wanted} if shown.get(id) != wanted.get(id)}
        said.append(", ".join(f"{id}: {shown.get(id)} for {wanted.get(id)}" for id in sorted(odd)[:3]))
    return " | ".join(said)


def _expect(holds: bool, message: str) -> None:
    if not holds:
        raise Fault(message)
