"""Any embedder of sentence-transformers: BAAI/bge-m3, the E5 family, a folder of one's own.

The model's own prompts for questions and passages are used where it has them; the configuration can give others.
"""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from threading import Lock

import numpy as np

from index import checkpoint
from index.config import EmbedConfig
from index.errors import ModelError
from index.running import arguments, loading, not_numbers, running
from index.unit import Kind, Vectors, unit

_STRIDE = 4  # batches at a time: enough to put texts of like length together, few enough that little is lost


class TransformerEmbedder:
    """A model of sentence-transformers. Threads may share it; its tokenizer may not be used by two at once.

    `sha256` covers what the vectors of passages depend on: the model's files, the prompt for passages, the precision.
    Another prompt for questions leaves an index as it is, and so do another device and batch.
    """

    def __init__(self, config: EmbedConfig, folder: Path) -> None:
        self._config, self.name, self.at_once = config, config.model, _STRIDE * config.batch
        self._mutex = Lock()
        if checkpoint.architecture(folder).endswith("ForSequenceClassification"):
            raise _no_embedder(config.model)
        files = checkpoint.identity(folder)
        settings = arguments(config, section="embed")
        with loading(config, section="embed", folder=folder):
            from sentence_transformers import SentenceTransformer

            self._model = SentenceTransformer(str(folder), **settings)
        own = self._model.prompts
        # sentence-transformers gives every model an empty prompt "document", which would hide one called "passage".
        passage = next((own[name] for name in ("document", "passage", "corpus") if own.get(name)), "")
        query = config.query_prompt if config.query_prompt is not None else own.get("query") or ""
        self._prompts = {
            "query": query,
            "passage": config.passage_prompt if config.passage_prompt is not None else passage,
        }
        made_of = f"{files} {'fp16' if config.fp16 else 'fp32'} {self._prompts['passage']}"
        self.sha256 = sha256(made_of.encode()).hexdigest()
        self.dim = self._tried(["1"]).shape[1]

    def encode(self, texts: Sequence[str], *, kind: Kind = "passage") -> Vectors:
        """The model's vectors, scaled to length 1: shape (texts, dim). Raises ModelError if it fails or runs out of
        memory, or if a vector is no vector of finite numbers."""
        if not texts:
            return np.empty((0, self.dim), np.float32)
        vectors = self._tried(texts, kind)
        if vectors.shape != (len(texts), self.dim):
            raise _wrong_shape(self.name, vectors.shape, (len(texts), self.dim))
        return vectors

    def _tried(self, texts: Sequence[str], kind: Kind = "passage") -> Vectors:
        embed = self._model.encode_query if kind == "query" else self._model.encode_document
        with self._mutex, running(self._config, section="embed"):
            found = embed(
                list(texts), prompt=self._prompts[kind], batch_size=self._config.batch, show_progress_bar=False
            )
        vectors = np.asarray(found, np.float32)
        if vectors.ndim != 2:
            raise _wrong_shape(self.name, vectors.shape, (len(texts), "?"))
        if not np.isfinite(vectors).all():
            raise not_numbers(self._config, section="embed")
        return unit(vectors)


def _no_embedder(model: str) -> ModelError:
    return ModelError(
        f"embed.model = {model!r} 是分类或重排模型，不给句向量：请换一个，如 BAAI/bge-m3；重排模型写在 rerank.model",
        f"embed.model = {model!r} classifies or reranks, it embeds no sentences: set another one, such as BAAI/bge-m3; "
        "a reranker goes into rerank.model",
    )


def _wrong_shape(model: str, found: tuple[int, ...], expected: tuple[object, ...]) -> ModelError:
    return ModelError(
        f"模型 {model} 给出的向量形状是 {found}，应为 {expected}：它不是句向量模型，请换一个 embed.model",
        f"the model {model} gives vectors of shape {found}, expected {expected}: it embeds no sentences, set another "
        "embed.model",
    )
