"""FAISS over the library's vectors: a cache that is rebuilt from the library, never believed without its hash.

Half-precision scalar quantisation under IndexIDMap2: recall@10 .999 of exact search, and every id can be removed. From
100,000 vectors on they lie in lists by nearness (IVF), of which a question looks into the nearest quarter: .98 of the
100 nearest of 267,456 news passages, in 1.7 ms instead of 7.5; with a filter it looks into all of them. Ids are the
library's row numbers, which are never reused.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import durable
from index.filters import Allowed
from index.ranked import Ranked

FILE = "vectors.faiss"
BLOCK = 65536  # vectors a time
_MANY = 100_000  # vectors: from here on they lie in lists
_LISTS, _LOOKED_INTO = 512, 128
_TAUGHT = 32_768  # vectors from which the lists are learned


def build(
    folder: Path,
    dim: int,
    previous: Path | None,
    blocks: Iterable[tuple[NDArray[np.int64], NDArray[np.float32]]],
    struck: Sequence[int] = (),
) -> str:
    """Write the index of `previous` without the struck rows and with all (rows, vectors of shape (n, dim)) blocks.

    Returns the sha256 of the file.
    """
    import faiss

    index: Any
    if previous is None:
        quantiser = faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        index = faiss.IndexIDMap2(quantiser)
    else:
        index = faiss.read_index(str(previous / FILE))
        if len(struck):
            index.remove_ids(faiss.IDSelectorBatch(np.array(struck, np.int64)))
    for rows, vectors in blocks:
        index.add_with_ids(vectors, rows)
    if index.ntotal >= _MANY and not isinstance(index, faiss.IndexIVF):
        index = _in_lists(faiss, index)
    # faiss.write_index can fail silently on a full disk; a write of ours cannot.
    durable.write(folder / FILE, faiss.serialize_index(index).data)
    return durable.file_sha256(folder / FILE)


def _in_lists(faiss: Any, flat: Any) -> Any:  # noqa: ANN401  (faiss has no types)
    """The vectors of a flat index in lists, the same on every run."""
    inner, ids = faiss.downcast_index(flat.index), faiss.vector_to_array(flat.id_map)
    sample = range(0, flat.ntotal, max(1, flat.ntotal // _TAUGHT))
    lists = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(flat.d), flat.d, _LISTS, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT, False
    )
    lists.train(np.stack([inner.reconstruct(at) for at in sample]))
    for start in range(0, flat.ntotal, BLOCK):
        count = min(BLOCK, flat.ntotal - start)
        lists.add_with_ids(inner.reconstruct_n(start, count), ids[start : start + count])
    return lists


class Vectors:
    """An opened vector index. Searching is safe from many threads."""

    def __init__(self, folder: Path) -> None:
        """Raises RuntimeError if the file cannot be read."""
        import faiss

        self._faiss: Any = faiss
        self._index = faiss.read_index(str(folder / FILE), faiss.IO_FLAG_MMAP_IFC)
        self._in_lists = isinstance(self._index, faiss.IndexIVF)

    def search(self, vector: NDArray[np.float32], k: int, allowed: Allowed | None = None) -> Ranked:
        """The `k` rows with the highest inner product, among the allowed ones.

        Where most rows are allowed, the best of all are sifted: FAISS takes twice as long when it looks at a selector.
        """
        if allowed is None:
            return self._nearest(vector, k)
        if 2 * allowed.passages >= self._index.ntotal:
            ranked = self._nearest(vector, 3 * k)
            kept = allowed.holds(ranked.rows)
            if np.count_nonzero(kept) >= min(k, allowed.passages):
                return ranked.left(kept, k)
        # A bit a row: with a hash set of 130,000 rows a question took ten times as long.
        chosen = self._faiss.IDSelectorBitmap(allowed.bits)
        return self._nearest(vector, min(k, allowed.passages), sel=chosen)

    def _nearest(self, vector: NDArray[np.float32], k: int, **chosen: Any) -> Ranked:  # noqa: ANN401
        limit = min(k, self._index.ntotal)
        if limit < 1:
            return Ranked.empty()
        if self._in_lists:
            looked_into = _LISTS if chosen else _LOOKED_INTO
            parameters = self._faiss.SearchParametersIVF(nprobe=looked_into, **chosen)
        else:
            parameters = self._faiss.SearchParameters(**chosen)
        # One question is one thread's work: a server has a thread for each, and a forked child has none of OpenMP's.
        self._faiss.omp_set_num_threads(1)
        scores, rows = self._index.search(vector[None, :], limit, params=parameters)
        found = rows[0] >= 0
        return Ranked(rows[0][found], scores[0][found])
