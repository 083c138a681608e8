"""The names that a sentence says and its evidence does not: people, places, organisations, products, Latin names.

Chinese names have no capitals. A word counts as one if jieba's dictionary or its model of unknown words says so, or
if it is a rare noun that nothing in the evidence is like: to an embedder, 建成 is like 落成, and a firm like no other.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np

from index.embed import Ids, StaticEmbedder
from index.fold import fold
from index.pinyin import can_be_pinyin, readings
from rag.claims import is_chinese
from rag.names import carries, holds, places

_NAMES = frozenset(("nr", "nrt", "nrfg", "ns", "nt", "nz"))
_LOOSE = frozenset(("nr", "nrt", "nrfg", "nz"))  # 采取措施 and 李旭大及 are tagged so, too
_NOUNS = frozenset(("n", "vn", "j", "ng", "s"))
_FUNCTION = "则据由与和及在对将说称等已任为是的使让把被从向同照按受之内中来自每该其有作举到"
_TAIWAN = (("智慧", "智能"), ("高阶", "高级"))  # what `fold` leaves alone, for the mainland says both
_ADMINISTRATIVE = "省市县区州"
_NATION = "中国"  # a Chinese newspaper leaves it out before a ministry
_BODIES = re.compile(
    r"(?:大学|学院|医院|公司|集团|银行|研究院|研究所|实验室|协会|法院|委员会|交易所|博物馆|图书馆|报|日报|晚报|社)\Z"
)
_LIKE_ALL, _LIKE_HALF, _LIKE_SOME, _LIKE_NONE = 0.72, 0.5, 0.45, 0.25
_HALF, _SHORT, _FOUR = 0.5, 3, 4
_RARE, _VERY_RARE = (
    11.0,
    16.0,
)  # summed lengths of token vectors, as the shipped embedder learned them: 问题 has 6, 商汤 11, 丁光宏 27
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖"
    "贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_SPEAKER = re.compile(
    rf"(?:\A|[，。；：、“”\s]|[长任授士席裁理者师])([{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?)"
    r"(?=(?:还|也|又)?(?:说|表示|指出|认为|介绍|透露|坦言|预计|判断|解释|建议|强调|称))"
)
_OUTLET = re.compile(
    r"据(?!该|本|多家|当地|有关|外)[《“]?([\u4e00-\u9fffa-z]{2,12}?(?:报|网|社|新闻|电视台|客户端|杂志))[》”]?"
    r"(?=\d|\s|报道|消息|刊|介绍|披露)"
)
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-.+][A-Za-z0-9]+)*|\d+[A-Z][A-Za-z0-9]*")
_NUMBERED = re.compile(r"[A-Z]\w*-?\d")
_CHINESE_NAME = re.compile(r"[\u3400-\u9fff]{2,}")
_CAPITAL = re.compile(r"(?<![.!?]\s)(?<!\A)\b[A-Z][a-z]+(?:\s[A-Z][a-z]+)*")
# What Latin letters stand for in articles that say it in Chinese.
_SAID_AS = {
    "ai": ("人工智能",), "rmb": ("元",), "cny": ("元",), "usd": ("美元",), "us": ("美",), "gdp": ("生产总值",),
    "llm": ("大模型",), "llms": ("大模型",), "ceo": ("首席执行官", "总裁"), "app": ("应用", "客户端"),
    "aigc": ("生成式",), "agi": ("通用人工智能",), "cpi": ("居民消费价格",), "ppi": ("出厂价格",), "un": ("联合国",),
    "who": ("世卫", "世界卫生组织"), "eu": ("欧盟",), "it": ("信息技术",), "uk": ("英国",), "usa": ("美国",),
    "nvidia": ("英伟达",), "waic": ("世界人工智能大会",),
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LAST_LATIN = "\u3400"
_SPELLED = 4  # letters at least: "Han" may be an English word


@dataclass(frozen=True, slots=True)
class Lookup:
    """What names are looked for in: folded text, and its distinct tokens."""

    folded: str
    tokens: Ids

    @property
    def is_chinese(self) -> bool:
        return is_chinese(self.folded)


def names_lacking(sentence: str, ground: Lookup, tokens: StaticEmbedder) -> Iterator[str]:
    """The names of a sentence that the ground does not carry, as the sentence writes them where it can be told."""
    if is_chinese(sentence):
        if ground.is_chinese:
            yield from _chinese(fold(sentence), ground, tokens)
        yield from (n for n in _latin(sentence) if not _says(ground.folded, n))
    elif ground.is_chinese:
        yield from _foreign(sentence, ground, tokens)
    else:
        yield from (n for n in _proper(sentence) if not _says(ground.folded, n))


def _latin(sentence: str) -> list[str]:
    return [m.group() for m in _LATIN.finditer(sentence) if len(m.group()) > 1]


def _proper(sentence: str) -> list[str]:
    """The capitalised words of an English sentence but its first."""
    return [w for m in _CAPITAL.finditer(sentence) for w in m.group().split() if len(w) > 2]


def _says(folded: str, name: str) -> bool:
    """Whether a folded text says a Latin name, or what it stands for in Chinese."""
    low = fold(name)
    return holds(folded, low) or any(word in folded for word in _SAID_AS.get(low, ()))


def _foreign(sentence: str, ground: Lookup, tokens: StaticEmbedder) -> Iterator[str]:
    """What an English sentence over Chinese evidence names: figures in names, places, and what is spelled in pinyin.

    Other names (SenseTime for 商汤) have no form that could be looked up.
    """
    yield from (n for n in _latin(sentence) if _NUMBERED.search(n) and not _says(ground.folded, n))
    yield from (n for n in _CHINESE_NAME.findall(sentence) if fold(n) not in ground.folded)
    known = [p for p in places(fold(sentence)) if p.shown != _NATION]
    yield from (p.forms[1].title() for p in known if len(p.forms) > 1 and not carries(ground.folded, p))
    english = {form for p in known for form in p.forms}
    for run in _CAPITAL.findall(sentence):
        words = [w for w in run.split() if w.lower() not in english and w[:3].lower() not in _MONTHS]
        if len(words) > 1 and all(can_be_pinyin(w.lower()) for w in words) and not _is_spelled(words, ground, tokens):
            yield " ".join(words)


def _is_spelled(words: Sequence[str], ground: Lookup, tokens: StaticEmbedder) -> bool:
    """Whether the ground has what some words spell in pinyin, in either order of a person's names; or is like it."""
    ways = {"".join(words).lower(), "".join(reversed(words)).lower()}
    if any(len(way) < _SPELLED or _spells(way, ground.folded) for way in ways):
        return True
    return _like(" ".join(words).lower(), ground, tokens) >= _LIKE_SOME


