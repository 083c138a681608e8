"""The title where no label names it: the line above a dateline, or a short line above the first paragraph."""

import re
from collections.abc import Iterator

from index.metadata.datelines import is_dateline
from index.metadata.outlets import is_known_outlet, looks_like_outlet
from index.metadata.page import Found, Line, Page

_LONGEST = 60
_NOT_A_TITLE = re.compile(
    r"(?:当前位置|您的?位置|首页|返回).*|.{0,12}[>›»＞].*|[\W\d]*|https?://.*"
    r"|(?:登录|注册|搜索|字号|分享|打印|关注|订阅|导航|菜单|全文|正文|摘要|目录).{0,8}"
    r"|.{0,8}(?:频道|栏目|首页)|.*(?: 摄|供图|资料图)|\(?原标题.*|.*\.(?:html?|docx?|pdf|txt)"
)
_NAMED_BY_WIRE = re.compile(r"日(?:综合|专)?电 ?(?:\([^()]{0,30}\))? ?题: ?(?=.)")  # 新华社海州5月6日电 题：…
_SUBTITLE = re.compile(r"[-—–]{1,2}.+")
_SECTION = 6  # characters; a line no longer, above a longer one, names a section of the site
_SITE = re.compile(r"\s*(?:[_|]|\s[-—–]\s)\s*(?P<name>[^_|—–]{2,16})\Z")
_ENDS = ("。", ".", "，", ",", "；", ";", ":", "：", "、")


def found_in(page: Page) -> Iterator[Found]:
    """The title, and the outlet that a browser's title names behind it."""
    above = _above(page)
    if above is None:
        return
    bare, site = _without_site(above)
    yield Found("title", bare.text, "first_line")
    if site:
        yield Found("publisher", site.text, "first_line")


def _above(page: Page) -> Line | None:
    candidates: list[Line] = []
    for line in page.head[: min(page.above, 8)]:
        if is_dateline(line):
            if candidates:
                break
            continue
        if named := _NAMED_BY_WIRE.search(line.plain):
            return line.part(named.end())
        if not (_NOT_A_TITLE.fullmatch(line.plain) or _is_menu(line.plain) or is_known_outlet(line.plain)):
            candidates.append(line)
    followed = len(candidates) < len(page.head) or page.opening.text
    if not candidates or not followed:
        return None
    first = candidates[0]
    if len(candidates) > 1 and len(first.text) <= _SECTION < len(candidates[1].text):
        first = candidates[1]
    return first if _is_title(first, candidates, page) else None


def _is_menu(plain: str) -> bool:
    """Many short words in a row are the site's, not the article's."""
    words = plain.split()
    return len(words) >= 5 and sum(map(len, words)) <= 6 * len(words)


def _is_title(line: Line, candidates: list[Line], page: Page) -> bool:
    if not 2 <= len(line.text) <= _LONGEST or line.text.endswith(_ENDS) or _SUBTITLE.fullmatch(line.plain):
        return False
    return len(candidates) <= 3 and (bool(page.opening.text) or len(candidates) < len(page.head))


def _without_site(line: Line) -> tuple[Line, Line | None]:
    """新馆开放_某城日报 → 新馆开放, 某城日报."""
    site: Line | None = None
    while found := _SITE.search(line.plain):
        name = line.part(*found.span("name"))
        if not looks_like_outlet(name.plain) and not site:
            break
        site = name if looks_like_outlet(name.plain) else site
        line = line.part(0, found.start())
    return line, site
