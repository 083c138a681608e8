"""The layer in front: what is not listed does not exist, and what a browser may do is said in headers."""

import http.client
import json
import re

import pytest

from rag.config import ServeConfig
from tests.ui.served import LISTED, Connections, Site
from ui.guard import _READ, _WRITE, MAX_BODY, Guard
from ui.joins import HANDLERS

DENIED = (
    "file=/etc/passwd",
    "file=http://100.64.7.7/",
    "file/etc/passwd",
    "proxy=http://100.64.7.7/",
    "upload",
    "upload_progress",
    "process_recording",
    "monitoring",
    "monitoring/summary",
    "run-history/connect",
    "run-history/records",
    "runs",
    "runs/",
    "dev/reload",
    "openapi.json",
    "component_server",
    "component_server/",
    "deep_link",
    "info",
    "info/",
    "token",
    "user",
    "login_check",
    "stream/x",
    "stream/x/1/2/playlist.m3u8",
    "call/ask",
    "call/v2/ask",
    "run/predict",
    "api/predict",
    "reset",
    "cancel",
    "queue/status",
    "login",
    "logout",
    "heartbeat/",
    "heartbeat/../file=x",
    "startup-events/x",
    "custom_component/a/b/c/d",
    "vibe-edit/",
    "vibe-code/",
    "mcp/",
    "mcp/sse",
)
PUBLIC = {
    "GET / page", "HEAD / page", "GET /config page", "GET /theme.css page", "GET /favicon.ico page",
    "GET /manifest.json page", "GET /assets/{path:path} page", "GET /static/{path:path} page",
    "GET /gradio_api/queue/data page", "GET /gradio_api/startup-events page", "GET /gradio_api/app_id page",
    "GET /gradio_api/heartbeat/{session_hash} page", "POST /gradio_api/queue/join page",
    "POST /v1/ask", "POST /v1/search", "GET /healthz", "HEAD /healthz", "GET /widget.js", "HEAD /widget.js", "/ui",
    "GET /v1/publishers", "HEAD /v1/publishers",
}  # fmt: skip


@pytest.mark.parametrize("page", ["", "/en"])
@pytest.mark.parametrize("route", DENIED)
def test_gradio_routes_that_the_page_does_not_need_do_not_exist(
    site: Site, connections: Connections, page: str, route: str
):
    connections.made.clear()
    encoded = "".join(f"%{ord(c):02x}" for c in "gradio_api")
    for path in (f"{page}/gradio_api/{route}", f"{page}/{encoded}/{route}", f"{page}//gradio_api/{route}"):
        for method in ("GET", "POST"):
            assert site.request(method, path).status == 404
    assert connections.beyond(site.host) == []


@pytest.mark.parametrize(
    "path",
    (
        "/docs",
        "/openapi.json",
        "/redoc",
        "/monitoring",
        "/login",
        "/%2e%2e/etc/passwd",
        "/assets/..%2f..%2findex.html",
        "/ui/..%2fguard.py",
        "/ui/../guard.py",
        "/assets//x",
        "/%2567radio_api/queue/data",
        "/gradio_api%2ffile=/etc/passwd",
        "/gradio_api/%c0%ae%c0%ae/x",
        "/assets/%00",
        "/healthz%0a",
        "/en",
        "/fr/",
        "/v1/ask/",
        "/v2/ask",
        "/robots.txt",
        "/svelte/x",
        "/pwa_icon",
        "/gradio_api/queue//join",
        "/assets/.env",
        "/v1/%61sk%2f",
        "/\\gradio_api",
    ),
)
def test_other_spellings_do_not_exist_either(site: Site, path: str):
    assert site.get(path).status == 404


def test_every_route_that_the_guard_lets_through_is_listed_here(site: Site):
    assert set(_reachable(site.routes, "", "")) == PUBLIC


def _reachable(routes, prefix, tag):
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _reachable(inner.routes, prefix, tag)
        elif hasattr(getattr(route, "app", None), "routes") and not getattr(route, "methods", None):
            yield from (r for r in _reachable(route.app.routes, prefix + route.path, " page"))
        elif not getattr(route, "methods", None):
            yield prefix + route.path
        else:
            path = prefix + re.sub(r"\{[^}]*\}", "x", route.path)
            shown = route.path
            for method in route.methods:
                known = (_READ if method in ("GET", "HEAD") else _WRITE).fullmatch(path)
                if known:
                    yield f"{method} {shown}{tag}"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "POST"])
def test_reading_routes_take_no_other_method(site: Site, method: str):
    assert site.request(method, "/healthz").status == 405


def test_a_page_of_another_site_cannot_ask(site: Site):
    for path in ("/v1/ask", "/gradio_api/queue/join", "/en/gradio_api/queue/join"):
        for headers in (
            {"Origin": "http://evil.example"},
            {"Origin": "null"},
            {"Origin": site.framing},
            {"Sec_Fetch_Site": "cross-site"},
            {"Origin": f"http://{site.host}:1"},
        ):
            reply = site.post(path, {"question": "青石桥有多长？"}, **headers)
            assert reply.status == 403
            assert "access-control-allow-origin" not in reply.headers


def test_our_own_page_and_a_listed_origin_can_ask(site: Site):
    own = site.post("/v1/ask", {"question": "青石桥有多长？"}, Origin=site.address, Sec_Fetch_Site="same-origin")
    assert own.status == 200
    listed = site.post("/v1/ask", {"question": "青石桥有多长？"}, Origin=LISTED, Sec_Fetch_Site="cross-site")
    assert listed.status == 200
    assert listed.headers["access-control-allow-origin"] == LISTED
    assert "access-control-allow-credentials" not in listed.headers


