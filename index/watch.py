"""watch(): keep an index in step with its sources while they change."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from index.config import IndexConfig
from index.errors import YoujuError
from index.types import UpdateReport
from index.writer import update

_RESCAN = 60.0  # seconds: a network drive tells nobody of its changes
_LOOK = 2_000  # milliseconds without news; the first time, what came between the update and the watch is found
_QUIET = 1_000  # milliseconds without a change before an update starts: a copy of many files is one change
_RETRY = 5.0  # seconds until sources that are missing, or a busy index, are looked at again


def watch(
    config: IndexConfig,
    *,
    done: Callable[[UpdateReport], None],
    failed: Callable[[YoujuError], None],
    stop: threading.Event,
) -> None:
    """Update now, and whenever a file of the sources changes, until `stop` is set.

    An update that fails is told to `failed` and tried again: a folder that is away for a while costs nothing.
    """
    while not stop.is_set():
        try:
            done(update(config))
            for _ in _changes(config, stop):
                done(update(config))
        except YoujuError as error:
            failed(error)
            stop.wait(_RETRY)
        except FileNotFoundError:  # a source went while it was watched: the next update says so
            stop.wait(_RETRY)


def _changes(config: IndexConfig, stop: threading.Event) -> Iterator[None]:
    """One item for each burst of changes, one soon after the start, and one a minute anyhow."""
    import watchfiles

    home, due = config.home.absolute(), 0.0
    for news in watchfiles.watch(
        *config.sources,
        watch_filter=lambda change, path: not Path(path).is_relative_to(home),
        debounce=_QUIET * 10,
        step=_QUIET,
        rust_timeout=_LOOK,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=False,
        ignore_permission_denied=True,
    ):
        if news or time.monotonic() >= due:
            yield
            due = time.monotonic() + _RESCAN
