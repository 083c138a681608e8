"""How a model of sentence-transformers is loaded and run: on which device, in which precision, and what can go wrong.

Importing this module imports no torch; its functions do (6 s).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

from index.config import ModelConfig
from index.errors import ModelError

_NO_MEMORY = ("out of memory", "allocate memory", "not enough memory", "alloc_failed", "bad_alloc")
_loading = Lock()  # how much transformers says is one switch for the whole process


def arguments(config: ModelConfig, *, section: str) -> dict[str, Any]:
    """What the models of sentence-transformers are made with. Raises ModelError if there is no such device."""
    import torch

    dtype = torch.float16 if config.fp16 else torch.float32
    device = None if config.device == "auto" else _device(config.device, section)
    return {"device": device, "local_files_only": True, "model_kwargs": {"dtype": dtype}}


@contextmanager
def loading(config: ModelConfig, *, section: str, folder: Path) -> Iterator[None]:
    """Load inside the block without a word; whatever those libraries raise becomes one ModelError."""
    from transformers.utils import logging

    with _loading:
        shown, said = logging.is_progress_bar_enabled(), logging.get_verbosity()
        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            yield
        except ModelError:
            raise
        except Exception as error:  # of whichever library read the damaged file
            raise _memory(config, section) if _is_memory(error) else _unusable(folder, section, error) from error
        finally:
            logging.set_verbosity(said)
            if shown:
                logging.enable_progress_bar()  # type: ignore[no-untyped-call]


@contextmanager
def running(config: ModelConfig, *, section: str) -> Iterator[None]:
    """Run a model inside the block; a lack of memory and other faults of torch become one ModelError."""
    try:
        yield
    except (RuntimeError, MemoryError, IndexError, ValueError) as error:
        raise _memory(config, section) if _is_memory(error) else _failed(config, section, error) from error


def not_numbers(config: ModelConfig, *, section: str) -> ModelError:
    """The error of a model that gives what is no number: half precision overflows in some."""
    zh = f"请设 {section}.fp16 = false" if config.fp16 else "模型文件可能已损坏，请重新复制该文件夹，或换一个模型"
    en = f"set {section}.fp16 = false" if config.fp16 else "its files may be damaged: copy them again, or change it"
    return ModelError(
        f"模型 {config.model} 给出的结果里有 NaN 或无穷大：{zh}",
        f"the model {config.model} gives what is no finite number: {en}",
    )


def _device(wanted: str, section: str) -> str:
    """The device if torch has it."""
    import torch

    try:
        device = torch.device(wanted)
    except RuntimeError:
        device = torch.device("meta")  # which holds no numbers
    counted = {"cpu": 1, "cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available())}
    if device.type == "meta" or counted.get(device.type, 99) <= (device.index or 0):
        here = "、".join(f'"{kind}"' for kind, count in counted.items() if count)
        raise ModelError(
            f'{section}.device = "{wanted}"：本机的 PyTorch 没有这个设备，有的是 {here}。请改为 "auto" 或其中之一；'
            "要用 GPU，请安装与驱动相配的 PyTorch",
            f'{section}.device = "{wanted}": the PyTorch of this machine has no such device, it has {here}. Set "auto" '
            "or one of these; for a GPU, install the PyTorch that fits its driver",
        )
    return wanted


def _is_memory(error: BaseException) -> bool:
    told = str(error).lower()
    return isinstance(error, MemoryError) or any(sign in told for sign in _NO_MEMORY)


def _memory(config: ModelConfig, section: str) -> ModelError:
    return ModelError(
        f"运行模型 {config.model} 时内存不足：请减小 {section}.batch（现为 {config.batch}），"
        f"或设 {section}.fp16 = true，或换 {section}.device，再运行一次",
        f"out of memory while running the model {config.model}: lower {section}.batch (now {config.batch}), set "
        f"{section}.fp16 = true, or change {section}.device, and run again",
    )


def _unusable(folder: Path, section: str, error: Exception) -> ModelError:
    return ModelError(
        f"{folder} 里的模型读不出来（{_cause(error)}）：请重新下载或复制该文件夹，或换一个 {section}.model",
        f"the model in {folder} cannot be loaded ({_cause(error)}): download or copy the folder again, or set another "
        f"{section}.model",
    )


def _failed(config: ModelConfig, section: str, error: Exception) -> ModelError:
    return ModelError(
        f"模型 {config.model} 运行出错（{_cause(error)}）：请试试 "
        f'{section}.device = "cpu" 和 {section}.fp16 = false，或换一个模型',
        f"the model {config.model} failed ({_cause(error)}): try "
        f'{section}.device = "cpu" and {section}.fp16 = false, or another model',
    )


def _cause(error: Exception) -> str:
    """The first line of what a library said."""
    told = f"{type(error).__name__}: {error}".strip().splitlines()[0]
    return told if len(told) <= 160 else f"{told[:160]}…"
