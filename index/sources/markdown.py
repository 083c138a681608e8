"""Markdown with front matter: one file, one article.

The body becomes plain text, so that a quote reads well: headings lose their `#` and stand on lines of their
own, emphasis, links and images are reduced to their words, quotation marks at line starts go. Lists, tables,
code and everything else stay as written. What the front matter does not say is looked for in the text.
"""

import re
from collections.abc import Iterator, Mapping

import yaml

from index.errors import SourceError
from index.sources.encoding import decode
from index.sources.file import SourceFile
from index.sources.record import Layer, article, described
from index.types import Article

_FRONT = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FRONT_CHARS = 64_000
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_QUOTE = re.compile(r"^(?: {0,3}> ?)+", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*(?:[ \t]+\"[^\"\n]*\")?\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^*_\n]+)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_\n]+)(?<=\S)\1(?![\w*])")


def read(file: SourceFile) -> Iterator[Article]:
    """The article of a .md file. Raises SourceError, also for front matter that cannot be read."""
    raw = decode(file.read()).replace("\r\n", "\n")
    fields, body = split(raw)
    text = plain(body)
    layers = (*file.given, Layer("front_matter", fields), *_described(body, text))
    yield article(id=file.id, source=file.id, text=text, layers=layers)


def split(raw: str) -> tuple[Mapping[str, object], str]:
    """The front matter's fields and the body after it."""
    found = _FRONT.match(raw, 0, _FRONT_CHARS) if raw.startswith("---") else None
    if not found:
        return {}, raw
    try:
        fields = yaml.safe_load(found.group(1))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _broken(str(error).split("\n", 1)[0]) from None
    if fields is None:
        return {}, raw[found.end() :]
    if not isinstance(fields, dict):
        raise _broken("not a list of key: value")
    return fields, raw[found.end() :]


def plain(body: str) -> str:
    """Markdown with its marks reduced to words and lines."""
    text = _QUOTE.sub("", _HEADING.sub(r"\n\1\n", body))
    text = _LINK.sub(r"\1", text)
    return _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))


def _described(body: str, text: str) -> tuple[Layer, ...]:
    """What the text says about itself; its first heading is its title."""
    heading = _HEADING.search(body)
    title = plain(heading.group(1)).strip() if heading else None
    return Layer("heading", {"title": title}), *described(text)


def _broken(cause: str) -> SourceError:
    return SourceError(
        f"文首的 YAML 无法读取（{cause}）；请改正或删去两行 --- 之间的内容",
        f"the front matter cannot be read ({cause}); mend it or remove what stands between the two ---",
    )
