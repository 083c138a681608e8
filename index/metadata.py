"""What a scraped page says about itself: title, publisher, date and address, where it has no front matter."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was found; None where nothing certain stands in the text."""

    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None


def describe(raw: str) -> Metadata:
    """The metadata that stand in scraped text."""
    return Metadata()
