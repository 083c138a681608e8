"""What other processes do to a file while it is indexed: write it slowly, replace it, delete it."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

from tests.faults.hidden_edits import YEAR_1970


def put_back(path: str, content: str) -> None:
    Path(path).write_text(content, "utf-8")
    os.utime(path, (YEAR_1970, YEAR_1970))


def _pieces(content: str, count: int) -> Sequence[bytes]:
    """Cut anywhere, also within a character."""
    raw = content.encode()
    step = len(raw) // count + 1
    return [raw[start : start + step] for start in range(0, len(raw), step)]


def write_slowly(path: str, content: str) -> None:
    with open(path, "wb", buffering=0) as file:
        for piece in _pieces(content, 12):
            file.write(piece)
            time.sleep(0.1)


def append_slowly(path: str, content: str) -> None:
    Path(path).write_bytes(b"")
    for piece in _pieces(content, 12):
        with open(path, "ab") as file:
            file.write(piece)
        time.sleep(0.1)


def replace_often(path: str, content: str) -> None:
    for number in range(40):
        Path(f"{path}.part").write_text(content if number == 39 else f"# 第{number}稿\n\n还没有写完。\n", "utf-8")
        os.replace(f"{path}.part", path)
        time.sleep(0.03)


def delete_and_make(path: str, content: str) -> None:
    for _ in range(40):
        Path(path).unlink(missing_ok=True)
        time.sleep(0.015)
        Path(path).write_text(content, "utf-8")
        time.sleep(0.015)
