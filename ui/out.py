"""Results on standard output."""

import json
import sys
from typing import Any


def line(text: str) -> None:
    """A text and a line's end. Articles may hold characters that a terminal's encoding lacks, so it is UTF-8."""
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def record(found: dict[str, Any]) -> None:
    """One line of JSON."""
    line(json.dumps(found, ensure_ascii=False))
