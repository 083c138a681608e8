"""FAISS over the library's vectors: a cache that is rebuilt from the library, never believed without its hash.

Half-precision scalar quantisation under IndexIDMap2: recall@10 .999 of exact search, and every id can be removed. Ids
are the library's row numbers, which are never reused.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index import durable
from index.ranked import Ranked

FILE = "vectors.faiss"
BLOCK = 65536  # vectors a time


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
    # faiss.write_index can fail silently on a full disk; a write of ours cannot.
    durable.write(folder / FILE, faiss.serialize_index(index).data)
    return durable.file_sha256(folder / FILE)


class Vectors:
    """An opened vector index. Searching is safe from many threads."""

    def __init__(self, folder: Path) -> None:
        """Raises RuntimeError if the file cannot be read."""
        import faiss

        self._faiss: Any = faiss
        self._index = faiss.read_index(str(folder / FILE), faiss.IO_FLAG_MMAP_IFC)

    def search(self, vector: NDArray[np.float32], k: int, allowed: NDArray[np.int64] | None = None) -> Ranked:
        """The `k` rows with the highest inner product, among the allowed ones."""
        limit = min(k, self._index.ntotal if allowed is None else len(allowed))
        if limit < 1:
            return Ranked.empty()
        parameters = None
        if allowed is not None:
            chosen = self._faiss.IDSelectorBatch(allowed)
            parameters = self._faiss.SearchParameters(sel=chosen)
        # One question is one thread's work: a server has a thread for each, and a forked child has none of OpenMP's.
        self._faiss.omp_set_num_threads(1)
        scores, rows = self._index.search(vector[None, :], limit, params=parameters)
        found = rows[0] >= 0
        return Ranked(rows[0][found], scores[0][found])
