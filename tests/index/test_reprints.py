"""Reprints are one story; other figures, other names, quotes, footers and other readers make other articles."""

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from index.reprints import Sketched, sketches, stories

HAN = "云岫茶厂春采制烘焙山泉溪谷雾岭石桥渡口渔村盐场稻田麦浪果园花市书院学堂医馆药铺布庄染坊窑炉瓷器铁匠木工船坞码头"
REPORT = (
    "5月，云岫茶厂公布生产月报。本月共有24款新茶通过检验，其中绿茶16款、红茶8款，比上月多出3款。"
    "厂部表示，采摘季已经过半，天气总体有利，各车间按计划排班，库房的容量足够。"
    "质检组抽查了120箱样品，合格率达到99.2%，没有发现包装破损的情况。"
    "下一阶段，厂里将继续更新烘焙设备，并邀请茶农代表参加座谈，听取他们对收购价的意见。"
    "此外，参观路线已经重新规划，访客可以在展厅里了解制茶的全部工序，也可以亲手体验。"
)


def article(seed: int, sentences: int = 16) -> str:
    """A made-up text that shares next to nothing with that of another seed."""
    by = random.Random(seed)
    return "".join(f"{words(by, 18, 40)}，共{by.randint(10, 9999)}件。" for _ in range(sentences))


def words(by: random.Random, least: int, most: int) -> str:
    return "".join(by.choices(HAN, k=by.randint(least, most)))


def rows(texts, groups=()) -> list[Sketched]:
    return [Sketched(at, ("9999", f"{at:04}"), groups, one) for at, one in enumerate(sketches(texts))]


def told(*texts: str) -> dict[int, int]:
    """The stories of texts that stand in order."""
    return dict(stories(rows(texts), texts.__getitem__).first)


def parts(text: str) -> list[str]:
    return [f"{part}。" for part in text.split("。") if part]


def dropped(text: str) -> str:
    return "".join(part for at, part in enumerate(parts(text)) if at % 3 != 1)


def swapped(text: str) -> str:
    return "".join(sorted(parts(text)))


def punctuated(text: str) -> str:
    return text.replace("，", "、 ").replace("。", "！\n")


def traditional(text: str) -> str:
    return OpenCC("s2tw").convert(text)


def full_width(text: str) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if char.isalnum() and char.isascii() else char for char in text)


def furnished(text: str) -> str:
    return f"首页 > 厂讯\n来源：山谷报 2031-05-06 10:20\n{text}\n责任编辑：某人\n返回首页，查看更多，点赞 316"


def reworded(text: str) -> str:
    chars = list(text)
    for at in range(7, len(chars) - 2, 45):
        if not any(char.isdigit() for char in chars[at : at + 2]):
            chars[at : at + 2] = "某些"
    return "".join(chars)


def changed(text: str) -> str:
    return furnished(traditional(punctuated(swapped(reworded(dropped(text))))))


@pytest.mark.parametrize(
    "change", [str, dropped, swapped, punctuated, traditional, full_width, furnished, reworded, changed]
)
def test_a_reprint_is_in_the_story_of_its_original_whichever_stands_first(change):
    texts = [article(1), article(2), article(3)]
    assert told(*texts, change(texts[1])) == {1: 1, 3: 1}
    assert told(change(texts[1]), *texts) == {0: 0, 2: 0}


@pytest.mark.parametrize("change", [punctuated, traditional, full_width, str.upper])
def test_a_sketch_does_not_depend_on_script_width_case_or_punctuation(change):
    texts = [article(4) + "The tea of Yunxiu, picked in spring", "了解以后，借助着表象复查，是GB 2763的要求"]
    assert sketches([change(text) for text in texts]) == sketches(texts)


def test_a_sketch_is_32_rising_numbers_of_four_bytes_whatever_the_length():
    short, long = (np.frombuffer(one, "<u4") for one in sketches([article(1, 5), article(1, 500)]))
    assert len(short) == len(long) == 32
    assert all(np.diff(short) > 0) and all(np.diff(long) > 0)


@given(st.lists(st.text(st.sampled_from("云岫茶a1. ，\n\U00020000😀\ud800"), max_size=60), max_size=6))
def test_texts_have_the_same_sketches_together_as_alone(texts):
    assert sketches(texts) == [sketches([text])[0] for text in texts]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("5月", "6月"),
        ("24款", "34款"),
        ("99.2%", "98.2%"),
        ("99.2%", "992%"),
        ("8款", "八十款"),
        ("比上月多出3款", "比上月多出5款"),
    ],
)
def test_a_report_with_one_other_figure_is_another_article(old, new):
    assert old in REPORT
    assert told(REPORT, REPORT.replace(old, new)) == {}
    assert told(REPORT, furnished(REPORT.replace(old, new))) == {}


