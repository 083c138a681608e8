"""Fields and a text → an Article: the rules that all formats share."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from index.clean import clean
from index.dates import iso_date
from index.errors import EmptySource, SourceError
from index.metadata import describe
from index.types import Article, Origin, Where

__all__ = ["Layer", "article", "described", "first_words", "iso_date", "printable"]

_TITLE_CHARS = 40
_SENTENCE_END = re.compile(r"[。\uff01!\uff1f?\uff1b;\n]|\.(?=\s|$)")
_SOURCE_LINE = re.compile(r"\A(?:[转轉][载載]?自|[来來]源)[:：].*\n\s*")  # says whose text, not what about
_CLAUSE_END = re.compile(r"[\uff0c,、\uff1a:—…]")


@dataclass(frozen=True, slots=True)
class Layer:
    """Fields of an article's metadata that were found at one place; `fields` holds values as that place gives them."""

    where: Where
    fields: Mapping[str, object]


def article(*, id: str, source: str, text: str, layers: Sequence[Layer]) -> Article:
    """The article of a raw `text`; of each field the first layer that has it counts. Raises SourceError.

    Groups that are not a list of names refuse the article: a slip there must not show it to everybody. Only a sidecar,
    which speaks of one file, lifts a restriction that another layer makes. A `url` that is not http(s) is left out.
    """
    body = clean(text)
    if not body:
        raise EmptySource("没有内容；请补上正文或删去", "no text in it; add the text or remove it")
    found: dict[str, str] = {}
    origins: list[Origin] = []
    layers = (*layers, Layer("first_words", {"title": first_words(body)}))
    for field in ("title", "publisher", "published", "url", "author"):
        for layer in layers:
            value = _published(layer.fields.get(field)) if field == "published" else _line(layer.fields, field)
            value = _url(value) if field == "url" else value
            if value:
                found[field] = value
                origins.append(Origin(field, layer.where))
                break
    return Article(
        id=id,
        title=found.get("title", ""),
        text=body,
        source=source,
        publisher=found.get("publisher"),
        published=found.get("published"),
        url=found.get("url"),
        groups=_readers(layers),
        author=found.get("author"),
        origins=tuple(origins),
    )


def described(raw: str) -> tuple[Layer, ...]:
    """What a raw text says about itself, a layer a field."""
    return tuple(Layer(found.where, {found.field: found.value}) for found in describe(raw))


def first_words(text: str) -> str:
    """A title for a text that has none: its first sentence, cut at a clause if over 40 characters."""
    first = _SOURCE_LINE.sub("", text.lstrip()[:400])
    end = _SENTENCE_END.search(first)
    sentence = first[: end.start()].strip() if end and end.start() else first.split("\n", 1)[0].strip()
    if len(sentence) <= _TITLE_CHARS:
        return sentence
    clauses = [mark.start() for mark in _CLAUSE_END.finditer(sentence, _TITLE_CHARS // 3, _TITLE_CHARS)]
    if clauses:
        return sentence[: clauses[-1]].strip()
    cut = sentence[: _TITLE_CHARS - 1]
    return (cut.rsplit(" ", 1)[0] if cut.isascii() else cut) + "…"


def printable(text: str) -> str:
    """`text` on one line without control characters and lone surrogates: fit for ids and names."""
    return "".join(char for char in text if char.isprintable() or char == "\u3000").strip()


def _line(fields: Mapping[str, object], key: str) -> str | None:
    """A text field on one line, cleaned; None if absent or empty."""
    value = fields.get(key)
    if value is None:
        return None
    if not isinstance(value, str | int | float):
        raise SourceError(f"{key} 应为文字", f"{key} must be a text")
    return printable(" ".join(clean(str(value)).split())) or None


def _published(value: object) -> str | None:
    """YAML gives dates and numbers where JSON gives strings."""
    if value is None or value == "":
        return None
    known = iso_date(value.isoformat() if isinstance(value, date) else str(value))
    if known is None:
        raise SourceError(
            f"published 不是日期：{str(value)[:40]!r}；请写成 2024-05-06、2024-05 或 2024",
            f"published is not a date: {str(value)[:40]!r}; write 2024-05-06, 2024-05 or 2024",
        )
    return known


def _url(value: str | None) -> str | None:
    return value if value and value.startswith(("http://", "https://")) else None


def _readers(layers: Sequence[Layer]) -> tuple[str, ...]:
    """Who may read the article: whom every layer with a restriction admits.

    A sidecar stands in for all others but a record: a file of many articles has one sidecar and many records.
    """
    said = [layer for layer in layers if "groups" in layer.fields]
    if said and said[0].where == "sidecar":
        said = [said[0], *(layer for layer in said if layer.where == "record")]
    restrictions = [groups for layer in said if (groups := _groups(layer.fields))]
    if not restrictions:
        return ()
    admitted = tuple(name for name in restrictions[0] if all(name in groups for groups in restrictions))
    if not admitted:
        shown = " / ".join("、".join(groups) for groups in restrictions)
        raise SourceError(
            f"groups 互相矛盾（{shown}），没有人能读到；请改成一致，或写进 .meta.toml",
            f"groups contradict each other ({shown}): nobody could read it; make them agree, or use a .meta.toml",
        )
    return admitted


def _groups(fields: Mapping[str, object]) -> tuple[str, ...]:
    value = fields["groups"]
    if not isinstance(value, list) or not all(isinstance(name, str) and printable(name) for name in value):
        raise SourceError('groups 应为名单，如 ["a", "b"]', 'groups must be a list of names such as ["a", "b"]')
    return tuple(printable(name) for name in value)
