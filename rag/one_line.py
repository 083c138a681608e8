"""Whether values make one line of time: of one subject, one sort of period, and of one size."""

import re
from collections.abc import Sequence

from index.fold import fold
from index.numbers import find_numbers
from rag.evidence import Sentence
from rag.features import Sought
from rag.timeline import Timeline

_LARGER = 30  # times: a ticket for 80 yuan and takings of 12 million are not one quantity
_PERIOD = re.compile(r"\d{1,2}月(?:份)?[至到—~-]\d{1,2}月|前[\d一二三四五六七八九十]+个?月|[上下]半年|季度|q[1-4]")
_HOLIDAY = re.compile(r"春节|元旦|清明|五一|端午|中秋|国庆|黄金周|寒假|暑假")
_NAME_BEFORE = re.compile(r"[\u3400-\u9fff]{2}$")
_JOINS = set("的在了和与是为有共已达到及或等将从由对把个家所座项中里上下全其该这那")


def says_more(line: Timeline, looked_for: Sought, best: Sentence) -> bool:
    """Whether a line of values says more than the best sentence, and its values are of one thing."""
    when = looked_for.when
    if len(line.entries) == 1:
        return (when.now or when.until is not None) and line.entries[0].sentence.is_at(best)
    texts = list(dict.fromkeys(e.sentence.folded for e in line.entries))
    return _is_of_one_size(line) and _is_of_one_sort(texts) and _is_of_one_subject(texts, looked_for)


def _is_of_one_size(line: Timeline) -> bool:
    numbers = [(m.value, m.unit) for e in line.entries for m in find_numbers(fold(e.value))[:1] if m.value > 0]
    if len({unit for _, unit in numbers}) > 1 or not numbers:
        return True
    values = [value for value, _ in numbers]
    return max(values) <= _LARGER * min(values)


def _is_of_one_sort(texts: Sequence[str]) -> bool:
    periods = {bool(_PERIOD.search(text)) for text in texts}
    holidays = {frozenset(_HOLIDAY.findall(text)) for text in texts}
    return len(periods) == 1 and len(holidays) == 1


def _is_of_one_subject(texts: Sequence[str], looked_for: Sought) -> bool:
    """Whether what the question calls 大桥 is not called 赛马湖大桥 here and 星湖大桥 there."""
    question = looked_for.folded
    for word in looked_for.rarity:
        if len(word) < 2 or not question.startswith(word):
            continue
        before = [_NAME_BEFORE.search(text[: text.find(word)]) for text in texts if word in text]
        named = {found.group() for found in before if found and not set(found.group()) & _JOINS}
        if len(named) > 1:
            return False
    return True
