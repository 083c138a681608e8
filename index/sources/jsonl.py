"""JSON Lines, plain or gzipped: a line, an article. The file is streamed, whatever its size."""

import gzip
import json
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

from index.errors import EmptySource, SourceError
from index.sources.file import SourceFile, unreadable
from index.sources.record import Layer, article, printable
from index.types import Article, Refused

MAX_LINE = 20_000_000
_CHUNK = 1 << 20


def read(file: SourceFile) -> Iterator[Article | Refused]:
    """The articles of a .jsonl or .jsonl.gz file; a line that is unfit is refused by its number."""
    number = 0
    try:
        with file.opened() as raw:
            for number, line in enumerate(_lines(_unzipped(file, raw)), 1):
                yield from _one(file, number, line)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise SourceError(
            f"第 {number} 行之后压缩数据损坏；请重新压缩",
            f"damaged gzip data after line {number}; compress it again",
        ) from None
    except OSError as error:
        raise unreadable(error) from None


def _unzipped(file: SourceFile, raw: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if file.path.name.lower().endswith(".gz") else raw


def _lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines without their ends; None for one that is longer than MAX_LINE."""
    while line := stream.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE and not line.endswith(b"\n"):
            while (rest := stream.readline(_CHUNK)) and not rest.endswith(b"\n"):
                pass
            yield None
        else:
            yield line


def _one(file: SourceFile, number: int, line: bytes | None) -> Iterator[Article | Refused]:
    if line is not None and not line.strip(b" \t\r\n\xef\xbb\xbf"):
        return
    id: str | None = None
    try:
        record = _record(line)
        id = _id(record)
        yield _article(file, id, record)
    except SourceError as error:
        yield Refused(f"{file.id}:line {number}", error.message, gone=isinstance(error, EmptySource), article_id=id)


def _record(line: bytes | None) -> dict[str, object]:
    if line is None:
        raise SourceError("一行超过 20 MB；请拆开", "a line of more than 20 MB; split it")
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _not_json(error) from None
    if not isinstance(record, dict):
        raise SourceError('不是 JSON 对象；应为 {"id", "text"}', 'not a JSON object; expected {"id", "text"}')
    return record


def _id(record: dict[str, object]) -> str:
    id = record.get("id")
    if isinstance(id, bool) or not isinstance(id, str | int) or not printable(str(id)):
        raise SourceError("缺少 id；请给每行一个唯一的 id", "no id; give every line an id of its own")
    return printable(str(id))


def _article(file: SourceFile, id: str, record: dict[str, object]) -> Article:
    text = record.get("text")
    if not isinstance(text, str):
        raise SourceError("缺少 text；正文写在 text 里", "no text; the article's text belongs in text")
    return article(id=id, source=file.id, text=text, layers=(*file.given, Layer("record", record)))


def _not_json(error: ValueError | RecursionError) -> SourceError:
    if isinstance(error, UnicodeDecodeError):
        return SourceError("不是 UTF-8；请另存为 UTF-8", "not UTF-8; save the file as UTF-8")
    cause = "nested too deeply" if isinstance(error, RecursionError) else str(error)
    return SourceError(f"不是合法的 JSON（{cause}）；请改正这一行", f"not valid JSON ({cause}); mend this line")
