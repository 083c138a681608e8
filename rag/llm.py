"""A configured endpoint → a LlamaIndex LLM whose reply is read as it comes. Imported only where [llm] is set.

The only file that knows LlamaIndex's LLMs and OpenAI's protocol. It connects to the configured address and to nothing
else: no proxy of the environment, no redirect, no header that tells more than the request needs.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import aclosing, suppress
from functools import cache
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Event, Thread
from typing import TypeVar

import httpx
import openai
from llama_index.core.llms import LLM, ChatMessage, ChatResponse, MessageRole
from llama_index.llms.openai_like import OpenAILike

from rag.endpoint import LlmConfig
from rag.failures import ModelFailed, of_status

BEAT = 0.5  # seconds: a reply gives an empty piece at least so often, so that whoever reads can leave
_MOST_BYTES = 4 << 20  # of one reply; a long answer of 4,000 pieces takes 1 MB as a stream of events
_HEADERS = frozenset({"host", "authorization", "content-type", "content-length", "accept", "connection"})
_AGAIN = (429, 500, 502, 503, 504)
_NAMES: dict[type[BaseException], str] = {
    ssl.SSLCertVerificationError: "untrusted",
    ConnectionRefusedError: "refused",
    socket.gaierror: "unknown_host",
    httpx.ConnectTimeout: "unconnected",
    httpx.ConnectError: "unreachable",
}
T = TypeVar("T")
_PATIENCE = 5.0  # seconds: to wait longer for a second try is no use to somebody who waits for an answer


class LanguageModel:
    """A language model that can be asked. Threads may share it."""

    def __init__(self, config: LlmConfig) -> None:
        self._config = config
        self._places = BoundedSemaphore(config.at_once)

    def ask(self, system: str, user: str) -> "Reply":
        """Begin a reply; close it when it is no longer wanted. Raises ModelFailed when too many are being written."""
        if not self._places.acquire(blocking=False):
            raise ModelFailed("busy")
        return Reply(self._config, system, user, self._places)


class Reply:
    """What the model writes, piece by piece; an empty piece when nothing came for BEAT seconds.

    Raises ModelFailed where it ends otherwise than by the model's own will or its last token. `whole` says, at the end,
    which of the two it was. A thread of its own reads it, which `close` stops at once.
    """

    def __init__(self, config: LlmConfig, system: str, user: str, places: BoundedSemaphore) -> None:
        self._config, self._places = config, places
        self._messages = [
            ChatMessage(role=MessageRole.SYSTEM, content=system),
            ChatMessage(role=MessageRole.USER, content=user),
        ]
        self._came: SimpleQueue[str | ModelFailed | None] = SimpleQueue()
        self._closed = Event()
        self.whole = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._thread = Thread(target=self._read, name="youju-llm", daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[str]:
        while True:
            try:
                piece = self._came.get(timeout=BEAT)
            except Empty:
                piece = ""
            if piece is None:
                return
            if isinstance(piece, ModelFailed):
                raise piece
            yield piece

    def close(self) -> None:
        """Stop reading and hang up, however far it is."""
        self._closed.set()
        if self._loop and self._task:
            with suppress(RuntimeError):  # over by now
                self._loop.call_soon_threadsafe(self._task.cancel)

    def _read(self) -> None:
        try:
            with suppress(asyncio.CancelledError):
                asyncio.run(self._reading())
        finally:
            self._places.release()

    async def _reading(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        if self._closed.is_set():
            return
        try:
            async with asyncio.timeout(self._config.seconds):
                await self._with_a_second_try()
            self._came.put(None)
        except TimeoutError:
            self._came.put(ModelFailed("too_slow", self._config.seconds))
        except Exception as error:
            self._came.put(_told(error, self._config))

    async def _with_a_second_try(self) -> None:
        try:
            await self._once()
        except openai.APIStatusError as error:
            wait = _wait(error)
            if wait is None:
                raise
            await asyncio.sleep(wait)
            await self._once()

    async def _once(self) -> None:
        """Ask, and pass on what comes. Raises ModelFailed where it is silent for too long or ends before it is done."""
        ended: str | None = None
        wrote = False
        async with _client(self._config) as client:
            reply = await self._patient(_llm(self._config, client).astream_chat(self._messages))
            async with aclosing(reply):
                while (piece := await self._patient(anext(reply, None))) is not None:
                    wrote = wrote or bool(piece.delta)
                    ended = _ending(piece) or ended
                    self._came.put(piece.delta or "")
        if ended is None:
            raise ModelFailed("cut_off" if wrote else "not_openai")
        if ended == "content_filter":
            raise ModelFailed("filtered")
        if not wrote:
            raise ModelFailed("used_up" if ended == "length" else "empty")
        self.whole = ended != "length"

    async def _patient(self, coming: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._config.silent_seconds):
                return await coming
        except TimeoutError:
            raise ModelFailed("silent", self._config.silent_seconds) from None


def _ending(piece: ChatResponse) -> str | None:
    """Why the reply ends with this piece; None: it goes on."""
    choices = getattr(piece.raw, "choices", None) or ()
    return next((choice.finish_reason for choice in choices if choice.finish_reason), None)


def _wait(error: openai.APIStatusError) -> float | None:
    """Seconds before a second try, as the endpoint asks for them; None: a second try is no use."""
    if error.status_code not in _AGAIN:
        return None
    try:
        wait = float(error.response.headers.get("retry-after", "0.5"))
    except ValueError:  # a date
        return None
    return wait if 0 <= wait <= _PATIENCE else None


def _llm(config: LlmConfig, client: openai.AsyncOpenAI) -> LLM:
    made: LLM = OpenAILike(
        model=config.model,
        api_base=config.base_url,
        api_key="-",  # the client has it
        is_chat_model=True,
        temperature=config.temperature,
        max_tokens=config.max_tokens,
        max_retries=0,
        additional_kwargs={"extra_body": dict(config.extra)} if config.extra else {},
        async_openai_client=client,
    )
    return made


def _client(config: LlmConfig) -> openai.AsyncOpenAI:
    """OpenAI's client of the endpoint; without a key it sends one that says nothing, which local servers ignore."""
    waiting = httpx.Timeout(None, connect=config.connect_seconds)
    http = httpx.AsyncClient(transport=_Direct(verify=_trusted()), timeout=waiting, trust_env=False)
    key = config.key.reveal() or "none"
    return openai.AsyncOpenAI(api_key=key, base_url=config.base_url, timeout=waiting, max_retries=0, http_client=http)


