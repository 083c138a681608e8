"""How an answer is worded: the words of a question that carry its content, and the lines round the quoted sentences."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from rag.evidence import Sentence
from rag.question import Asked, Script

# Words that ask or connect. They name nothing that a passage could hold.
_EMPTY = frozenset(
    [
        "的",
        "了",
        "吗",
        "呢",
        "吧",
        "啊",
        "是",
        "有",
        "在",
        "和",
        "与",
        "及",
        "或",
        "也",
        "都",
        "就",
        "还",
        "又",
        "被",
        "把",
        "对",
        "为",
        "从",
        "到",
        "于",
        "以",
        "按",
        "给",
        "让",
        "由",
        "将",
        "会",
        "能",
        "可以",
        "要",
        "请",
        "想",
        "说",
        "讲",
        "什么",
        "怎么",
        "怎样",
        "如何",
        "为什么",
        "为何",
        "谁",
        "哪",
        "哪些",
        "哪个",
        "哪家",
        "哪位",
        "哪几",
        "哪里",
        "哪种",
        "哪天",
        "哪年",
        "几",
        "几个",
        "几家",
        "多少",
        "多大",
        "多久",
        "多长",
        "多高",
        "何时",
        "是否",
        "有没有",
        "这",
        "那",
        "这个",
        "那个",
        "这些",
        "那些",
        "它",
        "他",
        "她",
        "它们",
        "他们",
        "其",
        "该",
        "个",
        "位",
        "名",
        "家",
        "款",
        "项",
        "种",
        "次",
        "年",
        "月",
        "日",
        "号",
        "一",
        "两",
        "请问",
        "告诉",
        "知道",
        "介绍",
        "分别",
        "具体",
        "一共",
        "总共",
        "目前",
        "现在",
        "当前",
        "关于",
        "根据",
        "按照",
        "文章",
        "报道",
        "文中",
        "提到",
        "提出",
        "表示",
        "指",
        "叫",
        "做",
        "里",
        "中",
        "上",
        "下",
        "之",
        "所",
        "而",
        "但",
        "并",
        "等",
        "啦",
        "嘛",
        "呀",
        "过",
        "着",
        "得",
        "地",
        "什",
        "么",
        "怎",
        "样",
        "些",
        "时候",
        "时间",
        "情况",
        "方面",
        "内容",
        "意思",
        "哪一",
        "一年",
        "一天",
        "多",
    ]
)


def content_words(words: Sequence[str]) -> list[str]:
    """The words that carry the question's content, each once."""
    return [w for w in dict.fromkeys(words) if w not in _EMPTY]


def answer(asked: Asked, sentences: Sequence[Sentence]) -> str:
    """The sentences with their marks, in the script of the question; in an English frame for an English question.

    Sentences of several articles are each followed by publisher and date: what they say may hold for different days.
    """
    several = len({s.hit.article.id for s in sentences}) > 1
    marked = "".join(
        f"{_closed(s.text)}[{number}]{origin(s) if several else ''}" for number, s in enumerate(sentences, 1)
    )
    if asked.script == "latin":
        return f"The articles say (in Chinese): {marked}"
    return in_script(marked, asked.script)


def origin(sentence: Sentence) -> str:
    """Publisher and date of a sentence's article in brackets; nothing, if neither is known."""
    known = [part for part in (sentence.hit.article.publisher, sentence.hit.article.published) if part]
    return f"（{' '.join(known)}）" if known else ""


def refusal(asked: Asked, lacking: str | None) -> str:
    """That nothing was found; `lacking` is what the question asks about and no passage carries."""
    if asked.script == "latin":
        about = f" about “{lacking}”" if lacking else ""
        return f"Not found in the articles: no passage gives evidence{about}. The nearest passages are shown."
    about = f"关于“{lacking}”的依据" if lacking else "足以回答这个问题的依据"
    return in_script(f"文章里没有找到{about}。下面是最接近的段落。", asked.script)


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
    return line if line[-1] in "。！？!?…；;.”」』" else f"{line}。"
