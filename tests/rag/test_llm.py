"""The section [llm], its key, and what a language model brings into the process and onto the wire."""

import json
import pickle
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from llm_server import LlmServer, fails, says, serving

from index.errors import ConfigError
from rag.config import Config, load_config
from rag.endpoint import LlmConfig, Secret, presets

ROOT = Path(__file__).parents[2]
KEY = "sk-0123456789-CANARY"
LOCAL = 'base_url = "http://127.0.0.1:8000/v1"\nmodel = "m"\n'


def read(folder: Path, toml: str, **environment: str) -> LlmConfig:
    file = folder / "some.toml"
    file.write_text(f"[llm]\n{toml}", "utf-8")
    return load_config(file, environment).llm


@pytest.fixture(scope="module")
def server() -> Iterator[LlmServer]:
    with serving() as found:
        yield found


def test_without_the_section_there_is_no_model(tmp_path: Path):
    assert not load_config(environment={"YOUJU_LLM_KEY": KEY}).llm.is_set
    assert not read(tmp_path, 'model = "m"', YOUJU_LLM_KEY=KEY).is_set


@pytest.mark.parametrize("name", presets())
def test_a_preset_gives_the_address_and_asks_for_the_model(tmp_path: Path, name: str):
    with pytest.raises(ConfigError) as missing:
        read(tmp_path, f'preset = "{name}"')
    assert presets()[name].example in missing.value.message.zh and "llm.model" in missing.value.message.en
    found = read(tmp_path, f'preset = "{name}"\nmodel = "m"\n[llm.extra]\ntop_p = 0.5\n')
    assert found.is_set and found.base_url == presets()[name].base_url
    assert found.extra == {**presets()[name].extra, "top_p": 0.5}
    assert read(tmp_path, f'preset = "{name}"\n{LOCAL}').base_url == "http://127.0.0.1:8000/v1"


def test_the_handbook_lists_the_presets_as_they_are():
    rows = re.findall(
        r"^\| `([\w.]+)` \| .* \| (http\S+) \| (\S+) \|$", (ROOT / "docs/CONFIG.md").read_text(), re.MULTILINE
    )
    assert rows == [(name, preset.base_url, preset.example) for name, preset in presets().items()]


@pytest.mark.parametrize(
    ("toml", "named"),
    [
        ('preset = "nobody"', "deepseek"),
        ('base_url = "ftp://a/v1"\nmodel = "m"', "llm.base_url"),
        ('base_url = "127.0.0.1:8000"\nmodel = "m"', "llm.base_url"),
        ('base_url = "http:///v1"\nmodel = "m"', "llm.base_url"),
        ('base_url = "http://[::1/v1"\nmodel = "m"', "llm.base_url"),
        ('base_url = "http://a:99999/v1"\nmodel = "m"', "llm.base_url"),
        ('base_url = "http://a/v 1"\nmodel = "m"', "llm.base_url"),
        (f"{LOCAL}unverified = 'show'", "llm.unverified"),
        (f"{LOCAL}key = '{KEY}'", "llm.key"),
        (f"{LOCAL}max_tokens = 0", "llm.max_tokens = 0"),
        (f"{LOCAL}seconds = -1.0", "llm.seconds = -1.0"),
        (f"{LOCAL}extra = 3", "llm.extra = 3"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, toml: str, named: str):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, toml)
    assert named in caught.value.message.zh and named in caught.value.message.en


@pytest.mark.parametrize("url", [f"http://user:{KEY}@a/v1", f"https://a/v1?key={KEY}", f"https://a/v1#{KEY}@"])
def test_a_key_in_the_address_is_refused_and_not_repeated(tmp_path: Path, url: str):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, f'base_url = "{url}"\nmodel = "m"')
    assert KEY not in str(caught.value) and KEY not in caught.value.message.en


def test_the_key_comes_from_the_environment_or_else_from_a_file(tmp_path: Path):
    file = tmp_path / "llm.key"
    file.write_text(f"{KEY}\n", "utf-8")
    file.chmod(0o600)
    in_file = f'{LOCAL}key_file = "llm.key"\n'
    assert read(tmp_path, in_file).key.reveal() == KEY
    assert read(tmp_path, in_file, YOUJU_LLM_KEY="other").key.reveal() == "other"
    assert read(tmp_path, f'{LOCAL}key_env = "MY_KEY"', MY_KEY=f" {KEY} ", YOUJU_LLM_KEY="x").key.reveal() == KEY
    assert read(tmp_path, LOCAL, YOUJU_LLM_KEY="").key == Secret()


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o602])
def test_a_key_that_everybody_may_read_is_refused_with_the_remedy(tmp_path: Path, mode: int):
    file = tmp_path / "llm.key"
    file.write_text(KEY, "utf-8")
    file.chmod(mode)
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, f'{LOCAL}key_file = "llm.key"\n')
    assert f"chmod 600 {file}" in caught.value.message.zh and KEY not in str(caught.value)
    file.chmod(0o640)
    assert read(tmp_path, f'{LOCAL}key_file = "llm.key"\n').key.reveal() == KEY


