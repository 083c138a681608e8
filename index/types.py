"""What the index room hands out: articles, passages, and the account of an update. Standard library only."""

from dataclasses import dataclass
from hashlib import sha256

from index.errors import Message


@dataclass(frozen=True, slots=True)
class Article:
    """One source text after cleaning, in the script it was written in.

    `published` is an ISO date cut to what is known: "2024-05-06", "2024-05" or "2024". `groups` names who may read
    the article; empty means everybody. `id` survives edits of the text.
    """

    id: str
    title: str
    text: str
    source: str
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    groups: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Hex sha256 of everything that is indexed: two articles with one digest give the same rows."""
        fields = (self.title, self.text, self.source, self.publisher, self.published, self.url, *self.groups)
        return sha256("\x1f".join(f or "" for f in fields).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class Refused:
    """A source that was not indexed, and why. `gone`: it is empty, so that an article it once held must go as well."""

    source: str
    reason: Message
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one article: `article.text[start:end] == text`."""

    article_id: str
    text: str
    start: int
    end: int
    heading: str | None = None

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
class UpdateReport:
    """What one `update` did. Each tuple holds article ids, `failed` the refused sources."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    failed: tuple[Refused, ...]
