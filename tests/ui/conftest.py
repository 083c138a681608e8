"""A server of the real app over a tiny corpus, some of it hostile, and a host page on another port that frames it."""

import asyncio
import gc
import json
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from index.config import IndexConfig
from index.writer import update
from rag.config import Config, ServeConfig
from tests.ui.served import ARTICLES, LISTED, Connections, Site


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
    with serving(config) as found:
        yield found


@contextmanager
def serving(config: Config) -> Iterator[Site]:
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
        framing, routes = config.serve.frame_ancestors[0], app._app._app.routes
        try:
            yield Site("127.0.0.1", listening.getsockname()[1], config, framing, routes)
        finally:
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
