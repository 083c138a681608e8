"""Which reader reads which file, by suffix: one table. A library is loaded with the first file that needs it."""

from collections.abc import Iterator
from dataclasses import replace

from index.config import ReadConfig
from index.errors import EmptySource, Message, SourceError
from index.sources.file import SourceFile
from index.sources.given import given
from index.types import Article, Refused

FORMATS = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",  # trafilatura
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",  # pypdfium2
    ".docx": "docx",  # python-docx
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".jsonl.gz": "jsonl",
}
# No book is longer (红楼梦 has 0.9 million); what is, is a collection, and every article costs memory as a whole.
MOST_CHARACTERS = 5_000_000
MOST_REFUSED = 1000  # of one file, named one by one: who has more mends the file, not its lines


def unsupported(name: str, config: ReadConfig) -> Message | None:
    """Why no reader reads a file of this name, or None if one does."""
    if _suffix(name, config):
        return None
    supported = " ".join(dict.fromkeys([*FORMATS, *config.readers]))
    return Message(
        f"暂不支持这种格式；请转成其中一种：{supported}", f"format not supported; turn it into one of {supported}"
    )


def read(file: SourceFile, config: ReadConfig) -> Iterator[Article | Refused]:
    """The articles of a file of a supported format, and what of it was refused. Raises MemoryError alone."""
    refused = 0
    try:
        said = given(file.path, file.id, config.metadata)
        for found in _reader(replace(file, given=(*file.given, *said)), config):
            one = _of_a_length(file, found)
            refused += isinstance(one, Refused)
            if isinstance(one, Article) or refused <= MOST_REFUSED:
                yield one
        if refused > MOST_REFUSED:
            yield Refused(file.id, _more(refused - MOST_REFUSED))
    except SourceError as error:
        yield Refused(file.id, error.message, gone=isinstance(error, EmptySource))
    except MemoryError:
        raise
    except Exception as error:  # on a hostile file a library may fail in any way; the other files are to be read
        yield Refused(file.id, _failed(error))


def _reader(file: SourceFile, config: ReadConfig) -> Iterator[Article | Refused] | Iterator[Article]:
    suffix = _suffix(file.path.name, config)
    if suffix in config.readers:
        from index.sources.llama_reader import read as read_by_llama_index

        return read_by_llama_index(file, suffix, config.readers[suffix])
    match FORMATS[suffix]:
        case "text":
            from index.sources.text import read as read_text

            return read_text(file)
        case "markdown":
            from index.sources.markdown import read as read_markdown

            return read_markdown(file)
        case "html":
            from index.sources.html import read as read_html

            return read_html(file)
        case "pdf":
            from index.sources.pdf import read as read_pdf

            return read_pdf(file)
        case "docx":
            from index.sources.docx import read as read_docx

            return read_docx(file)
        case "csv":
            from index.sources.table import read as read_table

            return read_table(file, config.csv)
    from index.sources.jsonl import read as read_jsonl

    return read_jsonl(file)


def _suffix(name: str, config: ReadConfig) -> str:
    """The suffix by which a reader is chosen, the configured ones first; empty if there is none."""
    low = name.lower()
    return next((suffix for suffix in (*config.readers, *FORMATS) if low.endswith(suffix)), "")


def _of_a_length(file: SourceFile, found: Article | Refused) -> Article | Refused:
    if isinstance(found, Refused) or len(found.text) <= MOST_CHARACTERS:
        return found
    reason = Message("一篇超过 500 万字；请拆成多篇", "an article of more than 5 million characters; split it")
    return Refused(file.id if found.id == file.id else f"{file.id}:{found.id}", reason, article_id=found.id)


def _more(count: int) -> Message:
    return Message(
        f"另有 {count} 处未被采用；请先改正以上各处", f"{count} more of it were refused; mend those above first"
    )


def _failed(error: Exception) -> Message:
    kind = type(error).__name__
    return Message(
        f"解析失败（{kind}），文件可能已损坏；请重新保存，或转成 .txt",
        f"could not be parsed ({kind}), it may be damaged; save it again, or as .txt",
    )
