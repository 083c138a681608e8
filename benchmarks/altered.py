"""Real sentences altered by rule: in ways that make them wrong, and in ways that leave them right.

Every rule draws from a generator seeded with the sentence. A rule that does not fit a sentence gives None.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from random import Random

from opencc import OpenCC

from index.dates import find_dates
from index.numbers import NumberMention, find_numbers
from rag.types import Hit

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年)")
_MONTH = re.compile(r"(?<!\d)(1[0-2]|[1-9])(?=月)")
_DAY = re.compile(r"(?<=月)(3[01]|[12]\d|[1-9])(?=日)")
_RELATIVE = re.compile(r"[今去前明]年(?:\d{1,2}月(?:\d{1,2}日)?)?")
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_CLAUSE = re.compile(r"[，,](?!\d)|[；;]")
_SAYS = re.compile(
    r"(?<![\u4e00-\u9fff])([王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾汪钱丁金钟江][\u4e00-\u9fff]{1,2})(?=说|表示|指出|认为|介绍|透露|坦言|预计|判断|解释|建议)"
)
_UNITS = {
    "亿元": ("万元", "亿美元", "家"), "万元": ("亿元", "万人"), "元": ("人", "美元"), "%": ("个百分点", "倍", "家"),
    "亿": ("万",), "万": ("亿",), "家": ("亿元", "人"), "人": ("家", "元"), "款": ("家", "亿元"), "个": ("亿元", "%"),
    "名": ("家", "亿元"), "年": ("个月",), "倍": ("%",), "张": ("亿元", "人"), "米": ("公里",), "公里": ("米",),
    "天": ("年",), "平方米": ("平方公里",), "人次": ("万元",), "项": ("万人", "%"), "岁": ("个月",), "次": ("年",),
    "吨": ("公斤",),
}  # fmt: skip
_PART_OF_MORE = re.compile(r"[-~—至到+“‘\"、第比胜平负][ ]?\Z")
_QUOTED = re.compile(r"“[^”]*”|「[^」]*」|《[^》]*》")
_converter = cache(OpenCC)
_DIGIT = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the passage that holds it, all passages of its article, and some of other articles."""

    text: str
    hit: Hit
    near: Sequence[Hit]
    far: Sequence[Hit]
    names: Sequence[Sequence[str]]  # of other articles, by kind; of each kind, those of this article are known too
    follows: str | None = None  # the sentence before it in the passage

    @property
    def random(self) -> Random:
        return Random(self.text)


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence and the hits that it is said to rest on."""

    text: str
    evidence: tuple[Hit, ...]


Rule = Callable[[Sentence], Case | None]


def _on(sentence: Sentence, text: str | None) -> Case | None:
    return Case(text, (sentence.hit,)) if text and text != sentence.text else None


def _quantities(text: str) -> list[NumberMention]:
    """The numbers in figures that belong to no date."""
    dates = find_dates(text, "2024-05-06")
    return [
        m
        for m in find_numbers(text)
        if _DIGITS.match(m.text) and m.value > 1 and not any(d.start < m.end and m.start < d.end for d in dates)
    ]


def _values(hit: Hit) -> set[float]:
    return {m.value for m in find_numbers(f"{hit.article.title}\n{hit.passage.text}")}


def number_changed(s: Sentence) -> Case | None:
    """One number becomes another that its passage does not hold: a digit more, a digit less, or a quarter more."""
    if not (found := _quantities(s.text)):
        return None
    one = s.random.choice(found)
    old = _DIGITS.match(one.text).group()
    value = Decimal(old.replace(",", ""))
    there = _values(s.hit)
    ways = [value + 1, value * 10, value - 1 if value > 3 else value + 2, value + value // 4 + 3]
    s.random.shuffle(ways)
    for way in ways:
        if float(way) * one.value / float(value) not in there and float(way) not in there:
            return _on(s, s.text[: one.start] + f"{way:f}" + s.text[one.start + len(old) :])
    return None


def number_exchanged(s: Sentence) -> Case | None:
    """One number becomes another of its passage that counts in the same unit and does not stand in the sentence."""
    own = _quantities(s.text)
    others = [m for m in _quantities(s.hit.passage.text) if m.value not in {o.value for o in own}]
    pairs = [(a, b) for a in own for b in others if a.unit == b.unit and _DIGITS.match(b.text)]
    if not pairs:
        return None
    a, b = s.random.choice(pairs)
    return _on(s, s.text[: a.start] + b.text + s.text[a.end :])


def unit_changed(s: Sentence) -> Case | None:
    """A number keeps its figures and gets another unit, or another of 万 and 亿."""
    found = [
        m
        for m in _quantities(s.text)
        if not m.ordinal and _unit(m.text) in _UNITS and s.text[m.end : m.end + 1] != "代"
    ]
    if not found:
        return None
    one = s.random.choice(found)
    unit = _unit(one.text)
    return _on(s, s.text[: one.end - len(unit)] + s.random.choice(_UNITS[unit]) + s.text[one.end :])


def _unit(text: str) -> str:
    return re.sub(r"^[\d.,]+[多余]?", "", text)


def date_shifted(s: Sentence) -> Case | None:
    """A year, month or day becomes another one that stands nowhere in the passage or its article's date."""
    found = [m for pattern in (_YEAR, _MONTH, _DAY) for m in pattern.finditer(s.text)]
    if not found:
        return None
    one = s.random.choice(found)
    span = 9 if len(one.group()) == 4 else 11 if s.text[one.end()] == "月" else 27
    known = " ".join((s.hit.passage.text, s.hit.article.title, s.hit.article.published or ""))
    there = {int(n) for n in re.findall(r"\d+", known)}
    ways = [int(one.group()) + step for step in (1, -1, 2, -2, 3)]
    fits = [w for w in ways if w not in there and (w > 1900 or 0 < w <= span + 1)]
    return _on(s, s.text[: one.start()] + str(fits[0]) + s.text[one.end() :]) if fits else None


