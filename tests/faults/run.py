"""Run all fault scripts, two at a time, and print a line for each. `--short` is for every commit."""

import argparse
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SCRIPTS = (
    *("mutations", "syscall_errors", "syscall_kills", "kills", "state_machine", "moving_files", "purge", "backups"),
    *("full_disk", "two_writers", "sync_order"),
)


def main() -> int:
    """0 if every script went well."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--short", action="store_true", help="few rounds each: a minute and a half on two cores")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--jobs", type=int, default=2, help="how many run at a time")
    parser.add_argument("scripts", nargs="*", default=SCRIPTS, metavar="SCRIPT", help=f"of {', '.join(SCRIPTS)}")
    options = parser.parse_args()
    settings = ["--seed", str(options.seed), *(["--short"] if options.short else [])]
    started = time.monotonic()
    with ThreadPoolExecutor(options.jobs) as pool:
        statuses = list(pool.map(lambda script: _run(script, settings), options.scripts))
    failed = sum(status != 0 for status in statuses)
    print(f"{len(statuses)} scripts, {failed} failed, {time.monotonic() - started:.0f} s")  # noqa: T201
    return 1 if failed else 0


def _run(script: str, settings: list[str]) -> int:
    path = Path(__file__).with_name(f"{script}.py")
    done = subprocess.run([sys.executable, str(path), *settings], capture_output=True, text=True)
    said = [*done.stderr.splitlines(), *done.stdout.splitlines()]
    print("\n".join(said) or f"{script}: exit {done.returncode} without a word", flush=True)  # noqa: T201
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
