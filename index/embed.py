"""Texts → unit vectors: the shipped static embedder, or any sentence-transformers model.

A static embedder is a table with one learned vector a token; a text's vector is the mean of its tokens', scaled to
length 1. The default path reads that table with tokenizers and numpy: it imports neither torch nor
sentence_transformers. Texts are expected in search form (`index.clean.fold`).
"""

import json
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError

Kind = Literal["query", "passage"]
Vectors = NDArray[np.float32]
Ids = NDArray[np.int32]

SHIPPED = Path(__file__).parent / "model"
_TEXTS_AT_ONCE = 512  # an encoding holds every token's spelling and offsets: a bound on memory


class Embedder(Protocol):
    """What gives texts their vectors. `sha256` changes whenever the vectors may."""

    name: str
    sha256: str
    dim: int

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage") -> Vectors:
        """Vectors of shape (texts, dim) and length 1; the zero vector for a text without tokens."""


def load_embedder(model: str) -> Embedder:
    """The model "shipped", in a folder, or of that name in sentence-transformers. ModelError if missing or damaged."""
    if model == "shipped":
        return _shipped()
    if (Path(model) / "modules.json").is_file() and _static_part(Path(model)):
        return StaticEmbedder(Path(model), name=model)
    return SentenceTransformerEmbedder(model)


@cache
def _shipped() -> "StaticEmbedder":
    """The shipped model, read once a process: whoever opens one generation after another need not read it again."""
    return StaticEmbedder(SHIPPED, name="shipped")


class StaticEmbedder:
    """A sentence-transformers folder whose first module is a StaticEmbedding, read without torch.

    Every load compares what it reads with the folder's `SHA256SUMS`, if it has any: 20 ms for 35 MB, and a cheaper
    check would trust a size or a date. A vector is widened from half precision at its first use.
    """

    def __init__(self, folder: Path, *, name: str | None = None) -> None:
        part = _static_part(folder)
        if part is None:
            raise _unfit(folder / "modules.json", "第一项不是 StaticEmbedding", "its first is no StaticEmbedding")
        weights, spelling = part / "model.safetensors", part / "tokenizer.json"
        hashes = _verified(folder, [weights, spelling])
        self.name = name or str(folder)
        self.sha256 = sha256("".join(hashes).encode("ascii")).hexdigest()
        self._tokenizer = _tokenizer(spelling)
        self._table = _table(weights)
        count, self.dim = map(int, self._table.shape)
        if self._tokenizer.get_vocab_size() > count:
            raise _unfit(weights, "向量少于词元", "it has fewer vectors than there are tokens")
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
        return _unit(sums)

    def token_ids(self, texts: Sequence[str]) -> list[Ids]:
        """The ids of each text's tokens, in order; nothing is cut off."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [np.array(encoding.ids, dtype=np.int32) for encoding in encodings]

    def vectors(self, ids: Ids) -> tuple[Vectors, Vectors]:
        """For late interaction: unit vectors of shape (ids, dim), and the learned length of each as its weight."""
        self._widen(ids)
        gathered = self._wide[ids]
        return _unit(gathered), np.linalg.norm(gathered, axis=1).astype(np.float32)

    def _widen(self, ids: Ids) -> None:
        """Two threads may widen the same row: they write the same numbers."""
        new = np.unique(ids[~self._is_wide[ids]])
        self._wide[new] = self._table[new]
        self._is_wide[new] = True


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, with its own prompts for questions and passages where it has them."""

    def __init__(self, model: str) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(model, local_files_only=True)
            self.sha256 = _identity(model)
        except (OSError, ValueError, LookupError, RuntimeError) as error:
            zh = f"本机找不到可用的模型 {model}。请先联网运行 hf download {model}，或把 model 设为模型文件夹的路径"
            en = f"no usable model {model} here. Run hf download {model} while online, or set model to a model's folder"
            raise ModelError(zh, en) from error
        self.name = model
        self.dim = int(self._model.get_embedding_dimension())

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage") -> Vectors:
        """The model's own vectors, scaled to length 1."""
        if not texts:
            return np.empty((0, self.dim), np.float32)
        embed = self._model.encode_query if kind == "query" else self._model.encode_document
        return _unit(embed(list(texts), convert_to_numpy=True, show_progress_bar=False).astype(np.float32))


def _unit(vectors: Vectors) -> Vectors:
    """Rows scaled to length 1; a zero row stays zero."""
    scaled: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    return scaled


def _static_part(folder: Path) -> Path | None:
    """Where the StaticEmbedding lies if it is the folder's first module."""
    listing = folder / "modules.json"
    try:
        first = json.loads(listing.read_bytes())[0]
        return folder / first["path"] if first["type"].endswith(".StaticEmbedding") else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise _unfit(listing, "不是模块清单", "it is no list of modules") from error


def _verified(folder: Path, files: list[Path]) -> list[str]:
    """Hex sha256 of the files. Raises ModelError where `SHA256SUMS` says otherwise; the shipped model must have one."""
    sums = folder / "SHA256SUMS"
    found = {file: _sha256(file) for file in files}
    lines = sums.read_text("ascii", "replace").splitlines() if sums.is_file() else []
    if folder == SHIPPED and not lines:
        raise _unfit(sums, "缺失", "it is missing")
    for expected, _, name in (line.partition("  ") for line in lines):
        if (found.get(folder / name) or _sha256(folder / name)) != expected:
            raise _unfit(folder / name, "与 SHA256SUMS 不符", "its sha256 is not the one in SHA256SUMS")
    return list(found.values())


def _sha256(file: Path) -> str:
    try:
        return sha256(np.memmap(file, np.uint8, "r").data).hexdigest()
    except (OSError, ValueError) as error:
        raise _unfit(file, "缺失或读不了", "it is missing or cannot be read") from error


def _tokenizer(file: Path) -> Any:  # noqa: ANN401 - tokenizers has no types
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # tokenizers raises plain Exception
        raise _unfit(file, "不是分词器", "it is no tokenizer") from error
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
        raise _unfit(file, "读不出 embedding.weight", "embedding.weight cannot be read from it") from error


def _identity(model: str) -> str:
    """Hex sha256 of a folder's files, or of the name and commit of a model in the hub's cache."""
    from huggingface_hub import snapshot_download

    if not Path(model).is_dir():
        repository = model if "/" in model else f"sentence-transformers/{model}"
        commit = Path(snapshot_download(repository, local_files_only=True)).name
        return sha256(f"{repository}@{commit}".encode()).hexdigest()
    files = sorted(file for file in Path(model).rglob("*") if file.is_file() and file.stat().st_size)
    return sha256("".join(f"{_sha256(file)} {file.relative_to(model)}\n" for file in files).encode()).hexdigest()


def _unfit(file: Path, zh: str, en: str) -> ModelError:
    return ModelError(
        f"模型文件 {file} 不能用：{zh}。请重新安装 youju，或重新复制该模型文件夹",
        f"the model file {file} is unfit: {en}. Install youju again, or copy the model's folder again",
    )
