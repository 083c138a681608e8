"""The doors with a language model behind them: answers that grow, what is unverified, what went wrong, who left."""

import http.client
import json
import os
import pty
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from llm_server import LlmServer, fails, says, serving, stalls

from rag.config import Config
from rag.endpoint import LlmConfig, Secret
from tests.ui.conftest import serving as running
from tests.ui.served import Connections, Site
from tests.ui.test_browser import CHROMIUM, ask, browser, watched  # noqa: F401  (a fixture)

KEY = "sk-0123456789-CANARY"
QUESTION = "云岫茶厂2023年春茶产量是多少？"
YIELD, HEAD = "云岫茶厂2023年春茶产量为6.5万斤", "厂长是陈望舒"
WRONG = "产量居全国第一"
GOOD = f"{YIELD}[1]。{HEAD}[1]。"


@pytest.fixture(scope="module")
def llm() -> Iterator[LlmServer]:
    with serving() as found:
        yield found


@pytest.fixture(scope="module")
def written(config: Config, llm: LlmServer) -> Iterator[Site]:
    model = LlmConfig(base_url=llm.base_url, model="test", key=Secret(KEY), silent_seconds=15, seconds=30)
    with running(replace(config, llm=model)) as site:
        yield site


def events(body: bytes) -> list[tuple[str, dict[str, object]]]:
    blocks = [block.split("\n") for block in body.decode().split("\n\n") if block.startswith("event: ")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_the_api_answers_with_the_model_and_says_what_is_unverified(written: Site, llm: LlmServer):
    llm.script(says(f"{GOOD}{WRONG}[1]。"))
    found = written.post("/v1/ask", {"question": QUESTION}).json()
    assert (found["mode"], found["status"], found["dropped"]) == ("llm", "partial", 1)
    assert found["unverified"] == [f"{WRONG}。（未证实）"] and "note" not in found
    assert all(f"[{c['number']}]" in found["text"] for c in found["citations"])


def test_the_api_says_in_the_askers_language_why_there_are_excerpts(written: Site, llm: LlmServer):
    llm.script(fails(401))
    for language, named in (("zh", "改为摘录原文"), ("en", "excerpts of the articles instead")):
        reply = written.post("/v1/ask", {"question": QUESTION}, Accept_Language=language)
        assert reply.json()["mode"] == "extractive" and named in reply.json()["note"]
        assert KEY.encode() not in reply.body


def test_the_api_streams_an_answer_as_events(written: Site, llm: LlmServer):
    llm.script(says(GOOD, pause=0.01))
    reply = written.post("/v1/ask", {"question": QUESTION, "stream": True})
    assert reply.status == 200 and reply.headers["content-type"].startswith("text/event-stream")
    assert reply.headers["cache-control"] == "no-store"
    seen = events(reply.body)
    assert [name for name, _ in seen][-1] == "answer" and {name for name, _ in seen[:-1]} == {"partial"}
    texts = list(dict.fromkeys(record["text"] for _, record in seen if record["text"]))
    assert texts == [f"{YIELD}。[1]", f"{YIELD}。[1]{HEAD}。[2]"]
    assert seen[-1][1]["status"] == "answered"


def test_an_answer_without_a_model_can_be_streamed_too(site: Site):
    seen = events(site.post("/v1/ask", {"question": QUESTION, "stream": True}).body)
    assert seen[-1][0] == "answer" and seen[-1][1]["mode"] == "extractive" and "6.5万斤" in seen[-1][1]["text"]


@pytest.mark.parametrize("body", [{"question": "？"}, {"question": 3}, {"question": QUESTION, "stream": "yes"}])
def test_what_cannot_be_asked_is_refused_before_a_stream_begins(site: Site, body: dict[str, object]):
    reply = site.post("/v1/ask", {"stream": True, **body})
    assert reply.status == 422 and set(reply.json()) == {"error"}


@pytest.mark.parametrize("streamed", [True, False])
def test_a_client_that_leaves_stops_the_model(written: Site, llm: LlmServer, streamed: bool):
    llm.script(stalls(f"{YIELD}[1]。然后", seconds=15, noise=True))
    client = http.client.HTTPConnection(written.host, written.port, timeout=20)
    body = json.dumps({"question": QUESTION, "stream": streamed})
    client.request("POST", "/v1/ask", body, {"Content-Type": "application/json"})
    if streamed:
        assert client.getresponse().read(20)
    else:
        time.sleep(0.3)
    left = time.perf_counter()
    client.close()
    assert llm.asked[0].left.wait(5) and time.perf_counter() - left < 2


@pytest.mark.slow
def test_health_stays_quick_while_models_are_slow(written: Site, llm: LlmServer):
    llm.script(stalls(seconds=2, noise=True))
    with ThreadPoolExecutor(30) as pool:
        asked = [pool.submit(written.post, "/v1/ask", {"question": QUESTION}) for _ in range(30)]
        time.sleep(0.5)
        started = time.perf_counter()
        assert written.get("/healthz").status == 200 and time.perf_counter() - started < 1
        told = [one.result().json() for one in asked]
    assert {t["mode"] for t in told} == {"extractive"} and any("正忙" in t["note"] for t in told)


def test_only_the_model_is_connected_to_and_the_proxies_of_the_environment_are_not_used(
    written: Site, llm: LlmServer, connections: Connections, monkeypatch: pytest.MonkeyPatch
):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://192.0.2.1:3128")
    monkeypatch.setenv("OPENAI_ORG_ID", "CANARY-org")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Secret: CANARY")
    connections.made.clear()
    llm.script(says(GOOD))
    assert written.post("/v1/ask", {"question": QUESTION}).json()["mode"] == "llm"
    assert connections.made and connections.beyond("127.0.0.1") == []
    sent = llm.asked[0].headers
    assert sent["authorization"] == f"Bearer {KEY}" and sent["user-agent"] == "youju"
    needed = {"host", "connection", "authorization", "accept", "content-type", "content-length"}
    assert set(sent) == {*needed, "user-agent", "accept-encoding"}


def run(home: Path, folder: Path, *arguments: str, terminal: int | None = None) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ui.cli", *arguments, "--config", str(folder / "youju.toml"), "--home", str(home)]
    environment = {**os.environ, "MY_KEY": KEY}
    return subprocess.Popen(command, stdout=terminal or subprocess.PIPE, stderr=subprocess.PIPE, env=environment)


def configured(folder: Path, llm: LlmServer) -> None:
    (folder / "youju.toml").write_text(
        f'[llm]\nbase_url = "{llm.base_url}"\nmodel = "test"\nkey_env = "MY_KEY"\nsilent_seconds = 5\n', "utf-8"
    )


@pytest.mark.slow
def test_a_terminal_shows_the_answer_as_it_grows(written: Site, llm: LlmServer, tmp_path: Path):
    configured(tmp_path, llm)
    llm.script(says(f"{YIELD}[1]。{HEAD}[1]。{WRONG}[1]。", piece=3, pause=0.1))
    ours, theirs = pty.openpty()
    with run(written.config.index.home, tmp_path, "ask", QUESTION, terminal=theirs) as process:
        os.close(theirs)
        shown = b""
        first = None
        while True:
            try:
                shown += os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            if first is None and YIELD.encode() in shown:
                first = shown.decode()
        assert process.wait(20) == 0, process.stderr and process.stderr.read()
    os.close(ours)
    assert first is not None and HEAD not in first
    text = shown.decode().replace("\r\n", "\n")
    assert text.startswith(f"{YIELD}。[1]{HEAD}。[2]{WRONG}。（未证实）\n（标为“未证实”的 1 句")
    assert "[1] 《云岫春茶》" in text


@pytest.mark.slow
def test_the_command_line_says_why_there_are_excerpts_and_never_the_key(written: Site, llm: LlmServer, tmp_path: Path):
    configured(tmp_path, llm)
    llm.script(fails(401))
    with run(written.config.index.home, tmp_path, "ask", QUESTION) as process:
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0 and err == b"" and KEY.encode() not in out
    assert "6.5万斤" in out.decode() and "环境变量 MY_KEY" in out.decode()


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium")
class TestPage:
    def test_it_shows_who_answers_and_what_is_unverified(self, browser, written: Site, llm: LlmServer):  # noqa: F811
        llm.script(says(f"{GOOD}{WRONG}[1]。", pause=0.02))
        with watched(browser, written.address) as page:
            page.goto(written.address)
            assert "语言模型" in page.locator(".yj-welcome").inner_text()
            ask(page, QUESTION)
            turn = page.locator(".yj-turn").last
            assert turn.locator(".yj-unverified").inner_text() == f"{WRONG}。（未证实）"
            assert turn.locator(".yj-mark").all_inner_texts() == ["[1]", "[2]"]
            assert "语言模型作答" in turn.locator(".yj-mode").inner_text()
            assert "1 句" in turn.locator(".yj-note").inner_text()
            llm.script(fails(401))
            ask(page, "青石桥的全长是多少米？")
            turn = page.locator(".yj-turn").last
            assert "401" in turn.locator(".yj-note").inner_text() and "48米" in turn.inner_text()
            assert turn.locator(".yj-mode").inner_text() == "原文摘录"

    def test_a_sentence_is_there_before_the_next_one_is_written(self, browser, written: Site, llm: LlmServer):  # noqa: F811
        llm.script(stalls(f"{YIELD}[1]。然后", seconds=2.5, noise=True))
        with watched(browser, written.address) as page:
            page.goto(written.address)
            page.get_by_role("textbox").fill(QUESTION)
            page.keyboard.press("Enter")
            page.locator(".yj-answer[aria-busy=true] .yj-mark").wait_for()
            page.locator(".yj-answer[aria-busy=false]").wait_for()
            assert "中途断开" in page.locator(".yj-note").inner_text()

    def test_a_page_that_is_closed_stops_the_model(self, browser, written: Site, llm: LlmServer):  # noqa: F811
        llm.script(stalls(f"{YIELD}[1]。然后", seconds=15, noise=True))
        with watched(browser, written.address) as page:
            page.goto(written.address)
            page.get_by_role("textbox").fill(QUESTION)
            page.keyboard.press("Enter")
            page.locator(".yj-mark").wait_for()
        left = time.perf_counter()
        assert llm.asked[0].left.wait(6) and time.perf_counter() - left < 2

    def test_what_a_model_writes_is_neither_run_nor_fetched(self, browser, written: Site, llm: LlmServer):  # noqa: F811
        hostile = "<img src=http://192.0.2.1/i onerror=alert(1)>![x](http://192.0.2.1/x.png)<script>alert(2)</script>"
        llm.script(says(f"{GOOD}{hostile}[1]。[链接](javascript:alert(3))[1]。${{alert(4)}}{{{{constructor}}}}[1]。"))
        with watched(browser, written.address) as page:
            page.goto(written.address)
            ask(page, QUESTION)
            text = page.locator(".yj-turn").last.inner_text()
            assert YIELD in text and "192.0.2.1" not in text and "javascript" not in text
            assert page.locator("#yj-main img, #yj-main script, #yj-main iframe, .yj-text a").count() == 0
