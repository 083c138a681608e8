"""Text in, text out: `fold` gives the form that is searched, `clean` the form that is shown."""

from index.fold import fold

__all__ = ["clean", "fold"]


def clean(raw: str) -> str:
    """The text an article is shown with: noise out, in its own script."""
    return raw.strip()
