"""An answer that is given as it grows: server-sent events, and the end of the work when the client leaves."""

import json
from collections.abc import AsyncIterator, Callable, Generator
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from rag.types import Answer
from ui import faults

Record = Callable[[Answer], dict[str, Any]]


async def watched(answers: Generator[Answer, None, None], request: Request) -> AsyncIterator[Answer]:
    """The answers, each made in a thread of the pool; none any more once the client has left."""
    try:
        while (answer := await run_in_threadpool(next, answers, None)) is not None:
            yield answer
            if await request.is_disconnected():
                return
    finally:
        answers.close()


async def last(first: Answer, further: AsyncIterator[Answer]) -> Answer:
    """The last of the answers."""
    async for answer in further:
        first = answer
    return first


async def told(first: Answer, further: AsyncIterator[Answer], record: Record, fault: str) -> AsyncIterator[bytes]:
    """Events of JSON: `partial` whenever a sentence is added, then `answer` with the whole record, or `error`.

    A comment goes out while nothing is added, which keeps proxies from hanging up.
    """
    answer = first
    yield _event("partial", await run_in_threadpool(record, answer))
    try:
        async for following in further:
            grown, answer = following.text != answer.text, following
            yield _event("partial", await run_in_threadpool(record, answer)) if grown else b":\n\n"
        yield _event("answer", await run_in_threadpool(record, answer))
    except Exception as error:
        yield _event("error", {"error": fault.format(faults.record(error))})


def _event(name: str, record: dict[str, Any]) -> bytes:
    data = json.dumps(record, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
    return b"event: %b\ndata: %b\n\n" % (name.encode("ascii"), data)
