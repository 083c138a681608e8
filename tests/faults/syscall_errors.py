"""ENOSPC, EIO, EMFILE … at the N-th call of `youju index`, and of a question: the process stays sane.

Exit 0 only if everything is indexed, otherwise 2 with one line that names the cause; what was indexed before goes on
answering, and the next run succeeds.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from tests.faults import processes, traced
from tests.faults.library_checks import Records, answers, examine, refusals_told, same_answers
from tests.faults.scenes import Scene, refused, scenes
from tests.faults.script import Run, main
from tests.faults.traced import CALLS, Call, Fault

_WRITING = ("write", "pwrite64", "fsync", "fdatasync", "ftruncate", "mkdir")
_NAMING = ("rename", "renameat", "unlink", "unlinkat", "link")
_ERRORS = {
    "ENOSPC": ("write", "pwrite64", "mkdir", "link", "openat", "rename", "ftruncate"),
    "EIO": (*_WRITING, *_NAMING, "read", "pread64", "getdents64"),
    "EMFILE": ("openat",),
}
# SQLite tells EIO while it reads as damage, cannot tell why a file does not open, and has one word for all faults of
# the memory that its processes share.
_CAUSES = {
    "ENOSPC": ("No space left", "disk is full", "unable to open database", "disk I/O error", "readonly database"),
    "EIO": ("Input/output error", "disk I/O error", "malformed"),
    "EMFILE": ("Too many open files", "unable to open database", "readonly database"),
}
_READING = ("openat", "read", "pread64", "getdents64")


class Errors:
    """The trials of one run. A fault that met a file outside the home or the sources is counted, not judged."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.scenes = scenes(run)
        self.log = run.folder / "trace.log"

    def play(self) -> None:
        """Every point, or as many as `rounds` says, evenly spread."""
        points = [(scene, fault, verb) for scene in self.scenes for verb, fault in self._points(scene)]
        step = max(1.0, len(points) / self.run.rounds)
        for number in range(min(self.run.rounds, len(points))):
            scene, fault, verb = points[int(number * step)]
            attempt = self._index if verb == "index" else self._ask
            what = f"{verb}, {scene.name}, {fault}"
            self.run.tried(what, lambda a=attempt, s=scene, f=fault, w=what: a(s, f, w))
        self.run.figures[f"of {len(points)} places"] = self.run.figures.pop("tried", 0)

    def _points(self, scene: Scene) -> list[tuple[str, Fault]]:
        """An error at each call that a thread makes and that may give this error."""
        found: list[tuple[str, Fault]] = []
        for verb, function, arguments in (("index", processes.command_line, scene.index()), ("ask", answers, None)):
            if verb == "ask" and scene.name != "add":
                continue
            scene.set_up()
            names = (*CALLS, *_READING)
            outcome, calls = traced.traced(self.log, names, function, *self._given(scene, arguments))
            self.run.expect(outcome.status == 0, f"{verb}, {scene.name} without a fault: {outcome.short()}")
            near = [(n, call) for n, call in traced.places(calls) if self._concerns(scene, call)]
            found += [(verb, fault) for fault in _faults(near)]
        return found

    def _given(self, scene: Scene, arguments: Sequence[str] | None) -> tuple[Any, ...]:
        if arguments is not None:
            return (arguments,)
        return str(scene.home), [piece.question for piece in (scene.before or {}).values()][:3]

    def _concerns(self, scene: Scene, call: Call) -> bool:
        return call.is_below(scene.home) or call.is_below(scene.sources)

    def _index(self, scene: Scene, fault: Fault, what: str) -> None:
        scene.set_up()
        outcome, calls = traced.traced(self.log, (fault.call,), processes.command_line, scene.index(), fault=fault)
        self.run.figures["tried"] += 1
        met = [call for call in calls if call.faked]
        number = scene.examine(outcome)
        if outcome.status == 0:
            self.run.figures["errors borne"] += bool(met)
            told = number == 1 or refused(outcome) or scene.before == scene.after
            self.run.expect(told, f"{what}: silent success")
        elif all(self._concerns(scene, call) for call in met):
            self.run.figures["refusals"] += 1
            self._expect_a_clear_refusal(outcome, fault, what, met)
        else:
            self.run.figures["met other files"] += 1
        scene.recover()

    def _ask(self, scene: Scene, fault: Fault, what: str) -> None:
        assert scene.before is not None
        scene.set_up()
        arguments = self._given(scene, None)
        expected = processes.call(answers, *arguments).result
        outcome, calls = traced.traced(self.log, (fault.call,), _ask, *arguments, fault=fault)
        self.run.figures["tried"] += 1
        met = [call for call in calls if call.faked]
        if outcome.status == 0:
            self.run.figures["questions answered"] += bool(met)
            self.run.expect(same_answers(outcome.result, expected), f"{what}: another answer: {outcome.result}")
        elif all(self._concerns(scene, call) for call in met):
            self.run.figures["questions refused"] += 1
            self._expect_a_clear_refusal(outcome, fault, what, met)
        else:
            self.run.figures["met other files"] += 1
        examine(scene.home, [scene.before])

    def _expect_a_clear_refusal(self, outcome: processes.Outcome, fault: Fault, what: str, met: list[Call]) -> None:
        where = f"{what} ({met[0].name} {met[0].paths})" if met else what
        if self.run.expect(outcome.status == 2 and not outcome.crashed, f"{where}: {outcome.short()}"):
            causes = _CAUSES[fault.effect.removeprefix("error=")]
            named = any(cause in outcome.complaint for cause in causes)
            self.run.expect(named, f"{where}: the cause is not named: {outcome.complaint}")


def _faults(places: Iterable[tuple[int, Call]]) -> list[Fault]:
    """For each place the errors that such a call may give."""
    found = {(c.name, n, f"error={e}") for n, c in places for e in _ERRORS if _may_give(c, e)}
    return [Fault(*fault) for fault in sorted(found)]


def _may_give(call: Call, error: str) -> bool:
    """Opening a file that is there needs no space."""
    makes = call.name != "openat" or "O_CREAT" in call.arguments
    return call.name in _ERRORS[error] and (makes or error != "ENOSPC")


def _ask(home: str, questions: Sequence[str]) -> Records:
    """In a child: the answers."""
    with refusals_told():
        return answers(home, questions)


def play(run: Run) -> None:
    """Without strace there is nothing to try."""
    if why := traced.missing():
        run.not_run.append(why)
        return
    Errors(run).play()


if __name__ == "__main__":
    main(__doc__ or "", play, short=10, long=100_000)