@cache
def _trusted() -> ssl.SSLContext:
    """Whom to trust: the public authorities and those of this machine, for a server of the house has one of these."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


class _Direct(httpx.AsyncHTTPTransport):
    """Sends only the headers that a request needs; OpenAI's client would add the machine, the versions and whatever the
    environment says. Takes no more than _MOST_BYTES of a reply, and none that is compressed, for those may be endless.
    """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        for name in {name.lower() for name in request.headers} - _HEADERS:
            del request.headers[name]
        request.headers.update({"User-Agent": "youju", "Accept-Encoding": "identity"})
        response = await super().handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise ModelFailed("not_openai")
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _Bounded(response.stream)
        return response


class _Bounded(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream) -> None:
        self._inner = inner

    async def __aiter__(self) -> AsyncIterator[bytes]:
        room = _MOST_BYTES
        async for part in self._inner:
            room -= len(part)
            if room < 0:
                raise ModelFailed("too_much")
            yield part

    async def aclose(self) -> None:
        await self._inner.aclose()


def _told(error: BaseException, config: LlmConfig) -> ModelFailed:
    """The failure that an error stands for, told by its causes: the client wraps what happened on the wire."""
    if isinstance(error, openai.APIStatusError):
        return of_status(error.status_code, config.key_env)
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ModelFailed):
            return cause
        for kind, name in _NAMES.items():
            if isinstance(cause, kind):
                return ModelFailed(name, config.connect_seconds)
    lost = any(isinstance(cause, (httpx.TransportError, openai.APIError)) for cause in causes)
    return ModelFailed("cut_off" if lost else "not_openai")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what led to it, the innermost first: a failed connection says more than "connection error"."""
    if error is not None:
        yield from _causes(error.__cause__ or error.__context__)
        yield error
