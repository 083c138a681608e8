"""Word documents by python-docx: paragraphs and tables in the document's order, a row of a table a line.

The archive is looked at before anything is parsed. What Word does not show, deleted and hidden text, is not read.
Numbers that Word gives to headings and lists by itself are not in the text and are lost.
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from lxml.etree import LxmlError, _Element

from index.errors import EmptySource, SourceError
from index.sources.file import SourceFile
from index.sources.properties import confirmed
from index.sources.record import Layer, article, described
from index.types import Article

_MOST_MEMBERS = 10_000
_MOST_BYTES = 200_000_000  # of all members, expanded
_MOST_RATIO = 100  # expanded to packed, beyond _SMALL bytes; XML has some 10, a bomb 1,000
_SMALL = 20_000_000
_OLE = b"\xd0\xcf\x11\xe0"  # the container of .doc, and of a .docx with a password
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MARKUP = (".xml", ".rels")
_DTD = tuple(mark.encode(codec) for mark in ("<!DOCTYPE", "<!ENTITY") for codec in ("ascii", "utf-16-le", "utf-16-be"))

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_UNSEEN = {qn(f"w:{tag}") for tag in ("del", "moveFrom", "pPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr", "rPr")}
_UNSEEN |= {qn("w:instrText"), f"{_COMPATIBILITY}Fallback"}
_PARAGRAPH, _ROW, _CELL, _RUN, _TEXT, _BOX = (qn(f"w:{tag}") for tag in ("p", "tr", "tc", "r", "t", "txbxContent"))
_SIGNS = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_VANISH, _STYLE, _VALUE = f"{qn('w:rPr')}/{qn('w:vanish')}", f"{qn('w:pPr')}/{qn('w:pStyle')}", qn("w:val")
_HEADINGS = ("heading", "title", "标题")


def read(file: SourceFile) -> Iterator[Article]:
    """The article of a .docx file. Raises SourceError, also for an archive that would expand beyond reason."""
    data = file.read()
    _check_container(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive, len(data))
        document = Document(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, LxmlError, KeyError, ValueError, EOFError):
        raise SourceError(
            "不是完整的 Word 文档；请用 Word 打开后另存为 .docx",
            "not a whole Word document; open it in Word and save it as .docx",
        ) from None
    text = "\n".join(_blocks(document.element.body)).strip()
    if not text:
        raise EmptySource("文档里没有文字；请补上正文或删去", "no text in the document; add the text or remove it")
    properties = document.core_properties
    yield article(
        id=file.id,
        source=file.id,
        text=text,
        layers=(
            *file.given,
            confirmed({"title": properties.title, "author": properties.author}, text),
            Layer("heading", {"title": _first_heading(document)}),
            *described(text),
        ),
    )


def _check_container(data: bytes) -> None:
    if not data.startswith(_OLE):
        return
    if _ENCRYPTED in data:
        raise SourceError("文档有密码；请去掉密码后另存", "the document needs a password; save it without one")
    raise SourceError(
        "是改了后缀的旧版 Word 文件（.doc）；请用 Word 另存为 .docx",
        "an old Word file (.doc) under another name; save it as .docx in Word",
    )


def _check(archive: zipfile.ZipFile, packed: int) -> None:
    """Refuse an archive that no word processor makes, before its members are expanded. Raises SourceError."""
    members = archive.infolist()
    expanded = sum(member.file_size for member in members)
    if len(members) > _MOST_MEMBERS:
        raise _hostile(f"{len(members)} 个成员", f"{len(members)} members")
    if expanded > _MOST_BYTES or expanded > max(_SMALL, _MOST_RATIO * packed):
        raise _hostile(f"展开后有 {expanded // 10**6} MB", f"{expanded // 10**6} MB when expanded")
    if any(_leads_out(member.filename) for member in members):
        raise _hostile("成员路径指向压缩包之外", "a member whose path leads out of it")
    if not any(name.startswith("word/document") for name in archive.namelist()):
        raise SourceError(
            "压缩包里没有 Word 文档（word/document.xml）；请用 Word 另存为 .docx",
            "no Word document in the archive (word/document.xml); save it as .docx in Word",
        )
    for member in members:
        if member.filename.lower().endswith(_MARKUP) and any(mark in archive.read(member) for mark in _DTD):
            raise _hostile("含有实体声明（DTD）", "declarations of entities (a DTD)")


def _leads_out(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in name


def _hostile(zh: str, en: str) -> SourceError:
    return SourceError(
        f"不像正常的 Word 文档：{zh}；请用 Word 重新另存", f"not like a Word document: {en}; save it again in Word"
    )


def _blocks(parent: _Element) -> Iterator[str]:
    """The paragraphs and rows below an element, also those in content controls."""
    for child in parent:
        if child.tag in _UNSEEN:
            continue
        if child.tag == _PARAGRAPH:
            yield "".join(_words(child))
        elif child.tag == _ROW:
            yield " | ".join(filter(None, _cells(child)))
        else:
            yield from _blocks(child)


def _cells(parent: _Element) -> Iterator[str]:
    """The texts of a row's cells, each on one line, that of a table within it too."""
    for child in parent:
        if child.tag == _CELL:
            yield " ".join(" ".join(_blocks(child)).split())
        elif child.tag not in _UNSEEN:
            yield from _cells(child)


def _words(parent: _Element) -> Iterator[str]:
    """The text of a paragraph as it is shown; that of a text box within it stands on lines of its own."""
    for child in parent:
        if child.tag in _UNSEEN or (child.tag == _RUN and _is_hidden(child)):
            continue
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag == _BOX:
            yield "\n" + "\n".join(_blocks(child)) + "\n"
        else:
            yield from _words(child)


def _is_hidden(run: _Element) -> bool:
    mark = run.find(_VANISH)
    return mark is not None and mark.get(_VALUE) not in ("0", "false", "off")


def _first_heading(document: WordDocument) -> str | None:
    """The text of the first paragraph whose style is a heading's."""
    styles = {style.style_id for style in document.styles if (style.name or "").lower().startswith(_HEADINGS)}
    for paragraph in document.element.body.iter(_PARAGRAPH):
        style = paragraph.find(_STYLE)
        is_heading = style is not None and style.get(_VALUE) in styles
        if is_heading and (text := " ".join("".join(_words(paragraph)).split())):
            return text
    return None
