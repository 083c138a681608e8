"""Keeping an index: what `index`, `purge` and `export` do on a terminal."""

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, cast

from index.changes import Done, Progress
from index.errors import ConfigError, Language, YoujuError
from index.types import Article, UpdateReport
from rag.config import Config
from ui import out, texts


def tell(report: UpdateReport, language: Language, *, as_json: bool) -> None:
    """Print what an update did."""
    if not as_json:
        out.line(texts.report(report, language))
        return
    record = asdict(report)
    record["failed"] = [{"source": r.source, "reason": r.reason.say(language)} for r in report.failed]
    out.record(record)


def update_with_bar(config: Config) -> UpdateReport:
    """Update the index with a progress bar on stderr."""
    from index.writer import update

    with _bar(config.language) as progress:
        return update(config.index, progress=progress)


def purge_with_bar(config: Config) -> UpdateReport:
    """Update and purge the index with a progress bar on stderr."""
    from index.purge import purge

    with _bar(config.language) as progress:
        return purge(config.index, progress=progress)


def watch(config: Config, *, as_json: bool) -> int:
    """Follow the sources until Ctrl-C or SIGTERM; prints each update that changed something."""
    import signal

    from index.watch import watch as follow

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())

    def done(report: UpdateReport) -> None:
        if report.added or report.changed or report.removed or report.renamed or report.repaired:
            tell(report, config.language, as_json=as_json)

    def failed(error: YoujuError) -> None:
        print(f"youju: {error.message.say(config.language)}", file=sys.stderr)  # noqa: T201

    follow(config.index, done=done, failed=failed, stop=stop)
    return 0


def export(config: Config, file: Path | None) -> int:
    """Write the articles of an index as JSON Lines, to a file or to stdout."""
    from index.listing import listed

    count = 0
    with _written(file) as write:
        for one in listed(config.index.home):
            write(json.dumps(_record(one.article, one.reprint_of), ensure_ascii=False).encode("utf-8") + b"\n")
            count += 1
    if file:
        print(texts.exported(count, str(file), config.language), file=sys.stderr)  # noqa: T201
    return 0


def _record(article: Article, reprint_of: str | None) -> dict[str, Any]:
    """An article as a line of JSON Lines that `index` reads again, with where each of its fields was found."""
    a = article
    fields: dict[str, object] = {
        "id": a.id,
        "title": a.title,
        "publisher": a.publisher,
        "published": a.published,
        "author": a.author,
    }
    fields |= {"url": a.url, "groups": list(a.groups) or None, "source": a.source, "reprint_of": reprint_of}
    known = {key: value for key, value in fields.items() if value is not None}
    return {**known, "found_in": {origin.field: origin.where for origin in a.origins}, "text": a.text}


@contextmanager
def _written(file: Path | None) -> Iterator[Callable[[bytes], int]]:
    """Where to write: stdout, or a file that appears under its name when it is whole, for its owner alone."""
    if file is None:
        yield sys.stdout.buffer.write
        sys.stdout.buffer.flush()
        return
    work = file.with_name(f"{file.name}.part")
    try:
        with cast(BinaryIO, open(os.open(work, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb")) as stream:
            yield stream.write
        work.rename(file)
    except OSError as error:
        raise ConfigError(
            f"写不了 {file}（{error.strerror}）：请检查路径、权限和磁盘空间",
            f"cannot write {file} ({error.strerror}): check the path, the permissions and the disk",
        ) from error
    finally:
        work.unlink(missing_ok=True)


@contextmanager
def _bar(language: Language) -> Iterator[Progress]:
    from tqdm import tqdm

    zh = language == "zh"
    with tqdm(unit="篇" if zh else " articles", file=sys.stderr, mininterval=0.5, miniters=0) as bar:

        def progress(done: Done) -> None:
            bar.total = done.of
            bar.set_postfix_str(f"{done.passages} {'个新向量' if zh else 'passages embedded'}", refresh=False)
            bar.update(done.articles - bar.n)

        yield progress
