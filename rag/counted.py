"""What a question counts, and whether a clause counts the same: the noun, what it is of, and how it is counted.

Where in doubt it does not: 新增 and 累计 count two things, and so do 企业入驻 and 企业参展, or one city and another.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from index.dates import find_dates
from index.fold import fold
from index.tokens import tagged
from rag.dated import Value
from rag.evidence import Sentence
from rag.features import Sought
from rag.names import Name, places

_LEAST = 2  # characters of a noun
_SUBJECT = 2  # words that say what the question is about, unless one is a name
_MEASURE = (
    r"人(?!工智|才|口|员|均|次|民|类|物)|人次|[位名家户个所款项种年届次天例张台辆座件条期场吨亩岁层部本篇册]"
    r"|[美欧日港]?元|英镑|人民币|公里|千米|平方米|公斤|千克|斤|公顷|小时|分钟|个月|百分点|米"
)
_ASKED = re.compile(rf"(?:多少|(?<!好)几(?!乎|点))[万亿千百]*(?:{_MEASURE})?|多大|多高|多长")
_SAYS_LITTLE = re.compile(
    r"(?:举办|主办|办|一共|总共|共计|总计|共|已经|已|现在|目前|如今|当前|大约|大概|约|能|会|将|到底|究竟|达到了?|达|有过?|是|为|了|的|在|,|，)+\Z"
)
# Words that name no quantity, and others that name no subject.
_LIGHT = re.compile(
    r"造成|导致|至少|通过|开展|取得|[达得]到|实现|完成|突破|共有|拥有|进行|获得|报[告道]|通报|办|举办|主办|已经|曾经"
)
_GENERAL = re.compile(r"本赛季|公司|企业|项目")
_WHOLE = re.compile(r"[全我]国|中国|全球|全世界|境外|海外")
_NAMES = frozenset(("nr", "nrt", "nrfg", "ns", "nt", "nz", "eng"))
_LASTING = frozenset("年届屆次天")
_TIME = re.compile(r"截[至止]到?|现在|目前|如今|当前|最新|最近|至今|迄今|到?底|\b(?:now|as of|until|currently)\b")
# What makes another quantity of a number: of two clauses both must say it, or the question.
_MARKERS = re.compile(
    r"新增|现有|预售|累[计积]|日均|月均|年均|人均|户均|平均|其中|同比|环比|增长|增加|增幅|下降|减少|降幅|超额|剩余|预[计期测估]|计划|目标|力争"
    r"|规划|拟|首|每[年月日天周届次]|单[日月季]|占|比例|率|最[高多大低少小]|原[有计]|境外|境内|海外|全国|全球|全市|全省"
)


@dataclass(frozen=True, slots=True)
class Counted:
    """What a question counts: the text behind "how many" and before it, and the words of each."""

    words: tuple[str, ...]
    before: str
    behind: str
    folded: str
    places: tuple[Name, ...]

    @staticmethod
    def read(sought: Sought) -> "Counted":
        folded = _timeless(sought.folded)
        asked = _ASKED.search(folded)
        start, end = asked.span() if asked else (len(folded), len(folded))
        before, behind = _SAYS_LITTLE.sub("", folded[:start]), folded[end:].lstrip("的").rstrip("?？吗呢了 ")
        words = tuple(w for w in sought.rarity if (w in before or w in behind) and not _LIGHT.fullmatch(w))
        return Counted(words, before, behind, folded, _places(folded))

    def noun(self, clause: str) -> str:
        """What the question counts, as far as a clause holds it: 大模型 of 多少款大模型完成了备案; empty if not."""
        if len(self.behind) >= _LEAST:
            return next((self.behind[:n] for n in range(len(self.behind), 1, -1) if self.behind[:n] in clause), "")
        return next((self.before[n:] for n in range(len(self.before) - 1) if self.before[n:] in clause), "")

    def reach(self, clause: str) -> tuple[int, int]:
        """How much of the noun and how many of the words a clause holds."""
        return len(self.noun(clause)), sum(word in clause for word in self.words)

    def counts(self, value: Value, beside: Value) -> bool:
        """Whether a value's clause counts what the clause `beside` it does."""
        noun, other = self.noun(value.clause), self.noun(beside.clause)
        if len(self.behind) >= _LEAST:
            same = bool(noun) and all(word in value.clause for word in self.words if word in other)
        elif other:
            longer, clause = (noun, beside.clause) if len(noun) > len(other) else (other, value.clause)
            same = bool(noun) and all(word in clause for word in self.words if word in longer)
        else:
            same = all(word in value.clause for word in self.words if word in beside.clause)
        marks = set(_MARKERS.findall(value.clause)) ^ set(_MARKERS.findall(beside.clause))
        if not same or not self._is_marked(value) or not all(mark in self.folded for mark in marks):
            return False
        return all(name in self.folded or name in beside.clause for name in _place_names(value.clause))

    def is_subject_of(self, sentence: Sentence, value: Value) -> bool:
        """Whether a sentence, or what stands round it, holds all that the question says before it asks for a number.

        A question that names no subject (净利润是多少？) has no line: each article has another one.
        """
        noun = self.noun(value.clause)
        subject = [w for w in self.words if w in self.before and (self.behind or not self.before.endswith(w))]
        whole = [w for w in subject if not any(w in other for other in self.words if other != w)]
        named = [w for w in whole if not (_MARKERS.search(w) or _GENERAL.search(w))]
        if not (noun or value.unit in _LASTING) or (len(named) < _SUBJECT and not _is_name("".join(named))):
            return False
        return self._is_marked(value) and all(self._is_told(word, sentence) for word in subject)

    def _is_marked(self, value: Value) -> bool:
        """Whether a value's clause is marked as the question is, and counts for no other place."""
        if not all(mark in value.clause for mark in _MARKERS.findall(self.folded)):
            return False
        told = _places(value.clause) if self.places else ()
        return not self.places or (any(p in self.places for p in told) if told else not _WHOLE.search(value.clause))

    def shares(self, lead: Sentence, other: Sentence) -> bool:
        """Whether another sentence holds what the leading one holds of the question; its subject may stand round it.

        Unless it is about another place.
        """
        held = [w for w in self.words if w in lead.folded or w in self.before]
        if not all(w in other.folded or (w in self.before and self._is_told(w, other)) for w in held):
            return False
        told = _places(other.folded)
        return not told or any(place in (self.places or _places(lead.folded)) for place in told)

    def _is_told(self, word: str, sentence: Sentence) -> bool:
        """Whether a sentence holds a word, or its title or heading does; a place may stand anywhere in its passage."""
        hit = sentence.hit
        if word in sentence.folded or word in fold(f"{hit.article.title} {hit.passage.heading or ''}"):
            return True
        return any(word in place.forms for place in self.places) and word in fold(hit.passage.text)


@lru_cache(256)
def _places(folded: str) -> tuple[Name, ...]:
    """The places that a text names; looking for all of the gazetteer takes half a millisecond."""
    return tuple(places(folded))


def _timeless(folded: str) -> str:
    """A folded question without the time that it asks about."""
    for mention in reversed(find_dates(folded, None)):
        folded = folded[: mention.start] + folded[mention.end :]
    return _TIME.sub("", folded)


def _place_names(clause: str) -> list[str]:
    """The names of places of a clause, without 省 and 市."""
    return [word.rstrip("省市县区州") for word, tag in tagged(clause) if tag == "ns"]


def _is_name(text: str) -> bool:
    """Whether a folded text holds a name by jieba's dictionary, or a place."""
    return bool(_places(text)) or any(tag in _NAMES for _, tag in tagged(text))
