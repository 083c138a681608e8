"""The settings of an index. `rag.config` fills them in; this room reads no configuration file and no environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.types import MetadataDefault

CSV_FIELDS = ("id", "text", "title", "published", "publisher", "url", "author", "groups")


@dataclass(frozen=True, slots=True)
class ReadConfig:
    """How files become articles.

    `csv` names the columns of .csv and .tsv files by field, one of CSV_FIELDS ("text" → "正文"); `readers` names a
    LlamaIndex reader by suffix (".epub" → "llama_index.readers.file:EpubReader").
    """

    csv: Mapping[str, str] = field(default_factory=dict)
    readers: Mapping[str, str] = field(default_factory=dict)
    metadata: tuple[MetadataDefault, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexConfig:
    """Where an index lies and how it is made.

    `model` is "shipped" or any sentence-transformers name or folder. `passage_chars` is the length a passage is filled
    to; whole sentences may exceed it. `dictionary` names a text file of organisation words and synonyms. `csv`,
    `readers` and `metadata` are those of ReadConfig.
    """

    home: Path
    sources: tuple[Path, ...] = (Path("corpus"),)
    model: str = "shipped"
    passage_chars: int = 220
    dictionary: Path | None = None
    csv: Mapping[str, str] = field(default_factory=dict)
    readers: Mapping[str, str] = field(default_factory=dict)
    metadata: tuple[MetadataDefault, ...] = ()

    @property
    def reading(self) -> ReadConfig:
        """The part of it that readers of files need."""
        return ReadConfig(csv=self.csv, readers=self.readers, metadata=self.metadata)
