"""Models that torch runs, made here with random weights: embedders and rerankers by name or folder, what they refuse,
and an index that is given another model, with the process killed in the middle.

They stand in one file because importing torch takes seconds.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from worlds import BRIDGE, LIBRARY, TEA, World, article, texts

from index.caches import search_text
from index.changes import Done
from index.config import EmbedConfig, ModelConfig
from index.embed import SHIPPED, Embedder, StaticEmbedder, load_embedder
from index.errors import LibraryMismatch, ModelError
from index.library import FILE
from index.transformer import TransformerEmbedder
from index.types import Passage
from index.writer import update
from rag.config import load_config
from rag.crossencoder import CrossEncoder, load_cross_encoder, read_together

# What the libraries warn of when they are imported or asked to save; none of it is about a call of ours.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*SwigPy.*:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.*torch.jit.*:DeprecationWarning"),
]

ROOT = Path(__file__).parents[1]
SIGNS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = [*SIGNS, *dict.fromkeys(f"{TEA}{BRIDGE}{LIBRARY}预算审计多少的?:"), "query", "passage", "budget"]
SIZES = {
    **{"vocab_size": len(WORDS), "hidden_size": 16, "intermediate_size": 16},
    **{"num_hidden_layers": 1, "num_attention_heads": 2},
}
HARD = [
    "人工智能服务须先备案。",
    "openai 与 deepseek 发布大模型 2024 版",
    "3.14159 2024-05-06 100000 007",
    "……！？——",
    "",
    "café naïve 龘𠮷 한국 кириллица",
    "工业和信息化部发布通知" * 273,
]


def tokenizer(folder: Path) -> None:
    from transformers import BertTokenizerFast

    BertTokenizerFast(vocab={word: number for number, word in enumerate(WORDS)}).save_pretrained(folder)


def embedding_model(folder: Path, prompts: dict[str, str] | None = None, **sizes: int) -> Path:
    """A sentence-transformers folder around a BERT with random weights."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel

    torch.manual_seed(7)
    tokenizer(folder / "bert")
    BertModel(BertConfig(**(SIZES | sizes))).save_pretrained(folder / "bert")
    part = Transformer(str(folder / "bert"))
    model = SentenceTransformer(modules=[part, Pooling(part.get_embedding_dimension())], prompts=prompts, device="cpu")
    model.save(str(folder / "model"), create_model_card=False)
    return folder / "model"


def reranking_model(folder: Path, classes: int = 1, **sizes: int) -> Path:
    """A CrossEncoder's folder around a BERT with random weights, large enough to tell texts apart."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(7)
    tokenizer(folder)
    settings = BertConfig(num_labels=classes, initializer_range=0.5, **(SIZES | sizes))
    BertForSequenceClassification(settings).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An embedder of 16 dimensions with prompts."""
    return embedding_model(tmp_path_factory.mktemp("tiny"), {"query": "query: ", "document": "passage: "})


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return reranking_model(tmp_path_factory.mktemp("reranker"))


def loaded(folder: Path, **settings: Any) -> Embedder:  # noqa: ANN401
    return load_embedder(EmbedConfig(str(folder), **settings))


def scorer(folder: Path, **settings: Any) -> CrossEncoder:  # noqa: ANN401
    found = load_cross_encoder(ModelConfig(str(folder), **settings))
    assert found
    return found


def changed_weights(folder: Path, copy: Path, number: float) -> Path:
    """A copy of a model in which one weight of every word is another number."""
    from safetensors.numpy import load_file, save_file

    shutil.copytree(folder, copy)
    tensors = load_file(copy / "model.safetensors")
    name = next(name for name in tensors if name.endswith("word_embeddings.weight"))
    tensors[name][:, 0] = number
    save_file(tensors, copy / "model.safetensors", metadata={"format": "pt"})
    return copy


# Embedders


