"""What a page tells about itself is found, with the place where it stood; what it does not tell is not."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.metadata import describe

BODY = (
    "馆里的读者一天比一天多，靠窗的座位往往一早就坐满了，管理员只好在走廊里添了两排长桌，又把闭馆的时间往后推了一个小时，"
    "附近的居民都说方便。二楼的儿童区铺了软垫，周末常有老师来讲故事。"
)
TRADITIONAL = (
    "館裡的讀者一天比一天多，靠窗的座位往往一早就坐滿了，管理員只好在走廊裡添了兩排長桌，又把閉館的時間往後推了一個小時，"
    "附近的居民都說方便。二樓的兒童區鋪了軟墊，週末常有老師來講故事。"
)
HEADS = re.split(r"^=== ", (Path(__file__).parent / "page_heads.txt").read_text("utf-8"), flags=re.MULTILINE)[1:]


def values(page: str) -> dict[str, str]:
    return {found.field: found.value for found in describe(page)}


def places(page: str) -> dict[str, str]:
    return {found.field: found.where for found in describe(page)}


@pytest.mark.parametrize("head", HEADS, ids=lambda head: head.split("\n", 1)[0])
def test_a_page_gives_what_it_says_and_nothing_else(head):
    page = re.sub(r"^--- .*\n?", "", head.split("\n", 1)[1], flags=re.MULTILINE)
    page = page.replace("〔正文〕", BODY).replace("〔內文〕", TRADITIONAL)
    assert values(page) == dict(re.findall(r"^--- (\w+): (.*)$", head, re.MULTILINE))


@pytest.mark.parametrize(
    ("page", "where"),
    [
        (f"来源：某城日报\n{BODY}", {"publisher": "label"}),
        (
            f"新馆开放三个月\n某城日报 2023-05-06\n{BODY}",
            {"title": "first_line", "publisher": "dateline", "published": "dateline"},
        ),
        (f"新华社某城5月6日电（记者陈望舒）{BODY}", {"publisher": "dateline", "author": "byline"}),
        (f"{BODY}\n（本报记者 陈望舒）", {"author": "byline"}),
        (f"{BODY}\n报料邮箱: news@thepaper.cn", {"publisher": "footer"}),
        (
            f"{BODY}\n某城市教育局\n2023年5月6日",
            {"publisher": "footer", "published": "footer"},
        ),
        (
            f"新馆开放三个月\nhttps://www.thepaper.cn/2023-05-06/1.html\n{BODY}",
            {"title": "first_line", "url": "address", "published": "address", "publisher": "address"},
        ),
        (f"今天（3月4日）举行的《2022开放日》吸引了很多人。{BODY}", {"published": "sentence"}),
    ],
)
def test_each_field_says_where_it_was_found(page, where):
    assert places(page) == where


def test_a_label_counts_before_a_dateline_and_that_before_the_foot():
    page = f"新馆开放三个月\n来源：某城日报\n某县晚报 2023-05-06 07:21\n{BODY}\n来源：某镇商报"
    assert values(page)["publisher"] == "某城日报"
    assert values(page.replace("来源：某城日报\n", ""))["publisher"] == "某县晚报"
    assert (
        values(page.replace("来源：某城日报\n", "").replace("某县晚报 2023-05-06 07:21\n", ""))["publisher"]
        == "某镇商报"
    )


def test_values_are_in_the_script_of_the_page():
    page = f"新館開放\n來源：聯合報　記者：張三丰\n發佈時間：二〇二三年五月六日\n{TRADITIONAL}"
    expected = {"title": "新館開放", "publisher": "聯合報", "author": "張三丰", "published": "2023-05-06"}
    assert values(page) == expected


def test_invisible_characters_and_odd_line_ends_do_not_hide_a_label():
    assert values(f"\ufeff新馆开放\r\n\u200b来源\u3000：\xa0某城日报\r\n{BODY}")["publisher"] == "某城日报"


@pytest.mark.parametrize(
    ("sentence", "published"),
    [
        ("今天(3月4日)举行的《2022开放日》吸引了很多人。", "2022-03-04"),
        ("某社2022年3月4日电 新馆开放。", None),  # whose wire that is, nobody knows
        ("新华社2022年3月4日电 新馆开放。", "2022-03-04"),
        ("2022年全国两会正在进行时，代表们谈到阅读。", "2022-03"),
        ("2022年全国两会期间，有代表谈到阅读。", None),  # perhaps years ago
        ("早在2020年就有计划。去年开工，今年开放，到2022年，要有十座。", "2022"),
        ("早在2019年就有计划。去年开工，今年开放，到2022年，要有十座。", None),
        ("到2030年，要有十座。今年开放。", None),
        ("建馆于1999年。", None),
    ],
)
def test_a_sentence_tells_the_date_only_by_sure_signs(sentence, published):
    assert values(f"{sentence}{BODY}").get("published") == published


@pytest.mark.parametrize("address", ["https://[a/b", "https://:x/2023-05-06/", "https://a.cn:99999999/b/c"])
def test_an_address_that_is_none_is_no_fault(address):
    assert describe(f"{address}\n链接：{address}\n来源：{address}\n{BODY}") is not None


def test_a_wires_day_gets_its_year_only_from_the_pages_address():
    wire = f"新华社某城5月6日电 {BODY}"
    assert "published" not in values(wire)
    assert values(f"原文链接：https://example.org/2023/05/c_1.htm\n{wire}")["published"] == "2023-05-06"


@given(
    st.text(
        st.sampled_from("来源：作者记者张三日报网2024年5月6日-/|（）《》【】\n 电讯文新华社https.cn今天早在到"),
        max_size=200,
    )
)
def test_no_text_is_too_odd_and_names_stand_in_the_page(text):
    for found in describe(text):
        if found.field in ("title", "publisher", "url"):
            assert found.value in text
        if found.field == "published":
            assert re.fullmatch(r"\d{4}(-\d\d){0,2}", found.value)


@pytest.mark.parametrize(
    "unit", ["来源：", "2024-05-06 ", "（记者 ", "张三、", "【", "《", "电讯", "https://a.cn/", "\n", "　", "来 源 "]
)
def test_a_long_text_takes_no_longer(unit):
    start = time.process_time()
    describe(unit * (500_000 // len(unit)))
    assert time.process_time() - start < 1
