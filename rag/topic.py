"""What a question is about: the phrase that it begins with, and the names that it says."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.dates import find_dates
from index.fold import simplified
from index.tokens import tagged

_LEAD_IN = re.compile(
    r"(?:请问|[我还]?想知道|[我还]?想问|问一下|.{0,4}同事想知道|据报道|[文报][中里道]+[中里]?[说，,]?|那么?|然后|另外|还有)*[，,：:\s]*"
)
_BEFORE_DATE = re.compile(r"(?:截[至止]到?|[到在自从])?(?=\d|[今去前明])")
_BEHIND_DATE = re.compile(r"[，,、的]?(?:时|期间)?[，,]?")
# Where a question begins to say something of its topic, or to ask; a weaker word may stand in a clause before 的.
_PREDICATE = re.compile(
    r"[，,；;。！？!?：:\n]|是|有(?![限色])|共(?![同和享建])|总[共计]|累计|分别|一共|连续|先后|相比|什么|多[大长高远久重]"
    r"|(?:多少|(?<!好)几(?![乎何]))[个家款位名项种条只台张座所件]?|哪|谁|怎[么样]|如何|为何|为什|何[时地以]"
)
_WEAK = re.compile(
    r"已经?(?!知)|曾|将|(?<![大协委社工学机国理开聚议])会(?![议员展上后前])|(?<![智功性技才动效可])能(?![力源耗级])"
)
_CLAUSE = re.compile(r"的[^的]{1,10}\Z")
_NAMES = frozenset(("nr", "nrt", "nrfg", "ns", "nt", "nz", "eng"))
_NOUNS = _NAMES | {"n", "ng", "vn", "an", "j", "l", "i", "s", "m", "q", "b", "t", "x", "f", "tg", "nrt"}
_JOINS = frozenset(("uj", "c", "a", "v", "zg", "ag", "vg"))  # within a phrase, where a noun follows
_QUOTED = re.compile(r"《[^》]+》|“[^”]+”|「[^」]+」|\"[^\"]+\"")
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_PERSON = frozenset(("nr", "nrt", "nrfg"))
_SAYS = re.compile(r"(?:先生|女士)?(?:说|表示|认为|建议|指出|介绍|提出|透露|预计|希望|判断|主张|称)")
_ROLE = re.compile(
    r"(?:委员|代表|校长|院长|主任|书记|院士|教授|科学家|秘书长|记者|厂长|馆长|经理|总裁|董事长|创始人|总理|厅长|局长|部长|市长)\Z"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word at its place in the text, with jieba's tag for its part of speech."""

    start: int
    end: int
    text: str
    tag: str


def topic(text: str) -> str:
    """The phrase that a Chinese question begins with, as it is written; empty where it begins otherwise.

    Of "截至2024年5月，上海的大模型有多少款？" it is 上海的大模型: a date before it is none of it.
    """
    plain = plainly(text)
    start = after_date(plain, _LEAD_IN.match(plain).end())  # type: ignore[union-attr]
    end = start + _about(plain[start:])
    dates = [m.start for m in find_dates(plain[:end], None) if m.end == end and m.start > start]
    return text[start : dates[0] if dates else end]


def owner(phrase: str) -> str:
    """What a phrase is about in its turn: 青石桥 of 青石桥的全长."""
    before = phrase.partition("的")[0]
    return before[: _phrase(tokens(plainly(before)))] or before


def names(text: str) -> list[str]:
    """The names of a text: people, places, bodies, products, what stands in quotation marks, Latin words."""
    plain = plainly(text)
    quoted = [m.span() for m in _QUOTED.finditer(plain)]
    words = [m.span() for m in _LATIN.finditer(plain)]
    cut = [(t.start, t.end) for t in _segments(plain) if t.tag in _NAMES and _CHINESE.search(t.text)]
    spans = sorted({*quoted, *words, *cut})
    return [text[a:b] for a, b in spans if not any(s <= a and b <= e and (s, e) != (a, b) for s, e in quoted)]


def people(text: str) -> list[str]:
    """The people whom a Chinese text names, each once; those who speak or are called by their office first."""
    plain = plainly(text)
    found = [t for t in _segments(plain) if t.tag in _PERSON and 2 <= len(t.text) <= 4 and "区" not in t.text]
    sure = [t for t in found if _SAYS.match(plain, t.end) or _ROLE.search(plain, 0, t.start)]
    return list(dict.fromkeys(text[t.start : t.end] for t in (*sure, *found)))


def after_date(plain: str, start: int) -> int:
    """Where a text goes on after the date that stands at `start`, with a comma behind it; `start` if none does."""
    begin = _BEFORE_DATE.match(plain, start)
    at = begin.end() if begin else start
    ends = [m.end for m in find_dates(plain, None) if m.start == at]
    return _BEHIND_DATE.match(plain, ends[0]).end() if ends else start  # type: ignore[union-attr]


def plainly(text: str) -> str:
    """The text in Simplified characters, each where it stood; as it is where that would move one."""
    text = _SURROGATES.sub(" ", text)
    plain = simplified(text)
    return plain if len(plain) == len(text) else text


def tokens(plain: str) -> list[Token]:
    """The words of a text with their tags."""
    found, at = [], 0
    for word, tag in tagged(plain):
        at = plain.index(word, at)
        found.append(Token(at, at + len(word), word, tag))
        at += len(word)
    return found


def _segments(plain: str) -> Iterator[Token]:
    """The words of a text, cut where it predicates: jieba takes 钟俊浩是 for one word."""
    begin = 0
    for found in (*_PREDICATE.finditer(plain), None):
        end = found.start() if found else len(plain)
        yield from (Token(begin + t.start, begin + t.end, t.text, t.tag) for t in tokens(plain[begin:end]))
        begin = found.end() if found else end


def _about(plain: str) -> int:
    """Where the topic of a text ends: before the predicate, if a clause with 的 is part of it, or as a phrase."""
    cut = _PREDICATE.search(plain)
    head = plain[: cut.start()] if cut else plain
    weak = _WEAK.search(head)
    if (weak or _is_clause(head)) and _CLAUSE.search(head):
        return len(head)
    return _phrase(tokens(head[: weak.start()] if weak else head))


def _is_clause(head: str) -> bool:
    return any(t.tag == "v" for t in tokens(head.rpartition("的")[0]))


def _phrase(words: Sequence[Token]) -> int:
    """Where the noun phrase ends with which the words begin; 0 where they do not begin with one."""
    end = 0
    for at, word in enumerate(words):
        follows = words[at + 1].tag if at + 1 < len(words) else ""
        if word.tag in _NOUNS:
            end = word.end if word.text.strip() else end
        elif not (word.tag in _JOINS and follows in _NOUNS and (end or word.tag in ("a", "v"))):
            break
    nouns = [w for w in words if w.end <= end and w.tag in _NOUNS - {"m", "q", "x", "f", "t"}]
    return end if nouns else 0


def is_known(word: str) -> bool:
    """Whether a word is in jieba's dictionary; what is not may be a name (库帕思)."""
    import rjieba

    return len(list(rjieba.cut(word, False))) == 1
