"""How an answer is worded: the lines round the quoted sentences, in the language and script of the question."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from index.dates import spoken
from rag.asked_when import Span
from rag.compare import Comparison
from rag.english import frame
from rag.evidence import Sentence
from rag.excerpt import Excerpt
from rag.parts import Compared
from rag.question import Asked, Script
from rag.timeline import Timeline

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LONGEST = 300  # characters of an answer
_BRACKETS = re.compile(r"[《》（）()“”\[\]［］]")
_TITLE = 16  # characters of a title that stands for a publisher
_NOTE = re.compile(r"\[(\d+)\]")


def answer(asked: Asked, excerpts: Sequence[Excerpt]) -> str:
    """The excerpts with their marks, in the script of the question; in an English frame for an English question.

    Those of several articles are each followed by publisher and date: what they say may hold for different days.
    """
    several = len({e.sentence.hit.article.id for e in excerpts}) > 1
    if asked.script == "latin":
        return _english(excerpts, several)
    marked = "".join(
        f"{_unmarked(_closed(e.text))}[{number}]{_unmarked(origin(e.sentence, asked.script)) if several else ''}"
        for number, e in enumerate(excerpts, 1)
    )
    return in_script(marked, asked.script)


def _english(excerpts: Sequence[Excerpt], several: bool) -> str:
    """The excerpts for an English question: before a Chinese one who says it, when, and its figures in English, or as
    much of that as there is room for.
    """
    text = ""
    for before in (_framed, _told_by, _bare):
        told = [
            f"{before(e)}{_unmarked(_closed(e.text))}[{at}]{_behind(e, several)}" for at, e in enumerate(excerpts, 1)
        ]
        text = f"The articles say: {' '.join(told)}"
        if len(text) <= _LONGEST:
            break
    return text


def _framed(excerpt: Excerpt) -> str:
    return f"{_unmarked(frame(excerpt.sentence, excerpt.spans))}. " if _CHINESE.search(excerpt.text) else ""


def _told_by(excerpt: Excerpt) -> str:
    told = origin(excerpt.sentence, "latin").strip()
    return f"{_unmarked(told)} " if told and _CHINESE.search(excerpt.text) else ""


def _bare(excerpt: Excerpt) -> str:
    return ""


def _behind(excerpt: Excerpt, several: bool) -> str:
    """Publisher and date behind an English sentence, where those of several articles stand side by side."""
    return (
        _unmarked(origin(excerpt.sentence, "latin")).rstrip() if several and not _CHINESE.search(excerpt.text) else ""
    )


def comparison(asked: Asked, both: Compared, told: Comparison) -> str:
    """Whether the events were in one year, month or day, or which came first; then each with its day and mark."""
    english = asked.script == "latin"
    things = [asked.as_typed(event.thing) for event in told.events]
    days = [day(event.day, english=english) for event in told.events]
    joined = "; " if english else "；"
    lines = joined.join(
        f"{thing}{': ' if english else '：'}{when}[{number}]"
        for number, (thing, when) in enumerate(zip(things, days, strict=True), 1)
    )
    if english:
        return f"{_verdict_english(both, told)} {lines}."
    return in_script(f"{_verdict(both, told, things[0])}{lines}。", asked.script)


def timeline(asked: Asked, line: Timeline) -> tuple[list[Sentence], str]:
    """The sentences to cite, each once, and the line of the values they give: "2024年5月6日：24个[1]；…"."""
    told = list({(e.sentence.hit.article.id, e.sentence.start): e.sentence for e in line.entries}.values())
    number = {(s.hit.article.id, s.start): at for at, s in enumerate(told, 1)}
    marks = [number[e.sentence.hit.article.id, e.sentence.start] for e in line.entries]
    values = list(zip(line.entries, marks, strict=True))
    if asked.script == "latin":
        text = "; ".join(f"{e.day}: {e.value} [{mark}]" for e, mark in values)
        return told, f"The articles {'disagree' if line.disputed else 'say'}: {text}."
    text = "；".join(f"{e.day}：{e.value}[{mark}]" for e, mark in values)
    return told, in_script(f"{'说法不一。' if line.disputed else ''}{text}。", asked.script)


def _verdict(both: Compared, told: Comparison, first: str) -> str:
    if both.unit is None:
        return f"{'最早' if both.order == 'first' else '最晚'}的是{first}。"
    unit = {"年": "同一年", "月": "同一个月", "日": "同一天"}[both.unit]
    return f"是的，在{unit}。" if told.same else f"不是，不在{unit}。"


def _verdict_english(both: Compared, told: Comparison) -> str:
    if both.unit is None:
        return f"In their order, the {'earliest' if both.order == 'first' else 'latest'} first:"
    unit = {"年": "year", "月": "month", "日": "day"}[both.unit]
    return f"Yes, in the same {unit}:" if told.same else f"No, not in the same {unit}:"


def day(span: Span, *, english: bool = False) -> str:
    """A day, a month or a year, or what lies between two days."""
    first, last = span.first, span.last
    iso = first if first == last else first[:7] if first[:7] == last[:7] else first[:4]
    if english:
        return iso
    return spoken(iso)


def origin(sentence: Sentence, script: Script) -> str:
    """Publisher and date of a sentence's article in the brackets of a script; nothing, if neither is known."""
    article = sentence.hit.article
    known = [part for part in (article.publisher, article.published) if part]
    if not article.publisher and article.title:
        title = _BRACKETS.sub("", article.title)[:_TITLE]
        known.insert(0, f"“{title}”" if script == "latin" else f"《{title}》")
    if not known:
        return ""
    return f" ({' '.join(known)}) " if script == "latin" else f"（{' '.join(known)}）"


def refusal(asked: Asked, lacking: str | None, *, shown: bool = True) -> str:
    """That nothing was found; `lacking` is what the question asks about and no passage carries.

    `shown`: whether there are nearest passages to show; a filter may leave none.
    """
    if asked.script == "latin":
        about = f" that fits “{lacking}”" if lacking else ""
        nearest = " The nearest passages are shown." if shown else ""
        where = "the chosen articles" if asked.narrowed else "the articles"
        return f"Not found in {where}: no passage gives evidence{about}.{nearest}"
    about = f"对得上“{lacking}”的依据" if lacking else "足以回答这个问题的依据"
    nearest = "下面是最接近的段落。" if shown else ""
    where = "筛选范围内的文章里" if asked.narrowed else "文章里"
    return in_script(f"{where}没有找到{about}。{nearest}", asked.script)


def in_script(text: str, script: Script) -> str:
    """Chinese text in the script of the question; marks and Latin letters stay."""
    return str(_converter("s2t" if script == "hant" else "t2s").convert(text))


@cache
def _converter(name: str) -> Any:  # noqa: ANN401  (OpenCC has no types)
    from opencc import OpenCC

    return OpenCC(name)


def _closed(text: str) -> str:
    """The sentence on one line with an end mark, so that two quoted ones do not run together."""
    line = " ".join(text.split())
    if line[-1] in "。！？!?…；;.”」』":
        return line
    return f"{line}。" if _CHINESE.search(line) else f"{line}."


def _unmarked(text: str) -> str:
    """A source's own notes, such as [3], in wide brackets: only what has a citation may look like a mark."""
    return _NOTE.sub(r"［\1］", text)
