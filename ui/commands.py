"""What each verb does: call the library, hand the result to the renderer. Each imports what it alone needs."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from index.errors import QuestionError
from index.types import UpdateReport
from rag.config import Config
from rag.types import Question
from ui import batch, texts


def index(config: Config, options: Namespace) -> int:
    """Bring the index in line with its sources and say what changed."""
    report = update_with_bar(config)
    if options.json:
        record = asdict(report)
        record["failed"] = [{"source": r.source, "reason": r.reason.say(config.language)} for r in report.failed]
        _print_record(record)
    else:
        _print(texts.report(report, config.language))
    return 0


def update_with_bar(config: Config) -> UpdateReport:
    """Update the index with a progress bar on stderr."""
    from tqdm import tqdm

    from index.writer import update

    with tqdm(unit="篇" if config.language == "zh" else " articles", file=sys.stderr, mininterval=0.5) as bar:
        return update(config.index, progress=lambda done: bar.update(done - bar.n) and None)


def ask(config: Config, options: Namespace) -> int:
    """Answer one question, or each of a batch."""
    from rag.assistant import Assistant
    from ui import render

    assistant = Assistant(config)
    if not options.batch and not options.json:
        _print(render.answer_text(assistant.ask(_single(options).question), config.language))
        return 0
    return _each(options, lambda question: render.answer_record(assistant.ask(question)), config)


def search(config: Config, options: Namespace) -> int:
    """Find passages for one question, or for each of a batch."""
    from rag.assistant import Assistant
    from ui import render

    assistant = Assistant(config)
    if not options.batch and not options.json:
        _print(render.hits_text(assistant.search(_single(options).question, options.k)))
        return 0
    return _each(options, lambda question: render.hits_record(assistant.search(question, options.k)), config)


def serve(config: Config, options: Namespace) -> int:
    """Open the page and the API; build the index first if there is none."""
    from index.errors import LibraryMissing
    from index.reader import read_manifest

    try:
        read_manifest(config.index.home)
    except LibraryMissing:
        print(texts.report(update_with_bar(config), config.language), file=sys.stderr)  # noqa: T201
    from ui.server import run

    return run(config)


def status(config: Config, options: Namespace) -> int:
    """Say what the index holds."""
    from index.reader import read_manifest

    manifest = read_manifest(config.index.home)
    if options.json:
        _print_record({"home": str(config.index.home), **asdict(manifest)})
    else:
        _print(texts.manifest(manifest, str(config.index.home), config.language))
    return 0


def eval_run(config: Config, options: Namespace) -> int:
    """Score the answers to a gold set."""
    from eval.report import run_record, table
    from eval.run import run

    report = run(config, options.gold, out=options.out)
    _print(json.dumps(run_record(report), ensure_ascii=False) if options.json else table(report, config.language))
    return 0


def _single(options: Namespace) -> batch.Item:
    return batch.single(options.question, options.date, _groups(options))


def _items(options: Namespace) -> Iterator[batch.Item]:
    if options.batch:
        if options.question is not None:
            raise QuestionError(
                "问题和 --batch 只能用一个：请去掉其中之一", "a question and --batch: leave one of them out"
            )
        yield from batch.read(options.batch, options.date, _groups(options))
    else:
        yield _single(options)


def _each(options: Namespace, reply: Callable[[Question], dict[str, Any]], config: Config) -> int:
    """One line a question. A question that cannot be asked stops a single call, but not a batch."""
    for item in _items(options):
        try:
            record = reply(item.question)
        except QuestionError as error:
            if not options.batch:
                raise
            text = error.message.say(config.language)
            record = {"status": "no_evidence", "text": text, "citations": [], "hits": [], "seconds": {}}
        _print_record({"id": item.id, **record})
    return 0


def _groups(options: Namespace) -> tuple[str, ...]:
    return tuple(g.strip() for g in options.groups.split(",") if g.strip())


def _print(text: str) -> None:
    # Articles may hold lone surrogates or characters that a terminal's encoding lacks.
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")
    sys.stdout.buffer.flush()


def _print_record(record: dict[str, Any]) -> None:
    _print(json.dumps(record, ensure_ascii=False))
