"""What a scraped page puts around and into an article: counters, credits, notices, links. Whole lines and known
anchors only: a sentence that merely mentions copyright or a telephone is text.
"""

import re
from functools import lru_cache

from index.fold import fold

_LONGEST = 160  # a longer line is a paragraph, unless it opens with 【
# One of these stands in every line that the rules below take out; it spares folding all others.
_TRIGGER = re.compile(
    r"[©【热熱邮郵备備许許权權评評举舉辑輯阅閱荐薦赞讚贊转轉号號]|\+1|[文图圖]\s?[/／]|reserved|copyright"
    r"|声明|聲明|全文|更多|\d{4}-\d{4}",
    re.IGNORECASE,
)
# Matched against the folded line: NFKC, Simplified, lower case.
_LINE = re.compile(
    r"""
      [-•\s]*\+1                                                              # a like counter
    | [-•·\s]*(?:报料|爆料|新闻|(?:违法|不良|和|信息|举报|有害)+)(?:热线|电话|邮箱)\s*[:：]?[\s\w@.+()/-]+
    | \S{0,12}(?:互联网新闻信息服务|增值电信业务|信息网络传播视听节目|广播电视节目制作|网络文化)\S{0,4}
      许可证(?:编?号)?\s*[:：][^。]{0,60}
    | [^。]{0,60}(?:公网安备\s?\d{6,}|icp[备证]\s?\d{5,})[^。]{0,60}
    | (?:copyright\s*)?(?:©|\(c\)|\?|copyright)\s*(?:copyright)?\s*(?:19|20)\d\d\b[^。]{0,80}
    | [^。]{0,80}all\srights\sreserved\.?
    | 版权所有\s*[:：©][^。]{0,120}
    | 【(?:版权|免责|侵权|声明|及|和|与|法律|特别)+】.*
    | (?:版权|免责|特别|郑重|法律)?声明\s*[:：].*(?:转载|侵权|本网|本站|本平台|作者个人).*
    | (?:最新|热门|全部|网友|精彩|发表|用户|我来说两句)?评论\s?\(\s?\d+\s?\)|(?:最新|热门|全部|网友|精彩|发表)评论
    | 举报/反馈|举报反馈|返回搜狐.{0,3}查看更多|(?:展开|阅读|点击查看|查看)全文|点击(?:查看|阅读)更多|打开app查看\S{0,6}
    | (?:责任|责|执行|值班|本文|实习|网络|新媒体)?(?:编辑|校对|责编|审核)\s?[/|丨]\s?[\w、·/\s]{2,24}
    | (?:责任编辑|责编)\s?[:：]\s?[\w、·/()\s]{2,24}
    | (?:文|图|摄影|撰文|图文|文图|文/图|图/文)\s?/\s?[\w、·\s]{2,24}
    | (?:上观|百家|头条|搜狐|澎湃|企鹅|网易|大鱼|公众)号(?:作者)?\s?[:：]\s?\S{2,24}
    | 欢迎(?:转发|分享|转载)\S{0,12}(?:注明|标注)(?:出处|来源)\S{0,24}
    | (?:如果|若)?(?:您|你)?(?:觉得|认为|喜欢)\S{0,8}请(?:点个?赞|点个?在看|转发|分享|关注)\S{0,12}
    """,
    re.VERBOSE,
)
_LINKS = re.compile(r"[【\[]?(?:相关|延伸|扩展|推荐|更多)(?:阅读|推荐|新闻|文章|链接|报道)[】\]]?\s?[:：]?")
_BODY_CHARS = 80  # a line that long, or one that ends a sentence, is text again after a block of links
_MAX_LINKS = 40
_OUTLET = re.compile(r"\w{1,8}(?:日报|晚报|早报|青年报|时报|商报|新闻|新闻网|客户端|在线|观察网|财经)")


def without_furniture(text: str) -> str:
    """The lines of the article itself."""
    lines = text.split("\n")
    kept: list[str] = []
    at = 0
    while at < len(lines):
        folded = _suspect(lines[at])
        if folded and _LINKS.fullmatch(folded):
            at = _after_links(lines, at + 1)
            continue
        if not (folded and _LINE.fullmatch(folded)):
            kept.append(lines[at])
        at += 1
    return "\n".join(_without_masthead(kept))


