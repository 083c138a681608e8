"""A question about several things → its parts: each is searched for by itself, for the whole lies between them.

"What did the ministry publish on the day X was opened?" needs the article on X and another one; "did A and B happen in
one month?" needs two. What asks for the comparison is no part: no article says it.
"""

import re

from rag.asked_for import asked_for

# "…是发生在同一个月吗", "…哪个事件最早发生": what is asked of the things that stand before it.
_COMPARES = re.compile(
    r"[，,]?(?:这[两三几]?[个件]?(?:事件|者)?)?(?:是否|是不是|是|都)*"
    r"(?:发生|完成|举行|发布|宣布|公布|报道|进行|实施)?(?:是否|是不是|是|都)*在?"
    r"(?:同一|(?:谁|哪(?:一?[个件])?)(?:事件)?(?:更|最|先|较)).*$"
)
_SAYS_COMPARE = re.compile(r"^(?:请?对比|请?比较)(?:一下)?")
_SAME_DAY = re.compile(r"[？?；;]|当[天日年月][，,]?")
_LISTED = re.compile(r"[、，,]|以及|[和与及]")
_WORD = re.compile(r"[\u3400-\u9fff]|[a-z0-9]+")
_LEAST = 4  # Chinese characters or Latin words of a part
_MOST = 4  # parts: what lists more is one thing's long name


def parts(folded: str) -> list[str]:
    """The parts of a folded question; none, where it asks about one thing."""
    things = _COMPARES.sub("", _SAYS_COMPARE.sub("", folded))
    found = _split(_SAME_DAY, things)
    if len(found) == 1 and (things != folded or asked_for(folded).comparison):
        found = _split(_LISTED, things)
    return found if 1 < len(found) <= _MOST else []


def _split(at: re.Pattern[str], text: str) -> list[str]:
    pieces = (piece.strip(" ，,。?") for piece in at.split(text))
    return [piece for piece in pieces if len(_WORD.findall(piece)) >= _LEAST]
