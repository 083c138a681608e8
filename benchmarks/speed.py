"""How long users wait: youju in fresh processes over the bundled corpus, and what a start imports.

    python benchmarks/speed.py [--runs 11]     `youju --help`, `youju ask`, the modules they load
    python benchmarks/speed.py --crud          and 69,377 news articles: index time, memory, ms a question

Prints Markdown rows for docs/BENCHMARKS.md; a row says where its target is missed. The news articles lie in
../shared/bench; without them --crud says so. The other benchmarks take `run`, `machine` and `shared_or_none` from here.
"""

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
QUESTION = "上海有多少款大模型通过备案？"
HEAVY = {"torch", "llama_index", "transformers", "sentence_transformers", "gradio"}
NEWS, NEWS_QUESTIONS = "crud.corpus.jsonl.gz", "crud_event.jsonl"


@dataclass(frozen=True, slots=True)
class Run:
    """A process that ended well: seconds of wall and CPU, peak memory in MB, its output, and when each line came."""

    wall: float
    cpu: float
    peak: float
    lines: tuple[str, ...]
    came: tuple[float, ...]

    @property
    def between(self) -> tuple[float, ...]:
        """Seconds from each line to the next: what one question of a batch takes, without loading."""
        return tuple(b - a for a, b in zip(self.came, self.came[1:], strict=False))


def run(*arguments: str | Path, folder: Path = ROOT) -> Run:
    """Run `youju` with these arguments in a fresh process; stops the benchmark with its message if it fails."""
    with tempfile.TemporaryFile() as errors:
        began = perf_counter()
        command = [sys.executable, "-m", "ui.cli", *map(str, arguments)]
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, cwd=folder, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        lines, came = [], []
        for line in process.stdout:
            came.append(perf_counter() - began)
            lines.append(line.decode("utf-8"))
        _, status, used = os.wait4(process.pid, 0)
        wall = perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            sys.exit(f"{' '.join(command)}\n{errors.read().decode('utf-8', 'replace')}")
    return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, tuple(lines), tuple(came))


def machine() -> str:
    """The line that figures need beside them: date, processor, memory, Python, commit and embedder."""
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text()) if os.name == "posix" else None
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = re.search(r"^(\w{8}).*model.safetensors", (ROOT / "index/model/SHA256SUMS").read_text(), re.MULTILINE)
    commit = subprocess.run(
        ["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    processor = found[1] if found else platform.processor()
    return (
        f"{date.today()}, {os.cpu_count()} cores of {processor}, {memory:.0f} GB, Python {platform.python_version()}, "
        f"commit {commit.stdout.strip() or 'none'}, embedder {model[1] if model else 'unknown'}"
    )


def shared_or_none(path: Path) -> Path | None:
    """The folder with the material to measure on; None, and a line that says so, where it is not there."""
    if path.is_dir():
        return path
    print(f"{path} is not there: nothing to measure on")
    return None


def median_wall(arguments: Sequence[str | Path], runs: int) -> float:
    """The median wall time of fresh processes; one before them warms the disk cache."""
    run(*arguments)
    return median(run(*arguments).wall for _ in range(runs))


def heavy_modules(arguments: Sequence[str | Path]) -> list[str]:
    """Which of the heavy libraries a start imports, by Python's own account."""
    command = [sys.executable, "-X", "importtime", "-m", "ui.cli", *map(str, arguments)]
    account = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True).stderr
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in account.splitlines()}
    return sorted(HEAVY & loaded)


def row(what: str, figure: float, target: float, unit: str) -> str:
    return f"| {what} | {figure:.3g} {unit} | ≤ {target:g} {unit} | {'met' if figure <= target else '**missed**'} |"


def starts(home: Path, runs: int) -> None:
    """Rows for --help and ask, and a line on what ask imports."""
    run("index", ROOT / "corpus", "--home", home)
    ask = ("ask", QUESTION, "--home", home)
    print(row(f"`youju --help`, median of {runs}", median_wall(["--help"], runs), 0.15, "s"))
    print(row(f"`youju ask`, bundled corpus, median of {runs}", median_wall(ask, runs), 0.7, "s"))
    print(row("`youju ask`, peak memory", run(*ask).peak / 1024, 4, "GB"))
    for arguments in (["--help"], ask):
        found = ", ".join(heavy_modules(arguments)) or "none"
        print(f"| heavy libraries that `youju {arguments[0]}` imports | {found} | none | |")


def news(bench: Path, home: Path, questions: int) -> None:
    """Rows for indexing and searching the news articles."""
    built = run("index", bench / NEWS, "--home", home)
    held = json.loads(run("status", "--home", home, "--json").lines[0])
    what = f"index {held['articles']:,} news articles ({held['passages']:,} passages), wall"
    print(row(what, built.wall / 60, 8, "min"))
    print(f"| … CPU | {built.cpu / 60:.3g} min | | |")
    print(row("… peak memory", built.peak / 1024, 4, "GB"))
    batch = home.parent / "questions.jsonl"
    batch.write_text("".join((bench / NEWS_QUESTIONS).read_text("utf-8").splitlines(True)[: questions + 1]), "utf-8")
    found = run("search", "--batch", batch, "--home", home)
    print(row(f"search over it, p50 of {questions} questions", 1000 * median(found.between), 40, "ms"))
    slow = sorted(found.between)[int(0.95 * len(found.between))]
    print(f"| … p95 | {1000 * slow:.3g} ms | | |")
    print(f"| … to the first answer of a fresh process | {found.came[0]:.3g} s | | |")
    print(row("… peak memory", found.peak / 1024, 4, "GB"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=11, help="fresh processes per figure")
    parser.add_argument("--crud", action="store_true", help="index and search the news articles too")
    parser.add_argument("--questions", type=int, default=200, help="questions over the news articles")
    parser.add_argument("--shared", type=Path, default=SHARED)
    options = parser.parse_args()
    print(f"{machine()}\n\n| what | figure | target | |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        starts(Path(folder) / "corpus", options.runs)
        if options.crud and (shared := shared_or_none(options.shared)):
            news(shared / "bench", Path(folder) / "crud", options.questions)


if __name__ == "__main__":
    main()
