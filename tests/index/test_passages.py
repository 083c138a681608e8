"""Sentences and passages: slices of the article at exact offsets, cut where a reader would."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.passages import sentences, split
from index.types import Article

TEXTS = st.text(st.sampled_from("云岫茶厂。！？…!?.,，：\"'”’）) \n\t\u3000aZ9%\u0301🙂"), max_size=1200)


def cut(text: str) -> list[str]:
    return [text[s.start : s.end] for s in sentences(text)]


def passages(text: str, passage_chars: int = 220):
    article = Article("a", "题", text, "a")
    return list(split(article, passage_chars=passage_chars))


@given(TEXTS, st.integers(1, 300))
def test_passages_are_slices_of_their_article_in_order_and_no_character_is_lost(text, passage_chars):
    found = passages(text, passage_chars)
    assert all(text[p.start : p.end] == p.text for p in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
    covered = "".join(p.text for p in found)
    assert "".join(covered.split()) == "".join(text.split())


@given(TEXTS)
def test_sentences_never_overlap_are_stripped_and_at_most_400_characters(text):
    spans = list(sentences(text))
    assert all(a.end <= b.start for a, b in zip(spans, spans[1:], strict=False))
    assert all(text[s.start : s.end] == text[s.start : s.end].strip() != "" for s in spans)
    assert all(s.end - s.start <= 400 for s in spans)
    assert "".join("".join(cut(text)).split()) == "".join(text.split())


@given(TEXTS, st.integers(0, 50), st.integers(0, 1200))
def test_sentences_of_a_part_stay_within_it(text, start, length):
    end = min(len(text), start + length)
    spans = list(sentences(text, min(start, end), end))
    assert all(min(start, end) <= s.start < s.end <= end for s in spans)


@pytest.mark.parametrize(
    "text",
    [
        "产量增长6.5%，达到1,000.25万斤",
        "见 www.yunxiu.example.com/a?b=1&c=2!x 的说明",
        "The U.S. and the U.K. agreed",
        "at about 3 p.m. yesterday",
        "时间是10:30，比分3:2",
        "1. 总则与适用范围",
    ],
)
def test_a_mark_inside_a_number_an_address_or_an_abbreviation_ends_nothing(text):
    assert cut(text) == [text]


@pytest.mark.parametrize(
    "expected",
    [
        ["厂长说：“今年丰收了！”", "大家都笑了。"],
        ["（见附件。）", "然后散会。"],
        ['他说："今年丰收了。"', "大家都笑了。"],
        ['他说："今年丰收。', '明年也会。"', "大家都笑了。"],
        ["大家都笑了。", '"今年丰收了。"', "他说完就走。"],
        ["真的吗？！", "当然……", "好。"],
        ["It rose to 25.", "Then it fell."],
        ["真好!", "他说?", "是。"],
    ],
)
def test_closing_quotes_stay_with_their_sentence(expected):
    assert cut("".join(expected)) == expected or cut(" ".join(expected)) == expected


def test_a_long_sentence_is_cut_at_a_comma_and_never_inside_a_number():
    clauses = "茶厂在2023年收了1,234,567斤茶叶，" * 40
    pieces = cut(clauses)
    assert all(piece.endswith("，") for piece in pieces)
    unbroken = "茶" * 395 + "2023年" + "叶" * 300
    assert [piece for piece in cut(unbroken) if "2023" in piece]


def test_a_heading_begins_a_passage_and_names_those_below_it():
    text = "第一章 茶厂\n\n茶厂建于1950年。\n\n第二章 桥梁 \n\n" + "青石桥有五个桥孔。" * 40
    found = passages(text)
    assert [p.heading for p in found] == ["第一章 茶厂", *["第二章 桥梁"] * (len(found) - 1)]
    assert found[0].text.startswith("第一章 茶厂") and found[1].text.startswith("第二章 桥梁")


def test_a_heading_is_not_left_alone_by_a_long_sentence_below_it():
    text = "生产情况\n" + "茶" * 300 + "。"
    assert [p.text for p in passages(text)] == [text]


def test_headings_of_two_levels_begin_one_passage():
    assert [(p.heading, p.start) for p in passages("第一章\n第一节\n茶厂建于1950年。")] == [("第一节", 0)]


def test_short_lines_in_a_row_fill_passages_instead_of_being_one_each():
    assert len(passages("\n".join(f"第{n}号茶园" for n in range(100)))) <= 4


@pytest.mark.parametrize("text", ["茶", "标题", "。", "\U0001f642", "a\u0301"])
def test_the_shortest_articles_give_one_passage(text):
    assert [p.text for p in passages(text)] == [text]


def test_white_space_gives_none():
    assert passages(" \n\u3000\n ") == []


@pytest.mark.parametrize(
    "unit",
    ["a!", "(", "7", "茶", "标题\n", "?", '."', "1.\n", "\u0301", " ", '。")'],
)
def test_a_megabyte_of_anything_takes_less_than_a_few_seconds(unit):
    text = "头" + unit * (1_000_000 // len(unit)) + "尾"
    start = time.process_time()
    assert sum(len(p.text) for p in passages(text)) > 1
    assert time.process_time() - start < 4.0
