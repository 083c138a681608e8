"""Whether a sentence gives somebody an office that its evidence gives to another.

Chinese only, by words: who holds an office stands beside it in one clause of the evidence, or the office is not his.
"""

import re
from collections.abc import Iterator

from index.tokens import tagged

_ROLE = re.compile(
    r"副?(?:总经理|董事长|主任|主席|书记|秘书长|院长|[校市县省部局处司所馆厂社队会]长|总裁|总理|总统|首席[\u3400-\u9fff]{2,3}官?|教授|教练|主编|创始人)"
)
_CLAUSE = re.compile(r"[，,。；;！？!?：:\n、]")


def wrong_roles(sentence: str, evidence: str) -> Iterator[str]:
    """The offices that a folded sentence gives to somebody beside whom its folded evidence never names them."""
    clauses = _CLAUSE.split(evidence)
    for clause in _CLAUSE.split(sentence):
        people = [
            word for word, tag in tagged(clause) if tag.startswith("nr") and 2 <= len(word) <= 3 and word in evidence
        ]
        roles = list(dict.fromkeys(_ROLE.findall(clause)))
        if len(people) != 1 or not roles:
            continue
        offices = [pair for other in clauses if people[0] in other for pair in _offices(other)]
        beside = {role for role, holder in offices if holder == people[0]}
        held = {role for other in clauses for role in _ROLE.findall(other)}
        yield from (role for role in roles if beside and role in held and role not in beside)


def _offices(clause: str) -> Iterator[tuple[str, str]]:
    """The offices of a clause with their holders: the name right behind an office, or else the last one before it."""
    people = [word for word, tag in tagged(clause) if tag.startswith("nr") and 2 <= len(word) <= 3]
    for found in _ROLE.finditer(clause):
        behind = next((name for name in people if clause.startswith(name, found.end())), None)
        before = [name for name in people if 0 <= clause.find(name) < found.start()]
        if behind or before:
            yield found.group(), behind or before[-1]
