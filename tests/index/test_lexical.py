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

from index import durable, lexical
from index.filters import Allowed
from index.lexical import Entry, Lexical

K1, B = 1.2, 0.75
PASSAGES = {
    11: "云岫 茶厂 春茶 产量 茶厂",
    12: "青石桥 建于 1912 年",
    13: "春茶 春茶 春茶 上市 价格 上涨 一成",
    14: "图书馆 周一 闭馆",
    15: "茶厂 厂长 陈望舒 介绍 春茶 生产线",
}


def built(folder, passages=PASSAGES, previous=None):
    folder.mkdir(exist_ok=True)
    entries = [Entry(row, words, article=row // 2) for row, words in passages.items()]
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


def allowed(*rows):
    """Of articles that are allowed all passages are."""
    return Allowed.of(np.unique(np.array(rows, np.int64) // 2), np.array(rows, np.int64))


@pytest.mark.parametrize("rows", [(11,), (13, 12), (14, 15, 11), (11, 12, 13, 14, 15), ()])
def test_what_is_allowed_is_all_of_it_in_its_order_and_with_its_scores(tmp_path, rows):
    opened = built(tmp_path)
    whole = opened.search(["春茶", "周一", "茶厂"], 9)
    kept = np.isin(whole.rows, rows)
    found = opened.search(["春茶", "周一", "茶厂"], 9, allowed(*rows))
    assert found.rows.tolist() == whole.rows[kept].tolist()
    assert found.scores == pytest.approx(whole.scores[kept])


def test_sifting_and_picking_give_the_same(tmp_path):
    """Both ways, over passages of which the allowed ones rank last: the sifting must go to the bottom."""
    passages = {row: "茶 桥 " + "书 " * (row // 8) for row in range(2, 802)}  # the longer, the worse
    opened = built(tmp_path, passages)
    few = allowed(700, 701, *range(790, 802))
    everything = opened.search(["茶", "桥"], 800)
    kept = few.holds(everything.rows)
    assert np.flatnonzero(kept)[0] > 100
    sifted = opened.search(["茶", "桥"], 3, few)
    picked = opened.search(["茶", "桥"], 5_000, few)  # so many wanted that sifting would look at 400,000
    assert picked.rows.tolist() == everything.rows[kept].tolist() and len(picked.rows) == 14
    assert sifted.rows.tolist() == picked.rows[:3].tolist()
    assert sifted.scores == pytest.approx(picked.scores[:3])


def test_the_fields_of_an_index_are_part_of_its_hash(tmp_path):
    built(tmp_path)
    assert lexical.files_sha256(tmp_path) != durable.folder_sha256(tmp_path / lexical.FOLDER)
    assert lexical.files_sha256(tmp_path / "none") == ""


@pytest.mark.parametrize(
    "word",
    ['NEAR( "*', "AND NOT ^ title:", "row:11", "+春茶 -茶厂", "*", "\x00", "", "a" * 70_000, "{{7*7}}", "[a TO b]"],
)
def test_search_syntax_is_only_text(tmp_path, word):
    opened = built(tmp_path)
    assert len(opened.search([word], 5).rows) == 0
    assert opened.search([word, "周一"], 5).rows.tolist() == [14]


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
