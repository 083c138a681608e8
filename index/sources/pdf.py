"""PDF by pypdfium2: the text layer page by page, without running heads and page numbers, as paragraphs."""

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from math import hypot

from pypdfium2 import PdfDocument, PdfiumError, PdfPage, PdfTextPage
from pypdfium2.raw import (
    FPDF_ERR_PASSWORD,
    FS_MATRIX,
    FPDFText_GetCharOrigin,
    FPDFText_GetFontSize,
    FPDFText_GetMatrix,
)

from index.errors import SourceError
from index.sources.encoding import is_garbled
from index.sources.file import SourceFile
from index.sources.layout import Line, Page, paragraphs, title, without_running_lines
from index.sources.properties import confirmed
from index.sources.record import Layer, article, described
from index.types import Article

_HYPHEN = "\ufffe"  # how PDFium marks a word that is broken at a line's end, which it joins
_RADICALS = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")  # look like ideographs, and are what some fonts claim to hold


def read(file: SourceFile) -> Iterator[Article]:
    """The article of a PDF. Raises SourceError for one that is damaged, needs a password, or has no text."""
    try:
        document = PdfDocument(file.read())
    except PdfiumError as error:
        raise _needs_password() if error.err_code == FPDF_ERR_PASSWORD else _damaged() from None
    with closing(document):
        properties = document.get_metadata_dict()
        pages = without_running_lines([_page(document, number) for number in range(len(document))])
    text = paragraphs(pages)
    if not text:
        raise SourceError(
            "PDF 里没有文字，可能是扫描件；请先做文字识别（OCR）",
            "no text in the PDF, it may be a scan; run text recognition (OCR) on it first",
        )
    if is_garbled(text) and sum(map(str.isascii, text)) < len(text) / 2:
        raise SourceError(
            "PDF 的文字层是乱码；请从原文件另存，或做文字识别（OCR）",
            "the text layer of the PDF is garbled; save it anew from its source, or run text recognition (OCR)",
        )
    yield article(
        id=file.id,
        source=file.id,
        text=text,
        layers=(
            *file.given,
            confirmed({"title": properties.get("Title"), "author": properties.get("Author")}, text),
            Layer("heading", {"title": title(pages)}),
            *described(text),
        ),
    )


def _page(document: PdfDocument, number: int) -> Page:
    try:
        page = document[number]
    except PdfiumError:
        raise _damaged() from None
    with closing(page):
        return Page(page.get_height(), tuple(_lines(page)))


def _lines(page: PdfPage) -> Iterator[Line]:
    """The lines as PDFium gives them, with the places of their first and last characters."""
    with closing(page.get_textpage()) as text_page:
        at = 0  # in UTF-16 units, as PDFium counts
        for raw in text_page.get_text_range().split("\r\n"):
            units = len(raw.encode("utf-16-le", "surrogatepass")) // 2
            text = _RADICALS.sub(lambda found: unicodedata.normalize("NFKC", found.group()), raw.replace(_HYPHEN, ""))
            if text.strip():
                first, last = at + len(raw) - len(raw.lstrip()), at + units - 1 - (len(raw) - len(raw.rstrip()))
                (left, baseline), (_, foot) = _origin(text_page, first), _origin(text_page, last)
                right = text_page.get_charbox(last, loose=True)[2]
                yield Line(text.strip(), left, right, baseline, foot, _size(text_page, first))
            at += units + 2


def _origin(text_page: PdfTextPage, at: int) -> tuple[float, float]:
    """Where a character stands on its baseline: unlike its box, the same for 一 and 国."""
    x, y = ctypes.c_double(), ctypes.c_double()
    FPDFText_GetCharOrigin(text_page, at, x, y)
    return x.value, y.value


def _size(text_page: PdfTextPage, at: int) -> float:
    """The size of the letters as they appear on the page."""
    matrix = FS_MATRIX()
    FPDFText_GetMatrix(text_page, at, matrix)
    return float(FPDFText_GetFontSize(text_page, at)) * hypot(matrix.b, matrix.d)


def _needs_password() -> SourceError:
    return SourceError("PDF 有密码；请去掉密码后另存", "the PDF needs a password; save it without one")


def _damaged() -> SourceError:
    return SourceError(
        "不是完整的 PDF（损坏、截断或没有页面）；请重新保存",
        "not a whole PDF (damaged, cut off or without pages); save it again",
    )
