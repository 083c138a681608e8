"""A question about several things → its parts: each is searched for by itself, for the whole lies between them.

"What did the ministry publish on the day X was opened?" needs the article on X and another one; "did A and B happen in
one month?" needs two. What asks for the comparison is no part: no article says it.
"""

import re
from dataclasses import dataclass
from typing import Literal

from index.tokens import tagged
from rag.asked_for import asked_for

Unit = Literal["年", "月", "日"]
Order = Literal["first", "last"]

_WORD = re.compile(r"[\u3400-\u9fff]|[a-z0-9]+")
_LEAST = 4  # Chinese characters or Latin words of a part
_MOST = 4  # parts: what lists more is one thing's long name
# "…是发生在同一个月吗", "…哪个事件最早发生": what is asked of the things that stand before it.
_SAME = re.compile(r"同一个?(?P<unit>年|月|天|日)")
_BEFORE_SAME = re.compile(
    r"(?:是否|是不是|是|都|均|发生|完成|举行|进行|发布|宣布|公布|实施|报道|在|于|[，,]|的?(?:事件|日期|时间)?这[两三几些]?[个件]?(?:事件|者)?)+\Z"
)
_TAIL_CHARS = 40  # in which it is looked for: over a whole question the pattern would be quadratic
_ORDER = re.compile(
    r"[，,:]?\s*(?:(?:这[两三四几些]?[个件]?|以上|[两三四]个)(?:事件|者|赛事)?中?[，,]?)?(?:是)?(?:发生)?(?:的?(?:时间|日期))?"
    r"(?:[更最较](?P<one>[早先晚后])(?:发生|举行|发布)?的?是(?:哪[一]?[个件项场次起篇]?|谁)"
    r"|(?:哪[一]?[个件项场次起篇]?|谁)[^，,、?？]{0,12}?(?:[更最较](?P<two>[早先晚后])|(?P<three>在前|在先|在后|先(?=发生|举行|发布|出现|开始)))"
    r"[^，,、?？]{0,10})[?？:]?"
)
_HEAD = re.compile(r"^(?:请?对比|请?比较)(?:一下)?|^(?:以下|下列|在)?(?:[^，,]{0,6}事件)?中?[，,:]")
_TAIL = re.compile(r"(?:的?(?:事件|日期|时间))?中?$")
_SAME_DAY = re.compile(r"[？?；;]|当[天日月年][，,]?|(?<=.)同[一]?[天日][，,]")
_LISTED = re.compile(r"[、；;]|[，,](?:和|与|以及)?|(?<!\d)\d\.(?!\d)")
_LEAD = re.compile(r"在?((?:\d{4}年)?(?:\d+月)?(?:\d+日)?)(?:期间|内|中|底|初)?(?:这[几两三]个事件中?)?")
_JOINS = ("以及", "和", "及", "与", "跟")  # the more to the left, the wider it joins: A与B的比赛和C
_NARROW = ("及", "与", "跟")  # in a list, "A、B、C与D会晤" is of three


@dataclass(frozen=True, slots=True)
class Compared:
    """What is to be compared by the days on which it happened: whether in one `unit`, or which came first or last."""

    things: tuple[str, ...]
    unit: Unit | None = None
    order: Order | None = None


def compared(folded: str) -> Compared | None:
    """What a folded question compares by date; None, where it does not."""
    question = folded.strip(" ?？。")
    if found := _SAME.search(question):
        middle = max(0, found.start() - _TAIL_CHARS)
        things = _things(question[:middle] + _BEFORE_SAME.sub("", question[middle : found.start()]))
        unit: Unit = "日" if found["unit"] in "天日" else "年" if found["unit"] == "年" else "月"
        return Compared(things, unit=unit) if len(things) > 1 else None
    if found := _ORDER.search(question):
        before, after = question[: found.start()], question[found.end() :]
        things = _things(before) if len(before) > len(after) else _things(after)
        word = found["one"] or found["two"] or found["three"]
        early = "早" in word or "先" in word or "前" in word
        return Compared(things, order="first" if early else "last") if len(things) > 1 else None
    return None


def parts(folded: str) -> list[str]:
    """The parts of a folded question; none, where it asks about one thing."""
    if both := compared(folded):
        return [t for t in both.things if len(_WORD.findall(t)) >= _LEAST]
    found = _split(_SAME_DAY, folded)
    if len(found) == 1 and asked_for(folded).comparison:
        found = _split(re.compile(r"[、，,]|以及|[和与及]"), folded)
    return found if 1 < len(found) <= _MOST else []


def _split(at: re.Pattern[str], text: str) -> list[str]:
    pieces = (piece.strip(" ，,。?") for piece in at.split(text))
    return [piece for piece in pieces if len(_WORD.findall(piece)) >= _LEAST]


def _things(text: str) -> tuple[str, ...]:
    """What a text lists: at its commas, and at the word that joins the last two, or the only two."""
    text = _TAIL.sub("", _HEAD.sub("", text.strip(" ，,:")))
    listed = [p.strip(" ，,:") for p in _LISTED.split(text)]
    listed = [p for p in listed if len(_WORD.findall(p)) >= 2]
    if not listed:
        return ()
    lead = ""
    if len(listed) > 1 and (found := _LEAD.fullmatch(listed[0])):
        lead, listed = found[1], listed[1:]
    *first, last = listed
    things = [*first, *(_halves(last, least=_LEAST if first else 2) or [last])]
    return tuple(f"{lead}{thing}" for thing in things) if len(things) <= _MOST else ()


def _halves(text: str, *, least: int) -> list[str]:
    """The two things of so many characters that a word joins: the widest word, of several that nearest the middle."""
    joins: list[tuple[int, int, int]] = []
    at = 0
    for word, _ in tagged(text):
        behind = len(text) - at - len(word)
        if word in _JOINS and min(at, behind) >= (least if word in _NARROW else 2):
            joins.append((_JOINS.index(word), abs(at - behind), at))
        at += len(word)
    if not joins:
        return []
    rank, _, at = min(joins)
    return [_TAIL.sub("", text[:at].strip(" ，,")), text[at + len(_JOINS[rank]) :].strip(" ，,")]
