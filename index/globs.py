"""Which ids a glob is meant for: of files in the configuration, of articles in a filter. Pure text."""

from fnmatch import fnmatchcase


def matches(pattern: str, id: str) -> bool:
    """Whether a glob fits an id: `*` stays within a folder, `**` crosses, no "/" means the name alone.

    A folder with its "/" means all below it.
    """
    if "/" not in pattern and pattern != "**":
        return fnmatchcase(id.rpartition("/")[2], pattern)
    whole = pattern + "**" if pattern.endswith("/") else pattern
    return _fits(whole.split("/"), id.split("/"))


def _fits(pattern: list[str], parts: list[str]) -> bool:
    """Piece by piece, never back: a pattern may come from a stranger, and many `**` must not cost more than many."""
    reached = {0}  # how many parts the pieces so far may have taken up
    for piece in pattern:
        if piece == "**":
            reached = set(range(min(reached), len(parts) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(parts) and fnmatchcase(parts[at], piece)}
        if not reached:
            return False
    return len(parts) in reached
