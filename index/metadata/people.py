"""The names of people, where a byline gives them. A byline that holds anything else names nobody."""

import re

from index.metadata.page import Line
from index.metadata.vocabulary import COMPOUND_SURNAMES, NOT_NAMES, SURNAMES

_HAN = "\u4e00-\u9fff"
# 艾力·买买提, 欧阳某某, 张三, 张　三
NAME = (
    rf"(?:[{_HAN}]{{2,7}}(?:·[{_HAN}]{{2,8}}){{1,2}}|(?:{COMPOUND_SURNAMES})[{_HAN}]{{1,2}}"
    rf"|[{SURNAMES}][{_HAN}]{{1,2}}|[{SURNAMES}][ ]{{1,3}}[{_HAN}](?![{_HAN}]))"
)
NAMES = rf"{NAME}(?:[ 、，,和]{{1,3}}{NAME}){{0,7}}"
_BETWEEN = r"[ 、，,/·|和;；:]"
_END = rf"(?={_BETWEEN}|\Z)"
_TOKEN = re.compile(
    rf"""{_BETWEEN}*(?:
        (?P<writes>文/图|文/摄|文并[图摄]|图文|文图|文、图|(?:撰文|撰稿|采写|文字|文){_END}|(?:[{_HAN}]{{2,4}})?报[道导])
      | (?P<depicts>(?:图/文|图片|图|摄影|摄|供图|制图|视频|设计|剪辑|漫画|制表|编辑|责编|校对|审核|编译|翻译|译){_END})
      | (?P<employer>[\w+]{{0,12}}?)(?P<reporter>(?:首席|高级|资深|见习|实习|特约|特派|全媒体|融媒体?|驻站)*
            (?:记者|通讯员|撰稿人|评论员|作者|实习生))
      | (?P<name>{NAME})(?={_BETWEEN}|\Z|报[道导]|[文摄图](?:{_BETWEEN}|\Z))
    ){_BETWEEN}*""",
    re.VERBOSE,
)
_EMPLOYER = re.compile(
    r"本[报刊网台社]|\w*(?:[报网社台刊媒经]|新闻|客户端|app|财经|视频|中心|文汇|融媒体?|全媒体|现场|驻\w{2,4})"
)
_NO_NAME = re.compile(r"[的了是们者等据您我你他她它这哪讯]|报[道导]$|[社报网台]$|新闻$|[市省区县]$")


def people(line: Line) -> str | None:
    """The people of a byline, as 张三、李四; None if anything but names and roles stands in it.

    Of those who wrote and those who took pictures, only the former: 张三 文 李四 摄 is 张三, and so is 文/张三 图/李四.
    """
    roles = [token for token in _tokens(line.plain) if not token["reporter"]]
    if not any(token["name"] for token in roles):
        return None
    names = _before_roles(roles) if roles[0]["name"] else _after_roles(roles)
    shown = (re.sub(r"\s", "", line.text[token.start("name") : token.end("name")]) for token in names)
    return "、".join(dict.fromkeys(shown)) or None


def _tokens(plain: str) -> list[re.Match[str]]:
    """Names and roles; nothing if anything else stands among them."""
    tokens: list[re.Match[str]] = []
    at = 0
    while at < len(plain):
        token = _TOKEN.match(plain, at)
        if not token or (token["name"] and not _is_name(token["name"])) or not _may_employ(token["employer"]):
            return []
        tokens.append(token)
        at = token.end()
    return tokens


def _may_employ(name: str | None) -> bool:
    """本报, 某日报 or 某新闻APP before 记者; anything else may be somebody's name."""
    return not name or bool(_EMPLOYER.fullmatch(name))


def _is_name(word: str) -> bool:
    return word not in NOT_NAMES and not _NO_NAME.search(word)


def _after_roles(tokens: list[re.Match[str]]) -> list[re.Match[str]]:
    """文/张三 图/李四 → 张三."""
    writes, names = True, []
    for token in tokens:
        if token["name"]:
            names += [token] if writes else []
        else:
            writes = bool(token["writes"])
    return names


def _before_roles(tokens: list[re.Match[str]]) -> list[re.Match[str]]:
    """张三 文 李四 摄 → 张三; nobody where pictures come first: what 张三 摄影 李四 报道 means is uncertain."""
    names: list[re.Match[str]] = []
    pending: list[re.Match[str]] = []
    for token in tokens:
        if token["name"]:
            pending.append(token)
        elif token["writes"]:
            names, pending = names + pending, []
        elif token is not tokens[-1] and pending and not names:
            return []
        else:
            pending = []
    return names + pending
