"""The page in a real browser: the proof is one click away, and nothing that an article holds is executed or fetched."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from tests.ui.served import HOSTILE_TITLE, Site

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed: apt-get install chromium")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@contextmanager
def watched(browser, *allowed: str, **options: object) -> Iterator:
    """A page that must neither open a dialog, nor raise, nor ask any host but `allowed`."""
    context = browser.new_context(reduced_motion="reduce", **options)
    page, seen = context.new_page(), []
    page.on("dialog", lambda dialog: (seen.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: seen.append(str(error)))
    page.on("request", lambda r: urlsplit(r.url).scheme in ("http", "https") and _note(r.url, allowed, seen))
    page.set_default_timeout(15_000)
    yield page
    context.close()
    assert seen == []


def _note(url: str, allowed: tuple[str, ...], seen: list[str]) -> None:
    if not url.startswith(allowed):
        seen.append(url)


def ask(page, question: str) -> None:
    turns = page.locator(".yj-turn").count()
    page.get_by_role("textbox").fill(question)
    page.keyboard.press("Enter")
    page.locator(".yj-turn").nth(turns).locator(".yj-answer[aria-busy=false]").wait_for()


def test_a_mark_opens_and_highlights_its_quote(browser, site: Site):
    size, may = {"width": 1280, "height": 800}, ["clipboard-read", "clipboard-write"]
    with watched(browser, site.address, viewport=size, permissions=may) as page:
        page.goto(site.address)
        ask(page, "云岫茶厂2023年春茶产量是多少？")
        page.get_by_role("button", name="依据 1：云岫春茶").click()
        assert "6.5万斤" in page.locator("mark.yj-on").inner_text()
        assert page.locator("mark.yj-on").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(253, 240, 196)"
        assert page.locator(".yj-card.yj-on .yj-meta").inner_text() == "茶业报 · 2024-03-01"
        page.get_by_role("button", name="复制").click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert "6.5万斤" in copied and "[1] 《云岫春茶》 茶业报 · 2024-03-01" in copied
        ask(page, "火星上有几家银行？")
        assert page.get_by_role("heading", name="最接近的段落").is_visible()
        page.get_by_role("button", name="新对话").click()
        page.locator(".yj-welcome").wait_for()
        assert page.locator(".yj-turn").count() == 0


def test_on_a_phone_the_panel_is_a_sheet_that_the_keyboard_opens_and_closes(browser, site: Site):
    with watched(browser, site.address, viewport={"width": 390, "height": 844}) as page:
        page.goto(f"{site.address}/?lang=en")
        ask(page, "青石桥有多长？")
        assert not page.locator("#yj-side").is_visible()
        page.locator(".yj-mark").first.focus()
        page.keyboard.press("Enter")
        page.locator("mark.yj-on").wait_for(state="visible")
        assert page.evaluate("document.activeElement.className").startswith("yj-card")
        page.keyboard.press("Escape")
        page.locator("#yj-side").wait_for(state="hidden")
        assert page.evaluate("document.activeElement.className") == "yj-mark"
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [1280, 390])
def test_a_filter_is_chosen_from_the_publishers_kept_in_sight_and_cleared(browser, site: Site, width: int):
    with watched(browser, site.address, viewport={"width": width, "height": 844}) as page:
        page.goto(f"{site.address}/en/")
        fold, publisher = page.locator("#yj-filter summary"), page.get_by_label("Publisher", exact=True)
        fold.wait_for()
        assert not publisher.is_visible()
        with page.expect_response("**/v1/publishers"):
            fold.click()
        page.locator("#yj-publishers option").wait_for(state="attached")
        options = page.locator("#yj-publishers option").evaluate_all("all => all.map((one) => one.value)")
        assert options == ["茶业报"]
        publisher.fill("茶业")
        page.get_by_label("Published from").fill("2024-01-01")
        fold.click()
        assert not publisher.is_visible() and fold.inner_text().endswith("茶业 · from 2024-01-01")
        ask(page, "青石桥有多长？")
        turn = page.locator(".yj-turn").last
        assert "Filter: 茶业 · from 2024-01-01" in turn.inner_text() and "48米" not in turn.inner_text()
        fold.click()
        page.get_by_role("button", name="Clear").click()
        fold.click()
        page.get_by_role("button", name="New conversation").click()
        page.locator(".yj-welcome").wait_for()
        ask(page, "青石桥有多长？")
        assert "48米" in page.locator(".yj-turn").last.inner_text()
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_in_an_article_or_a_question_is_executed_or_fetched(browser, site: Site):
    with watched(browser, site.address) as page:
        page.goto(site.address)
        ask(page, "雁回塔高多少米？<img src=http://192.0.2.1/q onerror=alert(8)>${alert(9)}{{constructor}}")
        ask(page, "雁回塔高多少米？")
        page.locator(".yj-turn:last-child .yj-mark").first.click()
        card = page.locator(".yj-card.yj-on")
        assert HOSTILE_TITLE in card.inner_text() and "<script>alert(6)</script>" in card.inner_text()
        assert "<img src=http://192.0.2.1/i.png" in page.locator(".yj-turn:last-child .yj-text").inner_text()
        assert card.locator("a").count() == 0
        assert page.locator("#yj-main img, #yj-main script, #yj-main iframe").count() == 0


def test_enter_that_ends_composing_does_not_send(browser, site: Site):
    with watched(browser, site.address) as page:
        page.goto(site.address)
        box = page.get_by_role("textbox")
        box.fill("qingshiqiao")
        box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
        box.dispatch_event("keypress", {"key": "Enter", "isComposing": True, "bubbles": True})
        page.wait_for_timeout(300)
        assert page.locator(".yj-turn").count() == 0 and box.input_value() == "qingshiqiao"


def test_the_widget_opens_the_page_in_a_listed_host_and_not_in_another(browser, site: Site):
    script = f"{site.address}/widget.js"
    with watched(browser, site.address, site.framing) as page:
        page.goto(f"{site.framing}/?{script}")
        page.get_by_role("button", name="有据问答").click()
        frame = page.frame_locator("iframe")
        frame.get_by_role("textbox").fill("青石桥有多长？")
        frame.get_by_role("textbox").press("Enter")
        frame.locator(".yj-mark").first.click()
        frame.locator("mark.yj-on").wait_for(state="visible")
        assert "48米" in frame.locator("mark.yj-on").inner_text()
    other = site.framing.replace("127.0.0.1", "localhost")
    with watched(browser, site.address, other) as page:
        page.goto(f"{other}/?{script}")
        refused = []
        page.on("console", lambda message: refused.append(message.text))
        page.get_by_role("button", name="有据问答").click()
        page.wait_for_timeout(1000)
        assert any("frame-ancestors" in text for text in refused)
        assert page.frame_locator("iframe").get_by_role("textbox").count() == 0
