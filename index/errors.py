"""Every exception that youju raises on purpose. Each is the user's to mend: it says what was found and what to do next.

YoujuError
├── ConfigError           a key or value in the configuration, the environment or on the command line
├── SourceError           a source that is missing or cannot be read
├── ModelError            an embedding model that is missing, damaged or unfit
├── QuestionError         a question that cannot be asked: empty, too long
├── GoldError             a gold question set that cannot be read
├── BackupError           a backup that is damaged, foreign or cannot be written
└── LibraryError          the index on disk
    ├── LibraryMissing    nothing was indexed yet
    ├── LibraryMismatch   another format or model wrote it
    ├── LibraryBusy       another update is running
    ├── LibraryDamaged    the database itself cannot be read
    └── LibraryUnavailable  its folder cannot be read or written: permission, a full disk, a fault of the disk
"""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Message:
    """One line for the user, in both languages."""

    zh: str
    en: str

    def say(self, language: Language) -> str:
        """The line in the given language."""
        return self.zh if language == "zh" else self.en


class YoujuError(Exception):
    """A condition that the user can mend: one line that says what is wrong, and the remedy."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.message = Message(zh, en)


class ConfigError(YoujuError):
    """A key or value in the configuration, the environment or on the command line."""


class SourceError(YoujuError):
    """A source that is missing or cannot be read."""


class EmptySource(SourceError):
    """A source without text."""


class ModelError(YoujuError):
    """An embedding model that is missing, damaged or unfit."""


class QuestionError(YoujuError):
    """A question that cannot be asked."""


class GoldError(YoujuError):
    """A gold question set that cannot be read."""


class BackupError(YoujuError):
    """A backup that is damaged, foreign or cannot be written."""


class LibraryError(YoujuError):
    """The index on disk."""


class LibraryMissing(LibraryError):
    """Nothing was indexed yet."""


class LibraryMismatch(LibraryError):
    """Another format or model wrote the index."""


class LibraryBusy(LibraryError):
    """Another update is running."""


class LibraryDamaged(LibraryError):
    """The database itself cannot be read."""


class LibraryUnavailable(LibraryError):
    """The index's folder cannot be read or written: permission, a full disk, a fault of the disk."""
