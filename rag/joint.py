"""The pieces of a sentence that one passage alone must carry where several carry the whole.

Two passages together hold the numbers of the one and the dates of the other, so that "24 in June" would stand in them
although 24 was May's. Therefore what lies round each number must stand in one of them, and so must each clause of a
sentence without numbers.
"""

import re
from collections.abc import Sequence

from rag.claims import read

_CLAUSE = re.compile(r"[，,；;]")
# What only says when or by whom goes with the clause behind it.
_LEADS_ON = re.compile(
    r"^\W*(?:据|根据|按|截至|截止|到|在|自|从|此前|同年|当时|其中|\d|according|as of|by|in|on)", re.IGNORECASE
)
_SHORT = 8  # characters


def ways(text: str) -> list[list[str]]:
    """The ways to take a sentence apart; one of them must be carried piece by piece."""
    found = read(text, None)
    figures = [figure for figure in found.figures if not figure.ordinal]
    if not figures:
        return [_clauses(found.text)]
    behind, before = [f.end for f in figures[:-1]], [f.start for f in figures[1:]]
    return [_cut(found.text, behind), _cut(found.text, before)]


def _cut(text: str, places: Sequence[int]) -> list[str]:
    ends = [*places, len(text)]
    return [text[start:end] for start, end in zip([0, *places], ends, strict=True)]


def _clauses(text: str) -> list[str]:
    parts = [""]
    for clause in _CLAUSE.split(text):
        if parts[-1] and not (_LEADS_ON.match(parts[-1]) or len(parts[-1]) < _SHORT):
            parts.append(clause)
        else:
            parts[-1] = f"{parts[-1]}，{clause}" if parts[-1] else clause
    return parts
