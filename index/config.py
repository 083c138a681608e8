"""The settings of an index. `rag.config` fills them in; this room reads no configuration file and no environment."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class IndexConfig:
    """Where an index lies and how it is made.

    `model` is "shipped" or any sentence-transformers name or folder. `passage_chars` is the length a passage is filled
    to; whole sentences may exceed it. `dictionary` names a text file with one organisation word a line.
    """

    home: Path
    sources: tuple[Path, ...] = (Path("corpus"),)
    model: str = "shipped"
    passage_chars: int = 220
    dictionary: Path | None = None