def date_exchanged(s: Sentence) -> Case | None:
    """A year becomes another year of its passage."""
    own = [m for m in _YEAR.finditer(s.text)]
    others = [m.group() for m in _YEAR.finditer(s.hit.passage.text) if m.group() not in s.text]
    if not own or not others:
        return None
    one = s.random.choice(own)
    return _on(s, s.text[: one.start()] + s.random.choice(others) + s.text[one.end() :])


def name_swapped(s: Sentence) -> Case | None:
    """A name becomes another of its kind, of another article."""
    known = f"{s.hit.article.title}\n{s.hit.article.publisher}\n{s.hit.passage.text}"
    for kind in s.random.sample(list(s.names), len(s.names)):
        own = [
            name for name in kind if name in s.text and not any(name in n and n in s.text and n != name for n in kind)
        ]
        others = [name for name in kind if name not in known and not any(name in o or o in name for o in own)]
        if own and others:
            return _on(s, s.text.replace(s.random.choice(own), s.random.choice(others)))
    return None


def names_said(text: str) -> list[str]:
    """The people whom a text names before what they say."""
    return list(dict.fromkeys(_SAYS.findall(text)))


def moved_far(s: Sentence) -> Case | None:
    """The sentence cites a passage of another article."""
    return Case(s.text, (s.random.choice(s.far),)) if s.far else None


def moved_near(s: Sentence) -> Case | None:
    """The sentence cites another passage of its own article, which holds less than a third of its runs of three."""
    others = [h for h in s.near if h.passage.id != s.hit.passage.id and _overlap(s.text, h.passage.text) < 1 / 3]
    return Case(s.text, (s.random.choice(others),)) if others else None


def _overlap(text: str, other: str) -> float:
    runs = {text[i : i + 3] for i in range(len(text) - 2)}
    return sum(run in other for run in runs) / max(len(runs), 1)


def negated(s: Sentence) -> Case | None:
    """The first plain verb of some is negated."""
    changed = re.sub(
        r"(?<![没不未])(增长|增加|达到|通过|入驻|发布|成立|举行|建立|推出|开源|支持|同意|超过)",
        r"没有\1",
        s.text,
        count=1,
    )
    return _on(s, changed)


def quoted(s: Sentence) -> Case | None:
    return Case(s.text, (s.hit,))


