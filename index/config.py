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
class ModelConfig:
    """A model of sentence-transformers, its name or folder, and how it is run.

    `device` is "auto" (the best there is), "cpu", "cuda", "cuda:1", "mps" or another of PyTorch's; `batch` is how many
    texts it is given at a time; `fp16` runs it in half precision, which a GPU does twice as fast.
    """

    model: str = ""
    device: str = "auto"
    batch: int = 32
    fp16: bool = False


@dataclass(frozen=True, slots=True)
class EmbedConfig(ModelConfig):
    """The model that gives texts their vectors: "shipped", or one of sentence-transformers.

    The prompts stand before every question and passage; None: those of the model itself, "": none at all. The shipped
    model, and any static one, knows neither prompts nor devices.
    """

    model: str = "shipped"
    query_prompt: str | None = None
    passage_prompt: str | None = None


@dataclass(frozen=True, slots=True)
class IndexConfig:
    """Where an index lies and how it is made.

    `passage_chars` is the length a passage is filled to; whole sentences may exceed it. `dictionary` names a text file
    of organisation words and synonyms. `csv`, `readers` and `metadata` are those of ReadConfig. `embed` is a section of
    its own in the file.
    """

    home: Path
    sources: tuple[Path, ...] = (Path("corpus"),)
    passage_chars: int = 220
    dictionary: Path | None = None
    csv: Mapping[str, str] = field(default_factory=dict)
    readers: Mapping[str, str] = field(default_factory=dict)
    metadata: tuple[MetadataDefault, ...] = ()
    embed: EmbedConfig = field(default_factory=EmbedConfig)

    @property
    def reading(self) -> ReadConfig:
        """The part of it that readers of files need."""
        return ReadConfig(csv=self.csv, readers=self.readers, metadata=self.metadata)
