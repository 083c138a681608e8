"""The files of a model on this machine: where they lie and what they hash to. Nothing is ever downloaded.

A name is looked up in the cache that `hf download` fills; a folder is taken as it is. The same files have the same
hash whichever way they were found, so that an index made with a name serves where the model was copied as a folder.
"""

import json
import os
import re
from hashlib import sha256
from pathlib import Path

import numpy as np

from index.errors import ModelError

_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?", re.ASCII)
_BLOB = re.compile(r"[0-9a-f]{64}")  # what the hub's cache calls a large file: its sha256
_OTHER_RUNTIMES = {"onnx", "openvino"}  # the same weights once more, which torch does not read
_NOT_READ = {".md", ".jpg", ".png", ".pdf", ".onnx", ".h5", ".msgpack"}


def folder_of(model: str, *, owner: str, key: str) -> Path:
    """The folder of a model that is named by its folder, or by its name on the hub; `owner` is whose it is if the name
    does not say. Raises ModelError, which names the configuration's `key`, if it is not on this machine."""
    if os.path.isdir(model):  # which takes any text
        return Path(model)
    if not _NAME.fullmatch(model) or model.startswith("."):
        raise _no_folder(model, key)
    from huggingface_hub import snapshot_download

    name = model if "/" in model else f"{owner}/{model}"
    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (OSError, ValueError) as error:
        raise _not_here(model, name, key) from error


def identity(folder: Path) -> str:
    """Hex sha256 of the files that a model is read from, with their places."""
    files = sorted(path for path in folder.rglob("*") if _is_read(path.relative_to(folder)) and path.is_file())
    told = (f"{sha256_of(file)} {file.relative_to(folder)}\n" for file in files if file.stat().st_size)
    return sha256("".join(told).encode()).hexdigest()


def architecture(folder: Path) -> str:
    """The class that a transformer's files were saved from ("BertModel"), which tells what it can do; "" if untold."""
    try:
        return str(json.loads((folder / "config.json").read_bytes())["architectures"][0])
    except (OSError, ValueError, LookupError, TypeError):
        return ""


def stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes when a file of the folder does: paths, sizes and times. Cheap, where `identity` reads gigabytes."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple((str(path), (status := path.stat()).st_size, status.st_mtime_ns) for path in found)


def sha256_of(file: Path) -> str:
    """Hex sha256 of a file. Raises ModelError if it is missing or empty."""
    blob = file.resolve()
    if blob.parent.name == "blobs" and _BLOB.fullmatch(blob.name):
        return blob.name
    try:
        return sha256(np.memmap(file, np.uint8, "r").data).hexdigest()
    except (OSError, ValueError) as error:
        raise unfit(file, "缺失或读不了", "it is missing or cannot be read") from error


def unfit(file: Path, zh: str, en: str) -> ModelError:
    """The error of a model's file that cannot be used."""
    return ModelError(
        f"模型文件 {file} 不能用：{zh}。请重新安装 youju，或重新复制该模型文件夹",
        f"the model file {file} is unfit: {en}. Install youju again, or copy the model's folder again",
    )


def _is_read(path: Path) -> bool:
    hidden = any(part.startswith(".") for part in path.parts)
    return not hidden and path.parts[0] not in _OTHER_RUNTIMES and path.suffix not in _NOT_READ


def _not_here(model: str, name: str, key: str) -> ModelError:
    return ModelError(
        f"{key} = {model!r}：本机没有这个文件夹，也没有下载过这个模型。请检查路径，或联网运行 hf download {name}；"
        f"不能联网的机器，请在别处运行 hf download {name} --local-dir 文件夹，把文件夹复制过来，再设 {key} 为它的路径",
        f"{key} = {model!r}: there is no such folder here, and no such model was downloaded. Check the path, or run "
        f"hf download {name} while online; for a machine that is never online, run hf download {name} --local-dir "
        f"FOLDER elsewhere, copy the folder here and set {key} to its path",
    )


def _no_folder(model: str, key: str) -> ModelError:
    return ModelError(
        f"{key} = {model!r} 不是模型文件夹，也不是模型名：请检查路径，或联网运行 "
        "hf download 作者/模型 --local-dir 文件夹",
        f"{key} = {model!r} is neither a model's folder nor its name: check the path, or run hf download OWNER/MODEL "
        "--local-dir FOLDER while online",
    )
