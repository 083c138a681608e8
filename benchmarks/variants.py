"""Variants of an article: reprints of it, as pages and papers make them, and articles with other figures."""

import random
import re
from collections.abc import Callable
from functools import cache

from opencc import OpenCC

Change = Callable[[str, random.Random], str]

NUMBER = re.compile(r"\d+")
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?\n]*[”」』\"]?")
_NUMERALS = set("零〇一二三四五六七八九十百千万亿两")
_MARKS = {"，": ",， 、", "。": "。.．\n", "“": '「"“', "”": '」"”', "（": "([", "）": ")]", "：": ":：", "；": "，;"}
_SITES = ("云岫新闻网", "浦江观察", "晚报客户端", "知讯在线", "江南时评")
_NAMES = ("王明", "李华", "张强", "刘佳", "陈一鸣")
_HEADS = (
    "首页 > 新闻 > 正文",
    "{site} {day} {time}",
    "来源：{site}",
    "阅读 {count}",
    "字号：大 中 小",
    "{day} {time} 发布于上海",
    "记者 {name} 摄",
)
_FEET = (
    "责任编辑：{name}",
    "【打印】【关闭】 分享到微信 微博",
    "声明：本文系转载，仅代表作者观点，与本网无关。如有侵权请联系 021-{count}",
    "相关阅读：城市更新提速；明日有雨；老街新貌",
    "返回{site}，查看更多",
    "点赞 {count} 评论 {less}",
    "扫码下载客户端，获取更多精彩内容",
    "沪ICP备{count}号",
)
_TITLES = (
    "最新消息：",
    "【关注】",
    "独家｜",
    "今天，这件事刷屏了",
    "你关心的，都在这里",
    "速看！",
    "转发周知！最新进展来了",
)


def drop(text: str, by: random.Random) -> str:
    """10 to 40 % of the sentences left out."""
    parts = _SENTENCE.findall(text)
    kept = max(1, round(len(parts) * by.uniform(0.6, 0.9)))
    return "".join(parts[at] for at in sorted(by.sample(range(len(parts)), kept))) if parts else text


def swap(text: str, by: random.Random) -> str:
    """A third of the sentences somewhere else."""
    parts = _SENTENCE.findall(text)
    for _ in range(max(1, len(parts) // 3)):
        a, b = by.randrange(len(parts)), by.randrange(len(parts))
        parts[a], parts[b] = parts[b], parts[a]
    return "".join(parts)


def punctuate(text: str, by: random.Random) -> str:
    return "".join(by.choice(_MARKS.get(char, char)) for char in text)


def convert(text: str, by: random.Random) -> str:
    """In Traditional script, of the mainland, Taiwan or Hong Kong."""
    return _script(by.choice(("s2t", "s2tw", "s2hk"))).convert(text)


def furnish(text: str, by: random.Random) -> str:
    """1 to 3 made-up lines of a page above it, 1 to 4 below."""
    head = [_filled(line, by) for line in by.sample(_HEADS, by.randint(1, 3))]
    foot = [_filled(line, by) for line in by.sample(_FEET, by.randint(1, 4))]
    return "\n".join([*head, text, *foot])


def entitle(text: str, by: random.Random) -> str:
    """Another title: a made-up line, and a clause of the text."""
    clause = by.choice(re.split("[，。！？；\n]", text))[:25]
    return f"{by.choice(_TITLES)}{clause}\n{text}"


def reword(text: str, by: random.Random) -> str:
    """5 % of the Han characters changed, two in a row: others, none, or two more. No numerals."""
    chars = list(text)
    words = [char for char in text if _in_word(char)]
    places = [at for at in range(len(text) - 1) if _in_word(text[at]) and _in_word(text[at + 1])]
    for at in by.sample(places, min(len(words) // 40, len(places))):
        a, b = by.choice(words), by.choice(words)
        kinds = ((a, b), ("", ""), (chars[at], chars[at + 1] + a + b))
        chars[at], chars[at + 1] = by.choices(kinds, (70, 15, 15))[0]
    return "".join(chars)


def everything(text: str, by: random.Random) -> str:
    for change in (drop, swap, reword, punctuate, convert, entitle, furnish):
        text = change(text, by)
    return text


def renumber(text: str, by: random.Random) -> str:
    """Every number another one with as many digits."""
    return NUMBER.sub(lambda found: _other(found.group(), by), text)


def renumber_one(text: str, by: random.Random) -> str:
    """One number another one."""
    found = by.choice(list(NUMBER.finditer(text)))
    return text[: found.start()] + _other(found.group(), by) + text[found.end() :]


def renumber_and_furnish(text: str, by: random.Random) -> str:
    return furnish(entitle(renumber(text, by), by), by)


REPRINTS: dict[str, Change] = {
    "sentences dropped": drop,
    "sentences swapped": swap,
    "other punctuation": punctuate,
    "other script": convert,
    "page furniture": furnish,
    "another title": entitle,
    "words changed": reword,
    "all of these": everything,
}
OTHER_FIGURES: dict[str, Change] = {
    "other figures": renumber,
    "one other figure": renumber_one,
    "other figures, title and page": renumber_and_furnish,
}


def _in_word(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff" and char not in _NUMERALS


def _other(number: str, by: random.Random) -> str:
    while True:
        found = "".join(by.choice("0123456789") for _ in number)
        if found != number:
            return found


def _filled(line: str, by: random.Random) -> str:
    return line.format(
        site=by.choice(_SITES),
        name=by.choice(_NAMES),
        day=f"2024-{by.randint(1, 12):02}-{by.randint(1, 28):02}",
        time=f"{by.randrange(24):02}:{by.randrange(60):02}",
        count=by.randrange(10_000_000, 99_999_999),
        less=by.randrange(999),
    )


@cache
def _script(name: str) -> OpenCC:
    return OpenCC(name)