def _spells(pinyin: str, folded: str) -> bool:
    """Whether the readings of some characters in a row spell a word."""
    return any(_goes_on(pinyin, folded, place) for place, char in enumerate(folded) if char > _LAST_LATIN)


def _goes_on(pinyin: str, folded: str, place: int) -> bool:
    if not pinyin:
        return True
    if place >= len(folded):
        return False
    return any(
        pinyin.startswith(reading) and _goes_on(pinyin[len(reading) :], folded, place + 1)
        for reading in readings(folded[place])
    )


def _chinese(folded: str, ground: Lookup, tokens: StaticEmbedder) -> Iterator[str]:
    """Names by their kind of word; then bodies of two words (东方 + 医院), and rare nouns like nothing there."""
    told = (*_SPEAKER.findall(folded), *_OUTLET.findall(folded))
    yield from (name for name in told if name not in ground.folded)
    before = ""  # the word before, where the ground does not have it
    for word, kind in _tagged(folded):
        if not _CHINESE_NAME.search(word) or word in ground.folded:
            before = ""
            continue
        if kind in _NAMES and len(word) > 1 and not _is_common(word):
            if not _is_carried(word, kind, ground, tokens):
                yield word
        elif before and len(before) > 1 and _BODIES.fullmatch(word) and _like(before, ground, tokens) < _LIKE_SOME:
            yield before + word
        elif len(word) > 1 and not _is_common(word) and _is_strange(word, kind, ground, tokens):
            yield word
        before = word


