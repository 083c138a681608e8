"""What kind of answer a question asks for, and whether a sentence can give it."""

import re
from dataclasses import dataclass

# Measure words that count the same sort of thing. A question "多少家" is answered by a number of 家 or 户, not of 亿元.
_MEASURES = (
    frozenset("人位名"),
    frozenset("家户个所"),
    frozenset("款个项种"),
    frozenset("年届"),
    frozenset("次回"),
    frozenset("天日"),
    frozenset("元"),
    frozenset(("平方米", "平", "㎡")),
)
_NUMBER = r"(?:\d[\d,.]*|[一二三四五六七八九十百千两]+)"
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_ENGLISH_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|half)\b"
)
# Any number that is not a year or part of a date; a lone 一 is more often a word than a number.
_ANY_NUMBER = re.compile(
    r"(?<![\d.,])(?!(?:19|20)\d\d(?![\d.,]))\d[\d,.]*(?![\d,.年月日号届])|[二三四五六七八九十百千两][个家款位名人项种倍成万亿千百]|分之|一半|百分"
)
_DATE = re.compile(r"\d{4}年|\d{1,2}月|[今去前明昨]年|[今昨]天|年[初底末中]|\b(?:19|20)\d\d\b")


@dataclass(frozen=True, slots=True)
class AskedFor:
    """The kinds of answer asked for. `money` and `measure` narrow a number down; a `comparison` has several sides."""

    number: bool
    date: bool
    person: bool
    listing: bool
    definition: bool
    money: bool
    measure: str | None
    term: str | None
    comparison: bool

    @property
    def quantity(self) -> str:
        """The sort of number asked for, as it may be said to the user."""
        return "多少元" if self.money else f"多少{self.measure}" if self.measure else "多少"


_NUMBER_ASKED = re.compile(
    r"多少|几(?!乎)|多大|多高|多长|多远|多久|多重|规模|比例|占比"
    r"|how (?:many|much|large|big|long|far|high)|what (?:share|percentage|number|size)"
)
_DATE_ASKED = re.compile(
    r"什么时候|何时|哪一?年|哪一?天|哪个?月|几月|几号|哪一?日|时间|\bwhen\b|what (?:date|year|day)|which year"
)
_PERSON_ASKED = re.compile(r"谁|哪位|哪些人|什么人|\bwho\b|\bwhom\b")
_LIST_ASKED = re.compile(
    r"哪些|哪几|哪[两三四五六七八九十]|分别|包括|依次|列出|各(?:是|为|有|提)|几个方面"
    r"|which (?:\w+ )?(?:\w+s)\b|\bname the\b|\blist\b|what are"
)
_DEFINITION_ASKED = re.compile(
    r"是什么意思|什么是|是指|指什么|简称|怎么解释|何谓|是个?什么|what is|what does|stand for|meaning"
)
# "X是什么的简称", "什么是X": the term that is to be defined.
_TERM_ASKED = re.compile(
    r"(?:什么是|何谓|怎么解释|what (?:is|are|does) (?:an? |the )?)"
    r"[“\"「《]?([^，,。?？”\"」》]{2,20}?)[”\"」》]?(?:$|[?？]| mean| stand)"
    r"|^[“\"「《]?([^，,。?？]{2,20}?)[”\"」》]?"
    r"(?:指?的?是什么|是个什么|指什么|是指|(?:的)?全称|讲的是|的?意思)"
)
_DEFINES = re.compile(r"[(（][^()（）]{2,30}[)）]|是|指|即|称|意为|定位")
_MONEY_ASKED = re.compile(r"多少(?:亿|万)?元|多少钱|多少(?:亿|万)(?:人民币|资金)|注册资本")
_MEASURE_ASKED = re.compile(r"多少(?:万|亿)?([人位名家户个所款项种年届次天])|(?<![哪好])几([人位名家户所款年届次天])")

_COMPARISON_ASKED = re.compile(
    r"两篇|对比|比较|相比|各自|各[是提指怎]|先后|前后|分别[指怎]|当天|同一[天日月年个]|[更最][早晚先]|在先|在前"
    r"|compare|respectively|differ|both|earlier|same (?:day|month|year)"
)


def asked_for(folded: str) -> AskedFor:
    """What a folded question asks for."""
    measure = _MEASURE_ASKED.search(folded)
    term = _TERM_ASKED.search(folded)
    return AskedFor(
        number=bool(_NUMBER_ASKED.search(folded)),
        date=bool(_DATE_ASKED.search(folded)),
        person=bool(_PERSON_ASKED.search(folded)),
        listing=bool(_LIST_ASKED.search(folded)),
        definition=bool(_DEFINITION_ASKED.search(folded)),
        money=bool(_MONEY_ASKED.search(folded)),
        measure=(measure.group(1) or measure.group(2)) if measure else None,
        term=next((t for t in term.groups() if t), None) if term else None,
        comparison=bool(_COMPARISON_ASKED.search(folded)),
    )


def can_give(asked: AskedFor, sentence: str) -> float:
    """The share, in [0, 1], of the kinds asked for that a folded sentence can give; 1 where no kind was recognised."""
    checks = []
    if asked.number:
        checks.append(gives_number(asked, sentence))
    if asked.date:
        checks.append(bool(_DATE.search(sentence)))
    if asked.listing:
        checks.append(sentence.count("、") + sentence.count("；") + sentence.count(";") >= 1)
    if asked.definition:
        checks.append(_defines(asked.term, sentence))
    return sum(checks) / len(checks) if checks else 1.0


def _defines(term: str | None, sentence: str) -> bool:
    """Whether a sentence explains the term: in brackets beside it, or by saying what it is."""
    if term is None:
        return bool(_DEFINES.search(sentence))
    named = re.escape(term)
    return bool(
        re.search(
            rf"{named}[”\"」》]?(?:[(（]|[，,]?(?:就?是|指|即|讲的))|[(（](?:即|简称)?{named}|[称叫作为][“\"「]?{named}",
            sentence,
        )
    )


def gives_number(asked: AskedFor, sentence: str) -> bool:
    """Whether a folded sentence holds a number of the sort asked for; without Chinese in it, any number."""
    if not _CHINESE.search(sentence):
        return bool(_ENGLISH_NUMBER.search(sentence))
    if asked.money:
        return bool(re.search(rf"{_NUMBER}[多余]?[万亿千百]*[美欧日港]?元", sentence))
    if asked.measure:
        same = "".join(c for group in _MEASURES if asked.measure in group for c in group) or asked.measure
        return bool(re.search(rf"{_NUMBER}[多余]?[万亿千百]*[多余]?[{re.escape(same)}]", sentence))
    return bool(_ANY_NUMBER.search(sentence))
