"""Word search is BM25, its bound holds, and no word is a command."""

import math
from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import lexical
from index.lexical import Entry, Lexical

K1, B = 1.2, 0.75
PASSAGES = {
    11: "云岫 茶厂 春茶 产量 茶厂",
    12: "青石桥 建于 1912 年",
    13: "春茶 春茶 春茶 上市 价格 上涨 一成",
    14: "图书馆 周一 闭馆",
    15: "茶厂 厂长 陈望舒 介绍 春茶 生产线",
}


def built(folder, passages=PASSAGES, groups=None, previous=None):
    folder.mkdir(exist_ok=True)
    entries = [Entry(row, words, (groups or {}).get(row, ())) for row, words in passages.items()]
    lexical.build(folder, previous, entries)
    return Lexical(folder)


def bm25(passages, question):
    """Robertson and Zaragoza 2009, with Lucene's never negative inverse document frequency."""
    split = {row: words.split() for row, words in passages.items()}
    average = sum(map(len, split.values())) / len(split)
    scores = {}
    for row, words in split.items():
        counts = Counter(words)
        for word in set(question) & set(words):
            df = sum(word in others for others in split.values())
            idf = math.log(1 + (len(split) - df + 0.5) / (df + 0.5))
            norm = K1 * (1 - B + B * len(words) / average)
            scores[row] = scores.get(row, 0) + idf * (K1 + 1) * counts[word] / (counts[word] + norm)
    return scores


def test_scores_are_those_of_bm25(tmp_path):
    opened = built(tmp_path)
    for question in (["春茶"], ["茶厂", "春茶"], ["1912", "周一", "春茶", "春茶"]):
        found = opened.search(question, 10)
        expected = bm25(PASSAGES, question)
        assert dict(zip(found.rows.tolist(), found.scores.tolist(), strict=True)) == pytest.approx(expected, rel=1e-5)
        assert list(found.scores) == sorted(found.scores, reverse=True)


def test_an_index_that_was_added_to_scores_like_one_made_at_once(tmp_path):
    rows = list(PASSAGES)
    first = built(tmp_path / "1", {row: PASSAGES[row] for row in rows[:3]})
    before = first.search(["春茶", "茶厂"], 9).scores.tolist()
    added = built(tmp_path / "2", {row: PASSAGES[row] for row in rows[3:]}, previous=tmp_path / "1")
    whole = built(tmp_path / "3")
    for word in ("春茶", "茶厂", "周一"):
        assert added.search([word], 9).rows.tolist() == whole.search([word], 9).rows.tolist()
        assert added.search([word], 9).scores == pytest.approx(whole.search([word], 9).scores)
    assert first.search(["春茶", "茶厂"], 9).scores.tolist() == before
    assert Lexical(tmp_path / "1").search(["春茶", "茶厂"], 9).scores.tolist() == before


def test_adding_changes_no_byte_of_the_index_that_is_added_to(tmp_path):
    built(tmp_path / "1")
    files = {file: file.read_bytes() for file in (tmp_path / "1" / lexical.FOLDER).iterdir()}
    for number in range(2, 12):  # enough for tantivy to merge
        built(tmp_path / str(number), {100 + number: "新茶 上市"}, previous=tmp_path / str(number - 1))
    assert {file: file.read_bytes() for file in files} == files


WORDS = st.sampled_from(["茶", "桥", "书", "馆", "人", "年", "a", "b", "7"])
PASSAGE = st.lists(WORDS, min_size=1, max_size=60).map(" ".join)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(PASSAGE, min_size=1, max_size=12), st.lists(PASSAGE, max_size=4), st.lists(WORDS, min_size=1, max_size=6)
)
def test_no_score_exceeds_the_bound(passages, later, question):
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        first, second = Path(folder, "1"), Path(folder, "2")
        built(first, dict(enumerate(passages)))
        opened = built(second, dict(enumerate(later, 100)), previous=first)
        assert all(opened.search(question, 50).scores <= opened.bound(question) * (1 + 1e-6))


def test_a_word_is_the_rarer_the_fewer_passages_hold_it(tmp_path):
    opened = built(tmp_path)
    assert opened.rarity("不存在") > opened.rarity("周一") > opened.rarity("茶厂") > opened.rarity("春茶") > 0
    assert opened.bound(["周一", "周一"]) == pytest.approx((K1 + 1) * opened.rarity("周一"))


def test_groups_see_their_own_and_what_is_for_all(tmp_path):
    groups = {11: ("财务",), 13: ("财务", "人事"), 15: ("everybody",)}
    opened = built(tmp_path, groups=groups)
    seen = {g: sorted(opened.search(["春茶", "周一"], 9, g).rows.tolist()) for g in [(), ("财务",), ("人事", "财")]}
    assert seen == {(): [14], ("财务",): [11, 13, 14], ("人事", "财"): [13, 14]}
    assert sorted(opened.search(["春茶"], 9, ("*", "", "group 财务", "everybody\n")).rows.tolist()) == []
    everyone, one = opened.search(["春茶"], 9), opened.search(["春茶"], 9, ("财务",))
    assert set(one.scores) <= set(everyone.scores)  # the filter adds nothing to a score


@pytest.mark.parametrize(
    "word",
    ['NEAR( "*', "AND NOT ^ title:", "row:11", "+春茶 -茶厂", "*", "\x00", "", "a" * 70_000, "{{7*7}}", "[a TO b]"],
)
def test_search_syntax_is_only_text(tmp_path, word):
    opened = built(tmp_path)
    assert len(opened.search([word], 5).rows) == 0
    assert opened.search([word, "周一"], 5).rows.tolist() == [14]
    assert len(opened.search(["周一"], 5, [word]).rows) == 1


def test_nothing_asked_or_wanted_gives_nothing_and_so_does_an_empty_index(tmp_path):
    opened, empty = built(tmp_path / "1"), built(tmp_path / "2", {})
    for found in (opened.search([], 5), opened.search(["春茶"], 0), empty.search(["春茶"], 5)):
        assert found.rows.tolist() == [] and found.rows.dtype == np.int64
    assert empty.bound(["春茶"]) > 0


def test_an_opened_index_keeps_no_thread_of_its_own(tmp_path):
    tasks = Path("/proc/self/task")
    if not tasks.exists():
        pytest.skip("no /proc here")
    kept = [built(tmp_path / str(n), {n: "茶"}) for n in range(3)]
    names = []
    for task in tasks.iterdir():
        with suppress(FileNotFoundError):  # a writer's thread that was just ending
            names.append((task / "comm").read_text())
    assert [name for name in names if "watch" in name] == [] and names and kept
