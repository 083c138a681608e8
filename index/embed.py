"""Texts → unit vectors: the shipped static embedder, or any sentence-transformers model.

A static embedder is a table with one learned vector a token; the vector of a text is the mean of its tokens', scaled to
length 1. The default path reads that table with tokenizers and numpy alone: it imports neither torch nor
sentence_transformers. Texts are expected in search form (`index.clean.fold`).
"""

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Kind = Literal["query", "passage"]
Vectors = NDArray[np.float32]
Ids = NDArray[np.int32]

SHIPPED = Path(__file__).parent / "model"
_BLOCK = 16_384  # token vectors widened at once: 16 MB at 256 dimensions, and stays near the processor
_SUMS = "SHA256SUMS"


class Embedder(Protocol):
    """What gives texts their vectors. `sha256` changes whenever the vectors may."""

    name: str
    sha256: str
    dim: int

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage") -> Vectors:
        """Vectors of shape (texts, dim) and length 1; the zero vector for a text without tokens."""
        ...


def load_embedder(model: str) -> Embedder:
    """The embedder of a configuration: "shipped", a folder, or the name of a sentence-transformers model.

    Raises ModelError if it is not on this machine, or damaged.
    """
    if model == "shipped":
        return StaticEmbedder(SHIPPED, name="shipped")
    folder = Path(model)
    if (folder / "modules.json").is_file() and _static_part(folder) is not None:
        return StaticEmbedder(folder, name=model)
    return SentenceTransformerEmbedder(model)


class StaticEmbedder:
    """A sentence-transformers folder whose first module is a StaticEmbedding, read without torch.

    `SHA256SUMS`, if it lies in the folder, is checked on every load: that costs 20 ms for 35 MB, next to which a cheaper
    check would have to trust a date or a size. The same hashes make up `sha256`.
    """

    def __init__(self, folder: Path, *, name: str | None = None) -> None:
        part = _static_part(folder)
        if part is None:
            raise _damaged(folder / "modules.json", "the first module is no StaticEmbedding")
        vectors, tokenizer = part / "model.safetensors", part / "tokenizer.json"
        weights, spelling = _read(vectors), _read(tokenizer)
        found = {file: sha256(content).hexdigest() for file, content in ((vectors, weights), (tokenizer, spelling))}
        _verify(folder, found)
        self.name = name or str(folder)
        self.sha256 = sha256("".join(found.values()).encode()).hexdigest()
        self._table = _table(vectors, weights)
        self._tokenizer = _tokenizer(tokenizer, spelling)
        self.dim = int(self._table.shape[1])
        if self._tokenizer.get_vocab_size() > len(self._table):
            raise _damaged(vectors, f"{len(self._table)} vectors for {self._tokenizer.get_vocab_size()} tokens")

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage") -> Vectors:
        """Mean of the token vectors, length 1; questions and passages are treated alike."""
        rows = self.token_ids(texts)
        lengths = np.array([len(row) for row in rows], dtype=np.int64)
        sums = np.zeros((len(rows), self.dim), dtype=np.float32)
        filled = np.flatnonzero(lengths)
        ends = np.cumsum(lengths[filled])
        cuts = np.searchsorted(ends, np.arange(_BLOCK, int(ends[-1]) + _BLOCK, _BLOCK), side="left") if len(ends) else []
        for first, last in pairwise([0, *(int(cut) + 1 for cut in cuts)]):
            block = filled[first:last]
            if len(block):
                gathered = self._table[np.concatenate([rows[row] for row in block])].astype(np.float32)
                sums[block] = np.add.reduceat(gathered, ends[first:last] - lengths[block] - (ends[first] - lengths[block[0]]))
        return _unit(sums)

    def token_ids(self, texts: Sequence[str]) -> list[Ids]:
        """The ids of each text's tokens, in order; nothing is cut off."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [np.array(encoding.ids, dtype=np.int32) for encoding in encodings]

    def vectors(self, ids: Ids) -> tuple[Vectors, Vectors]:
        """For late interaction: unit vectors of shape (ids, dim), and the learned length of each as its weight."""
        gathered = self._table[ids].astype(np.float32)
        return _unit(gathered), np.linalg.norm(gathered, axis=1)
