"""What the page may send to Gradio's queue: texts, and nothing else. Gradio fetches the URL of any object in a request
that says it is a file, whatever component it is meant for, and answers a handler that does not exist with a fault.
"""

import json
import re

HANDLERS = 3  # of each page; chat.py
_SESSION = re.compile(r"[a-z0-9]{1,32}")
_FIELDS = {"data", "fn_index", "session_hash", "trigger_id", "event_data"}


def is_ours(body: bytes) -> bool:
    """Whether a request to join the queue has the form that our page gives it."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return (
        isinstance(found, dict)
        and found.keys() <= _FIELDS
        and _is_handler(found.get("fn_index"))
        and _is_session(found.get("session_hash"))
        and isinstance(found.get("data"), list)
        and all(_is_text(value) for value in found["data"])
        and _is_event(found.get("event_data"))
    )


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_handler(value: object) -> bool:
    return type(value) is int and 0 <= value < HANDLERS


def _is_session(value: object) -> bool:
    return isinstance(value, str) and _SESSION.fullmatch(value) is not None


def _is_event(value: object) -> bool:
    """None, or the question of an example that was chosen."""
    return value is None or (isinstance(value, dict) and all(map(_is_text, value.values())))
