"""One layer in front of everything that HTTP reaches. What is not listed here does not exist: Gradio opens some sixty
routes, among them ones that fetch any URL or read files for a stranger, and the page needs ten.
"""

import asyncio
import json
import re
import socket
from ipaddress import ip_address

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.config import ServeConfig
from ui import faults, joins

MAX_BODY = 64 * 1024
BODY_SECONDS = 10.0
_NAME = r"[A-Za-z0-9_@~-][A-Za-z0-9._@~-]*"
_PAGE = r"(?:/en|/zh)?"
# Matched against the path after percent-decoding, whole: neither "//" nor ".." nor a further "%" can match.
_READ = re.compile(
    rf"{_PAGE}/|{_PAGE}/(?:config|theme\.css|favicon\.ico|manifest\.json)|{_PAGE}/(?:assets|static)(?:/{_NAME})+"
    rf"|{_PAGE}/gradio_api/(?:queue/data|startup-events|app_id|heartbeat/[a-z0-9]{{1,32}})"
    rf"|/ui/{_NAME}|/widget\.js|/healthz|/v1/publishers"
)
_WRITE = re.compile(rf"/v1/(?:ask|search)|{_PAGE}/gradio_api/queue/join")
# Gradio compiles the templates of its HTML component and sets its configuration in inline scripts. No text of an
# article or a question is ever made into HTML (assets/*.js), so that these two exceptions open no way for one.
_CSP = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors {}"
)


class Guard:
    """Refuses by path, method, origin, type and size; sets the headers that a browser enforces."""

    def __init__(self, app: ASGIApp, config: ServeConfig) -> None:
        self._app, self._origins = app, frozenset(config.origins)
        self._hosts = {"localhost", socket.gethostname().lower(), *(host.lower() for host in config.hosts)}
        ancestors = " ".join(("'self'", *config.frame_ancestors))
        self._headers = [
            (b"content-security-policy", _CSP.format(ancestors).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is allowed, with the body already read; answer everything else here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, _with_headers(send, self._headers))
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope)
        if refusal is None and scope["method"] == "POST":
            body = await _read(receive)
            if isinstance(body, int):
                refusal = body
            elif scope["path"].endswith("/queue/join") and not joins.is_ours(body):
                refusal = 422
            else:
                receive = _replay(body, receive)
        if refusal is not None:
            await _refuse(refusal, send)
        else:
            await self._pass_on(scope, receive, send)

    def _refusal(self, scope: Scope) -> int | None:
        """The status that a request is refused with; None: it is allowed."""
        path, method = scope["path"], scope["method"]
        readable, writable = _READ.fullmatch(path), _WRITE.fullmatch(path)
        if not readable and not writable:
            return 404
        if method not in (("GET", "HEAD") if readable else ("POST", "OPTIONS")):
            return 405
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if not self._is_our_name(headers.get("host", "")):
            return 421
        if writable and self._is_foreign(headers):
            return 403
        if method == "POST" and not _is_plain_json(headers):
            return 415
        return None

    def _is_foreign(self, headers: dict[str, str]) -> bool:
        """Whether a browser sent this from a page that is neither ours nor listed. Programs send no Origin."""
        origin = headers.get("origin")
        if origin is None:
            return headers.get("sec-fetch-site", "none") not in ("none", "same-origin")
        return origin not in self._origins and origin.partition("://")[2] != headers.get("host")

    def _is_our_name(self, host: str) -> bool:
        """Whether a request names us by an address, or a name that is ours: a stranger's name may be made to lead here.

        Otherwise a page could read the articles by letting its own name point to this machine (DNS rebinding).
        """
        name = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
        try:
            ip_address(name.strip("[]"))
        except ValueError:
            return name.lower() in self._hosts
        return True

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The last net: a fault inside becomes an id, whatever raised it."""
        started = ended = False

        async def watched(message: Message) -> None:
            nonlocal started, ended
            started = True
            ended = message["type"] == "http.response.body" and not message.get("more_body")
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            id = faults.record(error)
            if not started:
                await _refuse(500, send, id)
        except asyncio.CancelledError:  # the server leaves: what an open page still waits for ends here
            if started and not ended:
                await send({"type": "http.response.body", "body": b""})


def _is_plain_json(headers: dict[str, str]) -> bool:
    """JSON that is not compressed: a form can be sent across sites without asking, and gzip hides its size."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" and headers.get("content-encoding", "identity") == "identity"


async def _read(receive: Receive) -> bytes | int:
    """The whole body; 413 once it exceeds MAX_BODY, whatever length was announced, 408 when it takes too long."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return 408
                body += message.get("body", b"")
                if len(body) > MAX_BODY:
                    return 413
                if not message.get("more_body"):
                    return bytes(body)
    except TimeoutError:
        return 408


def _replay(body: bytes, receive: Receive) -> Receive:
    """A receive that gives the body once more, then what really follows."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return pending.pop() if pending else await receive()

    return replayed


def _with_headers(send: Send, headers: list[tuple[bytes, bytes]]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), *headers]}
        await send(message)

    return sending


async def _refuse(status: int, send: Send, id: str | None = None) -> None:
    reason = {
        403: "request from another site refused",
        404: "not found",
        405: "method not allowed",
        408: "the request took too long",
        413: f"the request is larger than {MAX_BODY // 1024} KB",
        415: "Content-Type must be application/json",
        421: "this host name is not listed in serve.hosts",
        422: "not of the form that the page sends",
    }.get(status, f"internal error {id}")
    body = json.dumps({"error": reason}).encode()
    length = (b"content-length", str(len(body)).encode())
    headers = [(b"content-type", b"application/json"), length, (b"cache-control", b"no-store")]
    if status in (408, 413):  # the rest of the body is not read
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
