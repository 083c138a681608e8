"""Any reader of LlamaIndex that the configuration names by suffix:
`[index.readers] ".epub" = "llama_index.readers.file:EpubReader"`.
"""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from index.errors import EmptySource, SourceError
from index.sources.file import SourceFile
from index.sources.record import Layer, article, described
from index.types import Article

_FIELDS = ("title", "author", "publisher", "published", "url")
_PARAMETERS = ("file", "file_path", "input_file", "path")  # by which readers of one file take it


def read(file: SourceFile, suffix: str, target: str) -> Iterator[Article]:
    """One article of all Documents that the reader makes of the file, often one a page. Raises SourceError."""
    documents = _load_data(suffix, target)(file.path)
    text = "\n\n".join(str(document.text) for document in documents)
    if not text.strip():
        raise EmptySource("没有内容；请补上正文或删去", "no text in it; add the text or remove it")
    metadata = _metadata(documents)
    layers = (*file.given, Layer("record", metadata), *described(text))
    yield article(id=file.id, source=file.id, text=text, layers=layers)


def _load_data(suffix: str, target: str) -> Callable[[Path], Sequence[Any]]:
    """The reader's `load_data`, of one path."""
    module, _, name = target.partition(":")
    try:
        load_data = getattr(import_module(module), name)().load_data
        parameters = inspect.signature(load_data).parameters
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        cause = f"{type(error).__name__}: {error}"[:200]
        raise SourceError(
            f"配置项 index.readers.{suffix!r} = {target!r} 用不了（{cause}）；请安装它，或改正“模块:类”",
            f"index.readers.{suffix!r} = {target!r} cannot be used ({cause}); install it, or mend module:Class",
        ) from None
    by = next((parameter for parameter in _PARAMETERS if parameter in parameters), None)
    return (lambda path: list(load_data(**{by: path}))) if by else (lambda path: list(load_data(path)))


def _metadata(documents: Sequence[Any]) -> Mapping[str, object]:
    """What the first Document says of itself in our terms."""
    metadata = documents[0].metadata or {}
    return {field: metadata[field] for field in _FIELDS if isinstance(metadata.get(field), str)}
