"""A cross-encoder reads question and passage together and says how well they fit: slower than anything else here.

Any CrossEncoder of sentence-transformers serves, BAAI/bge-reranker-v2-m3 for one. Importing this module imports no
torch; loading a model does (6 s).
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from index import checkpoint
from index.config import ModelConfig
from index.errors import ModelError
from index.running import arguments, loading, not_numbers, running
from index.types import Article, Passage

_HEADLESS = ("Model", "ForMaskedLM")  # classes that give vectors or words, no score
_TITLE_CHARS = 200  # a long title must not crowd out the passage


def read_together(article: Article, passage: Passage) -> str:
    """What a cross-encoder is given of a passage, as it is shown and not folded: title, heading and text."""
    return "\n".join(part for part in (article.title[:_TITLE_CHARS], passage.heading, passage.text) if part)


def load_cross_encoder(config: ModelConfig) -> "CrossEncoder | None":
    """The model of `rerank.model`; None where none is named. One that was loaded before is given again while its files
    stand as they are. Raises ModelError if it is missing, damaged, no cross-encoder, or cannot be run as configured.
    """
    if not config.model:
        return None
    folder = checkpoint.folder_of(config.model, owner="cross-encoder", key="rerank.model")
    with _loading:
        return _loaded(config, folder, checkpoint.stamp(folder))


_loading = Lock()  # two threads must not read gigabytes twice


@lru_cache(maxsize=1)
def _loaded(config: ModelConfig, folder: Path, stamp: object) -> "CrossEncoder":
    return CrossEncoder(config, folder)


class CrossEncoder:
    """A model that was trained to tell fitting pairs from others. Threads may share it; they wait for one another."""

    def __init__(self, config: ModelConfig, folder: Path) -> None:
        self._config, self.name = config, config.model
        self._mutex = Lock()
        if checkpoint.architecture(folder).endswith(_HEADLESS):
            raise _no_reranker(config.model)  # it would be given an untrained head, and score at random
        settings = arguments(config, section="rerank")
        with loading(config, section="rerank", folder=folder):
            from sentence_transformers import CrossEncoder as Model
            from torch.nn import Identity

            self._model, self._as_it_is = Model(str(folder), **settings), Identity()
        if self._model.num_labels not in (1, 2):
            raise _no_reranker(config.model)
        self.scores("1", ["1"])

    def scores(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """How well each text fits the question, in [0, 1]: shape (len(texts),).

        The logistic function of the model's own number, whatever it makes of it itself: the models differ in that, and
        the order stays. Of two classes, the share of the second. Raises ModelError as an embedder does.
        """
        if not texts:
            return np.empty(0, np.float32)
        pairs = [(question, text) for text in texts]
        with self._mutex, running(self._config, section="rerank"):
            found = self._model.predict(
                pairs, batch_size=self._config.batch, activation_fn=self._as_it_is, show_progress_bar=False
            )
        logits = np.asarray(found, np.float64).reshape(len(texts), -1)
        if not np.isfinite(logits).all():
            raise not_numbers(self._config, section="rerank")
        fit = logits[:, 0] if logits.shape[1] == 1 else logits[:, 1] - logits[:, 0]
        scores: NDArray[np.float32] = (0.5 * (1 + np.tanh(fit / 2))).astype(np.float32)  # the logistic function
        return scores


def _no_reranker(model: str) -> ModelError:
    return ModelError(
        f"rerank.model = {model!r} 不是重排模型：请换一个，如 BAAI/bge-reranker-v2-m3；句向量模型写在 embed.model",
        f"rerank.model = {model!r} is no reranker: set another one, such as BAAI/bge-reranker-v2-m3; one that embeds "
        "sentences goes into embed.model",
    )
