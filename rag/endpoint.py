"""The section [llm] of the configuration: which endpoint, which model, with which key (`llm_presets.tsv`)."""

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

from index.errors import ConfigError

UNVERIFIED = ("mark", "drop")
_LONGEST_KEY = 4096


class Secret:
    """A text that shows itself to who asks for it, and in no repr, log or record of the configuration."""

    __slots__ = ("_text",)

    def __init__(self, text: str = "") -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        return "'***'" if self._text else "''"

    def __str__(self) -> str:
        return "***" if self._text else ""

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> str:
        raise TypeError("a secret is not pickled")

    def __deepcopy__(self, memo: object) -> "Secret":
        return self


@dataclass(frozen=True, slots=True)
class LlmConfig:
    """A language model behind an OpenAI-compatible endpoint; none, unless `preset` or `base_url` is set.

    `key` comes from the environment variable `key_env`, or else from `key_file`. The model is given up when it cannot
    be reached within `connect_seconds`, is silent for `silent_seconds`, or writes for longer than `seconds`; `at_once`
    answers are written at a time. Its prompt holds at most `passages` passages of `chars` characters together. `extra`
    are further fields of the request. A sentence that nothing supports is marked or dropped (`unverified`).
    """

    preset: str = ""
    base_url: str = ""
    model: str = ""
    key_env: str = "YOUJU_LLM_KEY"
    key_file: Path | None = None
    temperature: float = 0.1
    max_tokens: int = 2048
    connect_seconds: float = 5.0
    silent_seconds: float = 20.0
    seconds: float = 60.0
    at_once: int = 8
    passages: int = 8
    chars: int = 4000
    unverified: str = "mark"
    extra: Mapping[str, object] = field(default_factory=dict)
    key: Secret = field(default_factory=Secret)

    @property
    def is_set(self) -> bool:
        """Whether there is a language model at all."""
        return bool(self.base_url)


@dataclass(frozen=True, slots=True)
class Preset:
    """An endpoint that is known by name, with a model of it as an example."""

    base_url: str
    example: str
    extra: Mapping[str, object]


@cache
def presets() -> Mapping[str, Preset]:
    """The endpoints known by name (`llm_presets.tsv`)."""
    lines = files("rag").joinpath("llm_presets.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {name: Preset(url, example, json.loads(extra)) for name, url, example, extra in rows}


def resolved(written: LlmConfig, base: Path, environment: Mapping[str, str]) -> LlmConfig:
    """The section with what its preset says and with its key. Raises ConfigError, which never holds the key."""
    _check_choice("llm.unverified", written.unverified, UNVERIFIED)
    if not written.preset and not written.base_url:
        return written
    known = presets()
    if written.preset:
        _check_choice("llm.preset", written.preset, tuple(known))
    preset = known.get(written.preset, Preset("", "qwen3:8b", {}))
    url = written.base_url or preset.base_url
    _check_url(url)
    if not written.model:
        raise ConfigError(
            f'还没有写 llm.model：请写明用哪个模型，例如 model = "{preset.example}"',
            f'llm.model is missing: name the model, such as model = "{preset.example}"',
        )
    file = base / written.key_file if written.key_file else None
    given = environment.get(written.key_env, "").strip()
    key = _checked(given, written.key_env) if given else _read(file) if file else Secret()
    return replace(written, base_url=url, key_file=file, extra={**preset.extra, **written.extra}, key=key)


def _check_choice(key: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        names = " / ".join(known)
        raise ConfigError(
            f"配置项 {key} = {value!r} 不对：应为 {names}", f"{key} = {value!r} is wrong: expected {names}"
        )


def _check_url(url: str) -> None:
    """An address without a name, key, query or fragment in it: those would show up in messages and logs."""
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        fits = False
    if not fits or "@" in url or "?" in url or "#" in url or any(c.isspace() or not c.isprintable() for c in url):
        shown = "***" if "@" in url or "?" in url else url
        raise ConfigError(
            f"配置项 llm.base_url = {shown!r} 不对：应为 http://127.0.0.1:8000/v1 这样的地址，"
            "密钥写在环境变量或 key_file 里",
            f"llm.base_url = {shown!r} is wrong: expected an address such as http://127.0.0.1:8000/v1; a key belongs "
            "into the environment or key_file",
        )


def _read(file: Path) -> Secret:
    """The key in a file that only its owner, or its group, may read."""
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            content = opened.read(_LONGEST_KEY + 1) if stat.S_ISREG(mode) else b""
    except OSError as error:
        raise ConfigError(
            f"读不了 llm.key_file = {str(file)!r}（{error.strerror}）：请检查路径和权限",
            f"cannot read llm.key_file = {str(file)!r} ({error.strerror}): check the path and the permissions",
        ) from error
    if mode & stat.S_IRWXO:
        raise ConfigError(
            f"llm.key_file = {str(file)!r} 谁都能读：请先运行 chmod 600 {file}",
            f"llm.key_file = {str(file)!r} can be read by everybody: run chmod 600 {file} first",
        )
    return _checked(content.decode("ascii", "replace").strip(), str(file))


def _checked(key: str, where: str) -> Secret:
    """A key goes into a header: printable ASCII on one line."""
    if not key or len(key) > _LONGEST_KEY or not all("!" <= c <= "~" for c in key):
        raise ConfigError(
            f"{where} 里的密钥不对：应为一行，只有字母、数字和符号",
            f"the key in {where} is wrong: expected one line of letters, digits and signs",
        )
    return Secret(key)
