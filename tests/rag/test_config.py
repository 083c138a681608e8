"""load_config(): defaults, one TOML file, two environment variables; what is wrong is named by key and value."""

import re
import tomllib
from dataclasses import asdict
from pathlib import Path

import pytest

from index.errors import ConfigError
from rag.config import Config, load_config
from rag.features import FEATURES

ROOT = Path(__file__).parents[2]


def written(folder: Path, toml: str) -> Path:
    file = folder / "some.toml"
    file.write_text(toml, "utf-8")
    return file


def read(folder: Path, toml: str) -> Config:
    return load_config(written(folder, toml), {})


def test_without_a_file_everything_has_its_default(here: Path):
    config = load_config(environment={})
    assert config.language == "zh"
    assert config.index.home == Path(".youju") and config.index.sources == (Path("corpus"),)


def test_the_defaults_are_those_of_the_handbook(here: Path):
    block = re.search(r"```toml\n(.*?)```", (ROOT / "docs/CONFIG.md").read_text("utf-8"), re.DOTALL)
    assert block
    defaults = asdict(load_config(environment={}))
    defaults["embed"] = defaults["index"].pop("embed")
    for prompt in ("query_prompt", "passage_prompt"):
        assert defaults["embed"].pop(prompt) is None and f"# {prompt} =" in block.group(1)
    defaults["index"] |= {"home": ".youju", "sources": ["corpus"], "metadata": []}
    defaults["retrieve"] |= {"without": []}
    defaults["serve"] |= {"frame_ancestors": [], "origins": [], "hosts": []}
    assert defaults["llm"].pop("key_file") is None and "# key_file =" in block.group(1)
    assert not defaults["llm"].pop("key")
    assert defaults["index"].pop("dictionary") is None and "# dictionary =" in block.group(1)
    assert tomllib.loads(block.group(1)) == defaults


def test_the_file_of_the_handbook_can_be_read(tmp_path: Path):
    block = re.search(r"```toml\n(.*?)```", (ROOT / "docs/CONFIG.md").read_text("utf-8"), re.DOTALL)
    assert block
    assert read(tmp_path, block.group(1).replace("# dictionary", "dictionary")).index.dictionary


def test_youju_toml_of_the_working_folder_is_read_without_being_named(here: Path):
    (here / "youju.toml").write_text("[answer]\nsentences = 2\n", "utf-8")
    assert load_config(environment={}).answer.sentences == 2


def test_relative_paths_are_relative_to_the_file(tmp_path: Path):
    toml = '[index]\nhome = "i"\nsources = ["a", "/b"]\ndictionary = "w.txt"\n'
    index = read(tmp_path, toml).index
    assert index.home == tmp_path / "i"
    assert index.sources == (tmp_path / "a", Path("/b"))
    assert index.dictionary == tmp_path / "w.txt"


def test_the_environment_names_home_and_language(tmp_path: Path):
    file = written(tmp_path, 'language = "zh"\n[index]\nhome = "i"\n')
    config = load_config(file, {"YOUJU_HOME": "/elsewhere", "YOUJU_LANG": "en"})
    assert config.index.home == Path("/elsewhere") and config.language == "en"


def test_an_empty_variable_of_the_environment_says_nothing(here: Path):
    config = load_config(environment={"YOUJU_HOME": "", "YOUJU_LANG": ""})
    assert config.index.home == Path(".youju") and config.language == "zh"


def test_a_whole_number_will_do_where_a_fraction_may_stand(tmp_path: Path):
    weight = read(tmp_path, "[retrieve]\nlate_weight = 2\n").retrieve.late_weight
    assert weight == 2.0 and isinstance(weight, float)


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ("colour = 1", "colour"),
        ("[index]\nhomes = 'x'", "index.homes"),
        ("[llm]\nkey = 'x'", "llm.key"),
        ("index = 3", "index = 3"),
        ("[index]\nhome = 3", "index.home = 3"),
        ("[index]\nhome = ''", "index.home = ''"),
        ("[index]\nembed = 'x'", "index.embed"),
        ("[embed]\nmodel = ' '", "embed.model = ' '"),
        ("[embed]\nmodel = ''", "embed.model = ''"),
        ("[embed]\nbatch = 0", "embed.batch = 0"),
        ("[embed]\nfp16 = 1", "embed.fp16 = 1"),
        ("[embed]\nbatch = true", "embed.batch = True"),
        ("[rerank]\nmodel = 3", "rerank.model = 3"),
        ("[rerank]\nquery_prompt = 'x'", "rerank.query_prompt"),
        ("[index]\nsources = 'corpus'", "index.sources = 'corpus'"),
        ("[index]\nsources = [3]", "index.sources = 3"),
        ('[index]\nsources = ["a\\u0000b"]', "index.sources"),
        ("[answer]\nsentences = true", "answer.sentences = True"),
        ("[answer]\nsentences = 0", "answer.sentences = 0"),
        ("[answer]\nsentences = 2.5", "answer.sentences = 2.5"),
        ("[answer]\nconfidence = -1", "answer.confidence = -1"),
        ("[answer]\nthreshold = nan", "answer.threshold = nan"),
        ("[retrieve]\nlate_weight = inf", "retrieve.late_weight = inf"),
        ("[retrieve]\nwithout = 'words'", "retrieve.without = 'words'"),
        ("[retrieve]\nwithout = [3]", "retrieve.without = 3"),
        ("[retrieve]\nper_article = 0", "retrieve.per_article = 0"),
        ("[retrieve]\ncandidates = 99999999999999", "retrieve.candidates = 99999999999999"),
        (f"[retrieve]\nlate_weight = 1{'0' * 400}", "retrieve.late_weight"),
        ("language = 'fr'", "language = 'fr'"),
        ("language = ['zh']", "language = ['zh']"),
        ("[serve]\norigins = 'https://a.example'", "serve.origins"),
    ],
)
def test_a_key_or_value_that_is_wrong_is_named(tmp_path: Path, toml: str, named: str):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, toml)
    for language in ("zh", "en"):
        assert named in caught.value.message.say(language)


