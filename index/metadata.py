"""What a scraped page says about itself: title, publisher, date and address, where it has no front matter.

Only what is certain: a wrong date would resolve 今年 and 去年 wrongly, so None is better. Values are in the script
of the page, without glosses.
"""

import re
from dataclasses import dataclass

from index.dates import find_dates
from index.fold import fold
from index.furniture import without_furniture
from index.glosses import without_glosses

_TITLE_CHARS = 60
_HEAD = 6  # lines in which a dateline is looked for

# Whose site a page is from, by what stands at its foot: domain or company (folded) → the outlet's own name.
_OUTLETS = (
    ("thepaper.cn", "澎湃新闻"),
    ("上海东方报业", "澎湃新闻"),
    ("people.com.cn", "人民网"),
    ("人民网股份", "人民网"),
    ("xinhuanet.com", "新华网"),
    ("news.cn", "新华网"),
    ("chinanews.com", "中国新闻网"),
    ("jfdaily.com", "解放日报"),
    ("shobserver.com", "上观新闻"),
    ("cctv.com", "央视网"),
    ("gmw.cn", "光明网"),
    ("yicai.com", "第一财经"),
    ("caixin.com", "财新网"),
    ("jiemian.com", "界面新闻"),
    ("cnstock.com", "上海证券报"),
    ("ithome.com", "IT之家"),
)
_FOOT_CHARS = 600
_MARK = r"[ \t]*[:：][ \t]*"
_TITLE = re.compile(rf"^(?:标题|標題|题目|題目|title){_MARK}(\S.*)$", re.MULTILINE | re.IGNORECASE)
_LINK = re.compile(
    rf"^(?:原文)?(?:链接|鏈接|网址|網址|地址|link|url){_MARK}(https?://\S+)", re.MULTILINE | re.IGNORECASE
)
_FROM = (
    re.compile(rf"^(?:转载?自|轉載?自){_MARK}(\S{{2,20}})[ \t]*$", re.MULTILINE),
    re.compile(
        rf"^(?:(?:文章|稿件|信息|新闻|新聞)?[来來]源|发布方|發布方|发布单位){_MARK}(\S{{2,20}})[ \t]*$", re.MULTILINE
    ),
    re.compile(r"[（(]?本文[来來]自([^，,。\n]{2,20})[，,]更多"),
)
_DATELINE = re.compile(r"(?P<outlet>[^\s\d]{2,12})\s+(?P<day>20\d\d-\d\d-\d\d)(?:\s+\d\d:\d\d(?::\d\d)?)?\s*")
_DATED = re.compile(
    rf"^(?:(?:发布|發布|发表|發表|更新)?(?:时间|時間|日期)|(?:date|published)){_MARK}(\S[^\n]{{3,30}})$",
    re.MULTILINE | re.IGNORECASE,
)
_TODAY = re.compile(r"[今][天日][(（](\d{1,2})月(\d{1,2})日[)）][^。\n]{0,20}?《(20\d\d)")
_WIRE = re.compile(r"(20\d\d)年(\d{1,2})月(\d{1,2})日(?:电|電|讯|訊|消息)")
_CONGRESS = re.compile(r"(20\d\d)年全[国國][两兩][会會](?:正在|期[间間]|上)")
_EARLY = re.compile(r"早在(20\d\d)年")
_AIM = re.compile(r"(?<![直])到(20\d\d)年(?=底|末|，|,|要|将|將|全|力|建|实现|實現)")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What was found; None where nothing certain stands in the text."""

    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None


def describe(raw: str) -> Metadata:
    """The metadata that stand in scraped text."""
    text = without_glosses(raw.replace("\r\n", "\n"))
    lines = [line.strip() for line in without_furniture(text).split("\n") if line.strip()][: 2 * _HEAD]
    dateline = next(filter(None, (_DATELINE.fullmatch(line) for line in lines[:_HEAD])), None)
    link = _LINK.search(text)
    return Metadata(
        title=_title(text, lines),
        publisher=dateline["outlet"] if dateline else _publisher(text),
        published=dateline["day"] if dateline else _published(text),
        url=link.group(1) if link else None,
    )


def _title(text: str, lines: list[str]) -> str | None:
    """The labelled title, or a short first line above a dateline or a paragraph."""
    labelled = _TITLE.search(text)
    if labelled:
        return labelled.group(1).strip()
    if len(lines) < 2 or any(source.match(lines[0]) for source in _FROM) or _DATELINE.fullmatch(lines[0]):
        return None
    first, second = lines[:2]
    ends_a_sentence = first.endswith(("。", ".", "，", ",", "；", ";", ":", "："))
    is_above_text = bool(_DATELINE.fullmatch(second)) or len(second) >= max(_TITLE_CHARS, 2 * len(first))
    return first if len(first) <= _TITLE_CHARS and is_above_text and not ends_a_sentence else None


def _publisher(text: str) -> str | None:
    for source in _FROM:
        if found := source.search(text):
            return found.group(1).strip()
    foot = fold(text[-_FOOT_CHARS:])
    return next((name for mark, name in _OUTLETS if mark in foot), None)


def _published(text: str) -> str | None:
    """The day, the month or the year that the page is from, by the surest sign it gives."""
    if dated := _DATED.search(text):
        return next((mention.iso for mention in find_dates(dated.group(1), None) if mention.iso), None)
    if today := _TODAY.search(text):
        return _iso(*(int(today.group(part)) for part in (3, 1, 2)))
    if wire := _WIRE.search(text[:300]):
        return _iso(*(int(part) for part in wire.groups()))
    if congress := _CONGRESS.search(text):
        # The two sessions meet in March; only those of 2020 met in May.
        return f"{congress.group(1)}-{'05' if congress.group(1) == '2020' else '03'}"
    return _year(text)


def _iso(year: int, month: int, day: int) -> str | None:
    mentions = find_dates(f"{year}年{month}月{day}日", None)
    return mentions[0].iso if mentions else None


def _year(text: str) -> str | None:
    """The year of a text that speaks of this year and last year, from the years it does name.

    A year "as early as 2023" is neither this year nor last year, or the text would say so; an aim "by 2025" has not
    passed. Where the year after next of the one is the other, the text is from then.
    """
    early = [int(year) for year in _EARLY.findall(text)]
    aims = [int(year) for year in _AIM.findall(text)]
    if not early or not aims or "今年" not in text or "去年" not in text:
        return None
    return str(min(aims)) if max(early) + 2 == min(aims) else None
