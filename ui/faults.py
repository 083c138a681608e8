"""What a door tells of a fault: an id to the user, the details to the log. A traceback names paths and versions."""

import logging
import secrets

_LOG = logging.getLogger("youju")


def record(error: BaseException) -> str:
    """Log the error with its traceback under a fresh id, and return the id."""
    id = secrets.token_hex(4)
    _LOG.error("fault %s: %r", id, error, exc_info=error)
    return id
