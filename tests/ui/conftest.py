"""A server of the real app over a tiny corpus, some of it hostile, and a host page on another port that frames it."""

import asyncio
import gc
import http.client
import json
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from index.config import IndexConfig
from index.writer import update
from rag.config import Config, ServeConfig

TEA = "云岫茶厂2023年春茶产量为6.5万斤，比上年增长两成。厂长陈望舒说，今年新开了三条生产线。"
BRIDGE = "青石桥建于1912年，全长48米，有五个桥孔。2021年大修时，工人在桥墩里发现了一枚铜钱。"
HOSTILE_TITLE = "<script>alert(1)</script>![p](http://192.0.2.1/p.png)${alert(2)}{{alert(3)}}古塔"
HOSTILE = (
    "雁回塔高<img src=http://192.0.2.1/i.png onerror=alert(4)>39米，共七层${alert(5)}{{constructor}}"
    "![x](http://192.0.2.1/x.png)<script>alert(6)</script>，建于北宋。"
)
SALARY = "薪酬委员会决定，明年的绩效奖金池为三千万元，由人力资源部在三月前发放。"
ARTICLES: tuple[dict[str, object], ...] = (
    {"id": "tea", "title": "云岫春茶", "text": TEA, "publisher": "茶业报", "published": "2024-03-01"},
    {"id": "bridge", "title": "青石桥", "text": BRIDGE, "url": "https://bridge.example/1"},
    {"id": "tower", "title": HOSTILE_TITLE, "text": HOSTILE, "url": "javascript:alert(7)"},
    {"id": "salary", "title": "薪酬会议", "text": SALARY, "groups": ["hr"]},
)
LISTED = "http://portal.example"


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Site:
    """A running server."""

    host: str
    port: int
    config: Config
    framing: str
    routes: list[Any]

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    def request(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """Send the path as it is written, which no ordinary client does."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
        try:
            connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
            found = connection.getresponse()
            return Reply(found.status, {k.lower(): v for k, v in found.getheaders()}, found.read())
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.request("GET", path, **headers)

    def post(self, path: str, record: object, **headers: str) -> Reply:
        body = record if isinstance(record, bytes) else json.dumps(record).encode()
        return self.request("POST", path, body, **{"Content_Type": "application/json", **headers})


@dataclass
class Connections:
    """Every address that this process connected to since it was cleared, seen by the interpreter itself."""

    made: list[object] = field(default_factory=list)

    def hear(self, event: str, arguments: tuple[object, ...]) -> None:
        if event == "socket.connect":
            self.made.append(arguments[1])
        elif event == "socket.getaddrinfo":
            self.made.append(arguments[:2])

    def beyond(self, host: str) -> list[object]:
        return [a for a in self.made if not (isinstance(a, tuple) and a and a[0] == host)]


@pytest.fixture(scope="session")
def connections() -> Connections:
    found = Connections()
    sys.addaudithook(found.hear)
    return found


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory, host_page: ThreadingHTTPServer) -> Config:
    folder = tmp_path_factory.mktemp("served")
    lines = "".join(json.dumps(a, ensure_ascii=False) + "\n" for a in ARTICLES)
    (folder / "articles.jsonl").write_text(lines, "utf-8")
    index = IndexConfig(home=folder / "home", sources=(folder / "articles.jsonl",))
    update(index)
    framing = f"http://127.0.0.1:{host_page.server_address[1]}"
    return Config(index=index, serve=ServeConfig(frame_ancestors=(framing,), origins=(LISTED,)))


@contextmanager
def careless_gradio() -> Iterator[None]:
    """Gradio opens an event loop for each handler it is given and closes none of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        asyncio.set_event_loop(None)
        gc.collect()


@pytest.fixture(scope="session")
def site(config: Config) -> Iterator[Site]:
    """The whole app in uvicorn, as `youju serve` runs it, on a port of its own."""
    import uvicorn

    from ui import server

    with server._listen("127.0.0.1", 0) as listening:
        with careless_gradio():
            app = server.app(config)
        settings = uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=1)
        running = uvicorn.Server(settings)
        thread = threading.Thread(target=partial(running.run, sockets=[listening]))
        thread.start()
        yield Site(
            "127.0.0.1", listening.getsockname()[1], config, config.serve.frame_ancestors[0], app._app._app.routes
        )
        running.should_exit = True
        thread.join()


@pytest.fixture(scope="session")
def host_page() -> Iterator[ThreadingHTTPServer]:
    """A page of another origin; it holds what follows `?` in its address, once decoded."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Host) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class _Host(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        src = self.path.partition("?")[2]
        page = f"<!doctype html><html><body><h1>host</h1><script src='{src}' defer></script></body></html>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture(scope="session")
def assets() -> Path:
    return Path(__file__).parents[2] / "ui" / "assets"