@lru_cache(8192)
def _is_common(word: str) -> bool:
    """Whether a word that jieba takes for a name is none: 顾客, and 高度评价, of which neither half is one."""
    if word in _no_names():
        return True
    halves = (word[:2], word[2:])
    return len(word) == _FOUR and all(
        _jieba().has_word(half) and (_tagged(half)[0][1] not in _NAMES or half in _no_names()) for half in halves
    )


@cache
def _no_names() -> frozenset[str]:
    return frozenset(files("rag").joinpath("no_names.txt").read_text(encoding="utf-8").split())


def _is_carried(word: str, kind: str, ground: Lookup, tokens: StaticEmbedder) -> bool:
    """Whether a name that does not stand there literally is there in parts, or is no name but a word like others."""
    if _covers(word, ground.folded):
        return True
    said = sum(char in ground.folded for char in word) / len(word)
    like = _like(word, ground, tokens)
    return said == 1 and like >= (_LIKE_SOME if kind in _LOOSE else _LIKE_ALL)


@lru_cache(8192)
def _stripped(word: str) -> str:
    """A name without what jieba's model takes for its first or last character, and without 省, 市, 县, 区 or 州."""
    core = word.lstrip(_FUNCTION).rstrip(_FUNCTION)
    if len(core) > 2 and core[-1] in _ADMINISTRATIVE:
        core = core[:-1]
    return core or word


def _covers(word: str, folded: str) -> bool:
    """Whether pieces of two characters or more, all of them there, make up a name: 联合国 + 安理会."""
    core = _stripped(word)
    if core.startswith(_NATION) and len(core) > len(_NATION) + 1:
        core = core[len(_NATION) :]
    if core in folded or any(core.replace(there, here) in folded for there, here in _TAIWAN):
        return True
    return any(core[:cut] in folded and _covers(core[cut:], folded) for cut in range(2, len(core) - 1))


def _is_strange(word: str, kind: str, ground: Lookup, tokens: StaticEmbedder) -> bool:
    """Whether a noun is rare and like nothing there: a firm or product that no dictionary knows."""
    if kind not in _NOUNS | _NAMES or _covers(word, ground.folded):
        return False
    said = sum(char in ground.folded for char in word) / len(word)
    if said > _HALF:
        return False
    like = _like(word, ground, tokens)
    if len(word) > _SHORT and _BODIES.search(word):
        return like < _LIKE_SOME
    rare = float(tokens.vectors(tokens.token_ids([word])[0])[1].sum())
    return rare >= _RARE and like < (_LIKE_NONE if rare < _VERY_RARE or said == 0 else _LIKE_HALF)


def _like(word: str, ground: Lookup, tokens: StaticEmbedder) -> float:
    """How like the tokens of a word are to the likest ones there, in [0, 1]."""
    unit, weights = tokens.vectors(tokens.token_ids([word])[0])
    there, _ = tokens.vectors(ground.tokens)
    if not len(there) or not len(unit):
        return 0.0
    return float(weights @ np.clip(unit @ there.T, 0, 1).max(axis=1) / max(float(weights.sum()), 1e-9))


@lru_cache(4096)
def _tagged(folded: str) -> tuple[tuple[str, str], ...]:
    return tuple(_jieba().tag(folded))


@cache
def _jieba() -> Any:  # noqa: ANN401  (rjieba has no stubs)
    import rjieba

    return rjieba
