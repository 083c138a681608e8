"""The API: POST /v1/ask (as events too) and /v1/search in JSON, GET /v1/publishers and /healthz. Groups are never taken
from a request: nobody has proved who they are, so only articles that everybody may read are served.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from index import listing
from index.errors import ConfigError, Language, QuestionError, YoujuError
from rag.assistant import Assistant
from rag.types import Question, Turn
from ui import events, faults, filters, page_texts, render
from ui.batch import check_date

MAX_HITS = 50
MAX_CONTEXT = 2000  # characters on each side of a hit
MAX_TURNS = 20  # of a history, the last ones; a follow-up leans on what was said last
Fields = dict[str, Any]
_FRESH = {"Cache-Control": "no-store"}


class BadRequest(Exception):
    """A request that is not of the form; carries its HTTP status and the key of its text with what goes into it."""

    def __init__(self, status: int, key: str, *parts: str) -> None:
        super().__init__(key)
        self.status, self.key, self.parts = status, key, parts


async def _body(request: Request) -> bytes:
    return await request.body()


Body = Annotated[bytes, Depends(_body)]


def router(assistant: Assistant, home: Path, default: Language) -> APIRouter:
    """The routes, over the index of `home`. Handlers are sync: FastAPI runs them in a thread pool."""
    routes = APIRouter()

    def noted(request: Request, question: Question, record: Fields) -> Fields:
        return filters.with_note(record, home, question.filter, _language(request, default))

    @routes.post("/v1/ask")
    async def ask(request: Request, body: Body) -> Response:
        language = _language(request, default)
        try:
            fields = _fields(body)
            question, streamed = _question(fields), _choice(fields, "stream")
            answers = events.watched(assistant.stream(question), request)
            answer = await anext(answers)
            record = lambda made: noted(request, question, render.answer_record(made, language))  # noqa: E731
            if streamed:
                fault = page_texts.table(language)["fault"]
                return StreamingResponse(events.told(answer, answers, record, fault), 200, _FRESH, "text/event-stream")
            return _json(200, await run_in_threadpool(record, await events.last(answer, answers)))
        except Exception as error:
            return _failed(error, language)

    @routes.post("/v1/search")
    def search(request: Request, body: Body) -> Response:
        def found() -> Fields:
            fields = _fields(body)
            question, beside = _question(fields), _beside(fields)
            return noted(request, question, render.hits_record(assistant.search(question, _hits(fields)), beside))

        return _reply(found, _language(request, default))

    @routes.api_route("/v1/publishers", methods=["GET", "HEAD"])
    def publishers(request: Request) -> Response:
        return _reply(lambda: {"publishers": listing.publishers(home)}, _language(request, default))

    @routes.api_route("/healthz", methods=["GET", "HEAD"])
    async def health() -> Response:  # not in the pool, which questions may fill
        return _json(200, {"status": "ok"})

    return routes


def _reply(make: Callable[[], Fields], language: Language) -> Response:
    """The record, or an error as one line in the asker's language."""
    try:
        return _json(200, make())
    except Exception as error:
        return _failed(error, language)


def _failed(error: Exception, language: Language) -> Response:
    """An error as one line. Details of a fault stay in the log."""
    say = page_texts.table(language)
    match error:
        case BadRequest():
            return _json(error.status, {"error": _fill(say, error)})
        case QuestionError() | ConfigError():  # ConfigError: the date
            return _json(422, {"error": error.message.say(language)})
        case YoujuError():  # its message names files of the server
            return _json(503, {"error": say["unavailable"].format(faults.record(error))})
        case _:
            return _json(500, {"error": say["fault"].format(faults.record(error))})


def _fill(say: dict[str, str], error: BadRequest) -> str:
    parts = [say.get(part, part) for part in error.parts]
    return say[error.key].format(*parts) if parts else say[error.key]


def _json(status: int, record: Fields) -> Response:
    """A lone surrogate, which a text may hold and UTF-8 cannot, becomes a question mark."""
    content = json.dumps(record, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    return Response(content, status, _FRESH, "application/json")


def _language(request: Request, default: Language) -> Language:
    return page_texts.preferred(request.headers.get("accept-language", ""), default)


def _fields(body: bytes) -> Fields:
    """The object of a body, strictly: NaN, a key given twice and nesting without end are refused."""
    try:
        found = json.loads(body.decode("utf-8"), object_pairs_hook=_each_key_once, parse_constant=_no_constant)
    except RecursionError:
        raise BadRequest(400, "not_json", "nesting") from None
    except ValueError as error:
        raise BadRequest(400, "not_json", type(error).__name__) from None
    if not isinstance(found, dict):
        raise BadRequest(422, "not_object")
    return found


def _each_key_once(pairs: list[tuple[str, Any]]) -> Fields:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise ValueError("duplicate key")
    return fields


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _question(fields: Fields) -> Question:
    history = fields.get("history")
    if history is not None and not isinstance(history, list):
        raise BadRequest(422, "wrong_field", "history", "a_history")
    turns = tuple(_turn(turn) for turn in (history or [])[-MAX_TURNS:])
    day = None if fields.get("date") is None else _text(fields["date"], "date")
    asked = _text(fields.get("question"), "question")
    return Question(asked, turns, check_date(day), filters.of_record(fields.get("filter")))


def _turn(turn: object) -> Turn:
    if not isinstance(turn, dict):
        raise BadRequest(422, "wrong_field", "history", "a_history")
    return Turn(_text(turn.get("q"), "history.q"), _text(turn.get("a"), "history.a"))


def _hits(fields: Fields) -> int:
    k = fields.get("k", 10)
    if not isinstance(k, int) or isinstance(k, bool) or not 1 <= k <= MAX_HITS:
        raise BadRequest(422, "wrong_field", "k", "a_number")
    return k


def _beside(fields: Fields) -> render.Beside:
    explain, context = _choice(fields, "explain"), fields.get("context", 0)
    if not isinstance(context, int) or isinstance(context, bool) or not 0 <= context <= MAX_CONTEXT:
        raise BadRequest(422, "wrong_field", "context", "a_length")
    return render.Beside(explain, context)


def _choice(fields: Fields, name: str) -> bool:
    chosen = fields.get(name, False)
    if not isinstance(chosen, bool):
        raise BadRequest(422, "wrong_field", name, "a_choice")
    return chosen


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise BadRequest(422, "wrong_field", name, "a_text")
    return value
