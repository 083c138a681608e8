"""Texts → unit vectors: the shipped static embedder, or any sentence-transformers model (`index.transformer`).

A static embedder is a table with one learned vector a token; a text's vector is the mean of its tokens', scaled to
length 1. The default path reads that table with tokenizers and numpy: it imports neither torch nor
sentence_transformers. Texts are expected in search form (`index.clean.fold`).
"""

import json
from collections.abc import Sequence
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index import checkpoint
from index.checkpoint import sha256_of, unfit
from index.config import EmbedConfig
from index.unit import Kind, Vectors, unit

Ids = NDArray[np.int32]

SHIPPED = Path(__file__).parent / "model"
_TEXTS_AT_ONCE = 512  # an encoding holds every token's spelling and offsets: a bound on memory
_AT_ONCE = 1024  # texts, a tenth of a second


class Embedder(Protocol):
    """What gives texts their vectors. `sha256` changes whenever the vectors of passages may.

    An update keeps what it has embedded after every `at_once` texts, so that no more is lost when it is cut off.
    """

    name: str
    sha256: str
    dim: int
    at_once: int

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage") -> Vectors:
        """Vectors of shape (texts, dim) and length 1; the zero vector for a text without tokens."""


def load_embedder(embed: EmbedConfig | str) -> Embedder:
    """The embedder of the configuration; a name or folder alone is run with the defaults.

    One that was loaded before is given again while its files stand as they are. Raises ModelError if it is missing,
    damaged or cannot be run as configured.
    """
    config = EmbedConfig(embed) if isinstance(embed, str) else embed
    if config.model == "shipped":
        return _shipped()
    folder = checkpoint.folder_of(config.model, owner="sentence-transformers", key="embed.model")
    with _loading:
        return _loaded(config, folder, checkpoint.stamp(folder))


_loading = Lock()  # two threads that open an index must not read gigabytes twice


@cache
def _shipped() -> "StaticEmbedder":
    """The shipped model, read once a process: whoever opens one generation after another need not read it again."""
    return StaticEmbedder(SHIPPED, name="shipped")


@lru_cache(maxsize=1)
def _loaded(config: EmbedConfig, folder: Path, stamp: object) -> Embedder:
    if (folder / "modules.json").is_file() and _static_part(folder):
        return StaticEmbedder(folder, name=config.model)
    from index.transformer import TransformerEmbedder

    return TransformerEmbedder(config, folder)


class StaticEmbedder:
    """A sentence-transformers folder whose first module is a StaticEmbedding, read without torch.

    Every load compares what it reads with the folder's `SHA256SUMS`, if it has any: 20 ms for 35 MB, and a cheaper
    check would trust a size or a date. A vector is widened from half precision at its first use.
    """

    def __init__(self, folder: Path, *, name: str | None = None) -> None:
        part = _static_part(folder)
        if part is None:
            raise unfit(folder / "modules.json", "第一项不是 StaticEmbedding", "its first is no StaticEmbedding")
        weights, spelling = part / "model.safetensors", part / "tokenizer.json"
        hashes = _verified(folder, [weights, spelling])
        self.name, self.at_once = name or str(folder), _AT_ONCE
        self.sha256 = sha256("".join(hashes).encode("ascii")).hexdigest()
        self._tokenizer = _tokenizer(spelling)
        self._table = _table(weights)
        count, self.dim = map(int, self._table.shape)
        if self._tokenizer.get_vocab_size() > count:
            raise unfit(weights, "向量少于词元", "it has fewer vectors than there are tokens")
        self._wide = np.empty(self._table.shape, np.float32)  # takes no memory before it is written
        self._is_wide = np.zeros(count, np.bool_)

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage") -> Vectors:
        """The mean of the token vectors, scaled to length 1; questions and passages are treated alike."""
        sums = np.zeros((len(texts), self.dim), np.float32)
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            rows = self.token_ids(texts[start : start + _TEXTS_AT_ONCE])
            self._widen(np.concatenate(rows))
            for place, row in enumerate(rows, start):  # four times as fast as np.add.reduceat over all of them
                self._wide[row].sum(axis=0, out=sums[place])
        return unit(sums)

    def token_ids(self, texts: Sequence[str]) -> list[Ids]:
        """The ids of each text's tokens, in order; nothing is cut off."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [np.array(encoding.ids, dtype=np.int32) for encoding in encodings]

    def vectors(self, ids: Ids) -> tuple[Vectors, Vectors]:
        """For late interaction: unit vectors of shape (ids, dim), and the learned length of each as its weight."""
        self._widen(ids)
        gathered = self._wide[ids]
        return unit(gathered), np.linalg.norm(gathered, axis=1).astype(np.float32)

    def _widen(self, ids: Ids) -> None:
        """Two threads may widen the same row: they write the same numbers."""
        new = np.unique(ids[~self._is_wide[ids]])
        self._wide[new] = self._table[new]
        self._is_wide[new] = True


def _static_part(folder: Path) -> Path | None:
    """Where the StaticEmbedding lies if it is the folder's first module."""
    listing = folder / "modules.json"
    try:
        first = json.loads(listing.read_bytes())[0]
        return folder / first["path"] if first["type"].endswith(".StaticEmbedding") else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise unfit(listing, "不是模块清单", "it is no list of modules") from error


def _verified(folder: Path, files: list[Path]) -> list[str]:
    """Hex sha256 of the files. Raises ModelError where `SHA256SUMS` says otherwise; the shipped model must have one."""
    sums = folder / "SHA256SUMS"
    found = {file: sha256_of(file) for file in files}
    lines = sums.read_text("ascii", "replace").splitlines() if sums.is_file() else []
    if folder == SHIPPED and not lines:
        raise unfit(sums, "缺失", "it is missing")
    for expected, _, name in (line.partition("  ") for line in lines):
        if (found.get(folder / name) or sha256_of(folder / name)) != expected:
            raise unfit(folder / name, "与 SHA256SUMS 不符", "its sha256 is not the one in SHA256SUMS")
    return list(found.values())


def _tokenizer(file: Path) -> Any:  # noqa: ANN401 - tokenizers has no types
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # tokenizers raises plain Exception
        raise unfit(file, "不是分词器", "it is no tokenizer") from error
    tokenizer.no_padding()  # as StaticEmbedding does
    return tokenizer


def _table(file: Path) -> NDArray[np.floating[Any]]:
    """The token vectors, mapped and not read: a length, a JSON header, then the numbers (the safetensors format)."""
    try:
        with file.open("rb") as opened:
            size = int.from_bytes(opened.read(8), "little")
            header = json.loads(opened.read(min(size, 1 << 20)))["embedding.weight"]
        start = 8 + size + header["data_offsets"][0]
        return np.memmap(
            file, {"F16": np.float16, "F32": np.float32}[header["dtype"]], "r", start, tuple(header["shape"])
        )
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise unfit(file, "读不出 embedding.weight", "embedding.weight cannot be read from it") from error
