"""The shipped embedder, read without torch: its vectors, and the faults of its files."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.clean import fold
from index.embed import SHIPPED, StaticEmbedder, load_embedder
from index.errors import ModelError

TEXTS = [
    "人工智能服务须先备案。",
    "the council approved the budget in march",
    "openai 与 deepseek 发布大模型 2024 版",
    "3.14159 2024-05-06 100000 007",
]


@pytest.fixture(scope="module")
def shipped() -> StaticEmbedder:
    embedder = load_embedder("shipped")
    assert isinstance(embedder, StaticEmbedder)
    return embedder


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "model"))


def test_vectors_are_float32_of_length_one(shipped):
    vectors = shipped.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (4, shipped.dim)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)


def test_a_text_without_tokens_gives_a_zero_row(shipped):
    vectors = shipped.encode(["", "……！？", "预算"])
    assert not vectors[:2].any()
    assert vectors[2].any()


def test_no_texts_give_no_rows(shipped):
    assert shipped.encode([]).shape == (0, shipped.dim)


def test_a_text_has_the_same_vector_alone_and_among_many(shipped):
    many = [f"第{number}条 本办法由主管部门解释" for number in range(1200)]
    np.testing.assert_array_equal(
        shipped.encode(many)[[0, 511, 512, 1199]], shipped.encode([many[0], many[511], many[512], many[1199]])
    )


def test_nothing_of_a_long_text_is_cut_off(shipped):
    assert len(shipped.token_ids(["预算" * 2000])[0]) == 2000
    assert (shipped.encode(["预算" * 2000 + "停火"]) != shipped.encode(["预算" * 2000])).any()


def test_a_text_is_the_mean_of_its_token_vectors(shipped):
    ids = shipped.token_ids(["人工智能 computing power"])[0]
    units, weights = shipped.vectors(ids)
    mean = (units * weights[:, None]).mean(axis=0)
    np.testing.assert_allclose(np.linalg.norm(units, axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(shipped.encode(["人工智能 computing power"])[0], mean / np.linalg.norm(mean), atol=1e-5)


def test_rare_signs_vanish_and_leave_their_neighbours_alone(shipped):
    np.testing.assert_array_equal(*shipped.token_ids(["预算 🂡 审计", "预算审计"]))


def test_a_translation_lies_nearer_than_another_sentence(shipped):
    question, right, wrong = shipped.encode(
        [
            fold("What is the annual budget of the ministry of finance?"),
            fold("財政部的年度預算是多少"),
            fold("昨晚的足球比赛谁赢了"),
        ]
    )
    assert question @ right > question @ wrong + 0.2


def test_the_default_path_imports_no_torch():
    program = (
        "import sys, rag.crossencoder\n"
        "from index.embed import load_embedder; load_embedder('shipped').encode(['预算'])\n"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_copy_of_the_folder_is_the_same_model(shipped, copy):
    assert load_embedder(str(copy)).sha256 == shipped.sha256


@pytest.mark.parametrize(
    "name", ["0_StaticEmbedding/model.safetensors", "0_StaticEmbedding/tokenizer.json", "modules.json"]
)
def test_a_changed_byte_is_refused_and_the_file_named(copy, name):
    file = copy / name
    content = bytearray(file.read_bytes())
    content[-2] ^= 1
    file.write_bytes(content)
    with pytest.raises(ModelError) as caught:
        load_embedder(str(copy))
    assert str(file) in caught.value.message.zh
    assert str(file) in caught.value.message.en


@pytest.mark.parametrize("name", ["0_StaticEmbedding/model.safetensors", "0_StaticEmbedding/tokenizer.json"])
@pytest.mark.parametrize("left", [0, 5, 1000])
def test_a_file_cut_short_is_refused_even_without_sums(copy, name, left):
    (copy / "SHA256SUMS").unlink()
    (copy / name).write_bytes((copy / name).read_bytes()[:left])
    with pytest.raises(ModelError, match=Path(name).name):
        load_embedder(str(copy))


def test_a_missing_file_is_named(copy):
    (copy / "0_StaticEmbedding" / "model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        load_embedder(str(copy))


def test_more_tokens_than_vectors_are_refused(copy):
    (copy / "SHA256SUMS").unlink()
    file = copy / "0_StaticEmbedding" / "tokenizer.json"
    spelling = json.loads(file.read_text(encoding="utf-8"))
    spelling["model"]["vocab"] |= {f"x{number}": 1_000_000 + number for number in range(70_000)}
    file.write_text(json.dumps(spelling), encoding="utf-8")
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        load_embedder(str(copy))


def test_another_vector_table_is_another_model(shipped, copy):
    (copy / "SHA256SUMS").unlink()
    file = copy / "0_StaticEmbedding" / "model.safetensors"
    content = bytearray(file.read_bytes())
    content[-2] ^= 1
    file.write_bytes(content)
    assert load_embedder(str(copy)).sha256 != shipped.sha256