def numerals_rewritten(s: Sentence) -> Case | None:
    """25万 becomes 250,000 or 二十五万, 10% becomes 百分之十."""
    found = [
        m for m in _quantities(s.text) if m.value == int(m.value) and _DIGITS.fullmatch(_DIGITS.match(m.text).group())
    ]
    found = [m for m in found if _may_be_spelled(m, s.text)]
    if not found:
        return None
    one = s.random.choice(found)
    figures = re.match(r"[\d,]+[十百千万亿萬億]*", one.text).group()
    rest = one.text[len(figures) :]
    value = int(one.value)
    if one.unit == "%":
        return _on(s, s.text[: one.start] + f"百分之{spelled(value)}" + s.text[one.end :])
    new = f"{value:,}" if value >= 1000 and s.random.random() < 0.6 else spelled(value)
    return _on(s, s.text[: one.start] + new + rest + s.text[one.end :])


def _may_be_spelled(number: NumberMention, text: str) -> bool:
    """Whether a number counts something, and is no score, list item, or part of a title or quotation."""
    inside = any(q.start() < number.start < q.end() for q in _QUOTED.finditer(text))
    plain = bool(number.unit) and not re.search("[.多余餘]", number.text)
    return plain and not inside and not _PART_OF_MORE.search(text[: number.start])


def spelled(value: int) -> str:
    """A number in Chinese numerals."""
    for size, sign in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if value >= size:
            high, low = divmod(value, size)
            gap = "零" if low and low < size // 10 else ""
            head = "" if sign == "十" and high == 1 else spelled(high)
            return head + sign + (gap + spelled(low) if low else "")
    return _DIGIT[value]


def date_resolved(s: Sentence) -> Case | None:
    """去年9月 becomes 2023年9月; brackets that said so already are left."""
    for mention in find_dates(s.text, s.hit.article.published):
        if any(q.start() < mention.start < q.end() for q in _QUOTED.finditer(s.text)):
            continue
        if _RELATIVE.fullmatch(mention.text) and mention.iso and s.text[mention.end : mention.end + 1] not in "（(":
            year, *rest = mention.iso.split("-")
            new = f"{year}年" + "".join(f"{int(n)}{sign}" for n, sign in zip(rest, "月日", strict=False))
            return _on(s, s.text[: mention.start] + new + s.text[mention.end :])
    return None


def clause_cut(s: Sentence) -> Case | None:
    """Without one of its clauses, the first and the last excepted."""
    clauses = _CLAUSE.split(s.text)
    if len(clauses) < 3 or any(re.search("[“”「」《》()（）]", c) for c in clauses):
        return None
    del clauses[s.random.randrange(1, len(clauses) - 1)]
    return _on(s, "，".join(clauses))


def traditional(s: Sentence) -> Case | None:
    """In the Traditional script, every other time with the words of Taiwan."""
    return _on(s, _converter("s2twp" if s.random.random() < 0.5 else "s2t").convert(s.text))


def framed(s: Sentence) -> Case | None:
    """With the publisher and the date before it."""
    article = s.hit.article
    parts = [int(n) for n in (article.published or "").split("-") if n]
    when = "".join(f"{n}{sign}" for n, sign in zip(parts, "年月日", strict=False))
    return _on(s, f"据{article.publisher}{when}报道，{s.text}") if article.publisher else None


def joined(s: Sentence) -> Case | None:
    """Together with the sentence before it."""
    return _on(s, f"{s.follows.rstrip('。')}；{s.text}") if s.follows and len(s.follows) < 80 else None


WRONG: dict[str, Rule] = {
    "number changed": number_changed,
    "unit changed": unit_changed,
    "date shifted": date_shifted,
    "name swapped": name_swapped,
    "moved to another article": moved_far,
    "moved within the article": moved_near,
}
HARDER: dict[str, Rule] = {
    "number exchanged with another of the passage": number_exchanged,
    "year exchanged with another of the passage": date_exchanged,
    "negated": negated,
}
RIGHT: dict[str, Rule] = {
    "as quoted": quoted,
    "numerals rewritten": numerals_rewritten,
    "date resolved": date_resolved,
    "clause cut": clause_cut,
    "traditional": traditional,
    "framed": framed,
    "joined": joined,
}
