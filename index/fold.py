"""The search form of a text: `fold`. No disk, no model."""

import re
import unicodedata
from functools import cache
from typing import Any

_SURROGATES = re.compile("[\ud800-\udfff]")
# A run of non-words is where combining marks can pile up; NFKC sorts them in quadratic time
# (62 s for 200,000 of two kinds).
_PILE = re.compile(r"[^\w\s]{31,}")
_MARKS_KEPT = 30  # the bound of the Unicode stream-safe format (UAX 15)
# OpenCC leaves 著 alone, which Traditional writes both for 着 (an aspect) and for 著 (a work, renowned). Only
# contexts in which 着 alone is possible are mended; 著作, 著名, 原著 and the like stay.
_ASPECT = re.compile(
    "(?<=[有随沿执穿衣看听说跟带拿抱朝向对凭靠顺藉借伴怀走站坐等想笑活握围绕面味志示征附依没满])"
    "著(?![作名述称录者书])"
    "|(?<![原编合名专巨土论译遗新旧显昭卓])"
    "著(?=[力眼陆急火落迷实装想色凉魔慌]|手(?![册稿法记抄])|重(?!要))"
)


def fold(text: str) -> str:
    """The search form: NFKC, Simplified, lower case, stripped. Folding twice changes nothing."""
    text = _PILE.sub(_cap_marks, _SURROGATES.sub("", text))
    simplified: str = _to_simplified().convert(unicodedata.normalize("NFKC", text))
    return _mend_aspect(simplified).lower().strip()


@cache
def _to_simplified() -> Any:  # noqa: ANN401 - OpenCC has no types
    from opencc import OpenCC

    return OpenCC("t2s")


def _mend_aspect(simplified: str) -> str:
    if "著" not in simplified:
        return simplified
    return _ASPECT.sub(lambda found: found.group().replace("著", "着"), simplified)


def _cap_marks(run: re.Match[str]) -> str:
    """A run of signs with at most 30 combining marks in a row."""
    kept: list[str] = []
    marks = 0
    for char in run.group():
        marks = marks + 1 if unicodedata.category(char).startswith("M") else 0
        if marks <= _MARKS_KEPT:
            kept.append(char)
    return "".join(kept)
