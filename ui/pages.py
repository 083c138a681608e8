"""The HTML of the pages as it leaves the house: Gradio's own, without its cards for link previews, which name foreign
hosts, and with our language, styles and scripts in its head. Also the way from /?lang=… to the page in that language.
"""

import re
from hashlib import sha256
from html import escape
from pathlib import Path
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import Language
from ui import page_texts

ASSETS = Path(__file__).with_name("assets")
_PREVIEWS = re.compile(rb'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')
_HTML_TAG = re.compile(rb'<html\s+lang="en"')
_HEAD = """<title>{name}</title>
<meta name="color-scheme" content="light dark">
<link rel="icon" href="{root}ui/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="{root}ui/page.css?{version}">
<script defer src="{root}ui/panel.js?{version}"></script>
<script defer src="{root}ui/filter.js?{version}"></script>
<script defer src="{root}ui/copy.js?{version}"></script>
<script defer src="{root}ui/page.js?{version}"></script>
</head>"""


def path_of(language: Language, default: Language) -> str:
    """Where the page in a language is mounted: the default one at the root, the other below its name."""
    return "/" if language == default else f"/{language}/"


class Pages:
    """Rewrites the pages and passes every other response as it is."""

    def __init__(self, app: ASGIApp, default: Language) -> None:
        self._app = app
        self._pages = {path_of(language, default): language for language in page_texts.LANGUAGES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A page is asked for uncompressed and held back until it is whole, because its length changes."""
        language = self._pages.get(scope["path"]) if scope["type"] == "http" else None
        if language is None:
            await self._app(scope, receive, send)
        elif other := self._elsewhere(scope, language):
            await RedirectResponse(other)(scope, receive, send)
        else:
            await self._app(_uncompressed(scope), receive, _rewriting(send, scope["path"], language))

    def _elsewhere(self, scope: Scope, language: Language) -> str | None:
        """Where the page in the wanted language is, relative to this one: a proxy may serve us below a path."""
        wanted = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [language])[0]
        if wanted == language or wanted not in page_texts.LANGUAGES:
            return None
        return "../" if scope["path"] != "/" else f"{wanted}/"


def _uncompressed(scope: Scope) -> Scope:
    headers = MutableHeaders(raw=list(scope["headers"]))
    del headers["accept-encoding"]
    return {**scope, "headers": headers.raw}


def _rewriting(send: Send, path: str, language: Language) -> Send:
    start: Message = {}
    body = b""

    async def sending(message: Message) -> None:
        nonlocal start, body
        if message["type"] == "http.response.start":
            start = message
            return
        body += message.get("body", b"")
        if not message.get("more_body"):
            page = dress(body, path, language)
            headers = MutableHeaders(raw=list(start["headers"]))
            headers["cache-control"] = "no-cache"
            if body:  # HEAD has none
                headers["content-length"] = str(len(page))
            await send({**start, "headers": headers.raw})
            await send({"type": "http.response.body", "body": page if body else b""})

    return sending


def dress(page: bytes, path: str, language: Language) -> bytes:
    """The page with our head."""
    say = page_texts.table(language)
    head = _HEAD.format(root="./" if path == "/" else "../", version=_version(), name=escape(say["name"]))
    noscript = f"<noscript><p>{escape(say['noscript'])}</p></noscript></body>"
    page = _HTML_TAG.sub(f'<html lang="{say["html_lang"]}"'.encode(), _PREVIEWS.sub(b"", page), count=1)
    return page.replace(b"</head>", head.encode(), 1).replace(b"</body>", noscript.encode(), 1)


def _version() -> str:
    """A name for the state of the assets, so that a browser never mixes two."""
    parts = (path.read_bytes() for path in sorted(ASSETS.iterdir()) if path.is_file())
    return sha256(b"".join(parts)).hexdigest()[:12]