def test_a_listed_origin_may_ask_for_leave_first_and_another_may_not(site: Site):
    asked = {"Access_Control_Request_Method": "POST", "Access_Control_Request_Headers": "content-type"}
    assert site.request("OPTIONS", "/v1/ask", Origin=LISTED, **asked).status == 200
    assert site.request("OPTIONS", "/v1/ask", Origin="http://evil.example", **asked).status == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_only_json_is_taken(site: Site, kind: str):
    for path in ("/v1/ask", "/v1/search", "/gradio_api/queue/join"):
        assert site.post(path, {"question": "桥"}, Content_Type=kind).status == 415


def test_a_compressed_body_is_refused(site: Site):
    assert site.post("/v1/ask", b"\x1f\x8b", Content_Encoding="gzip").status == 415


def test_a_body_over_the_limit_is_refused_whatever_length_it_announces(site: Site):
    assert site.post("/v1/ask", b" " * (MAX_BODY + 1)).status == 413
    connection = http.client.HTTPConnection(site.host, site.port, timeout=20)
    chunks = (b"x" * 8192 for _ in range(9))
    connection.request("POST", "/v1/ask", chunks, {"Content-Type": "application/json"}, encode_chunked=True)
    assert connection.getresponse().status == 413
    connection.close()


@pytest.mark.parametrize("path", ["/", "/en/", "/config", "/healthz", "/nowhere", "/ui/page.js", "/v1/ask"])
def test_every_response_carries_the_headers_that_a_browser_enforces(site: Site, path: str):
    headers = site.get(path).headers
    csp = dict(rule.partition(" ")[::2] for rule in headers["content-security-policy"].split("; "))
    assert csp["default-src"] == csp["connect-src"] == "'self'"
    assert csp["img-src"] == "'self' data: blob:"
    assert csp["frame-ancestors"] == f"'self' {site.framing}"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]


async def _broken(*_: object) -> None:
    raise RuntimeError("secret /srv/data/token")


def test_a_fault_anywhere_becomes_an_id_and_nothing_else(caplog: pytest.LogCaptureFixture):
    import asyncio

    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": "/healthz", "headers": [(b"host", b"127.0.0.1:7860")]}
    asyncio.run(Guard(_broken, ServeConfig())(scope, receive, send))
    error = json.loads(sent[1]["body"])["error"]
    assert sent[0]["status"] == 500
    assert re.fullmatch(r"internal error [0-9a-f]{8}", error)
    assert error.split()[-1] in caplog.text and "secret" in caplog.text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:7860", 404),
        ("[::1]:7860", 404),
        ("10.0.0.8", 404),
        ("LOCALHOST:7860", 404),
        ("youju.intra.example", 404),
        ("evil.example:7860", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
    ],
)
def test_a_name_that_is_not_ours_leads_nowhere(host: str, status: int):
    import asyncio

    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def none_here(scope, receive, send):
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    scope = {"type": "http", "method": "GET", "path": "/healthz", "headers": [(b"host", host.encode())]}
    asyncio.run(Guard(none_here, ServeConfig(hosts=("youju.intra.example",)))(scope, receive, send))
    assert sent[0]["status"] == status


def test_a_socket_that_is_no_http_is_closed():
    import asyncio

    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(Guard(_broken, ServeConfig())({"type": "websocket", "path": "/"}, None, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]


FILE = {"path": "x", "url": "http://100.64.7.7/x", "orig_name": "x", "meta": {"_type": "gradio.FileData"}}
JOIN = {"data": ["青石桥有多长？", None, ""], "fn_index": 0, "session_hash": "abc123", "trigger_id": 19}


@pytest.mark.parametrize(
    "change",
    [
        {"data": [FILE, None, ""]},
        {"data": ["桥", FILE, ""]},
        {"data": [["桥"], None, ""]},
        {"data": ["桥", None, {"publisher": "x"}]},
        {"data": "桥"},
        {"event_data": {"question": FILE}},
        {"event_data": [1]},
        {"fn_index": 3},
        {"fn_index": -1},
        {"fn_index": True},
        {"fn_index": "0"},
        {"session_hash": "../x"},
        {"session_hash": None},
        {"simple_format": True},
        {"batched": True},
    ],
)
def test_the_queue_takes_texts_for_our_handlers_and_nothing_else(
    site: Site, connections: Connections, change: dict[str, object]
):
    connections.made.clear()
    assert site.post("/gradio_api/queue/join", {**JOIN, **change}).status == 422
    assert connections.beyond(site.host) == []


@pytest.mark.parametrize("body", [b"", b"[", b"[]", b"null", b"[" * 30000, b"\xff"])
def test_the_queue_takes_no_broken_json(site: Site, body: bytes):
    assert site.post("/gradio_api/queue/join", body).status == 422


def test_the_queue_answers_a_question_without_a_browser_even_one_that_utf8_cannot_hold(site: Site):
    for session, question in (("sa", "青石桥有多长？"), ("sb", "青石桥\ud800有多长？")):
        joined = site.post("/gradio_api/queue/join", {**JOIN, "session_hash": session, "data": [question, None, ""]})
        assert joined.status == 200
        told = site.get(f"/gradio_api/queue/data?session_hash={session}").body
        assert "48米" in told.decode() or "48\\u7c73" in told.decode()


def test_each_page_has_the_handlers_that_the_guard_knows(site: Site):
    for path in ("/", "/en/"):
        config = re.search(rb"window.gradio_config = (\{.*?\});</script>", site.get(path).body, re.DOTALL)
        assert config is not None
        assert [d["id"] for d in json.loads(config[1])["dependencies"]] == list(range(HANDLERS))
