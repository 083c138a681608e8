"""What went wrong with the language model, one line in both languages (`failures.tsv`): what happened and what to do.

Nothing that the endpoint said goes into a line, nor does the key.
"""

from functools import cache
from importlib.resources import files

from index.errors import Message


class ModelFailed(Exception):
    """The language model gave no answer that can be shown; the extractive answer takes its place."""

    def __init__(self, name: str, value: float | str = "") -> None:
        """`name` is one of the table's; `value` goes into its line."""
        super().__init__(name)
        shown = value if isinstance(value, str) else f"{value:g}"
        zh, do_zh, en, do_en = (part.format(shown) for part in _lines()[name])
        self.message = Message(f"{zh}，改为摘录原文：{do_zh}", f"{en}; excerpts of the articles instead: {do_en}")


def of_status(code: int, key_env: str) -> ModelFailed:
    """For an error status of the endpoint."""
    if str(code) in _lines():
        return ModelFailed(str(code), key_env)
    return ModelFailed("5xx" if code >= 500 else "status", str(code))


@cache
def _lines() -> dict[str, tuple[str, str, str, str]]:
    rows = files("rag").joinpath("failures.tsv").read_text(encoding="utf-8").splitlines()
    found = {}
    for row in rows:
        if not row.startswith("#"):
            name, zh, do_zh, en, do_en = row.split("\t")
            found[name] = (zh, do_zh, en, do_en)
    return found
