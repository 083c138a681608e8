"""The questions of one call: a single one, or a file of JSON Lines."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from index.errors import ConfigError, QuestionError
from index.types import Filter
from rag.types import Question, Turn
from ui import filters


@dataclass(frozen=True, slots=True)
class Item:
    """A question and the id its result is printed under; a single question has none."""

    id: str | None
    question: Question


def single(text: str | None, today: str | None, only: Filter) -> Item:
    """The question of the command line. Raises QuestionError where there is none."""
    if text is None:
        raise QuestionError(
            "没有给出问题：请写在命令后面，或用 --batch 文件",
            "no question: write it after the verb, or use --batch FILE",
        )
    return Item(None, Question(text, today=check_date(today), filter=only))


def read(path: Path, today: str | None, only: Filter) -> Iterator[Item]:
    """The questions of a file, in order. Raises QuestionError naming the line that is not of the form."""
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _item(line, f"{path}:{number}", today, only)
    except OSError as error:
        raise QuestionError(
            f"读不了 {path}（{error.strerror}）：请检查路径", f"cannot read {path} ({error.strerror}): check the path"
        ) from error
    except UnicodeDecodeError as error:
        raise QuestionError(f"{path} 不是 UTF-8：请另存为 UTF-8", f"{path} is not UTF-8: save it as UTF-8") from error


def check_date(today: str | None) -> str | None:
    """The date itself. Raises ConfigError unless it is YYYY-MM-DD."""
    if today is None:
        return None
    try:
        found = date.fromisoformat(today)
        if found.year < 1000:  # a slip; the year before such a one may not exist
            raise ValueError
        return found.isoformat()
    except ValueError:
        raise ConfigError(
            f"日期 {today} 不对：应为 2024-05-06 这样的形式", f"{today} is no date: write it like 2024-05-06"
        ) from None


def _item(line: str, where: str, today: str | None, only: Filter) -> Item:
    try:
        record = json.loads(line)
        question, history = record["question"], record.get("history") or []
        turns = tuple(Turn(_text(t["q"]), _text(t["a"])) for t in history)
        day = check_date(record.get("date") or today)
        asked = Question(_text(question), turns, day, filters.of_record(record.get("filter"), only))
        return Item(str(record["id"]), asked)
    except (ConfigError, QuestionError) as error:
        raise type(error)(f"{where}：{error.message.zh}", f"{where}: {error.message.en}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise QuestionError(
            f'{where} 不是一个问题（{error!r}）：每行应为 {{"id": …, "question": …}}',
            f'{where} is no question ({error!r}): each line must be {{"id": …, "question": …}}',
        ) from error


def _text(value: Any) -> str:  # noqa: ANN401  (comes from outside)
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} instead of text")
    return value
