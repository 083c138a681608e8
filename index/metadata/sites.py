"""Whose site a page is from, by what stands at its foot; the article may still be another's."""

import re
from collections.abc import Iterator

from index.metadata.outlets import outlet_of_site
from index.metadata.page import Found, Line, Page

_FROM = re.compile(r"[(（]?本文[来來]自(?P<name>[^，,。\n]{2,20})[，,]更多")
_ACCOUNT = re.compile(
    r"以下文章[来來]源[于於](?P<name>[^，,。\n]{2,20}?)\s?[，,]\s?作者(?P<author>[^，,。\s]{2,12})(?=\s|\Z)"
)
_RIGHTS = re.compile(
    r"(?:版权所有|copyright|©|\(c\)) ?:? ?(?:©|copyright)? ?(?:\d{4}(?:-\d{4})?)? ?(?P<name>[\w·]{2,24})"
)
_STATE = re.compile(r"\w{2,24}(?:委员会|人民政府|人民政府办公厅|办公厅|[局厅]|日报社|报社|晚报|日报|电视台|通讯社)")


def found_in(page: Page) -> Iterator[Found]:
    """From the surest to the least sure: whom the page names as its source, whose address it has, who claims it."""
    if found := _ACCOUNT.search(page.text[:2000]):
        yield Found("publisher", found["name"].strip(), "label")
        yield Found("author", found["author"].strip(), "label")
    if found := _FROM.search(page.text[-2000:]):
        yield Found("publisher", found["name"].strip('“”"「」'), "footer")
    if name := outlet_of_site("\n".join(line.plain for line in page.foot)):
        yield Found("publisher", name, "footer")
    for line in page.foot:
        yield from _claims(line)


def _claims(line: Line) -> Iterator[Found]:
    """版权所有：某市人民政府"""
    found = _RIGHTS.search(line.plain)
    if found and _STATE.fullmatch(found["name"]):
        yield Found("publisher", line.text[slice(*found.span("name"))], "footer")
