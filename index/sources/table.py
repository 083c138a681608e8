"""CSV and TSV: a row, an article. Columns are found by the configuration, then by their usual names."""

import csv
import io
import sys
from collections.abc import Iterator, Mapping, Sequence

from index.errors import EmptySource, SourceError
from index.sources.encoding import decode
from index.sources.file import SourceFile
from index.sources.record import Layer, article, printable
from index.types import Article, Refused

_NAMES = {
    "id": ("id", "编号", "文章编号", "編號"),
    "text": ("text", "正文", "内容", "全文", "內容", "content", "body"),
    "title": ("title", "标题", "题目", "標題", "題目"),
    "published": ("published", "日期", "发布日期", "发布时间", "發布日期", "發布時間", "date"),
    "publisher": ("publisher", "来源", "发布方", "媒体", "來源", "發布方", "媒體", "source"),
    "url": ("url", "链接", "网址", "鏈接", "網址", "link"),
    "author": ("author", "作者"),
    "groups": ("groups",),
}
_DELIMITERS = ",;\t"
_MOST_CHARACTERS = 1_000_000  # of one field; a book has as many, and a quote that is never closed reaches it soon


def read(file: SourceFile, columns: Mapping[str, str]) -> Iterator[Article | Refused]:
    """The articles of a table; `columns` names columns by field. A row that is unfit is refused by its number.

    Rows are counted as a spreadsheet does: the header is row 1. A row without an id is `file:number`. Several groups
    in a cell are separated by "|". Raises SourceError for a table without a column of texts.
    """
    text = decode(file.read())
    if not text.strip():
        raise EmptySource("没有内容；请补上正文或删去", "no text in it; add the text or remove it")
    rows = _rows(text, "\t" if file.path.name.lower().endswith(".tsv") else _delimiter(text))
    header = next(rows)
    if isinstance(header, SourceError):
        raise header
    found = _columns([name.strip() for name in header], columns)
    for number, row in enumerate(rows, 2):
        yield from _one(file, number, _of_width(row, len(header)), found)


def _rows(text: str, delimiter: str) -> Iterator[list[str] | SourceError]:
    """The rows; an error in place of one that is no CSV."""
    csv.field_size_limit(sys.maxsize)  # the length is judged row by row; beyond the module's limit, all would end
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cause = printable(str(error))
            yield SourceError(
                f"这一行不是合法的 CSV（{cause}）；请检查引号", f"not valid CSV ({cause}); check the quotation marks"
            )


def _of_width(row: list[str] | SourceError, width: int) -> list[str] | SourceError:
    """The row, if it has as many cells as the header; empty ones at the end do not count."""
    if isinstance(row, SourceError) or not any(cell.strip() for cell in row):
        return row
    if len(row) < width or any(cell.strip() for cell in row[width:]):
        return SourceError(
            f"有 {len(row)} 列，表头有 {width} 列；请检查分隔符和引号",
            f"has {len(row)} columns, the header {width}; check delimiters and quotation marks",
        )
    return row


def _delimiter(text: str) -> str:
    """The sign that makes the most columns of the first line."""
    first = text.lstrip().split("\n", 1)[0]
    return max(_DELIMITERS, key=first.count)


def _columns(header: Sequence[str], configured: Mapping[str, str]) -> dict[str, int]:
    """Where each field stands. Raises SourceError if no column holds texts, or groups that must be there do not."""
    places = {name.lower(): at for at, name in reversed(list(enumerate(header)))}
    found: dict[str, int] = {}
    for field, names in _NAMES.items():
        wanted = (configured[field].lower(), *names) if field in configured else names
        place = next((places[name] for name in wanted if name in places), None)
        if place is not None:
            found[field] = place
    missing = next((field for field in ("text", "groups") if field not in found and _needed(field, configured)), None)
    if missing:
        listed = "、".join(printable(name)[:40] for name in header[:20])
        raise SourceError(
            f"没有 {missing} 列（现有：{listed}）；请在配置里写明 index.csv.{missing}",
            f"no column for {missing} (there are: {listed}); name it in the configuration, index.csv.{missing}",
        )
    return found


def _needed(field: str, configured: Mapping[str, str]) -> bool:
    """Texts always; groups where the configuration counts on them, for without them everybody would read."""
    return field == "text" or field in configured


def _one(
    file: SourceFile, number: int, row: list[str] | SourceError, columns: Mapping[str, int]
) -> Iterator[Article | Refused]:
    if not isinstance(row, SourceError) and not any(cell.strip() for cell in row):
        return
    id: str | None = None
    try:
        fields = _fields(row, columns)
        id = printable(fields.pop("id", "")) or f"{file.id}:{number}"
        text = fields.pop("text", "")
        yield article(id=id, source=file.id, text=text, layers=(*file.given, Layer("record", _record(fields))))
    except SourceError as error:
        yield Refused(f"{file.id}:row {number}", error.message, gone=isinstance(error, EmptySource), article_id=id)


def _fields(row: list[str] | SourceError, columns: Mapping[str, int]) -> dict[str, str]:
    if isinstance(row, SourceError):
        raise row
    if any(len(cell) > _MOST_CHARACTERS for cell in row):
        raise SourceError(
            "一格超过 100 万字；请检查引号，或把正文存成单独的文件",
            "a field of more than 1 million characters; check the quotation marks, or save the text as its own file",
        )
    return {field: row[at] for field, at in columns.items()}


def _record(fields: Mapping[str, str]) -> dict[str, object]:
    """The fields as a record of JSON Lines has them."""
    record: dict[str, object] = {key: value for key, value in fields.items() if value.strip() and key != "groups"}
    if groups := [name.strip() for name in fields.get("groups", "").split("|") if name.strip()]:
        record["groups"] = groups
    return record