def test_sentence_transformers_gives_the_vectors_of_the_shipped_model():
    from sentence_transformers import SentenceTransformer

    shipped = load_embedder("shipped")
    assert isinstance(shipped, StaticEmbedder)
    model = SentenceTransformer(str(SHIPPED), local_files_only=True, device="cpu")
    spoken = [text for text in HARD if len(shipped.token_ids([text])[0])]
    assert np.abs(shipped.encode(spoken) - model.encode(spoken).astype(np.float32)).max() <= 1e-3
    # At half precision its scaling divides an empty text's zeros by zero; at single precision they stay zeros.
    assert np.abs(shipped.encode(HARD) - model.float().encode(HARD)).max() <= 1e-5


def test_any_sentence_transformers_model_is_one_line_of_configuration(folder: Path, tmp_path: Path):
    shutil.copytree(folder, tmp_path / "models" / "tiny")
    (tmp_path / "youju.toml").write_text('[embed]\nmodel = "models/tiny"\n', "utf-8")
    embedder = load_embedder(load_config(tmp_path / "youju.toml", {}).index.embed)
    assert isinstance(embedder, TransformerEmbedder) and embedder.dim == 16
    vectors = embedder.encode(["预算", "审计"])
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)
    assert embedder.encode([]).shape == (0, 16)


def test_its_own_prompts_are_used_unless_others_are_configured(folder: Path):
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu", prompts={"query": "", "document": ""})

    def same(embedder: Embedder, kind: Any, text: str) -> bool:  # noqa: ANN401
        expected = model.encode([text], normalize_embeddings=True)
        return bool(np.allclose(embedder.encode(["预算"], kind=kind), expected, atol=1e-5))

    assert same(loaded(folder), "query", "query: 预算") and same(loaded(folder), "passage", "passage: 预算")
    other = loaded(folder, query_prompt="审计: ", passage_prompt="")
    assert same(other, "query", "审计: 预算") and same(other, "passage", "预算")
    assert not same(other, "query", "query: 预算") and not same(other, "passage", "passage: 预算")


def test_a_prompt_for_passages_is_found_under_its_other_name(tmp_path: Path):
    plain = loaded(embedding_model(tmp_path / "plain"))
    named = loaded(embedding_model(tmp_path / "named", {"passage": "passage: "}))
    np.testing.assert_allclose(named.encode(["预算"]), plain.encode(["passage: 预算"]), atol=1e-5)


def test_its_identity_changes_with_what_changes_the_vectors_of_passages(folder: Path):
    same = [{"batch": 3}, {"device": "cpu"}, {"query_prompt": "问："}, {"passage_prompt": "passage: "}]
    other = [{"fp16": True}, {"passage_prompt": ""}, {"passage_prompt": "文："}]
    assert {loaded(folder, **settings).sha256 for settings in same} == {loaded(folder).sha256}
    assert len({loaded(folder, **settings).sha256 for settings in [{}, *other]}) == 4


def test_its_identity_changes_with_its_files_and_not_with_what_lies_beside_them(folder: Path, tmp_path: Path):
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    (other / ".cache").mkdir()
    for name in ("README.md", ".gitattributes", ".cache/when.json"):
        (other / name).write_text("{}", "utf-8")
    assert loaded(other).sha256 == loaded(folder).sha256
    with (other / "config_sentence_transformers.json").open("a") as opened:
        opened.write("\n")
    assert loaded(other).sha256 != loaded(folder).sha256


def test_a_model_is_loaded_once_until_its_files_change(folder: Path, tmp_path: Path):
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    first = loaded(copy)
    assert loaded(copy) is first
    changed_weights(folder, tmp_path / "changed", 0.5)
    shutil.copy(tmp_path / "changed" / "model.safetensors", copy)
    assert loaded(copy) is not first and loaded(copy).sha256 != first.sha256


