"""A document's properties, so far as its text confirms them.

Programs fill them in: the title is often a file name or a template's ("Microsoft Word - x.doc", "untitled"), the author
a login name, the date that of the last printing. So title and author count only where the text says them too; the date
never does, for a wrong one would resolve 今年 wrongly.
"""

from collections.abc import Mapping

from index.sources.record import Layer

_TITLE_WITHIN = 2000  # characters from the start
_SHORTEST_TITLE, _SHORTEST_NAME = 4, 2  # characters; a shorter title, such as 通知, is any document's


def confirmed(properties: Mapping[str, str | None], text: str) -> Layer:
    """Title and author as the properties give them, None where the text does not have them."""
    title, author = properties.get("title") or "", properties.get("author") or ""
    return Layer(
        "document_properties",
        {
            "title": title if _stands_in(title, text[:_TITLE_WITHIN], _SHORTEST_TITLE) else None,
            "author": author if _stands_in(author, text, _SHORTEST_NAME) else None,
        },
    )


def _stands_in(value: str, text: str, shortest: int) -> bool:
    """White space apart, which is how titles are spread over a line."""
    bare = "".join(value.split())
    return len(bare) >= shortest and bare in "".join(text.split())