@pytest.mark.parametrize("content", [b"", b"\n", b"a b", b"a\nb", "密钥".encode(), b"\xff", b"x" * 5000, b"a\r\nX: y"])
def test_what_can_be_no_key_is_refused(tmp_path: Path, content: bytes):
    file = tmp_path / "llm.key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(ConfigError, match="llm.key"):
        read(tmp_path, f'{LOCAL}key_file = "llm.key"\n')


def test_a_key_file_that_is_missing_or_none_is_named(tmp_path: Path):
    (tmp_path / "folder").mkdir()
    for name in ("nowhere", "folder"):
        with pytest.raises(ConfigError, match=name):
            read(tmp_path, f'{LOCAL}key_file = "{name}"\n')


def test_a_key_shows_itself_in_no_form_of_the_configuration(tmp_path: Path):
    config = Config(index=load_config(environment={}).index, llm=read(tmp_path, LOCAL, YOUJU_LLM_KEY=KEY))
    forms = [repr(config), str(config), f"{config.llm.key}", repr(asdict(config)), repr(replace(config))]
    assert all(KEY not in form for form in forms) and "***" in forms[0]
    with pytest.raises(TypeError):
        pickle.dumps(config.llm.key)


def test_a_run_is_recorded_without_the_key(config: Config, server: LlmServer, tmp_path: Path):
    from eval.run import run

    gold = tmp_path / "gold.jsonl"
    gold.write_text(json.dumps({"id": "1", "type": "fact", "question": "青石桥有多长？"}) + "\n", "utf-8")
    server.script(fails(401))
    llm = LlmConfig(base_url=server.base_url, model="m", key=Secret(KEY))
    run(replace(config, llm=llm), gold, out=tmp_path / "out.jsonl")
    written = "".join(file.read_text("utf-8") for file in (tmp_path / "out.jsonl", tmp_path / "out.json"))
    assert server.base_url in written and "***" in written and KEY not in written


def test_the_folder_of_a_key_file_is_that_of_the_configuration(tmp_path: Path):
    (tmp_path / "k").write_text(KEY, "utf-8")
    (tmp_path / "k").chmod(stat.S_IRUSR)
    assert read(tmp_path, f'{LOCAL}key_file = "k"').key_file == tmp_path / "k"


CHILD = """
import json, sys
heard = []
def hear(event, args):
    if event in ("socket.connect", "socket.getaddrinfo"):
        heard.append(str(args[1] if event == "socket.connect" else args[0]))
sys.addaudithook(hear)
from pathlib import Path
from rag.assistant import Assistant
from rag.config import load_config
from rag.types import Question
answer = Assistant(load_config(Path(sys.argv[1]))).ask(Question("青石桥有多长？"))
loaded = sorted({name.partition(".")[0] for name in sys.modules} & {"llama_index", "openai", "torch", "transformers"})
settings = sys.modules.get("llama_index.core.settings")
chosen = [settings.Settings._llm, settings.Settings._embed_model] if settings else []
print(json.dumps([answer.mode, answer.text, loaded, heard, [str(c) for c in chosen]]))
"""


def child(folder: Path, config: Config, section: str) -> list:
    file = folder / "youju.toml"
    file.write_text(f'[index]\nhome = "{config.index.home}"\n{section}', "utf-8")
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "YOUJU_LLM_KEY": KEY, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, "-c", CHILD, str(file)],
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        timeout=60,
    )
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)


def test_without_a_model_nothing_of_llamaindex_is_imported_and_nobody_is_connected_to(tmp_path: Path, config: Config):
    mode, text, loaded, heard, _ = child(tmp_path, config, "")
    assert mode == "extractive" and "48米" in text and loaded == [] and heard == []


@pytest.mark.slow
def test_with_a_model_it_alone_is_connected_to_and_no_global_model_is_set(
    tmp_path: Path, config: Config, server: LlmServer
):
    server.script(says("青石桥全长48米[1]。"))
    section = f'[llm]\nbase_url = "{server.base_url}"\nmodel = "gpt-4o"\n'
    mode, text, loaded, heard, chosen = child(tmp_path, config, section)
    assert (mode, text) == ("llm", "青石桥全长48米。[1]") and loaded == ["llama_index", "openai"]
    assert heard and all("127.0.0.1" in one for one in heard) and chosen == ["None", "None"]
    assert list(tmp_path.iterdir()) == [tmp_path / "youju.toml"]
