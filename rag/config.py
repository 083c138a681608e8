"""The configuration: one TOML file and a few environment variables, read once into a frozen tree, and only here.

`docs/CONFIG.md` explains every key.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, is_dataclass, replace
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from index.config import CSV_FIELDS, EmbedConfig, IndexConfig, ModelConfig
from index.errors import ConfigError, Language
from index.types import MetadataDefault
from rag import endpoint
from rag.endpoint import LlmConfig

FILE = "youju.toml"
_MOST = 100_000  # beyond it, a number is a slip: a hundred times what any setting is good for
_MAY_BE_EMPTY = {
    "embed.query_prompt",
    "embed.passage_prompt",
    "rerank.model",
    "llm.preset",
    "llm.base_url",
    "llm.model",
}
_STEPS = ("parts", "reprints")  # of finding, which `retrieve.without` may name beside the kinds of evidence
_READER = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_]\w*")
T = TypeVar("T")
M = TypeVar("M", bound=ModelConfig)


@dataclass(frozen=True, slots=True)
class RetrieveConfig:
    """How passages are found. `candidates` of each leg are fused, the best `rerank` of them are ranked by all evidence.

    At most `per_article` of them are of one article. `lexical_weight` weighs bounded BM25 against the cosine,
    `late_weight` the late interaction against both. `without` names evidence that is left out, to see what it is worth.
    """

    candidates: int = 100
    rerank: int = 60
    per_article: int = 30
    lexical_weight: float = 3.0
    late_weight: float = 3.0
    without: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerConfig:
    """How an answer is made: at most `sentences` sentences and `chars` characters.

    Sentences are added until it is as likely as `confidence` that one of them answers. A question whose best passage
    scores below `threshold` is foreign to the articles.
    """

    sentences: int = 3
    chars: int = 288
    confidence: float = 0.82
    threshold: float = 1.05


@dataclass(frozen=True, slots=True)
class ServeConfig:
    """The doors over HTTP. `frame_ancestors` and `origins` are origins such as "https://portal.example".

    `hosts` are the names by which browsers reach the server, besides its addresses and the machine's own name.
    """

    host: str = "127.0.0.1"
    port: int = 7860
    frame_ancestors: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be set. `index.embed` is the section [embed]; `rerank` names a cross-encoder, `llm` a
    language model, or none.
    """

    index: IndexConfig
    retrieve: RetrieveConfig = field(default_factory=RetrieveConfig)
    rerank: ModelConfig = field(default_factory=ModelConfig)
    answer: AnswerConfig = field(default_factory=AnswerConfig)
    llm: LlmConfig = field(default_factory=LlmConfig)
    serve: ServeConfig = field(default_factory=ServeConfig)
    language: Language = "zh"


_SECTIONS: Mapping[str, type] = {
    **{"index": IndexConfig, "embed": EmbedConfig, "retrieve": RetrieveConfig, "rerank": ModelConfig},
    **{"answer": AnswerConfig, "llm": LlmConfig, "serve": ServeConfig},
}


def load_config(path: Path | None = None, environment: Mapping[str, str] = os.environ) -> Config:
    """Read `path`, or youju.toml in the working folder if there is one.

    YOUJU_HOME overrides `index.home`, YOUJU_LANG the `language`; the variable that `llm.key_env` names holds a key.
    Relative paths are relative to the file. Raises ConfigError, which names the key and the value.
    """
    file = path or Path(FILE)
    tree = _parse(file) if path or file.is_file() else {}
    base = file.parent
    _reject_unknown("", tree, {*_SECTIONS, "language"})
    config = Config(
        index=replace(_index(tree.get("index", {}), base), embed=_model(EmbedConfig(), "embed", tree, base)),
        retrieve=_section(RetrieveConfig(), "retrieve", tree),
        rerank=_model(ModelConfig(), "rerank", tree, base),
        answer=_section(AnswerConfig(), "answer", tree),
        llm=endpoint.resolved(_section(LlmConfig(), "llm", tree), base, environment),
        serve=_section(ServeConfig(), "serve", tree),
        language=_language(environment.get("YOUJU_LANG") or tree.get("language", "zh")),
    )
    if home := environment.get("YOUJU_HOME"):
        config = replace(config, index=replace(config.index, home=Path(home)))
    _check_origins("serve.frame_ancestors", config.serve.frame_ancestors)
    _check_origins("serve.origins", config.serve.origins)
    _check_without(config.retrieve.without)
    return config