def test_a_text_has_the_same_vector_whatever_it_is_batched_with(folder: Path):
    many = [f"{'茶厂的预算' * (n % 40)}{n}" for n in range(50)]
    alone = np.concatenate([loaded(folder, batch=1).encode([text]) for text in many[::7]])
    np.testing.assert_allclose(loaded(folder, batch=7).encode(many)[::7], alone, atol=1e-5)


def test_half_precision_gives_nearly_the_same_vectors(folder: Path):
    full, half = loaded(folder).encode([TEA, BRIDGE]), loaded(folder, fp16=True).encode([TEA, BRIDGE])
    assert half.dtype == np.float32 and 0 < np.abs(full - half).max() < 0.01


def test_threads_may_share_a_model(folder: Path):
    embedder = loaded(folder)
    expected = embedder.encode([TEA])
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: embedder.encode([TEA, "预算" * n])[:1], range(40)))
    assert all(np.allclose(one, expected, atol=1e-5) for one in found)


@pytest.mark.parametrize("model", ["nobody/no-such-model", "no such model", "./no/such/folder", "no-such-model"])
def test_a_model_that_is_not_here_is_one_clear_error(model: str):
    for key, load in (("embed", load_embedder), ("rerank", load_cross_encoder)):
        with pytest.raises(ModelError) as caught:
            load(EmbedConfig(model) if key == "embed" else ModelConfig(model))
        for said in (caught.value.message.zh, caught.value.message.en):
            assert model in said and "hf download" in said and f"{key}.model" in said and "\n" not in said


def test_a_device_that_is_not_here_is_named(folder: Path, reranker: Path):
    for device in ("cuda:77", "gpu", "cpu:3"):
        with pytest.raises(ModelError, match=f'embed.device = "{device}".*"cpu"'):
            loaded(folder, device=device)
        with pytest.raises(ModelError, match=f'rerank.device = "{device}".*"cpu"'):
            load_cross_encoder(ModelConfig(str(reranker), device=device))


def test_a_damaged_folder_is_named(folder: Path, tmp_path: Path):
    cut, empty = Path(shutil.copytree(folder, tmp_path / "cut")), tmp_path / "empty"
    (cut / "model.safetensors").write_bytes((cut / "model.safetensors").read_bytes()[:1000])
    empty.mkdir()
    for broken in (cut, empty):
        with pytest.raises(ModelError, match=str(broken)):
            loaded(broken)


def test_a_model_of_the_other_kind_is_refused(folder: Path, reranker: Path, tmp_path: Path):
    with pytest.raises(ModelError, match=r"rerank\.model"):
        loaded(reranker)
    for other in (folder, reranking_model(tmp_path / "three", classes=3)):
        with pytest.raises(ModelError, match=r"BAAI/bge-reranker"):
            load_cross_encoder(ModelConfig(str(other)))


def test_what_is_no_number_is_refused(folder: Path, reranker: Path, tmp_path: Path):
    with pytest.raises(ModelError, match="NaN"):
        loaded(changed_weights(folder, tmp_path / "embedder", np.nan))
    with pytest.raises(ModelError, match="NaN"):
        load_cross_encoder(ModelConfig(str(changed_weights(reranker, tmp_path / "reranker", np.nan))))


OVERCOMMIT = Path("/proc/sys/vm/overcommit_memory")


@pytest.mark.skipif(
    not OVERCOMMIT.exists() or OVERCOMMIT.read_text().strip() == "1", reason="here, any amount of memory is promised"
)
def test_a_lack_of_memory_names_what_to_lower(tmp_path: Path):
    wide = {"hidden_size": 2, "num_attention_heads": 1, "intermediate_size": 1_000_000}  # 4 MB for each token
    embedder = loaded(embedding_model(tmp_path / "embedder", **wide), batch=250)
    reranker = scorer(reranking_model(tmp_path / "reranker", **wide), batch=250)
    many = ["茶" * 500] * 250  # 500 GB
    with pytest.raises(ModelError, match=r"embed\.batch") as caught:
        embedder.encode(many)
    assert "embed.fp16" in caught.value.message.en and "250" in caught.value.message.en
    with pytest.raises(ModelError, match=r"rerank\.batch"):
        reranker.scores("预算", many)
    assert embedder.encode(["预算"]).shape == (1, 2)


