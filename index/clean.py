"""Text in, text out: `fold` gives the form that is searched, `clean` the form that is shown.

Clean text passes through unchanged, so that a quote stands literally in the user's file.
"""

import re

from index.fold import fold
from index.furniture import unglued, without_fields, without_furniture
from index.glosses import without_glosses

__all__ = ["clean", "fold"]

_ODD = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\u3000\ufeff\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff０-９Ａ-Ｚａ-ｚ]|[\u200c\u200d](?=[\\w\\s]|\\Z)"
)
_SPACE_AT_END = re.compile(r"[ \t]+$", re.MULTILINE)
_LAYERS = 4  # noise may hide noise: a credit before a notice, at the end of a line
_BLANK_LINES = re.compile(r"\n{3,}")


def clean(raw: str) -> str:
    """The text an article is shown with, in its own script: noise out, torn characters mended.

    Cleaning twice changes nothing. Linear in the length of the text.
    """
    text = _ODD.sub(_plain_char, raw.replace("\r\n", "\n"))
    text = _SPACE_AT_END.sub("", text)
    for _ in range(_LAYERS):
        article = without_furniture(unglued(without_fields(without_glosses(text))))
        if article == text:
            break
        text = _SPACE_AT_END.sub("", article)
    return _BLANK_LINES.sub("\n\n", text).strip()


def _plain_char(found: re.Match[str]) -> str:
    """ASCII for full-width letters and digits, a line break for other line breaks, nothing for the invisible."""
    char = found.group()
    if "\uff00" < char < "\uff5f":
        return chr(ord(char) - 0xFEE0)
    if char == "\u3000":
        return " "
    return "\n" if char in "\r\x0b\x0c\x85\u2028\u2029" else ""
