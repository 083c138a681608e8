"""Filters as the doors take them and speak of them. Groups come from whoever starts the program: no request, no line
of a batch and no page can name one.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from index import listing
from index.errors import Language, QuestionError
from index.filters import Fits
from index.types import ANYBODY, Filter
from ui import page_texts

_FIELDS = {
    **{"publisher": "publishers", "publishers": "publishers", "path": "paths", "paths": "paths"},
    **{"since": "since", "until": "until"},
}
_NAMED = 8  # publishers that a note names


def of_record(value: object, base: Filter = ANYBODY) -> Filter:
    """`base` with the fields that a JSON object names, each in place of its own. Raises QuestionError."""
    if value is None:
        return base
    if not isinstance(value, dict) or not value.keys() <= _FIELDS.keys():
        raise _wrong_form()
    given: dict[str, Any] = {}
    for key, found in value.items():
        field = _FIELDS[key]
        if field in ("since", "until"):
            given[field] = _date(found)
        else:
            given[field] = given.get(field, ()) + _names(found)
    return checked(replace(base, **given))


def of_page(value: str | None) -> Filter:
    """What was chosen on the page: an object as JSON, empty where nothing was. Raises QuestionError."""
    try:
        found = json.loads(value) if value else None
        # Without lone surrogates, which JSON may hold and the page cannot be sent.
        found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise _wrong_form() from None
    return of_record(found)


def checked(only: Filter) -> Filter:
    """The filter itself. Raises QuestionError where it can be no filter."""
    Fits(only)
    return only


def told(only: Filter, language: Language) -> str:
    """A filter in words, on one line; empty where there is none."""
    say = page_texts.table(language)
    period = ""
    if only.since and only.until:
        period = say["period"].format(only.since, only.until)
    elif only.since or only.until:
        period = say["since"].format(only.since) if only.since else say["until"].format(only.until)
    return " · ".join(filter(None, (say["comma"].join(only.publishers), period, say["comma"].join(only.paths))))


def note(home: Path, only: Filter, language: Language) -> str | None:
    """Why nothing was found, as far as the filter may be the reason; None where there is none."""
    if not only.narrows:
        return None
    say, scope = page_texts.table(language), listing.scope(home, only)
    if scope.articles:
        return say["within_filter"].format(scope.articles)
    for name in only.publishers:
        if not any(Fits(Filter(publishers=(name,))).publisher(known) for known in scope.publishers):
            return _unknown_publisher(name, scope.publishers, say)
    dated = say["dates_there_are"].format(*scope.period) if scope.period and (only.since or only.until) else ""
    return say["empty_filter"].format(dated)


def with_note(record: dict[str, Any], home: Path, only: Filter, language: Language) -> dict[str, Any]:
    """The record of an answer or of a search; where it found nothing within a filter, with a note that says so."""
    nothing = record["status"] == "no_evidence" if "status" in record else not record["hits"]
    why = note(home, only, language) if nothing else None
    said = record.get("note")
    return {**record, "note": f"{said} {why}" if said else why} if why else record


def _unknown_publisher(name: str, known: tuple[str, ...], say: dict[str, str]) -> str:
    if not known:
        return say["no_publishers"]
    more = say["and_more"].format(len(known)) if len(known) > _NAMED else ""
    return say["unknown_publisher"].format(name, say["comma"].join(known[:_NAMED]) + more)


def _names(value: object) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise _wrong_form()
    return tuple(names)


def _date(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise _wrong_form()
    return value


def _wrong_form() -> QuestionError:
    form = '{"publisher": "…", "since": "2024-05", "until": "2024-12-31", "path": "news/**"}'
    return QuestionError(
        f"filter 不对：应为 {form}，各项都可省略，publisher 和 path 也可以是名单",
        f"filter is wrong: expected {form}, each of them optional; publisher and path may also be lists",
    )
