"""What kind of answer a question asks for, and whether a sentence can give it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from index.numbers import NumberMention, find_numbers
from index.numbers.units import agree
from index.tokens import tagged

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_ENGLISH_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|half)\b"
)
_PARTS_OF_DATES = frozenset("年月日号届点时")
_SPANS = frozenset(("年", "个月", "月", "周", "星期", "天", "日", "小时", "分钟", "秒", "岁"))
_OF_TIME = re.compile(r"[多余来几]?(?:时间|个?(?:小时|钟头|月|星期|季度)|分钟|年|天|周|日)")
_YEAR = re.compile(r"(?:19|20)\d\d\D?")  # with the letter behind it, which is no measure word
_IN_ORDER = frozenset("届次年")  # the seventh one tells how many there were
_TIMES = re.compile(r"[数几]倍|翻[一两二三四五]?[番倍]")
_COUNTED = re.compile(r"\d+[个家名款项位人种]")
_DATE = re.compile(
    r"\d{4}年|\d{1,2}月|[今去前明昨]年|[今昨]天|年[初底末中]|\b(?:1[0-9]|20)\d\d\b|世纪|\d年|时期|年间|期间"
)


@dataclass(frozen=True, slots=True)
class AskedFor:
    """The kinds of answer asked for. `money` and `measure` narrow a number down; a `comparison` has several sides.

    `term` is what is to be defined, `quoted` what the question puts in quotation marks. `text` is the question.
    """

    number: bool
    duration: bool
    date: bool
    person: bool
    place: bool
    organisation: bool
    reason: bool
    listing: bool
    definition: bool
    money: bool
    measure: str | None
    term: str | None
    comparison: bool
    quoted: tuple[str, ...] = ()
    text: str = field(default="", repr=False)

    @property
    def quantity(self) -> str:
        """The sort of number asked for, as it may be said to the user."""
        return "多少元" if self.money else f"多少{self.measure}" if self.measure else "多少"


_NUMBER_ASKED = re.compile(
    r"多少|几(?!乎|何)|多大|多高|多长|多远|多久|多重|多宽|多深|规模|比例|占比|百分之几|什么(?:级别|量级|水平|程度|规模)"
    r"|how (?:many|much|large|big|long|far|high|tall|fast|old|wide|deep)"
    r"|what (?:share|percentage|number|size|proportion)"
)
_DURATION_ASKED = re.compile(
    r"多久|多长时间|多少(?:年|天|个?月|小时|分钟|周)|几(?:年|天|个月|小时|分钟|周)(?!前|后)|how long"
)
_DATE_ASKED = re.compile(
    r"什么时[候间]|何时|何年|哪一?年|哪一?天|哪个?月|几月|几号|哪一?日|哪个?(?:时期|朝代|世纪|年代)|时间|日期|\bwhen\b"
    r"|what (?:date|year|day|month|time)|which (?:year|date|day|month)|on what"
)
_PERSON_ASKED = re.compile(r"谁|哪[一]?位|哪[一些]?个?人|什么人|何人|\bwho\b|\bwhom\b|\bwhose\b")
_PLACE_ASKED = re.compile(
    r"哪里|哪儿|何处|何地|在哪(?:[?？。]|$)|什么地[方区]|哪[一个座]*(?:城市|国家?|省份?|地区?|区|县|镇|市|洲|岛)"
    r"|\bwhere\b|which (?:city|country)"
)
_ORGANISATION_ASKED = re.compile(
    r"[哪什][一么]?[个家所支些间]*(?:公司|单位|机构|组织|部门|企业|学校|大学|学院|院校|医院|银行|球队|队|媒体|报[纸社]?|协会|部)|哪[一几]?[家所支](?!人)"
    r"|(?:which|what) (?:company|organi[sz]ation|university|team|agency|firm|bank)"
)
_REASON_ASKED = re.compile(r"为什么|为何|原因|缘何|因何|何以|怎么会|为了什么|\bwhy\b|what caused|reason")
_LIST_ASKED = re.compile(
    r"哪些|哪几|哪[两三四五六七八九十]|分别|包括|依次|列出|各(?:是|为|有|提)|几个方面"
    r"|which (?:\w+ )?(?:\w+s)\b|\bname the\b|\blist\b|what are"
)
_DEFINITION_ASKED = re.compile(
    r"是什么意思|什么是|是指|指什么|简称|怎么解释|何谓|是个?什么|什么性质|what is|what does|stand for|meaning"
)
# "X是什么的简称", "什么是X": the term that is to be defined.
_TERM_ASKED = re.compile(
    r"(?:什么是|何谓|怎么解释|what (?:is|are|does) (?:an? |the )?)"
    r"[“\"「《]?([^，,。?？”\"」》]{2,20}?)[”\"」》]?(?:$|[?？]| mean| stand)"
    r"|^[“\"「《]?([^，,。?？]{2,20}?)[”\"」》]?"
    r"(?:指?的?是什么|是个什么|指什么|是指|(?:的)?全称|讲的是|的?意思)"
)
_DEFINES = re.compile(r"[(（][^()（）]{2,30}[)）]|是|指|即|称|意为|定位")
_GIVES_REASON = re.compile(
    r"因|由于|为了|导致|以[便致]|所以|致使|造成|鉴于|缘于|源于|目的|旨在|意在|用意|作用|用[于来以]|从而|使得|由此|出于"
    r"|because|due to|so that|in order"
)
_PLACE = re.compile(r"位于|坐落|地处|境内|[省市县区镇乡村州国岛路街洲府郡港湾]|\b(?:in|at|near) [A-Z]")
_MONEY_ASKED = re.compile(r"多少(?:亿|万)?元|多少钱|多少(?:亿|万)(?:人民币|资金)|注册资本")
_MEASURE_ASKED = re.compile(
    r"多少(?:万|亿)?(人次|[人位名家户个所款项种年届次天倍])|(?<![哪好])几([人位名家户所款年届次天倍])"
)
_QUOTED = re.compile(r"[“「『\"]([^“”「」『』\"]{2,20})[”」』\"]")
_COMPARISON_ASKED = re.compile(
    r"两篇|对比|比较|相比|各自|各[是提指怎]|先后|前后|分别[指怎]|当天|同一[天日月年个]|[更最][早晚先]|在先|在前"
    r"|compare|respectively|differ|both|earlier|same (?:day|month|year)"
)


# "2022年全国棉花产量": a question that is no more than the name of what is sought.
_NAMES_NUMBER = re.compile(
    r"(?:数量?|人[数次]|[产销量]量|交付量|出口量|总量|营收|收入|票房|增[速长]|[率占]|比例|规模|人口|面积|价格|售价|席位|震级|gdp|金额)[?？。]*$"
)
_NAMES_PERSON = re.compile(
    r"(?:导演|主演|主角|演员|冠军|亚军|得主|创始人|教练|主席|[部市校馆院队会]长|负责人|作者|发言人|旗手|议长|主任|秘书长|总经理)[?？。]*$"
)
_NAMES_PLACE = re.compile(r"(?:地点|举[办行]地|所在地|地址)[?？。]*$|在哪(?=举|召|开)")


def asked_for(folded: str) -> AskedFor:
    """What a folded question asks for."""
    measure = _MEASURE_ASKED.search(folded)
    term = _TERM_ASKED.search(folded)
    return AskedFor(
        number=bool(_NUMBER_ASKED.search(folded) or _NAMES_NUMBER.search(folded)),
        duration=bool(_DURATION_ASKED.search(folded)),
        date=bool(_DATE_ASKED.search(folded)),
        person=bool(_PERSON_ASKED.search(folded) or _NAMES_PERSON.search(folded)),
        place=bool(_PLACE_ASKED.search(folded) or _NAMES_PLACE.search(folded)),
        organisation=bool(_ORGANISATION_ASKED.search(folded)),
        reason=bool(_REASON_ASKED.search(folded)),
        listing=bool(_LIST_ASKED.search(folded)),
        definition=bool(_DEFINITION_ASKED.search(folded)),
        money=bool(_MONEY_ASKED.search(folded)),
        measure=(measure.group(1) or measure.group(2)) if measure else None,
        term=next((t for t in term.groups() if t), None) if term else None,
        comparison=bool(_COMPARISON_ASKED.search(folded)),
        quoted=tuple(dict.fromkeys(_QUOTED.findall(folded))),
        text=folded,
    )


def can_give(asked: AskedFor, sentence: str) -> float:
    """The share, in [0, 1], of the kinds asked for that a folded sentence can give; 1 where no kind was recognised."""
    checks = [check(asked, sentence) for kind, check in _CHECKS.items() if getattr(asked, kind)]
    return sum(checks) / len(checks) if checks else 1.0


def gives(kind: str, asked: AskedFor, sentence: str) -> bool:
    """Whether a folded sentence can give an answer of this kind, one of `AskedFor`'s."""
    return _CHECKS[kind](asked, sentence)


