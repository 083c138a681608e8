"""The page: a Gradio Blocks of a conversation, a question box and a panel. What it shows is made in conversation.py and
drawn by assets/page.js; the handlers here only pass on.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from index.errors import Language
from rag.assistant import Assistant
from ui import page_texts
from ui.conversation import Update, Within, reply
from ui.examples import examples
from ui.pages import ASSETS

MAX_TYPED = 20_000  # more would meet the guard's limit for a body, which cannot answer politely
_HOUR = 3600
_FONTS = ["PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "system-ui", "sans-serif"]


def page(assistant: Assistant, home: Path, language: Language) -> gr.Blocks:
    """The page in one language, over the index of `home`."""
    say = page_texts.table(language)
    with gr.Blocks(title=say["name"], fill_width=True, analytics_enabled=False) as blocks:
        history = gr.State((), time_to_live=_HOUR)
        with gr.Row(elem_id="yj-top"):
            _drawn("brand", say)
            fresh = gr.Button(say["new"], elem_id="yj-new", size="sm")
        with gr.Row(elem_id="yj-main"):
            with gr.Column(elem_id="yj-talk"):
                log = _drawn("log", say, value={}, examples=examples(assistant, language), written=assistant.has_model)
                chosen = _drawn("filter", say, value="")
                box = _question_box(say)
            with gr.Column(elem_id="yj-side"):
                _drawn("panel", say)
        _connect(partial(_reply, assistant, home, language), (box, history, log, chosen), fresh)
    return blocks.queue(default_concurrency_limit=8, max_size=64, api_open=False)


def theme() -> gr.themes.Base:
    """Gradio's plain theme in fonts that the reader's machine has."""
    return gr.themes.Base(font=_FONTS, font_mono=["ui-monospace", "monospace"])


def _drawn(name: str, say: dict[str, str], **props: Any) -> gr.HTML:  # noqa: ANN401  (JSON for the script)
    """An element that assets/page.js draws: the template is constant, so that no text ever becomes a template."""
    return gr.HTML(
        elem_id=f"yj-{name}",
        html_template=(ASSETS / f"{name}.html").read_text(encoding="utf-8"),
        js_on_load=f"youju.{name}(element, props, watch, trigger)",
        apply_default_css=False,
        texts=say,
        **props,
    )


def _question_box(say: dict[str, str]) -> gr.Textbox:
    return gr.Textbox(
        elem_id="yj-box",
        label=say["question"],
        show_label=False,
        container=False,
        placeholder=say["placeholder"],
        lines=1,
        max_lines=6,
        max_length=MAX_TYPED,
        submit_btn=say["send"],
        autofocus=False,
    )


def _reply(
    assistant: Assistant,
    home: Path,
    language: Language,
    text: str | None,
    turns: Any,  # noqa: ANN401  (Gradio's state)
    chosen: str | None,
) -> Iterator[tuple[Any, ...]]:
    yield from map(_outputs, reply(assistant, language, str(text or ""), turns, Within(chosen, home)))


def _connect(ask: Callable[..., Any], parts: tuple[Any, Any, Any, Any], fresh: gr.Button) -> None:
    box, history, log, chosen = parts
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}

    def ask_typed(text: str, turns: Any, only: str | None) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401  (Gradio's state)
        yield from ask(text, turns, only)

    def ask_example(turns: Any, only: str | None, event: gr.EventData) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
        yield from ask(event._data.get("question"), turns, only)

    def start_afresh() -> tuple[Any, ...]:
        return "", (), {"fresh": True}

    gr.on([box.submit], ask_typed, [box, history, chosen], [box, history, log], **quiet)
    log.submit(ask_example, [history, chosen], [box, history, log], **quiet)
    fresh.click(start_afresh, None, [box, history, log], **quiet)


def _outputs(update: Update) -> tuple[Any, ...]:
    return update.box, update.history, update.turn
