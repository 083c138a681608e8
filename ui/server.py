"""The doors over HTTP: one process that serves the page, the API and the widget, behind one guard."""

import logging
import os
import signal
import socket
import sys
import threading
import time
import weakref
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

from index.errors import ConfigError, YoujuError
from rag.config import Config

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from rag.assistant import Assistant

LEAVE_SECONDS = 3  # for requests still running at the end; an open page holds one for as long as it is open
MOST_CONNECTIONS = 1000
FRESH_SECONDS = 10.0  # between looks for a newer generation; a purge waits three times as long
# Gradio reads these when it is imported. Without the first two the server calls home; the third spares each question a
# summary in pandas that nobody can see.
_GRADIO = {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1", "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000"}


def run(config: Config) -> int:
    """Serve until SIGTERM or Ctrl-C. Raises ConfigError if the address cannot be had, LibraryError without an index."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    with _listen(config.serve.host, config.serve.port) as listening:
        _serve(config, listening)
    return 0


def app(config: Config) -> "ASGIApp":
    """Everything that HTTP reaches, behind the guard."""
    inner = doors(config)
    from ui.guard import Guard
    from ui.pages import Pages

    return Guard(Pages(inner, config.language), config.serve)


def doors(config: Config) -> "FastAPI":
    """The routes, without the guard."""
    os.environ.update(_GRADIO)
    from fastapi import FastAPI
    from fastapi.responses import FileResponse
    from starlette.middleware.cors import CORSMiddleware
    from starlette.staticfiles import StaticFiles

    from rag.assistant import Assistant
    from ui import api, pages

    assistant = Assistant(config)
    threading.Thread(target=_keep_fresh, args=[weakref.ref(assistant)], daemon=True).start()
    found = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    # With one of ours, Gradio leaves out its own, which lets every origin in.
    origins = list(config.serve.origins)
    found.add_middleware(CORSMiddleware, allow_origins=origins, allow_methods=["POST"], allow_headers=["content-type"])
    found.include_router(api.router(assistant, config.index.home, config.language))
    found.mount("/ui", StaticFiles(directory=pages.ASSETS))
    found.add_api_route("/widget.js", lambda: FileResponse(pages.ASSETS / "widget.js"), methods=["GET", "HEAD"])
    _mount_pages(found, assistant, config)
    return found


def _keep_fresh(assistant: "weakref.ref[Assistant]") -> None:
    """Go over to newer generations while nobody asks: an old one that is held keeps deleted texts on the disk."""
    while True:
        time.sleep(FRESH_SECONDS)
        held = assistant()
        if held is None:
            return
        with suppress(YoujuError):  # whoever asks next is told
            held.refresh()
        del held


def _mount_pages(found: "FastAPI", assistant: "Assistant", config: Config) -> None:
    """The other language first: the default one, at the root, catches every path."""
    import gradio as gr

    from ui import chat, page_texts, pages

    for language in sorted(page_texts.LANGUAGES, key=lambda language: language == config.language):
        path = pages.path_of(language, config.language)
        gr.mount_gradio_app(
            found,
            chat.page(assistant, config.index.home, language),
            path=path.rstrip("/") or "/",
            theme=chat.theme(),
            footer_links=[],
            run_history=False,
            show_error=False,
            enable_monitoring=False,
            max_file_size="1kb",
            ssr_mode=False,
            mcp_server=False,
        )


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken before the slow imports, so that a port in use is said at once."""
    if not 0 <= port <= 65535:
        raise ConfigError(f"端口 {port} 不对：应为 0 到 65535", f"port {port} is wrong: expected 0 to 65535")
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]
        raise ConfigError(
            f"无法监听 {host}:{port}（{reason}）：请用 --port 换一个端口，或停掉占用它的程序",
            f"cannot listen on {host}:{port} ({reason}): choose another --port, or stop the program that uses it",
        ) from error


def _serve(config: Config, listening: socket.socket) -> None:
    import uvicorn

    settings = uvicorn.Config(
        app(config),
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="on",
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=LEAVE_SECONDS,
    )
    # An open page holds its heartbeat until the end; to cut it off is no error.
    logging.getLogger("uvicorn.error").addFilter(lambda record: "graceful shutdown" not in record.getMessage())

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print(_ready(config, listening), file=sys.stderr)  # noqa: T201

    Server(settings).run(sockets=[listening])


def _ready(config: Config, listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}/"
    zh = config.language == "zh"
    return f"有据已就绪：{address}（按 Ctrl-C 停止）" if zh else f"youju is ready: {address} (Ctrl-C to stop)"


def _leave(*_: object) -> NoReturn:
    """Leave with success. uvicorn raises the signal again once it has shut down."""
    sys.exit(0)