def _dates(asked: AskedFor, sentence: str) -> bool:
    return bool(_DATE.search(sentence))


def _lists(asked: AskedFor, sentence: str) -> bool:
    return any(mark in sentence for mark in "、；;") or len(_COUNTED.findall(sentence)) > 1


def _defines(asked: AskedFor, sentence: str) -> bool:
    """Whether a sentence explains the term: in brackets beside it, or by saying what it is."""
    if asked.term is None:
        return bool(_DEFINES.search(sentence))
    named = re.escape(asked.term)
    return bool(
        re.search(
            rf"{named}[”\"」》]?(?:[(（]|[，,]?(?:就?是|指|即|讲的))|[(（](?:即|简称)?{named}|[称叫作为][“\"「]?{named}",
            sentence,
        )
    )


def _names_person(asked: AskedFor, sentence: str) -> bool:
    return any(tag.startswith("nr") and len(word) > 1 for word, tag in _new(asked, sentence)) or "·" in sentence


def _names_organisation(asked: AskedFor, sentence: str) -> bool:
    return any(tag in ("nt", "nz", "eng", "nr", "ns") for _, tag in _new(asked, sentence))


def _names_place(asked: AskedFor, sentence: str) -> bool:
    return any(tag.startswith("ns") for _, tag in _new(asked, sentence)) or bool(_PLACE.search(sentence))


