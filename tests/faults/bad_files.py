"""`youju index` on every bad file of our list of threats: each is named with its reason, the others are indexed.

`python tests/faults/bad_files.py [--short] [NUMBER …]`, a line a case: outcome, seconds, peak memory, reason. --short
makes 2,000 small files (F34) instead of 100,000, and the whole takes some three minutes. Each case has two good
neighbours; a bad file has 60 seconds, no process may take more than 1 GB, and nothing but our own characters may be in
the index.
"""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hostile import ALPHABET, BRIDGE, TEA, Case, cases

from index.library import FILE

SECONDS = 60.0  # for a bad file
START, ARTICLE_SECONDS = 20.0, 0.02  # generous, for busy machines
MEMORY, ARTICLE_MEMORY = 1_000_000_000, 5_000  # bytes of one process; the index itself grows with its articles
GOOD = {"a good.md": TEA, "z good.md": BRIDGE}


@dataclass(frozen=True)
class Run:
    """What one `youju index` did."""

    status: int
    report: dict[str, list]
    errors: str
    seconds: float
    memory: int


def main() -> int:
    """Run all cases, or those whose name begins with one of the arguments; 1 if any fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("numbers", nargs="*")
    options = parser.parse_args()
    failed = 0
    for case in cases(2_000 if options.short else 100_000):
        if not options.numbers or case.number.split(" ")[0] in options.numbers:
            failed += not tried(case)
    say(f"{failed} failed" if failed else "all as they must be")
    return 1 if failed else 0


def tried(case: Case) -> bool:
    """Make the files, index them, print the line; whether all is as it must be."""
    with tempfile.TemporaryDirectory(prefix="youju-bad-") as name:
        folder, home = Path(name) / "sources", Path(name) / "home"
        folder.mkdir()
        for good, text in GOOD.items():
            (folder / good).write_text(text, "utf-8")
        made_apart(case, folder)
        run = indexed(case, folder, home)
        wrong = list(faults(case, run, home))
        for path in folder.iterdir():
            if not path.is_symlink():
                path.chmod(0o700)
    reasons = sorted({refused["reason"] for refused in run.report.get("failed", [])})
    outcome = "ok" if not wrong else "FAILS"
    say(f"{case.number:27} {outcome:5} {run.seconds:5.1f} s {run.memory / 1e6:5.0f} MB  {'; '.join(reasons)[:150]}")
    for fault in wrong[:5]:
        say(f"    {fault[:300]}")
    return not wrong


def made_apart(case: Case, folder: Path) -> None:
    """Make the files in a process of their own: what this one holds in memory counts as its children's peak."""
    if (child := os.fork()) == 0:
        case.make(folder)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise RuntimeError(f"{case.number} could not be made")


def indexed(case: Case, folder: Path, home: Path) -> Run:
    """`youju index` of a folder, and what it cost: its peak is its own or its child's, whichever is larger."""
    command = [sys.executable, "-m", "ui.cli", "index", str(folder), "--home", str(home), "--json"]
    if case.own_rights and os.geteuid() == 0:
        command[:0] = ["setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--"]
    environment = {**os.environ, "YOUJU_LANG": "en", "PYTHONPATH": str(Path(__file__).parents[2])}
    began = time.monotonic()
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as out:
        process = subprocess.Popen(command, stdout=out, stderr=errors, env=environment, cwd=home.parent)
        if case.meanwhile:
            threading.Thread(target=disturb, args=(case, process.pid, folder), daemon=True).start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        out.seek(0)
        errors.seek(0)
        told, said = out.read().decode(), errors.read().decode("utf-8", "replace")
    report = json.loads(told) if told.startswith("{") else {}
    return Run(process.returncode, report, said, seconds, usage.ru_maxrss * 1024)


def disturb(case: Case, process: int, folder: Path) -> None:
    """While a child of the process reads files, change them."""
    children = Path(f"/proc/{process}/task/{process}/children")
    while children.exists():
        if children.read_text().strip():
            case.meanwhile(folder)
        time.sleep(0.05)


def faults(case: Case, run: Run, home: Path) -> Iterator[str]:
    """What is not as it must be."""
    if run.status:
        yield f"exit status {run.status}: {run.errors[-250:]}"
        return
    refused = {one["source"]: one["reason"] for one in run.report["failed"]}
    yield from (f"not refused: {name!r}" for name in case.refused.keys() - refused.keys())
    yield from (f"refused: {name!r}: {refused[name]}" for name in refused.keys() - case.refused.keys())
    yield from (
        f"{name!r}: {refused[name]!r} for {reason!r}"
        for name, reason in case.refused.items()
        if reason not in refused.get(name, reason)
    )
    wanted, found = {**GOOD, **case.indexed}, texts(home)
    yield from (f"not indexed: {name!r}" for name in wanted.keys() - found.keys())
    yield from (f"indexed: {name!r}" for name in found.keys() - wanted.keys())
    yield from (f"{name!r} lacks {text!r}" for name, text in wanted.items() if text not in found.get(name, text))
    for name, text in found.items():
        if strange := {char for char in text if not char.isascii()} - ALPHABET:
            yield f"{name!r} holds {''.join(sorted(strange))[:50]!r}"
    if run.seconds > START + SECONDS * len(case.refused) + ARTICLE_SECONDS * len(found):
        yield f"took {run.seconds:.0f} s"
    if run.memory > MEMORY + ARTICLE_MEMORY * len(found):
        yield f"took {run.memory / 1e6:.0f} MB"


def texts(home: Path) -> dict[str, str]:
    """The articles of an index."""
    connection = sqlite3.connect(f"file:{home / FILE}?mode=ro", uri=True)
    try:
        return dict(connection.execute("SELECT id, text FROM articles WHERE died IS NULL"))
    finally:
        connection.close()


def say(line: str) -> None:
    """A line at once, for the run takes minutes."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    if not shutil.which("setpriv") and os.geteuid() == 0:
        sys.exit("setpriv is missing: F18 cannot be tried as root")
    sys.exit(main())