# Rerankers


def test_without_a_model_nothing_is_loaded():
    assert load_cross_encoder(ModelConfig()) is None


def test_scores_are_the_logistic_function_of_what_the_model_says(reranker: Path):
    import torch
    from sentence_transformers import CrossEncoder as Model

    asked, told = "茶厂的预算是多少?", [TEA, BRIDGE, "", LIBRARY * 40]
    logits = Model(str(reranker), device="cpu").predict(
        [(asked, text) for text in told], activation_fn=torch.nn.Identity()
    )
    scores = scorer(reranker, batch=3).scores(asked, told)
    np.testing.assert_allclose(scores, 1 / (1 + np.exp(-logits)), atol=1e-6)
    assert scores.dtype == np.float32 and scores.shape == (4,) and len(set(scores.tolist())) == 4
    assert scorer(reranker).scores(asked, []).shape == (0,)
    np.testing.assert_allclose(scorer(reranker, fp16=True).scores(asked, told), scores, atol=0.02)


def test_of_two_classes_the_second_counts(tmp_path: Path):
    from sentence_transformers import CrossEncoder as Model

    model = reranking_model(tmp_path / "two", classes=2)
    shares = Model(str(model), device="cpu").predict([("预算", TEA), ("预算", BRIDGE)], apply_softmax=True)
    np.testing.assert_allclose(scorer(model).scores("预算", [TEA, BRIDGE]), shares[:, 1], atol=1e-6)


def test_threads_may_share_a_reranker(reranker: Path):
    one = scorer(reranker)
    expected = one.scores("预算", [TEA])
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: one.scores("预算", [TEA, "审计" * n])[:1], range(40)))
    assert all(np.allclose(scores, expected, atol=1e-5) for scores in found)


def test_it_reads_title_heading_and_passage_as_they_are_shown():
    source = article("臺灣的AI政策。", title="標題" * 200)
    passage = Passage(source.id, "AI政策", 3, 7, heading="第一章")
    assert read_together(source, passage) == f"{'標題' * 100}\n第一章\nAI政策"


# An index that is given another model


def test_a_model_of_another_dimension_is_refused_until_the_next_update(world: World, folder: Path, tmp_path: Path):
    world.set(embed=EmbedConfig(str(folder)))
    world.update()
    assert world.open().manifest.dim == 16 and texts(world.open(), "茶厂产量")
    world.set(embed=EmbedConfig(str(embedding_model(tmp_path, hidden_size=24))))
    with pytest.raises(LibraryMismatch, match="youju index"):
        world.open()
    assert world.update().embedded == 3
    assert world.open().manifest.dim == 24 and texts(world.open(), "茶厂产量")


def test_another_batch_or_prompt_for_questions_embeds_nothing_again(world: World, folder: Path):
    world.set(embed=EmbedConfig(str(folder)))
    world.update()
    world.set(embed=EmbedConfig(str(folder), batch=3, query_prompt="问："))
    assert world.update().embedded == 0 and world.open().manifest.generation == 1


class Interrupted(Exception):
    """What a test raises in the middle of an update."""


def test_a_change_of_model_that_is_taken_back_half_way_leaves_nothing(world: World, folder: Path):
    world.write_lines("many.jsonl", *({"id": f"n{n}", "text": f"第{n}座石桥长{n}米。"} for n in range(12)))
    world.update()
    shipped, rows = world.config, world.rows()
    world.set(embed=EmbedConfig(str(folder), batch=1))

    def stop(done: Done) -> None:
        if done.passages >= 10:
            raise Interrupted

    with pytest.raises(Interrupted):
        update(world.config, progress=stop)
    assert written(world.config.home) == (8, 0)
    world.config = shipped
    assert world.update().embedded == 0 and world.rows() == rows
    assert written(world.config.home) == (0, 0) and world.open().manifest.generation == 1


