"""What each verb does: call the library, hand the result to the renderer. Each imports what it alone needs."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from index.errors import QuestionError
from index.types import Filter
from rag.config import Config
from rag.types import Question
from ui import batch, filters, keeping, out, texts


def index(config: Config, options: Namespace) -> int:
    """Bring the index in line with its sources and say what changed; with --watch, again and again."""
    if options.watch:
        return keeping.watch(config, as_json=options.json)
    keeping.tell(keeping.update_with_bar(config), config.language, as_json=options.json)
    return 0


def purge(config: Config, options: Namespace) -> int:
    """Update the index and erase what it no longer holds."""
    keeping.tell(keeping.purge_with_bar(config), config.language, as_json=options.json)
    return 0


def export(config: Config, options: Namespace) -> int:
    """Write the articles as JSON Lines."""
    return keeping.export(config, options.out)


def backup(config: Config, options: Namespace) -> int:
    """Copy the index into one file."""
    from index.backup import backup as write

    found = write(config.index.home, options.file)
    if options.json:
        out.record({"file": str(options.file), **asdict(found)})
    else:
        out.line(texts.backed_up(found, str(options.file), config.language))
    return 0


def restore(config: Config, options: Namespace) -> int:
    """Put a backup in the index's place."""
    from index.backup import restore as put_back

    found = put_back(config.index, options.file)
    if options.json:
        out.record({"home": str(config.index.home), **asdict(found)})
    else:
        out.line(texts.restored(found, str(config.index.home), config.language))
    return 0


def ask(config: Config, options: Namespace) -> int:
    """Answer one question, or each of a batch."""
    from rag.assistant import Assistant
    from ui import render

    assistant = Assistant(config)
    if not options.batch and not options.json:
        question = _single(options).question
        answer = out.growing(assistant.stream(question))
        out.line(render.answer_rest(answer, config.language))
        if answer.status == "no_evidence":
            _note(config, question)
        return 0
    return _each(options, lambda question: render.answer_record(assistant.ask(question), config.language), config)


def search(config: Config, options: Namespace) -> int:
    """Find passages for one question, or for each of a batch."""
    from rag.assistant import Assistant
    from ui import render

    assistant, beside = Assistant(config), render.Beside(options.explain, options.context)
    if not options.batch and not options.json:
        question = _single(options).question
        hits = assistant.search(question, options.k)
        out.line(render.hits_text(hits, config.language, beside))
        if not hits:
            _note(config, question)
        return 0
    return _each(options, lambda question: render.hits_record(assistant.search(question, options.k), beside), config)


def serve(config: Config, options: Namespace) -> int:
    """Open the page and the API; build the index first if there is none."""
    from index.errors import LibraryMissing
    from index.reader import read_manifest

    try:
        read_manifest(config.index.home)
    except LibraryMissing:
        print(texts.report(keeping.update_with_bar(config), config.language), file=sys.stderr)  # noqa: T201
    from ui.server import run

    return run(config)


def status(config: Config, options: Namespace) -> int:
    """Say what the index holds, and what its articles lack."""
    from index import listing
    from index.reader import read_manifest

    home = config.index.home
    manifest = read_manifest(home)
    lacking, reprinted = listing.missing(home), listing.reprints(home)
    if options.json:
        record = {"home": str(home), **asdict(manifest), "reprints": reprinted}
        out.record({**record, "missing": {one.field: one.articles for one in lacking}})
    else:
        lines = [texts.manifest(manifest, str(home), config.language)]
        lines += [texts.reprints(reprinted, config.language)] if reprinted else []
        out.line("\n".join(lines + texts.missing(lacking, config.language)))
    return 0


def eval_run(config: Config, options: Namespace) -> int:
    """Score the answers to a gold set."""
    from eval.report import run_record, table
    from eval.run import run

    report = run(config, options.gold, out=options.out)
    out.line(json.dumps(run_record(report), ensure_ascii=False) if options.json else table(report, config.language))
    return 0


def _single(options: Namespace) -> batch.Item:
    return batch.single(options.question, options.date, _filter(options))


def _items(options: Namespace) -> Iterator[batch.Item]:
    if options.batch:
        if options.question is not None:
            raise QuestionError(
                "问题和 --batch 只能用一个：请去掉其中之一", "a question and --batch: leave one of them out"
            )
        yield from batch.read(options.batch, options.date, _filter(options))
    else:
        yield _single(options)


def _each(options: Namespace, reply: Callable[[Question], dict[str, Any]], config: Config) -> int:
    """One line a question. A question that cannot be asked stops a single call, but not a batch."""
    for item in _items(options):
        try:
            record = filters.with_note(reply(item.question), config.index.home, item.question.filter, config.language)
        except QuestionError as error:
            if not options.batch:
                raise
            text = error.message.say(config.language)
            record = {"status": "no_evidence", "text": text, "citations": [], "hits": [], "seconds": {}}
        out.record({"id": item.id, **record})
    return 0


def _filter(options: Namespace) -> Filter:
    groups = tuple(g.strip() for g in options.groups.split(",") if g.strip())
    return filters.checked(Filter(groups, tuple(options.publisher), options.since, options.until, tuple(options.path)))


def _note(config: Config, question: Question) -> None:
    """That the filter may be why nothing was found."""
    if told := filters.note(config.index.home, question.filter, config.language):
        print(told, file=sys.stderr)  # noqa: T201