def _suspect(line: str) -> str:
    """The folded line if a rule may fit it, else nothing."""
    if (len(line) > _LONGEST and not line.startswith("【")) or not _TRIGGER.search(line[:_LONGEST]):
        return ""
    return _folded(line) if len(line) <= _LONGEST else fold(line[:2000])


_folded = lru_cache(maxsize=4096)(fold)


def _after_links(lines: list[str], at: int) -> int:
    """Where text goes on after a block of links: at the first line that reads like text, or nowhere."""
    for ahead in range(at, min(at + _MAX_LINKS, len(lines))):
        line = lines[ahead].rstrip()
        if len(line) >= _BODY_CHARS or line.endswith(("。", "”")):
            return ahead
    return len(lines) if len(lines) - at <= _MAX_LINKS else at


def _without_masthead(lines: list[str]) -> list[str]:
    """A first line that only names a paper, above the title, goes."""
    full = [at for at, line in enumerate(lines[:8]) if line.strip()][:2]
    if len(full) < 2 or len(lines[full[0]]) > 12 or len(lines[full[1]].strip()) < 10:
        return lines
    return lines[full[1] :] if _OUTLET.fullmatch(fold(lines[full[0]])) else lines


_FIELD = re.compile(
    r"^(标题|標題|链接|鏈接|总结|總結|关键词|關鍵詞|AI技[术術]|行[业業])[ \t]*[:：][ \t]*", re.MULTILINE
)
_BODY_FIELD = ("总结", "總結")


def without_fields(text: str) -> str:
    """A scraper's record → its body: the label goes from 总结, the other fields go with their values."""
    labels = {found.group(1) for found in _FIELD.finditer(text)}
    if not labels.intersection(_BODY_FIELD) or len(labels) < 3:
        return text
    kept = []
    for line in text.split("\n"):
        label = _FIELD.match(line)
        if label is None:
            kept.append(line)
        elif label.group(1) in _BODY_FIELD:
            kept.append(line[label.end() :])
    return "\n".join(kept)


_CJK = "\u3400-\u9fff"
_PHOTO = r"(?:[视視][觉覺]中[国國]|[东東]方IC|IC photo)[ \u3000]?(?:[资資]料[图圖]|供[图圖]|[图圖])"
_BY = rf"[{_CJK}]{{2,3}}[ \u3000](?:[设設][计計]|[摄攝]影?|制[图圖]|[绘繪]|供[图圖])"
_TWICE = re.compile(rf"([。！？”…])(?:{_PHOTO}|{_BY})?([^\n。！？!?]{{6,40}}?)\2(?=[^\n])")
_AGENCY = re.compile(rf"(?<=[。！？”…\n]){_PHOTO}")
_CREDIT_AT_END = re.compile(rf"(?<=[。！？”…]){_BY}$", re.MULTILINE)
_APP = re.compile(
    r"[（(]?本文[来來]自[^。\n]{2,20}[，,]更多[^。\n]{0,12}[请請]下[载載][^。\n]{0,24}APP[)）]?"
    r"[ \t]*(?:[举舉][报報]/反[馈饋])?[ \t]*$",
    re.MULTILINE,
)
_REPORT = re.compile(
    r"(?<=[。！？”)）])[举舉][报報]/反[馈饋][ \t]*$"
    r"|返回搜狐[，,][ \t]*查看更多[ \t]*(?:[责責]任[编編][辑輯][：:][ \t]*\w{0,4})?[ \t]*$",
    re.MULTILINE,
)
_HAS_CJK = re.compile(rf"[{_CJK}][^\n]*?[{_CJK}][^\n]*?[{_CJK}]")
_GLUED = 300  # characters a line; headings get glued where a page's lines were lost


def unglued(text: str) -> str:
    """Headings that were glued in twice, once and on lines of their own; picture credits and app notices out."""
    text = _REPORT.sub("", _APP.sub("", text))
    if len(text) >= _GLUED:
        text = _TWICE.sub(_heading, text)
        text = _AGENCY.sub("\n", text)
    return _CREDIT_AT_END.sub("", text)


def _heading(found: re.Match[str]) -> str:
    heading = found.group(2)
    periodic = heading in (heading + heading)[1:-1]
    if periodic or heading[-1] in "，,、；;：:" or not _HAS_CJK.search(heading):
        return found.group()
    return f"{found.group(1)}\n{heading}\n"