def test_evidence_that_is_left_out_is_named_as_the_ranking_names_it(tmp_path: Path):
    every = [*FEATURES, "parts", "reprints"]
    assert read(tmp_path, f"[retrieve]\nwithout = {every}\n").retrieve.without == tuple(every)
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, '[retrieve]\nwithout = ["words", "rerank"]\n')
    for said in (caught.value.message.zh, caught.value.message.en):
        assert "retrieve.without = 'rerank'" in said and all(name in said for name in every)


def test_the_handbook_names_all_evidence_that_can_be_left_out():
    text = (ROOT / "docs/CONFIG.md").read_text("utf-8").partition("## What counts")[2].partition("\n## ")[0]
    assert {*FEATURES, "parts", "reprints"} <= set(re.findall(r"`(\w+)`", text))


def test_a_key_that_belongs_elsewhere_is_shown_the_way(tmp_path: Path):
    for toml in ("[index]\nmodel = 'x'", "model = 'x'"):
        with pytest.raises(ConfigError) as caught:
            read(tmp_path, toml)
        assert all("embed.model" in said for said in (caught.value.message.zh, caught.value.message.en))


def test_a_model_is_a_folder_beside_the_file_or_else_a_name(tmp_path: Path):
    (tmp_path / "models/one").mkdir(parents=True)
    (tmp_path / "shipped").mkdir()
    found = read(tmp_path, "[embed]\nmodel = 'models/one'\nfp16 = true\nquery_prompt = ''\n[rerank]\nmodel = 'a/b'\n")
    assert found.index.embed.model == str(tmp_path / "models/one") and found.index.embed.fp16
    assert found.index.embed.query_prompt == "" and found.index.embed.passage_prompt is None
    assert found.rerank.model == "a/b"
    assert read(tmp_path, "[embed]\nmodel = 'shipped'\n").index.embed.model == "shipped"
    assert read(tmp_path, f"[embed]\nmodel = '{'x' * 5000}'\n").index.embed.model == "x" * 5000


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*.example", "https://a.example/page", "https://a b", "https://a'b", 'https://a"b', "a.example"]
    + ["https://", "https://a;b", "https://a,b", "javascript://a", "https://a\nb", "null"],
)
@pytest.mark.parametrize("key", ["origins", "frame_ancestors"])
def test_what_is_no_origin_is_refused(tmp_path: Path, key: str, origin: str):
    quoted = origin.replace('"', '\\"').replace("\n", "\\n")
    with pytest.raises(ConfigError, match=f"serve.{key}"):
        read(tmp_path, f'[serve]\n{key} = ["{quoted}"]')


def test_origins_with_and_without_a_port_are_taken(tmp_path: Path):
    serve = read(tmp_path, '[serve]\norigins = ["https://a.example", "http://localhost:8080"]').serve
    assert serve.origins == ("https://a.example", "http://localhost:8080")


def test_a_file_that_was_named_must_be_there(tmp_path: Path):
    with pytest.raises(ConfigError, match="nowhere.toml"):
        load_config(tmp_path / "nowhere.toml", {})
    with pytest.raises(ConfigError):
        load_config(tmp_path, {})


@pytest.mark.parametrize("content", [b"[index\nhome", b"a = 1\na = 2", b"language = \xff", b"\x00"])
def test_a_file_that_is_no_toml_is_refused_by_name(tmp_path: Path, content: bytes):
    file = tmp_path / "broken.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigError, match="broken.toml"):
        load_config(file, {})


def test_what_is_known_of_articles_is_read_as_tables(tmp_path: Path):
    entries = 'path = "news/**"\npublisher = "某报"\ngroups = ["财务"]', 'path = "*.txt"'
    toml = "".join(f"[[index.metadata]]\n{entry}\n" for entry in entries)
    first, second = read(tmp_path, toml).index.metadata
    assert (first.path, first.publisher, first.groups) == ("news/**", "某报", ("财务",)) and second.groups is None
    for wrong in ('publisher = "某报"', 'path = "a"\ntitle = "题"', 'path = "a"\ngroups = "财务"'):
        with pytest.raises(ConfigError, match="index.metadata"):
            read(tmp_path, f"[[index.metadata]]\n{wrong}\n")