def _parse(file: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(
            f"读不了配置文件 {file}（{error.strerror}）：请检查路径",
            f"cannot read the configuration {file} ({error.strerror}): check the path",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"配置文件 {file} 不是合法的 TOML：{error}",
            f"the configuration {file} is not valid TOML: {error}",
        ) from error


def _index(section: object, base: Path) -> IndexConfig:
    found = _section(IndexConfig(home=Path(".youju")), "index", {"index": section})
    _reject_unknown("index.csv.", found.csv, set(CSV_FIELDS))
    for suffix, reader in found.readers.items():
        if not suffix.startswith(".") or suffix != suffix.lower() or not _READER.fullmatch(reader):
            raise _wrong(f"index.readers.{suffix!r}", reader, '".epub" = "llama_index.readers.file:EpubReader"')
    return replace(
        found,
        home=base / found.home,
        sources=tuple(base / s for s in found.sources),
        dictionary=base / found.dictionary if found.dictionary else None,
    )


def _model(default: M, section: str, tree: Mapping[str, Any], base: Path) -> M:
    """A model's section: a folder beside the file is taken for the model, anything else for its name."""
    found = _section(default, section, tree)
    beside = base / found.model
    return replace(found, model=str(beside)) if found.model not in ("", "shipped") and os.path.isdir(beside) else found


def _metadata(key: str, value: object) -> MetadataDefault:
    """One entry of [[index.metadata]]."""
    if not isinstance(value, dict) or "path" not in value:
        raise _wrong(key, value, 'path = "news/**", publisher = "…"')
    return _section(MetadataDefault(path=""), key, {key: value})


def _section(default: T, name: str, tree: Mapping[str, Any]) -> T:
    values = tree.get(name, {})
    if not isinstance(values, dict):
        raise _wrong(name, values, "a table")
    types = get_type_hints(type(default))
    _reject_unknown(f"{name}.", values, _keys(type(default)))
    return replace(default, **{k: _value(f"{name}.{k}", v, types[k]) for k, v in values.items()})  # type: ignore[type-var]


def _keys(section: type) -> set[str]:
    """What may stand in a section; a field that is a section of its own stands beside it."""
    hints = get_type_hints(section).items()
    return {name for name, wanted in hints if not is_dataclass(wanted) and wanted is not endpoint.Secret}


def _value(key: str, value: object, wanted: Any) -> object:  # noqa: ANN401  (a type)
    if isinstance(wanted, UnionType):
        wanted = get_args(wanted)[0]
    if get_origin(wanted) is Mapping:
        return _table(key, value, get_args(wanted)[1])
    if wanted is MetadataDefault:
        return _metadata(key, value)
    if get_origin(wanted) is tuple:
        if not isinstance(value, list):
            raise _wrong(key, value, "a list")
        return tuple(_value(key, v, get_args(wanted)[0]) for v in value)
    return _single(key, value, wanted)


def _single(key: str, value: object, wanted: Any) -> object:  # noqa: ANN401  (a type)
    if isinstance(value, str) and ("\0" in value or not value.strip()) and (value or key not in _MAY_BE_EMPTY):
        raise _wrong(key, value, "a text")
    if wanted is Path and isinstance(value, str):
        return Path(value)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool) and value <= _MOST:
        value = float(value)
    if not isinstance(value, wanted) or isinstance(value, bool) is not (wanted is bool):
        raise _wrong(key, value, "true / false" if wanted is bool else wanted.__name__)
    if isinstance(value, int) and not isinstance(value, bool) and not 1 <= value <= _MOST:
        raise _wrong(key, value, f"1 … {_MOST}")
    if isinstance(value, float) and not 0 <= value <= _MOST:  # nor is nan
        raise _wrong(key, value, f"0 … {_MOST}")
    return value


def _table(key: str, value: object, wanted: Any) -> dict[str, object]:  # noqa: ANN401  (a type)
    """A table of texts, or of anything where that is wanted."""
    if not isinstance(value, dict):
        raise _wrong(key, value, "a table")
    return value if wanted is object else {name: _value(f"{key}.{name}", text, wanted) for name, text in value.items()}


def _language(value: object) -> Language:
    if value == "zh":
        return "zh"
    if value == "en":
        return "en"
    raise _wrong("language", value, '"zh" / "en"')


def _check_origins(key: str, origins: tuple[str, ...]) -> None:
    for origin in origins:
        scheme, _, rest = origin.partition("://")
        if scheme not in ("http", "https") or not rest or set(rest) & set("*/ ;,'\"\r\n"):
            raise _wrong(key, origin, "https://portal.example")


def _check_without(names: tuple[str, ...]) -> None:
    if not names:
        return
    from rag.features import FEATURES  # it imports numpy, which --help does without

    known = (*FEATURES, *_STEPS)
    for name in names:
        if name not in known:
            raise _wrong("retrieve.without", name, " / ".join(known))


def _reject_unknown(prefix: str, values: Mapping[str, object], known: set[str]) -> None:
    for key in sorted(set(values) - known):
        names = "、".join(sorted(known))
        moved = " / ".join(f"{name}.{key}" for name, section in _SECTIONS.items() if key in _keys(section))
        raise ConfigError(
            f"配置里有不认识的项 {prefix}{key}：可用的是 {names}" + (f"；是不是要写 {moved}？" if moved else ""),
            f"unknown key {prefix}{key}: there are {names}" + (f"; is {moved} meant?" if moved else ""),
        )


def _wrong(key: str, value: object, wanted: str) -> ConfigError:
    return ConfigError(
        f"配置项 {key} = {value!r} 不对：应为 {wanted}", f"{key} = {value!r} is wrong: expected {wanted}"
    )
