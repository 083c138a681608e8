"""Text → vectors: the shipped static embedder without torch, or any sentence-transformers model.

(First cut, so that the rooms that build on it can run; the embedder's own author replaces it.)
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Kind = Literal["query", "passage"]


class Embedder(Protocol):
    name: str
    sha256: str
    dim: int

    def encode(self, texts: Sequence[str], kind: Kind = "passage") -> NDArray[np.float32]: ...


class StaticEmbedder:
    def __init__(self, folder: Path, name: str) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        module = folder / "0_StaticEmbedding"
        self._tokenizer = Tokenizer.from_file(str(module / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._table = load_file(module / "model.safetensors")["embedding.weight"]
        self.name, self.dim = name, self._table.shape[1]
        self.sha256 = sha256((folder / "SHA256SUMS").read_bytes()).hexdigest()

    def token_ids(self, texts: Sequence[str]) -> list[NDArray[np.int32]]:
        return [
            np.array(e.ids, np.int32) for e in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        ]

    def vectors(self, ids: NDArray[np.int32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        rows = self._table[ids].astype(np.float32)
        lengths = np.linalg.norm(rows, axis=1)
        return rows / np.maximum(lengths, 1e-9)[:, None], lengths

    def encode(self, texts: Sequence[str], kind: Kind = "passage") -> NDArray[np.float32]:
        out = np.zeros((len(texts), self.dim), np.float32)
        for i, ids in enumerate(self.token_ids(texts)):
            if len(ids):
                mean = self._table[ids].astype(np.float32).mean(0)
                out[i] = mean / max(float(np.linalg.norm(mean)), 1e-9)
        return out


def load_embedder(model: str) -> Embedder:
    return StaticEmbedder(Path(__file__).parent / "model", "shipped")
