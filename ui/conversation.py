"""One conversation on the page: each turn is a row of records, shown as they come. Knows nothing of Gradio."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import TypeVar

from index.errors import Language, QuestionError
from index.types import ANYBODY, Filter
from rag.assistant import Assistant
from rag.types import Answer, Question, Turn
from ui import faults, filters, page_texts, render

PACE = 0.15  # seconds between two updates: some six a second, each costs the server 3 ms
REMEMBERED = 20
SHOWN = 200  # characters of a question that could not be asked
T = TypeVar("T")
History = tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Update:
    """What the page shows now: the text left in the question box, the history so far, the record of this turn."""

    box: str
    history: History
    turn: render.Record


@dataclass(frozen=True, slots=True)
class Within:
    """What was chosen to filter by, JSON as the page sends it, and the folder of the index that it is chosen from."""

    chosen: str | None
    home: Path


def reply(
    assistant: Assistant, language: Language, text: str, history: History, within: Within | None = None
) -> Iterator[Update]:
    """Search, then give the answer sentence by sentence: as a language model writes it, or else, for it is there at
    once, at a pace for the reader.
    """
    text = _sendable(text)
    turn: render.Record = {"id": secrets.token_hex(6), "question": text.strip(), "phase": "searching"}
    yield Update("", history, turn)
    try:
        only = filters.of_page(within.chosen) if within else ANYBODY
        answer = None
        for answer in assistant.stream(Question(text, history, filter=only)):
            if answer.mode == "llm":
                yield Update("", history, {**turn, **_so_far(answer, language, only)})
        assert answer, "there is always a last one"
        shown = _sendable(render.answer_page(answer, language, only))
        if within:
            shown = filters.with_note(shown, within.home, only, language)
    except QuestionError as error:
        yield _failed(text, history, turn, error.message.say(language))
        return
    except Exception as error:
        fault = page_texts.table(language)["fault"].format(faults.record(error))
        yield _failed(text, history, turn, fault)
        return
    paced = range(1, len(shown["sentences"])) if answer.mode == "extractive" else ()
    for count in paced:
        yield Update("", history, {**turn, **shown, "phase": "writing", "sentences": shown["sentences"][:count]})
        sleep(PACE)
    yield Update("", _with(history, answer), {**turn, **shown, "phase": "done"})


def _so_far(answer: Answer, language: Language, only: Filter) -> render.Record:
    """What a language model has written, without the note, which only the end can tell."""
    if not answer.text:
        return {"phase": "asking"}
    return {**_sendable(render.answer_page(answer, language, only)), "phase": "writing", "note": None}


def _sendable(value: T) -> T:
    """The value without lone surrogates, which texts may hold and UTF-8 cannot."""
    found: T = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
    return found


def _failed(text: str, history: History, turn: render.Record, message: str) -> Update:
    """The question goes back into its box, to be mended or sent again; the conversation shows its beginning."""
    short = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    return Update(text, history, {**turn, "question": short, "phase": "done", "error": message})


def _with(history: History, answer: Answer) -> History:
    """The marks are left out: the numbers of one answer mean nothing to the next. So is what nothing supports."""
    said = "".join(s["text"] for s in render.marked_sentences(answer) if not s["unverified"])
    return (*history, Turn(answer.question, said))[-REMEMBERED:]
