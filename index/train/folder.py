"""A vocabulary and its vectors → a folder that sentence-transformers loads, and `index.embed` reads without torch."""

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer

_MODULES = [
    {
        "idx": 0,
        "name": "0",
        "path": "0_StaticEmbedding",
        "type": "sentence_transformers.sentence_transformer.modules.static_embedding.StaticEmbedding",
    },
    {
        "idx": 1,
        "name": "1",
        "path": "1_Normalize",
        "type": "sentence_transformers.base.modules.normalize.Normalize",
    },
]
_NORMALIZE = {"module_input_name": "sentence_embedding", "module_output_name": "sentence_embedding"}
_CONFIG = {
    "__version__": {"sentence_transformers": "6.2.0"},
    "model_type": "SentenceTransformer",
    "prompts": {"query": "", "document": ""},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}


def write_model(folder: Path, tokenizer: Tokenizer, vectors: NDArray[np.float32]) -> None:
    """Write the modules at half precision, and `SHA256SUMS` over what decides a vector."""
    static, normalize = folder / "0_StaticEmbedding", folder / "1_Normalize"
    static.mkdir(parents=True, exist_ok=True)
    normalize.mkdir(exist_ok=True)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    (static / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
    weights = static / "model.safetensors"
    save_file({"embedding.weight": vectors.astype(np.float16)}, weights)
    weights.chmod(0o644)  # safetensors keeps it to its owner
    _write_json(normalize / "config.json", _NORMALIZE)
    _write_json(folder / "modules.json", _MODULES)
    _write_json(folder / "config_sentence_transformers.json", _CONFIG)
    write_sums(folder, ["modules.json", "0_StaticEmbedding/tokenizer.json", "0_StaticEmbedding/model.safetensors"])


def write_sums(folder: Path, names: list[str]) -> None:
    """`SHA256SUMS` as coreutils writes it: `sha256sum --check SHA256SUMS` verifies it."""
    lines = [f"{sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="ascii")


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
