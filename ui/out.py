"""Results on standard output."""

import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rag.types import Answer


def line(text: str) -> None:
    """A text and a line's end. Articles may hold characters that a terminal's encoding lacks, so it is UTF-8."""
    _write(f"{text}\n")


def growing(answers: "Iterator[Answer]") -> "Answer":
    """The text of an answer, on a terminal as it grows; where its end is not what was begun, once more below.

    Returns the last of the answers.
    """
    shown, answer = "", None
    for answer in answers:
        if sys.stdout.isatty() and answer.text.startswith(shown):
            _write(answer.text[len(shown) :])
            shown = answer.text
    assert answer, "there is always a last one"
    if answer.text != shown:
        _write(f"\n\n{answer.text}" if shown else answer.text)
    line("")
    return answer


def record(found: dict[str, Any]) -> None:
    """One line of JSON."""
    line(json.dumps(found, ensure_ascii=False))


def _write(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()