def test_a_figure_is_the_same_in_either_numeral():
    assert told(REPORT, REPORT.replace("8款", "八款").replace("3款", "三款")) == {0: 0, 1: 0}


def test_a_figure_that_stands_twice_and_is_changed_once_makes_another_article():
    twice = REPORT + "厂部重申，本月共有24款新茶通过检验，其中绿茶16款。"
    assert told(twice, twice.replace("24款", "34款", 1)) == {}


def test_leaving_sentences_out_changes_no_figure():
    prices = "".join(f"{words(random.Random(at), 20, 30)}，本周报价上涨{at}元。" for at in range(10, 30))
    assert told(prices, dropped(prices), swapped(prices)) == {0: 0, 1: 0, 2: 0}


def test_an_article_that_contradicts_one_of_a_story_is_not_of_it():
    text = article(1)
    cut = "".join(parts(text)[2:])
    contrary = text.replace(text[text.index("共") : text.index("件")], "共77777", 1)
    assert told(cut, text, contrary) == {0: 0, 1: 0}


@pytest.mark.parametrize("seed", range(5))
def test_an_article_that_quotes_another_is_not_its_reprint(seed):
    quoted = article(seed, 7)
    assert told(quoted, article(seed + 10, 8) + quoted + article(seed + 20, 8)) == {}


def test_likeness_is_not_passed_on_from_one_story_to_another():
    first, second = article(1, 10), article(2, 10)
    assert told(first, first + second, second) == {0: 0, 1: 0}


def test_notices_with_the_same_long_footer_are_different():
    footer = article(99, 5).replace("共", "")
    notices = [words(random.Random(at), 60, 70) + "。\n" + footer for at in range(60)]
    assert told(*notices) == {}
    assert told(*notices, "\n".join(reversed(notices[3].split("\n")))) == {3: 3, 60: 3}


def test_a_short_notice_about_someone_else_is_another_notice():
    notice = (
        "经研究决定，任命周云山为茶厂质检组组长，任期三年，自公布之日起执行，原任免文件同时废止，请各车间予以配合。"
    )
    assert told(notice, notice.replace("周云山", "吴石桥")) == {}
    assert told(notice, punctuated(notice)) == {0: 0, 1: 0}


def test_a_very_short_text_is_told_again_only_by_an_equal_one():
    text = "云岫茶厂今日开门迎客欢迎各地茶农前来参观品尝新茶"
    assert told(text, f"{traditional(text)}！", text[:-1] + "叶", text[:9], "", "。") == {0: 0, 1: 0}


def test_articles_of_different_groups_are_never_joined():
    text = article(1)
    mixed = rows([text] * 4)
    mixed[1] = Sketched(1, mixed[1].order, ("board",), mixed[1].sketch)
    mixed[3] = Sketched(3, mixed[3].order, ("board",), mixed[3].sketch)
    assert stories(mixed, lambda row: text).first == {0: 0, 2: 0, 1: 1, 3: 1}


def test_a_story_that_is_told_very_often_is_one_story():
    texts = [f"{words(random.Random(at), 20, 40)}\n{article(1)}" for at in range(60)]
    assert told(*texts) == dict.fromkeys(range(60), 0)


def test_the_first_of_a_story_is_the_first_in_order_whatever_its_row():
    text = article(1)
    sketch = sketches([text])[0]
    known = [Sketched(7, ("9999", "a"), (), sketch), Sketched(9, ("2031-05-06", "b"), (), sketch)]
    assert stories(known, lambda row: text).first == {7: 9, 9: 9}


def test_what_was_compared_before_is_not_read_again():
    texts = [article(1), changed(article(1)), REPORT, REPORT.replace("24", "34")]
    found = stories(rows(texts), texts.__getitem__)
    assert found.compared
    assert stories(rows(texts), {}.__getitem__, found.compared) == found


def test_long_texts_are_compared_as_well():
    text = article(1, 3000)
    assert told(text, dropped(text), article(2, 3000)) == {0: 0, 1: 0}


WORLD = [
    variant
    for seed in range(4)
    for text in [article(seed, 8)]
    for variant in (text, dropped(text), changed(text), text.replace("共1", "共2", 1), text + article(seed + 1, 8))
]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sets(st.integers(0, len(WORLD) - 1)), min_size=1, max_size=4), st.randoms())
def test_updates_in_any_order_end_with_the_stories_of_a_fresh_run(updates, by):
    every = rows(WORLD)
    compared = None
    for live in updates:
        articles = [every[at] for at in live]
        by.shuffle(articles)
        found = stories(articles, WORLD.__getitem__, compared)
        compared = found.compared
    assert found == stories([every[at] for at in sorted(updates[-1])], WORLD.__getitem__)