def in_the_hubs_cache(folder: Path, cache: Path) -> Path:
    """A model as `hf download acme/tiny` leaves it: files named by their hash, and a snapshot of links to them."""
    snapshot, blobs = cache / "models--acme--tiny/snapshots/0123", cache / "models--acme--tiny/blobs"
    for file in folder.rglob("*"):
        if file.is_file():
            link, blob = snapshot / file.relative_to(folder), blobs / sha256(file.read_bytes()).hexdigest()
            link.parent.mkdir(parents=True, exist_ok=True)
            blobs.mkdir(exist_ok=True)
            shutil.copy(file, blob)
            link.symlink_to(os.path.relpath(blob, link.parent))
    (cache / "models--acme--tiny/refs").mkdir()
    (cache / "models--acme--tiny/refs/main").write_text("0123")
    return cache


def written(home: Path) -> tuple[int, int]:
    """The passages of the coming generation that are written, and those of an article that is not."""
    with closing(sqlite3.connect(f"file:{home / FILE}?mode=ro", uri=True)) as connection:
        counted = "SELECT count(*) FROM passages p JOIN articles a ON a.row = p.article WHERE born = 2"
        return connection.execute(counted).fetchone()[0], connection.execute("SELECT count(*) FROM halfway").fetchone()[
            0
        ]


@pytest.mark.slow
def test_a_killed_change_of_model_goes_on_where_it_was_and_the_old_index_answers_until_it_is_done(
    world: World, folder: Path, tmp_path: Path
):
    world.write_lines("first.jsonl", *({"id": f"n{n}", "text": f"第{n}座石桥长{n}米。"} for n in range(20)))
    world.write("long.md", "".join(f"第{n}年茶厂的春茶产量为{n}万斤，比上年多。" * 6 + "\n\n" for n in range(200)))
    world.update()
    old, passages = world.open(), world.open().manifest.passages
    (tmp_path / "youju.toml").write_text('[embed]\nmodel = "acme/tiny"\ndevice = "cpu"\nbatch = 4\n', "utf-8")
    options = [str(world.folder), "--home", str(world.config.home), "--config", str(tmp_path / "youju.toml")]
    with subprocess.Popen(
        [sys.executable, "-m", "ui.cli", "index", *options],
        cwd=ROOT,
        env={**os.environ, "HF_HUB_CACHE": str(in_the_hubs_cache(folder, tmp_path / "hub"))},
        stderr=subprocess.PIPE,
    ) as killed:
        while written(world.config.home)[1] < 32 and killed.poll() is None:
            time.sleep(0.001)
        answered = texts(old, "云岫茶厂2023年春茶产量")
        killed.kill()
        assert killed.wait() == -signal.SIGKILL, killed.communicate()[1].decode()
    kept, halfway = written(world.config.home)
    assert kept >= 20 and halfway >= 32 and kept + halfway < passages
    for found in (answered, texts(world.open(), "云岫茶厂2023年春茶产量")):
        assert any("6.5万斤" in text for text in found)
    assert world.open().manifest.generation == 1

    world.set(embed=EmbedConfig(str(folder), device="cpu", batch=4))  # the same model, copied as a folder
    assert world.update().embedded == passages - kept - halfway
    index = world.open()
    assert (index.manifest.generation, index.manifest.passages, index.manifest.dim) == (2, passages, 16)
    assert written(world.config.home) == (passages, 0)
    assert (
        old.is_current() and texts(old, "云岫茶厂2023年春茶产量") == answered
    )  # as a server does that still has the old settings
    found = index.passages(world.rows())
    told = [search_text(f.article.title, f.passage.heading, f.passage.text) for f in found]
    np.testing.assert_allclose([f.vector for f in found], index.embedder.encode(told), atol=2e-3)
