"""What the index room hands out: articles, passages, and the account of an update. Standard library only."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

from index.errors import Message

Where = Literal[
    "sidecar",
    "configuration",
    "front_matter",
    "record",
    "html_metadata",
    "document_properties",
    "label",
    "dateline",
    "byline",
    "address",
    "sentence",
    "heading",
    "first_line",
    "first_words",
    "footer",
]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where one field of an article's metadata was found.

    A "label" is 来源：… and its like, a "dateline" the line that names the outlet and the day, or 新华社上海5月6日电; a
    "byline" names the reporter; an "address" holds the day or belongs to the outlet; a "sentence" of the text tells it;
    the "footer" is what the page says below the article.
    """

    field: str
    where: Where


@dataclass(frozen=True, slots=True)
class MetadataDefault:
    """What the configuration says of the articles of some files; None where it says nothing.

    `path` is a glob over the file's id: `*` stays within a folder, `**` crosses folders, and a pattern without "/" is
    meant for the file's name in any folder.
    """

    path: str
    publisher: str | None = None
    published: str | None = None
    author: str | None = None
    groups: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class DateMention:
    """`text[start:end]` and the date it names, ISO and cut to what is certain.

    `first` and `last` are the ISO days between which it lies, both included: 去年底 in an article of 2024 is
    "2023" from "2023-11-01" to "2023-12-31". Of some mentions nothing but the interval is known, and `iso` is None:
    近日 and 目前, which are vague, and “十四五”, which is longer than a year. All three are None for what cannot be
    told.
    """

    start: int
    end: int
    text: str
    iso: str | None
    first: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One source text after cleaning, in the script it was written in.

    `published` is an ISO date cut to what is known: "2024-05-06", "2024-05" or "2024". `groups` names who may read
    the article; empty means everybody. `id` survives edits of the text. `origins` says of the title, publisher, date,
    author and address where each was found.
    """

    id: str
    title: str
    text: str
    source: str
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    groups: tuple[str, ...] = ()
    author: str | None = None
    origins: tuple[Origin, ...] = ()

    @property
    def digest(self) -> str:
        """Hex sha256 of everything that is indexed: two articles with one digest give the same rows."""
        found_at = (part for origin in self.origins for part in (origin.field, origin.where))
        fields = (self.id, self.source, self.publisher, self.published, self.url, self.author, *self.groups, *found_at)
        return _hash(self.title, self.text, *(field or "" for field in fields))

    @property
    def body_digest(self) -> str:
        """Hex sha256 of what its passages depend on: articles that share it share passages, words and vectors."""
        return _hash(self.title, self.text, self.published or "")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a search looks at: who asks, and which articles are asked for. An empty field asks for nothing.

    `groups` are those of the asker; articles without groups are for everybody. `publishers` are names or parts of
    names, in either script. `since` and `until` are ISO dates, both included, or cut: since "2024" is from its first
    day, until "2024-05" up to its last. `paths` are globs over the article's id or source, as those of
    MetadataDefault. Of each field one value must fit, and of all fields each.
    """

    groups: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    paths: tuple[str, ...] = ()

    @property
    def narrows(self) -> bool:
        """Whether it leaves out articles that the asker may read."""
        return bool(self.publishers or self.since or self.until or self.paths)


ANYBODY = Filter()  # who asks is unknown, and nothing is left out that everybody may read


@dataclass(frozen=True, slots=True)
class Refused:
    """A source that was not indexed, and why. `gone`: it is empty, so that an article it once held must go as well.

    `article_id` is the id that a line or row gave before it was refused, where it gave one.
    """

    source: str
    reason: Message
    gone: bool = False
    article_id: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one article: `article.text[start:end] == text`.

    `dates` are those that `text` names, at its own offsets, resolved against the article's date.
    """

    article_id: str
    text: str
    start: int
    end: int
    heading: str | None = None
    dates: tuple[DateMention, ...] = ()

    @property
    def id(self) -> str:
        """`{article}:{start}-{end}`."""
        return f"{self.article_id}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """How an index was made. A reader compares it with its own settings and refuses a mismatch by name."""

    format: int
    model: str
    model_sha256: str
    dim: int
    passage_chars: int
    dictionary_sha256: str
    generation: int
    articles: int
    passages: int
    built_at: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """An article that has another id now and the same text: it kept its passages."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What one `update` did. Each article id stands in one tuple only; `failed` holds the refused sources.

    `embedded` counts the vectors that were made; equal passages share one. `repaired` is the file to which a
    damaged library was set aside, if one was found.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    failed: tuple[Refused, ...]
    renamed: tuple[Renamed, ...] = ()
    embedded: int = 0
    repaired: str | None = None


def _hash(*parts: str) -> str:
    return sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
