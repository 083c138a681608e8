"""Dense search gives what numpy gives."""

import numpy as np
import pytest

from index import vectors
from index.durable import file_sha256
from index.filters import Allowed
from index.vectors import Vectors

RNG = np.random.default_rng(20240506)
ROWS = np.sort(RNG.choice(10**7, 500, replace=False)).astype(np.int64)


def unit(shape):
    raw = RNG.normal(size=shape).astype(np.float32)
    rounded = (raw / np.linalg.norm(raw, axis=-1, keepdims=True)).astype(np.float16)
    return rounded.astype(np.float32)  # the library keeps half precision


STORED = unit((500, 64))


def passages(rows):
    return Allowed.of(np.array([1]), np.array(rows, np.int64))


@pytest.fixture
def opened(tmp_path):
    blocks = [(ROWS[:300], STORED[:300]), (ROWS[300:], STORED[300:])]
    assert vectors.build(tmp_path, 64, None, blocks) == file_sha256(tmp_path / vectors.FILE)
    return Vectors(tmp_path)


def test_the_order_is_that_of_the_exact_inner_product(opened):
    for question in unit((20, 64)):
        exact = STORED @ question
        order = np.argsort(-exact, kind="stable")[:50]
        found = opened.search(question, 50)
        assert found.rows.tolist() == ROWS[order].tolist()
        assert np.allclose(found.scores, exact[order], atol=1e-5)


@pytest.mark.parametrize("allowed", [ROWS[::7], ROWS[::2], np.delete(ROWS, 9), ROWS, ROWS[-1:]])
def test_only_allowed_rows_are_found_and_all_of_them(opened, allowed):
    question = unit(64)
    found, whole = opened.search(question, 400, passages(allowed)), opened.search(question, 500)
    assert found.rows.tolist() == [row for row in whole.rows.tolist() if row in set(allowed.tolist())][:400]
    assert opened.search(question, 3, passages(allowed)).rows.tolist() == found.rows[:3].tolist()


def test_most_of_the_rows_are_allowed_but_none_of_the_nearest(opened):
    question = unit(64)
    nearest = opened.search(question, 500).rows
    far = opened.search(question, 20, passages(nearest[200:]))
    assert far.rows.tolist() == nearest[200:220].tolist()


@pytest.mark.parametrize("k", [0, -1])
def test_nothing_wanted_gives_nothing(opened, k):
    assert len(opened.search(unit(64), k).rows) == 0


def test_nothing_allowed_gives_nothing(opened):
    assert len(opened.search(unit(64), 5, passages([])).rows) == 0


def test_more_than_there_are_gives_all(opened):
    assert len(opened.search(unit(64), 10_000).rows) == 500


def test_an_empty_index_finds_nothing(tmp_path):
    vectors.build(tmp_path, 64, None, [])
    assert len(Vectors(tmp_path).search(unit(64), 5).rows) == 0


def test_a_vector_of_nothing_is_as_near_as_any(opened):
    assert set(opened.search(np.zeros(64, np.float32), 5).scores) == {0.0}


def test_an_index_is_extended_and_struck_rows_are_gone(tmp_path):
    dice = np.random.default_rng(8341)
    made = dice.normal(size=(300, 64)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    rows = np.arange(1, 301)
    old, new, anew = (tmp_path / name for name in ("old", "new", "anew"))
    for folder in (old, new, anew):
        folder.mkdir()
    vectors.build(old, 64, None, [(rows[:200], made[:200])])
    before = (old / vectors.FILE).read_bytes()
    vectors.build(new, 64, old, [(rows[200:], made[200:])], [7, 150])
    assert (old / vectors.FILE).read_bytes() == before
    left = np.setdiff1d(rows, [7, 150])
    vectors.build(anew, 64, None, [(left, made[left - 1])])
    for question in made[[6, 149, 250]]:
        found, wanted = (vectors.Vectors(folder).search(question, 10) for folder in (new, anew))
        assert found.rows.tolist() == wanted.rows.tolist() and not {7, 150} & set(found.rows.tolist())


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """The vectors of 101,000 passages, the last thousand added to what lay in no lists yet; two struck later."""
    stored = unit((101_000, 8))
    rows = np.arange(101_000, dtype=np.int64) * 3 + 1
    few, all_of_them, less = (tmp_path_factory.mktemp(name) for name in ("few", "all", "less"))
    vectors.build(few, 8, None, [(rows[:99_999], stored[:99_999])])
    vectors.build(all_of_them, 8, few, [(rows[99_999:], stored[99_999:])])
    vectors.build(less, 8, all_of_them, [], [int(rows[0]), int(rows[-1])])
    return stored, rows, Vectors(all_of_them), Vectors(less)


def test_of_very_many_vectors_nearly_all_of_the_nearest_are_found(many):
    stored, rows, opened, _ = many
    shares = []
    for question in unit((20, 8)):
        nearest = set(rows[np.argsort(-(stored @ question))[:100]].tolist())
        shares.append(len(nearest & set(opened.search(question, 100).rows.tolist())) / 100)
    assert np.mean(shares) >= 0.95


def test_with_a_filter_none_of_very_many_vectors_is_missed(many):
    stored, rows, opened, _ = many
    question, allowed = unit(8), rows[::997]
    exact = allowed[np.argsort(-(stored[::997] @ question), kind="stable")]
    assert opened.search(question, 500, passages(allowed)).rows.tolist() == exact.tolist()


def test_a_vector_struck_from_very_many_is_found_no_more(many):
    stored, rows, opened, less = many
    for place in (0, -1):
        assert opened.search(stored[place], 1).rows.tolist() == [rows[place]]
        assert rows[place] not in less.search(stored[place], 200).rows
