"""The search form of a text: `fold`. No model; the first call reads OpenCC's tables and `forms.tsv`."""

import re
import unicodedata
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from index.numbers.written import in_one_way

_RULE = "2"  # raise it when the rules of this module or of index.numbers.written give other texts
_FORMS = "forms.tsv"  # read by OpenCC as forms.json says
_SURROGATES = re.compile("[\ud800-\udfff]")
# A run of non-words is where combining marks can pile up; NFKC sorts them in quadratic time
# (62 s for 200,000 of two kinds).
_PILE = re.compile(r"[^\w\s]{31,}")
_MARKS_KEPT = 30  # the bound of the Unicode stream-safe format (UAX 15)
# NFKC takes 18 µs for 200 characters, more than all the rest. Of what most texts are written in, it changes the
# full-width signs only, and those stand in the table of forms.
_NEEDS_NFKC = re.compile("[^\x00-\x7f\u4e00-\u9fff\uff01-\uff5e、。《》〈〉「」『』【】“”‘’—–·…]")


def fold(text: str) -> str:
    """The search form: `simplified`, words and numbers in one of their forms, lower case, stripped.

    人工智慧 becomes 人工智能 (`forms.tsv`), 二十五万 becomes 25万 (`index.numbers.written`). Folding twice changes
    nothing.
    """
    one_form: str = _to_one_form().convert(simplified(text).lower())
    return in_one_way(one_form).strip()


def simplified(text: str) -> str:
    """NFKC and Simplified, character by character: what tells which script a text is in.

    Full-width signs stay where nothing else needs NFKC.
    """
    text = _PILE.sub(_cap_marks, _SURROGATES.sub("", text))
    if _NEEDS_NFKC.search(text):
        text = unicodedata.normalize("NFKC", text)
    converted: str = _to_simplified().convert(text)
    return converted


@cache
def fold_sha256() -> str:
    """Changes with all that `fold` depends on."""
    from importlib.metadata import version  # it brings csv and more, and folding needs none of them

    forms = files("index").joinpath(_FORMS).read_bytes()
    return sha256(f"{_RULE} {version('opencc')} ".encode() + forms).hexdigest()


@cache
def _to_simplified() -> Any:  # noqa: ANN401 - OpenCC has no types
    from opencc import OpenCC

    return OpenCC("t2s")


@cache
def _to_one_form() -> Any:  # noqa: ANN401 - OpenCC has no types
    from opencc import OpenCC

    return OpenCC(str(Path(__file__).with_name("forms.json")))


def _cap_marks(run: re.Match[str]) -> str:
    """A run of signs with at most 30 combining marks in a row."""
    kept: list[str] = []
    marks = 0
    for char in run.group():
        marks = marks + 1 if unicodedata.category(char).startswith("M") else 0
        if marks <= _MARKS_KEPT:
            kept.append(char)
    return "".join(kept)
