"""What a question asks, clause by clause, without the frame that says who told it: each aspect needs its own evidence.

"In May the director said, how large is X? And who leads it?" asks two things of X; "what did A and B each propose?"
asks one thing of two.
"""

import re

_ASKS = re.compile(
    r"什么|甚么|哪|谁|多少|(?<![那这好十第])几(?![乎十百千万])|何|怎[么样]|多[大长久高远重]|是否|是不是|有没有|吗|呢|如何|"
    r"\b(?:how|what|which|who|whom|whose|when|where|why|name|list)\b"
)
# "经信委主任在访谈里说,…", "根据报道,…", "香港同事想知道:…", "According to the report, …"
_FRAME = re.compile(
    r"^(?:(?:根据|据|按照?|依据)[^,，:：?？;；]{2,30}|[^,，:：?？;；]{2,30}(?:说|表示|介绍|提到|透露|指出|认为|写道|看来|报道[里中]|文[章]?[里中]|采访[里中]|访谈[里中])"
    r"|[^,，:：?？;；]{0,12}(?:想知道|想问|想了解|请问|问)|according to [^,]{3,60})[,，:：]\s*"
)
_SENTENCE = re.compile(r"[?？;；]")
_COMMA = re.compile(r"[,，]\s*(?:and )?|、(?=在?哪)| and (?=how|what|which|who|when|where|why)")
_SIDES = re.compile(
    r"^(?P<head>(?:[^,，]*[,，])?)(?P<one>[^,，、和与及]{2,16})(?:和|与|及|以及)(?P<other>[^,，、和与及]{2,16}?)"
    r"(?:两[个者篇家位方]?)?(?P<place>[,，]在[^,，]{2,12}?)?(?:各自?|分别|又?各)(?P<rest>[^,，]{2,})$"
)
_LEAST = 3  # characters of an aspect


def aspects(folded: str) -> list[str]:
    """The aspects of a folded question, in their order; the question itself where it has but one."""
    asked = _FRAME.sub("", folded)
    if not _ASKS.search(asked):
        asked = folded
    found: list[str] = []
    for piece in (p.strip() for p in _SENTENCE.split(asked)):
        found += _of_sentence(piece)
    return found or [folded]


def _of_sentence(piece: str) -> list[str]:
    """A sentence cut where a comma parts two clauses that both ask; what does not ask goes with the next."""
    clauses: list[str] = []
    waiting = ""
    for clause in _COMMA.split(piece):
        waiting = f"{waiting}，{clause}" if waiting else clause
        if _ASKS.search(clause):
            clauses.append(waiting)
            waiting = ""
    if waiting:
        clauses = [*clauses[:-1], f"{clauses[-1]}，{waiting}"] if clauses else [waiting]
    return [side for clause in clauses for side in _sides(clause) if len(side) >= _LEAST]


def _sides(clause: str) -> list[str]:
    """What is asked of two things alike is asked of each."""
    found = _SIDES.match(clause)
    if not found:
        return [clause]
    head, one, other, rest = found["head"], found["one"], found["other"], f"{found['place'] or ''}{found['rest']}"
    return [f"{head}{one}{rest}", f"{head}{other}{rest}"]
