"""Articles → rows of the library, in batches. A text that the library has already is not embedded again.

A batch is as much as the embedder takes at once, and at least an article; what is longer is kept piece by piece
(`index.halfway`), so that an update that is cut off loses no more than one such piece.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index import caches, halfway, library, rows
from index.embed import Embedder
from index.passages import split
from index.reprints import sketches
from index.tokens import Words
from index.types import Article, Passage

_PASSAGE_SKETCH = 16  # hashes: enough to see which of the passages that were found may repeat one another
_COPIED = "start, end, heading, dates, sketch, vector, checksum, words_checksum, text, words"


@dataclass(frozen=True, slots=True)
class Pending:
    """An article to write: with its passages, or with the row of one whose passages it takes over."""

    article: Article
    passages: tuple[Passage, ...] = ()
    donor: int | None = None


@dataclass(frozen=True, slots=True)
class Making:
    """How rows are made: with which embedder, words and length of passages; `recipe` names all but the words."""

    embedder: Embedder
    words: Words
    passage_chars: int
    recipe: str


class Store:
    """Writes articles under the number of the coming generation. `rows` are those that it wrote, `embedded` counts the
    passages that it embedded; `told` is called whenever that has grown.
    """

    def __init__(
        self, connection: sqlite3.Connection, making: Making, born: int, *, told: Callable[[], None] = lambda: None
    ) -> None:
        self._connection, self._making, self._born, self._told = connection, making, born, told
        self.rows: set[int] = set()
        self.embedded = 0

    def batches(self, articles: Iterable[Article]) -> Iterator[list[Pending]]:
        """Articles with their passages: as many as are embedded at once, or one that is longer."""
        batch: list[Pending] = []
        size = 0
        for article in articles:
            pending = self._pending(article)
            more = len(pending.passages) or 1
            if batch and size + more > self._making.embedder.at_once:
                yield batch
                batch, size = [], 0
            batch.append(pending)
            size += more
        if batch:
            yield batch

    def insert(self, batch: Sequence[Pending]) -> None:
        """Write a batch in one transaction."""
        texts = [caches.search_text(p.article.title, q.heading, q.text) for p in batch for q in p.passages]
        keys = halfway.keys(self._making.embedder.sha256, texts)
        vectors = iter(self._embedded(keys, texts))
        words = (" ".join(self._making.words(text)) for text in texts)
        told = iter(sketches([q.text for p in batch for q in p.passages], _PASSAGE_SKETCH))
        fingerprints = sketches([pending.article.text for pending in batch])
        with library.transaction(self._connection):
            for pending, sketch in zip(batch, fingerprints, strict=True):
                if pending.donor is None:
                    row = self._insert_article(pending.article, sketch, self._making.words.sha256)
                    made = [_columns(q, next(told), next(vectors), next(words)) for q in pending.passages]
                    self._insert_passages(row, made)
                else:
                    self._copy(pending.article, sketch, pending.donor)
            halfway.forget(self._connection, keys if self._is_long(texts) else ())

    def _pending(self, article: Article) -> Pending:
        """An article that was only renamed, or given another publisher, has its passages already."""
        donor = self._connection.execute(
            "SELECT row FROM articles WHERE body_digest = ? AND recipe = ? LIMIT 1",
            (article.body_digest, self._making.recipe),
        ).fetchone()
        if donor:
            return Pending(article, donor=donor[0])
        return Pending(article, tuple(split(article, passage_chars=self._making.passage_chars)))

    def _embedded(self, keys: list[bytes], texts: list[str]) -> list[bytes]:
        """The vectors of texts, in half precision."""
        vectors: dict[bytes, bytes] = {}
        for start in range(0, len(texts), self._making.embedder.at_once):
            piece = slice(start, start + self._making.embedder.at_once)
            vectors |= halfway.kept(self._connection, keys[piece])
            missing = {key: text for key, text in zip(keys[piece], texts[piece], strict=True) if key not in vectors}
            made = self._making.embedder.encode(list(missing.values()), kind="passage").astype(np.float16)
            new = {key: vector.tobytes() for key, vector in zip(missing, made, strict=True)}
            if self._is_long(texts) and new:
                halfway.keep(self._connection, new)
            vectors |= new
            self.embedded += len(new)
            self._told()
        return [vectors[key] for key in keys]

    def _is_long(self, texts: list[str]) -> bool:
        """Whether they are embedded in more than one piece."""
        return len(texts) > self._making.embedder.at_once

    def _insert_article(self, article: Article, sketch: bytes, dictionary: str) -> int:
        a = article
        values = {
            **{"id": a.id, "title": a.title, "text": a.text, "source": a.source, "publisher": a.publisher},
            **{"published": a.published, "url": a.url, "groups": rows.pack_groups(a.groups), "author": a.author},
            **{"origins": rows.pack_origins(a.origins), "digest": a.digest, "body_digest": a.body_digest},
            **{"recipe": self._making.recipe, "dictionary": dictionary, "born": self._born},
            "sketch": sketch,
        }
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        cursor = self._connection.execute(f"INSERT INTO articles ({names}) VALUES ({marks})", values)
        assert cursor.lastrowid is not None
        self.rows.add(cursor.lastrowid)
        return cursor.lastrowid

    def _insert_passages(self, row: int, passages: Iterable[tuple[object, ...]]) -> None:
        marks = ", ".join("?" * (_COPIED.count(",") + 2))
        self._connection.executemany(
            f"INSERT INTO passages (article, {_COPIED}) VALUES ({marks})", [(row, *columns) for columns in passages]
        )

    def _copy(self, article: Article, sketch: bytes, donor: int) -> None:
        """The donor's passages, with the words as they were cut for it: what another dictionary cut is cut again."""
        query = "SELECT dictionary FROM articles WHERE row = ?"
        row = self._insert_article(article, sketch, self._connection.execute(query, (donor,)).fetchone()[0])
        self._connection.execute(
            f"INSERT INTO passages (article, {_COPIED}) SELECT ?, {_COPIED} FROM passages WHERE article = ?"
            " ORDER BY row",
            (row, donor),
        )


def _columns(passage: Passage, sketch: bytes, vector: bytes, words: str) -> tuple[object, ...]:
    """The columns `_COPIED` of a passage."""
    p = passage
    checked = (p.start, p.end, p.heading, rows.pack_dates(p.dates), sketch, vector)
    return *checked, rows.checksum(*checked), rows.words_checksum(words), p.text, words
