"""How an answer is worded: the words of a question that carry its content, and the lines round the quoted sentences."""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from rag.evidence import Sentence
from rag.question import Asked, Script

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_NOTE = re.compile(r"\[(\d+)\]")


def content_words(words: Sequence[str]) -> list[str]:
    """The words that carry the question's content, each once."""
    return [w for w in dict.fromkeys(words) if w not in _empty_words()]


def answer(asked: Asked, sentences: Sequence[Sentence]) -> str:
    """The sentences with their marks, in the script of the question; in an English frame for an English question.

    Sentences of several articles are each followed by publisher and date: what they say may hold for different days.
    """
    several = len({s.hit.article.id for s in sentences}) > 1
    marked = "".join(
        f"{_unmarked(_closed(s.text))}[{number}]{_unmarked(origin(s, asked.script)) if several else ''}"
        for number, s in enumerate(sentences, 1)
    )
    if asked.script == "latin":
        return f"The articles say: {marked}".rstrip()
    return in_script(marked, asked.script)


def origin(sentence: Sentence, script: Script) -> str:
    """Publisher and date of a sentence's article in the brackets of a script; nothing, if neither is known."""
    known = [part for part in (sentence.hit.article.publisher, sentence.hit.article.published) if part]
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


@cache
def _empty_words() -> frozenset[str]:
    """Words that ask or connect: they name nothing that a passage could hold."""
    return frozenset(files("rag").joinpath("empty_words.txt").read_text(encoding="utf-8").split())
