"""SIGKILL at the N-th write, fsync, rename, unlink … of `youju index`: afterwards the state is before or after.

For every scene (the first index ever, an addition, a change, a deletion …); in full every N, in short a spread of them.
"""

from tests.faults import processes, traced
from tests.faults.scenes import Scene, scenes
from tests.faults.script import Run, main
from tests.faults.traced import CALLS, Fault


def play(run: Run) -> None:
    """Every point of every scene, or as many as `rounds` says, evenly spread."""
    if why := traced.missing():
        run.not_run.append(why)
        return
    points = [(scene, fault) for scene in scenes(run) for fault in _points(run, scene)]
    step = max(1.0, len(points) / run.rounds)
    for scene, fault in (points[int(n * step)] for n in range(min(run.rounds, len(points)))):
        run.tried(f"{scene.name}, {fault}", lambda scene=scene, fault=fault: _try(run, scene, fault))
    run.figures[f"of {len(points)} places"] = run.figures.pop("tried", 0)


def _points(run: Run, scene: Scene) -> list[Fault]:
    """A kill at each call that a thread of this update makes, but those that its reader of files comes to first."""
    scene.set_up()
    outcome, calls = traced.traced(run.folder / "trace.log", CALLS, processes.command_line, scene.index())
    run.expect(outcome.status == 0, f"{scene.name} without a fault: {outcome.short()}")
    places = [(number, call) for number, call in traced.places(calls) if not call.helper]
    return [Fault(call.name, number, "signal=KILL") for number, call in places]


def _try(run: Run, scene: Scene, fault: Fault) -> None:
    scene.set_up()
    outcome, _ = traced.traced(
        run.folder / "trace.log", (fault.call,), processes.command_line, scene.index(), fault=fault
    )
    run.figures["tried"] += 1
    run.figures["kills"] += outcome.status == -9
    run.expect(outcome.status in (0, -9), f"{scene.name}, {fault}: {outcome.short()}")
    number = scene.examine(outcome)
    run.figures["already published"] += number
    scene.recover()


if __name__ == "__main__":
    main(__doc__ or "", play, short=8, long=100_000)