def _gives_reason(asked: AskedFor, sentence: str) -> bool:
    return bool(_GIVES_REASON.search(sentence))


def _new(asked: AskedFor, sentence: str) -> Iterator[tuple[str, str]]:
    """The words of a sentence that the question does not hold, with their parts of speech."""
    return ((word, tag) for word, tag in tagged(sentence) if word not in asked.text)


def gives_number(asked: AskedFor, sentence: str) -> bool:
    """Whether a folded sentence holds a number of the sort asked for; without Chinese in it, any number."""
    if not _CHINESE.search(sentence):
        return bool(_ENGLISH_NUMBER.search(sentence))
    if asked.measure and (f"一{asked.measure}" in sentence or (asked.measure == "倍" and _TIMES.search(sentence))):
        return True
    return any(_is_sought(asked, sentence, m) for m in find_numbers(sentence))


def _is_sought(asked: AskedFor, sentence: str, number: NumberMention) -> bool:
    unit, end, ordinal = number.unit, number.end, number.ordinal
    if asked.money:
        return unit.endswith(("元", "金", "镑", "币"))
    of_time = unit in _SPANS or _OF_TIME.match(sentence, end) is not None
    if asked.duration:
        return of_time
    if asked.measure:
        counts = not ordinal or asked.measure in _IN_ORDER
        return counts and agree(asked.measure, unit) and bool(unit) and (not of_time or unit == asked.measure)
    return unit not in _PARTS_OF_DATES and not of_time and not (not unit and _YEAR.fullmatch(number.text))


_CHECKS: dict[str, Callable[[AskedFor, str], bool]] = {
    "number": gives_number,
    "date": _dates,
    "person": _names_person,
    "place": _names_place,
    "organisation": _names_organisation,
    "reason": _gives_reason,
    "listing": _lists,
    "definition": _defines,
}
