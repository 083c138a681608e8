"""PDF and Word files written by hand, so that tests need neither fixtures nor the programs that make them."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [2 0 R] >>",
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500] /FontDescriptor 3 0 R"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> >>",
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0"
    b" /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONSHIPS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Target="word/document.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


@dataclass(frozen=True)
class Printed:
    """A line at a place on a page of 595 by 842 points."""

    text: str
    x: float = 90
    y: float = 700
    size: float = 11


def pdf(pages: Sequence[Sequence[Printed]], properties: Mapping[str, str] | None = None) -> bytes:
    """A PDF with a text layer."""
    objects = list(_FONT)
    root = len(objects) + 2 * len(pages) + 1
    kids: list[int] = []
    for page in pages:
        content = b"BT\n" + b"".join(map(_shown, page)) + b"ET"
        objects.append(stream(content))
        objects.append(
            b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 1 0 R >> >>"
            b" /Contents %d 0 R >>" % (root, len(objects))
        )
        kids.append(len(objects))
    objects.append(b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(b"%d 0 R" % kid for kid in kids), len(kids)))
    named = b" ".join(b"/%s %s" % (key.encode(), _utf16(value)) for key, value in (properties or {}).items())
    objects.append(b"<< /Type /Catalog /Pages %d 0 R >>" % root)
    objects.append(b"<< %s >>" % named)
    return pdf_of(objects, b"/Root %d 0 R /Info %d 0 R" % (len(objects) - 1, len(objects)))


def pdf_of(objects: Sequence[bytes], trailer: bytes) -> bytes:
    """A PDF of the given objects, numbered from 1."""
    out = bytearray(b"%PDF-1.7\n")
    places: list[int] = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d %s >>\nstartxref\n%d\n%%%%EOF"
    return bytes(out) + end % (len(objects) + 1, table, len(objects) + 1, trailer, len(out))


def stream(content: bytes, filters: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s>>\nstream\n%s\nendstream" % (len(content), filters, content)


def docx(body: str, *, prolog: str = "", members: Mapping[str, str | bytes] | None = None) -> bytes:
    """A Word file whose document holds the given XML, and further members of the archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
        archive.writestr("_rels/.rels", _RELATIONSHIPS)
        document = f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", f'<?xml version="1.0"?>{prolog}{document}')
        for name, content in (members or {}).items():
            archive.writestr(name, content)
    return packed.getvalue()


def paragraph(text: str) -> str:
    """The XML of a paragraph."""
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def _shown(line: Printed) -> bytes:
    return b"/F1 %g Tf 1 0 0 1 %g %g Tm %s Tj\n" % (line.size, line.x, line.y, _utf16(line.text, mark=b""))


def _utf16(text: str, mark: bytes = b"feff") -> bytes:
    return b"<%s%s>" % (mark, text.encode("utf-16-be").hex().encode())
