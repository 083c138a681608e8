"""What a page tells about itself is found; what it does not tell is None."""

import pytest

from index.metadata import Metadata, describe

BODY = "馆里的读者一天比一天多，" * 12 + "明年还要扩建。"


def test_a_dateline_gives_publisher_and_day_and_marks_the_title_above_it():
    page = f"新馆开放三个月\n某城日报 2023-05-06 07:21\n\n{BODY}"
    assert describe(page) == Metadata("新馆开放三个月", "某城日报", "2023-05-06", None)


def test_labels_are_believed():
    page = f"标题: 新馆开放\n链接: https://example.org/a?b=1\n来源:某网\n发布时间:2023年5月6日\n{BODY}"
    assert describe(page) == Metadata("新馆开放", "某网", "2023-05-06", "https://example.org/a?b=1")


def test_a_page_that_starts_with_its_text_has_no_title():
    assert describe(f"{BODY}\n第二段。").title is None
    assert describe(f"转载自:某城日报\n{BODY}") == Metadata(None, "某城日报", None, None)


def test_a_site_is_known_by_its_foot():
    assert describe(f"{BODY}\n- 报料邮箱: news@thepaper.cn").publisher == "澎湃新闻"


@pytest.mark.parametrize(
    ("sentence", "published"),
    [
        ("今天(3月4日)举行的《2022开放日》吸引了很多人。", "2022-03-04"),
        ("某社2022年3月4日电 新馆开放。", "2022-03-04"),
        ("2022年全国两会正在进行时，代表们谈到阅读。", "2022-03"),
        ("早在2020年就有计划。去年开工，今年开放，到2022年，要有十座。", "2022"),
        ("早在2019年就有计划。去年开工，今年开放，到2022年，要有十座。", None),
        ("到2030年，要有十座。今年开放。", None),
        ("建馆于1999年。", None),
    ],
)
def test_the_date_is_taken_only_from_sure_signs(sentence, published):
    assert describe(f"{sentence}{BODY}").published == published
