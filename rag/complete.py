"""A Chinese follow-up completed from the turn before it, so that it can be shown and searched by itself.

Three ways: what it names takes the place of what the question before named ("到了7月呢？"), a pronoun gives way to what
it stands for ("它建于哪一年？"), or the subject that it leaves out is put before it ("那相当于多少张卡？").
"""

import re

from index.dates import find_dates
from rag.follow_up import AMONG, BARE, THIS, begins, is_instead, pronoun
from rag.instead import instead
from rag.names import places
from rag.topic import after_date, is_known, names, owner, people, plainly, tokens, topic
from rag.types import Turn

_OF_ALL = re.compile(r"(?:相当于|等于|折合|占|[这那]?其中|分别|具体|依次|各[是有为])")
_ASKED_COUNT = re.compile(
    r"有?(?:多少|几)[个家款位名项种条只台张座所件]?(?:人(?!工|才|员|口))?(?P<counted>[^，,。；;？?\d]{2,12})[？?\s]*\Z"
)
_WHO = re.compile(r"谁|哪位|哪一位|哪个人|什么人")
_WHICH = re.compile(r"哪一?[家个款所座项部]|什么(?:公司|企业|平台|机构|软件|产品)|叫什么")
_WHY = re.compile(r"(?:为什么|为何|怎么[会样说办]?|是吗|真的吗|然后)[呢呀啊]?[？?。\s]*\Z")
_MARK = re.compile(r"\[\d+\]|[（(][^（）()]*\d{4}[^（）()]*[）)]")
_ENDS = "？?。！!，, \n的呢吗了"
_IS_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")
_NAME = 16  # characters at most of an answer that is a name
_NOUNS = frozenset(("n", "nr", "nrt", "nrfg", "ns", "nt", "nz", "vn", "an", "eng", "l", "j"))


def complete(text: str, before: Turn) -> str | None:
    """The follow-up as a question of its own; None where it cannot be told what it leaves out."""
    text = text.strip()
    plain = plainly(text)
    start = begins(plain)
    if found := is_instead(plain, start):
        return instead(text[found.start("named") : found.end("named")], before.question)
    if found := pronoun(plain, start):
        return _replaced(text, start, found, before)
    if _WHY.match(plain, start):
        return None
    if found := THIS.match(plain, start):
        return _put(_whole(before.question), text[found.end() :])
    dated = after_date(plain, start) > start
    bare = BARE.match(plain, start) or AMONG.match(plain, start) or dated
    if not bare and (names(plain[start:]) or not _is_noun(plain[start:])):
        return None
    return _with_subject(text[start:], plain[start:], before)


def _replaced(text: str, start: int, found: re.Match[str], before: Turn) -> str | None:
    meant = _person(before) if found.group() in ("他", "她") else _thing(before, found.groupdict().get("kind"))
    if not meant:
        return None
    joint = "的" if found.group() == "其" else ""
    return text[start : found.start()] + meant + joint + text[found.end() :]


def _person(before: Turn) -> str | None:
    """Whom 他 means: the one whom the question named, or whom alone its answer names."""
    asked, asks = people(before.question), _WHO.search(plainly(before.question))
    if len(asked) == 1:  # "张英是谁？" names him, too
        return asked[0]
    if asked:
        return None if asks else asked[0]
    told = [name for name in people(before.answer) if name not in asked]
    answer = _MARK.sub("", before.answer).strip(_ENDS)
    if asks and _IS_NAME.fullmatch(answer):
        return answer
    return told[0] if len(set(told)) == 1 else None  # of several nobody knows which is meant


def _thing(before: Turn, kind: str | None) -> str | None:
    """What 它 or 该平台 means: what the question before was about, or the one thing that its answer is."""
    plain, about = plainly(before.question), _bearer(topic(before.question))
    if _WHICH.search(plain) and (kind or not about):
        answer = _MARK.sub("", before.answer).strip(_ENDS)
        return answer if 2 <= len(answer) <= _NAME and not re.search(r"[，,。；;：:]", answer) else None
    if kind and kind in plainly(before.answer) and kind not in plain:
        return None
    if about and not _is_only_a_place(about):
        return about
    quoted = [name for name in names(before.question) if name[0] in '《“「"']
    return quoted[0] if len(quoted) == 1 else None


def _bearer(phrase: str) -> str:
    """Whose attribute a phrase names: 青石桥 of 青石桥的全长; 东方医院的AI is a thing of its own."""
    last = plainly(phrase).rpartition("的")[2]
    return owner(phrase) if is_known(last) and not last.isascii() else phrase


def _with_subject(rest: str, plain: str, before: Turn) -> str | None:
    """The question with the subject of the one before it."""
    about = _whole(before.question) if _OF_ALL.match(plain) else owner(topic(before.question))
    if find_dates(plain, None):
        about = _undated(about)
    if about and _is_noun(plain):
        return f"{about}的{rest}"
    return _put("" if _is_only_a_place(about) and not _OF_ALL.match(plain) else about, rest)


def _whole(question: str) -> str:
    """All that a question is about: with what it counts, where it begins with a place or leaves that for later."""
    about = topic(question)
    counted = _ASKED_COUNT.search(plainly(question))
    if counted and about and all(t.tag in _NOUNS | {"a", "b"} for t in tokens(counted["counted"])):
        return f"{about}的{question[counted.start('counted') : counted.end('counted')]}"
    return "" if _is_only_a_place(about) else about


def _put(about: str, rest: str) -> str | None:
    return about + rest if about else None


def _undated(phrase: str) -> str:
    for mention in reversed(find_dates(phrase, None)):
        phrase = phrase[: mention.start] + phrase[mention.end :]
    return phrase


def _is_noun(plain: str) -> bool:
    """Whether a text begins with a noun; 多长时间 is tagged as one."""
    words = tokens(plain)
    return bool(words) and words[0].tag in _NOUNS and not BARE.match(plain)


def _is_only_a_place(phrase: str) -> bool:
    return any(phrase in (*place.forms, f"{place.forms[0]}市", f"{place.forms[0]}省") for place in places(phrase))
