"""The command line: the library with verbs. Results go to stdout, progress and warnings to stderr.

Exit 0: done. 2: the user's to mend, one line and the remedy. 1: a bug.
"""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from index.errors import Language, YoujuError
from rag.config import Config, load_config
from ui import texts


class _Parser(argparse.ArgumentParser):
    """Takes no abbreviations: --config is looked for before this parser runs, and only by its whole name."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401  (argparse's)
        super().__init__(allow_abbrev=False, **settings)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    # One question is too little work for several threads of linear algebra: on a busy machine they wait for one another
    # (155 ms a question against 59). numpy reads this when it is first imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _speak_utf8()
    language: Language = "en" if os.environ.get("YOUJU_LANG") == "en" else "zh"
    try:
        config = load_config(_config_path(arguments))
        language = config.language
        options = _parser(texts.table(language)).parse_args(arguments)
        # Only now, so that --help stays quick.
        run = getattr(import_module("ui.commands"), options.verb)
        status: int = run(_with_options(config, options), options)
    except YoujuError as error:
        print(f"youju: {error.message.say(language)}", file=sys.stderr)  # noqa: T201
        return 2
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return 130  # as a shell reports SIGINT
    return status


def _speak_utf8() -> None:
    """A plain C locale has no Chinese: help and messages are UTF-8 whatever it says, as results are."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _config_path(arguments: Sequence[str] | None) -> Path | None:
    """The value of --config, needed before the parser, whose language it sets."""
    early = _Parser(add_help=False)
    early.add_argument("--config", type=Path)
    path: Path | None = early.parse_known_args(arguments)[0].config
    return path


def _parser(say: dict[str, str]) -> _Parser:
    common, asking, formatted = (_Parser(add_help=False) for _ in range(3))
    common.add_argument("--home", type=Path, help=say["home"])
    common.add_argument("--config", type=Path, help=say["config"])
    formatted.add_argument("--json", action="store_true", help=say["json"])
    asking.add_argument("question", nargs="?", help=say["question"])
    asking.add_argument("--batch", type=Path, metavar="FILE", help=say["batch"])
    asking.add_argument("--groups", default="", help=say["groups"])
    asking.add_argument("--publisher", action="append", default=[], metavar="NAME", help=say["publisher"])
    asking.add_argument("--since", metavar="DATE", help=say["since"])
    asking.add_argument("--until", metavar="DATE", help=say["until"])
    asking.add_argument("--path", action="append", default=[], metavar="GLOB", help=say["path"])
    asking.add_argument("--date", metavar="YYYY-MM-DD", help=say["date"])

    parser = _Parser(
        prog="youju",
        description=say["about"],
        epilog=say["examples"],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(required=True, metavar=say["verb"])
    verb = verbs.add_parser("index", help=say["index"], parents=[common, formatted])
    verb.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=say["paths"])
    verb.add_argument("--watch", action="store_true", help=say["watch"])
    verb.set_defaults(verb="index")
    verb = verbs.add_parser("ask", help=say["ask"], parents=[asking, common, formatted])
    verb.set_defaults(verb="ask")
    verb = verbs.add_parser("search", help=say["search"], parents=[asking, common, formatted])
    verb.add_argument("--k", type=_positive, default=10, help=say["k"])
    verb.add_argument("--explain", action="store_true", help=say["explain"])
    verb.add_argument("--context", type=_positive, default=0, metavar="N", help=say["context"])
    verb.set_defaults(verb="search")
    verb = verbs.add_parser("serve", help=say["serve"], parents=[common])
    verb.add_argument("--host", help=say["host"])
    verb.add_argument("--port", type=int, help=say["port"])
    verb.set_defaults(verb="serve")
    verb = verbs.add_parser("status", help=say["status"], parents=[common, formatted])
    verb.set_defaults(verb="status")
    _add_keeping(verbs, say, common, formatted)
    verb = verbs.add_parser("eval", help=say["eval"])
    _add_eval(verb.add_subparsers(required=True, metavar=say["verb"]), say, [common, formatted])
    return parser


def _add_keeping(
    verbs: "argparse._SubParsersAction[_Parser]", say: dict[str, str], common: _Parser, formatted: _Parser
) -> None:
    verb = verbs.add_parser("purge", help=say["purge"], parents=[common, formatted])
    verb.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=say["paths"])
    verb.set_defaults(verb="purge")
    verb = verbs.add_parser("export", help=say["export"], parents=[common])
    verb.add_argument("--out", type=Path, metavar="FILE", help=say["export_out"])
    verb.set_defaults(verb="export")
    verb = verbs.add_parser("backup", help=say["backup"], parents=[common, formatted])
    verb.add_argument("file", type=Path, metavar="FILE", help=say["backup_file"])
    verb.set_defaults(verb="backup")
    verb = verbs.add_parser("restore", help=say["restore"], parents=[common, formatted])
    verb.add_argument("file", type=Path, metavar="FILE", help=say["backup_file"])
    verb.set_defaults(verb="restore")


def _add_eval(
    verbs: "argparse._SubParsersAction[_Parser]",
    say: dict[str, str],
    parents: list[_Parser],
) -> None:
    verb = verbs.add_parser("run", help=say["eval_run"], parents=parents)
    verb.add_argument("gold", type=Path, metavar="GOLD", help=say["gold"])
    verb.add_argument("--out", type=Path, metavar="FILE", help=say["out"])
    verb.set_defaults(verb="eval_run")


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}: 1, 2, 3 …")
    return int(text)


def _with_options(config: Config, options: argparse.Namespace) -> Config:
    """The configuration with what the command line overrides."""
    index = config.index
    if options.home:
        index = replace(index, home=options.home)
    if getattr(options, "paths", None):
        index = replace(index, sources=tuple(options.paths))
    given = {k: v for k in ("host", "port") if (v := getattr(options, k, None)) is not None}
    return replace(config, index=index, serve=replace(config.serve, **given))


if __name__ == "__main__":
    sys.exit(main())
