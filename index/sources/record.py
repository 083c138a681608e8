"""Fields and a text → an Article: the rules that all formats share."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from index.clean import clean
from index.errors import EmptySource, SourceError
from index.metadata import describe
from index.types import Article, Origin, Where

_TITLE_CHARS = 40
_SENTENCE_END = re.compile(r"[。\uff01!\uff1f?\uff1b;\n]|\.(?=\s|$)")
_SOURCE_LINE = re.compile(r"\A(?:[转轉][载載]?自|[来來]源)[:：].*\n\s*")  # says whose text, not what about
_CLAUSE_END = re.compile(r"[\uff0c,、\uff1a:—…]")
_DAY = re.compile(r"\s*(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?)?年?(?:[T\s].*)?\s*\Z")


@dataclass(frozen=True, slots=True)
class Layer:
    """Fields of an article's metadata that were found at one place; `fields` holds values as that place gives them."""

    where: Where
    fields: Mapping[str, object]


def article(*, id: str, source: str, text: str, layers: Sequence[Layer]) -> Article:
    """The article of a raw `text`; of each field the first layer that has it counts. Raises SourceError.

    Groups that are not a list of names refuse the article: a slip there must not show it to everybody.
    A `url` that is not http(s) is left out.
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
        groups=next((_groups(layer.fields) for layer in layers if "groups" in layer.fields), ()),
        author=found.get("author"),
        origins=tuple(origins),
    )


def described(raw: str) -> tuple[Layer, ...]:
    """What a raw text says about itself."""
    found = describe(raw)
    return (
        Layer(
            "label",
            {"title": found.title, "publisher": found.publisher, "published": found.published, "url": found.url},
        ),
    )


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


def iso_date(value: str) -> str | None:
    """`value` as an ISO date cut to what is known, or None: "2024年5月6日" → "2024-05-06"."""
    found = _DAY.match(value[:64])
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        date(year or 0, month or 1, day or 1)
    except ValueError:
        return None
    return "-".join(f"{part:02d}" for part in (year, month, day) if part)


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


def _groups(fields: Mapping[str, object]) -> tuple[str, ...]:
    value = fields["groups"]
    if not isinstance(value, list) or not all(isinstance(name, str) and printable(name) for name in value):
        raise SourceError('groups 应为名单,如 ["a", "b"]', 'groups must be a list of names such as ["a", "b"]')
    return tuple(printable(name) for name in value)
