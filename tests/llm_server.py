"""An OpenAI-compatible server over real sockets, whose replies a test scripts: what it says, and how it misbehaves."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Send = Callable[[bytes], None]


@dataclass
class Asked:
    """One request as it came: its body, the headers, and when the client hung up before the reply was over."""

    body: dict[str, Any]
    headers: dict[str, str]
    left: threading.Event = field(default_factory=threading.Event)

    @property
    def system(self) -> str:
        return self.body["messages"][0]["content"]

    @property
    def user(self) -> str:
        return self.body["messages"][1]["content"]


class LlmServer(ThreadingHTTPServer):
    """`replies` are used one after the other, the last one again and again; `asked` are the requests so far."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: list[Callable[[_Handler, Asked], None]] = [says("[0]")]
        self.asked: list[Asked] = []
        self.stopped = threading.Event()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def script(self, *replies: Callable[..., None]) -> None:
        self.replies, self.asked = list(replies), []


@contextmanager
def serving() -> Iterator[LlmServer]:
    """A server on a port of its own."""
    server = LlmServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: LlmServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = Asked(body, {name.lower(): value for name, value in self.headers.items()})
        self.server.asked.append(asked)
        place = min(len(self.server.asked), len(self.server.replies)) - 1
        try:
            self.server.replies[place](self, asked)
        except OSError:
            asked.left.set()
            self.close_connection = True

    def do_GET(self) -> None:
        self.server.asked.append(Asked({}, dict(self.headers.items())))
        self.send_error(404)

    def log_message(self, *_: object) -> None:
        """Silence."""

    def start(self, status: int = 200, kind: str = "text/event-stream", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Connection", "close")
        self.close_connection = True
        self.end_headers()

    def chunk(self, data: bytes) -> None:
        """One chunk of a body that says where it ends, so that a cut can be told from an end."""
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))
        self.wfile.flush()


def event(text: str | None = None, finish: str | None = None, **delta: object) -> bytes:
    """One event of a streamed chat completion."""
    content = {} if text is None else {"content": text}
    choice = {"index": 0, "delta": {**content, **delta}, "finish_reason": finish}
    found = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "test", "choices": [choice]}
    return b"data: " + json.dumps(found, ensure_ascii=False).encode() + b"\n\n"


def says(
    text: str, *, piece: int = 5, finish: str | None = "stop", pause: float = 0.0, done: bool = True
) -> Callable[..., None]:
    """Say a text in pieces of so many characters."""

    def reply(handler: _Handler, _: Asked) -> None:
        handler.start(Transfer_Encoding="chunked")
        handler.chunk(event(role="assistant", text=""))
        for at in range(0, len(text), piece):
            handler.chunk(event(text[at : at + piece]))
            time.sleep(pause)
        handler.chunk(event(finish=finish))
        handler.chunk(b"data: [DONE]\n\n" if done else b"")
        if done:
            handler.chunk(b"")

    return reply


def obeys(say: Callable[[Asked], str]) -> Callable[..., None]:
    """Say what follows from the request: a model that does as it reads."""
    return lambda handler, asked: says(say(asked))(handler, asked)


def cuts_off(text: str, *, polite: bool = False) -> Callable[..., None]:
    """Say a text and hang up in the middle; politely, as if the body were whole."""

    def reply(handler: _Handler, _: Asked) -> None:
        handler.start(Transfer_Encoding="chunked")
        handler.chunk(event(text))
        if polite:
            handler.chunk(b"")

    return reply


def stalls(text: str = "", *, seconds: float = 5.0, noise: bool = False) -> Callable[..., None]:
    """Say a text and then nothing for so long; with noise, comments that say nothing."""

    def reply(handler: _Handler, asked: Asked) -> None:
        handler.start(Transfer_Encoding="chunked")
        if text:
            handler.chunk(event(text))
        end = time.monotonic() + seconds
        while time.monotonic() < end and not handler.server.stopped.is_set():
            time.sleep(0.02)
            if noise:
                handler.chunk(b": still there\n\n")
            elif _hung_up(handler):
                raise ConnectionResetError
        handler.chunk(b"")

    return reply


def fails(status: int, **headers: str) -> Callable[..., None]:
    """An error status whose body repeats the key, as careless endpoints do."""

    def reply(handler: _Handler, asked: Asked) -> None:
        key = asked.headers.get("authorization", "")
        body = json.dumps({"error": {"message": f"refused: {key}", "type": "x", "code": status}}).encode()
        handler.start(status, "application/json", Content_Length=str(len(body)), **headers)
        handler.wfile.write(body)

    return reply


def sends(body: bytes, kind: str = "text/event-stream", status: int = 200, **headers: str) -> Callable[..., None]:
    """Bytes as they are."""

    def reply(handler: _Handler, _: Asked) -> None:
        handler.start(status, kind, Content_Length=str(len(body)), **headers)
        handler.wfile.write(body)

    return reply


def floods(part: bytes) -> Callable[..., None]:
    """The same part without end."""

    def reply(handler: _Handler, _: Asked) -> None:
        handler.start(Transfer_Encoding="chunked")
        while not handler.server.stopped.is_set():
            handler.chunk(part)

    return reply


def _hung_up(handler: _Handler) -> bool:
    handler.connection.setblocking(False)
    try:
        return handler.connection.recv(1) == b""
    except BlockingIOError:
        return False
    finally:
        handler.connection.setblocking(True)
