"""Saved web pages: the main text by trafilatura, title, publisher, author, date and address from the page's own marks.

Nothing that a reader of the page does not see is read: scripts, styles, hidden text, images.
"""

import re
from collections.abc import Iterator, Mapping

from lxml.etree import ParserError
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction
from trafilatura.settings import Document

from index.errors import SourceError
from index.sources.encoding import decode, is_garbled
from index.sources.file import SourceFile
from index.sources.record import Layer, article, described, iso_date
from index.types import Article

_DECLARED = re.compile(
    rb"""<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,80}?encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE
)
_HEAD_BYTES = 4096
# What pages call an encoding, and what its bytes really are.
_CODECS = {
    **dict.fromkeys(("gb2312", "gbk", "gb_2312-80", "x-gbk", "gb18030"), ("gb18030",)),
    **dict.fromkeys(("big5", "x-x-big5", "big5-hkscs"), ("cp950", "big5hkscs")),
    **dict.fromkeys(("iso-8859-1", "latin1", "us-ascii", "windows-1252"), ("cp1252",)),
}
# lxml leaves out an attribute beyond 10 MB and what follows; nothing of an inline image is text.
_INLINE_DATA = re.compile(r"data:[\w/+.;=-]{0,100}base64,[A-Za-z0-9+/=%\s]*+")
_UNSEEN = ("script", "style", "noscript", "template", "iframe", "object", "svg", "canvas", "select", "textarea")
_HIDDEN = re.compile(r"display:none|visibility:hidden|(?:font-size|opacity):0(?![.\d]*[1-9])")
_REVEALED = "js_content"  # WeChat's pages hide their text until a script has run
_BLOCKS = ("p", "div", "h1", "h2", "h3", "h4", "li", "tr", "section", "article", "header", "footer", "br")
# Marks of the guide for government websites (国办发〔2017〕47号) first, then what others use.
_MARKS = {
    "title": ("articletitle", "og:title"),
    "publisher": ("contentsource", "og:site_name", "sitename"),
    "published": ("pubdate", "article:published_time", "publishdate", "og:published_time"),
    "author": ("author", "article:author", "og:article:author"),
    "url": ("url", "og:url"),
}
_PLATFORMS = frozenset({"微信公众平台"})  # whose name says nothing of who wrote
_RULE = re.compile(r"^[| \t:-]+$\n?", re.MULTILINE)
_CELLS = re.compile(r"^\| ?(.*?) ?\|? *$", re.MULTILINE)


def read(file: SourceFile) -> Iterator[Article]:
    """The article of a saved page. Raises SourceError, also for a page without a main text."""
    page = _parsed(_decoded(file.read()))
    found = _extracted(page)
    text = _plain(found.text or "")
    own = {"title": found.title, "published": found.date, "url": found.url, "author": found.author}
    yield article(
        id=file.id,
        source=file.id,
        text=text,
        layers=(
            *file.given,
            Layer("html_metadata", _marked(page)),
            Layer("html_metadata", own),
            *described(text),
            *_about(page),
            Layer("html_metadata", {"publisher": _name(found.sitename)}),
        ),
    )


def _extracted(page: HtmlElement) -> Document:
    """The main text and what trafilatura finds about it; guesses at the date are left out."""
    found = bare_extraction(
        page,
        with_metadata=True,
        include_comments=False,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if not isinstance(found, Document) or not (found.text or "").strip():
        raise _without_text()
    return found


def _plain(text: str) -> str:
    """Rows of tables without the lines that are drawn round them; no indents."""
    bare = _CELLS.sub(r"\1", _RULE.sub("", text))
    return "\n".join(line.strip() for line in bare.split("\n"))


def _decoded(data: bytes) -> str:
    """The page's characters: what it declares is believed if sense comes out."""
    declared = _DECLARED.search(data, 0, _HEAD_BYTES)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        name = declared.group(1).decode().lower() if declared else ""
        for codec in _CODECS.get(name, (name,) if name else ()):
            try:
                text = data.decode(codec)
            except (UnicodeDecodeError, LookupError):
                continue
            if not is_garbled(text):
                return text
    return decode(data)


def _parsed(text: str) -> HtmlElement:
    """The tree of what is seen. The parser loads nothing and knows no entities of the page's own."""
    bare = _INLINE_DATA.sub("", text)
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        page = document_fromstring(bare.encode("utf-8", "replace"), parser=parser)
    except ParserError:  # there is no element in it
        raise _without_text() from None
    for element in list(page.iter(*_UNSEEN)):
        element.drop_tree()
    for section in page.iter("section"):  # WeChat's paragraphs
        if next(section.iterchildren(*_BLOCKS, "table"), None) is None:
            section.tag = "p"
    for element in page.xpath("//*[@hidden or @style]"):
        if element.get("hidden") is not None or _is_hidden(element):
            element.drop_tree()
    return page


def _is_hidden(element: HtmlElement) -> bool:
    style = re.sub(r"\s", "", element.get("style", "").lower())
    return element.get("id") != _REVEALED and bool(_HIDDEN.search(style))


def _marked(page: HtmlElement) -> Mapping[str, object]:
    """The fields that the page's head names."""
    named: dict[str, str] = {}
    for mark in page.iter("meta"):
        named.setdefault((mark.get("name") or mark.get("property") or "").lower(), mark.get("content") or "")
    fields = {field: next(filter(None, map(named.get, names)), None) for field, names in _MARKS.items()}
    account = page.xpath("string(//*[@id='js_name'])").strip()  # WeChat's
    if account or fields["publisher"] in _PLATFORMS:
        fields["publisher"] = account or None
    published = fields["published"]
    return {**fields, "published": iso_date(published) if published else None}


def _name(site: str | None) -> str | None:
    """A site's name, which trafilatura makes of its address where there is none."""
    return site if site and "." not in site and site not in _PLATFORMS else None


def _about(page: HtmlElement) -> Iterator[Layer]:
    """Who published it and when, from the text around the main text: 来源, 发布时间, the footer."""
    for element in page.iter(*_BLOCKS):
        element.tail = "\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in page.text_content().split("\n"))
    for layer in described("\n".join(filter(None, lines))):
        yield Layer(layer.where, {key: layer.fields.get(key) for key in ("publisher", "published", "author")})


def _without_text() -> SourceError:
    return SourceError(
        "网页里没有找到正文；请在浏览器里另存为 .txt",
        "no main text was found in the page; save it as .txt in a browser",
    )
