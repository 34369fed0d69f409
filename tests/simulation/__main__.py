"""`python -m tests.simulation`: one run or several, their table, and exit status 1 when anything was found."""

from __future__ import annotations

import argparse
import math
import os
import shutil
import signal
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from types import FrameType
from typing import NoReturn

from fieldsvc import logs
from fieldsvc.serve.memory import leave_what_is_loaded
from tests.simulation.plan import Plan
from tests.simulation.record import has, note, noted, printed
from tests.simulation.run import run
from tests.simulation.stage import Stage
from tests.simulation.valley import PHONES
from tests.simulation.verdict import Verdict, table
from tests.support.tools import node

MEMORY = Path("/dev/shm")
#: Bytes: what a run of a hundred phones writes has room in it many times over.
ROOM = 4 * 2**30
#: By what Python puts what is in a set in one order or another.
_ORDER = "PYTHONHASHSEED"


def main() -> int:
    """Play, note, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=40)
    parser.add_argument("--steps", type=int, default=30, help="things that happen on each phone")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=1, help="one after another, each with the next seeds")
    parser.add_argument("--minutes", type=float, default=math.inf, help="after which no further run begins")
    parser.add_argument(
        "--restored", type=float, default=Plan.restored, help="share of rounds that end with an old backup"
    )
    parser.add_argument(
        "--record",
        type=Path,
        help="a file of runs: adds to it, repeats none; beside it, what is left of those that found something",
    )
    parser.add_argument("--keep", type=Path, help="an empty folder for everything the run leaves behind")
    parser.add_argument("--in-turn", action="store_true", help="one request at a time: a seed plays the same again")
    asked = parser.parse_args()
    if asked.in_turn and os.environ.get(_ORDER) != "0":
        # What is in no order must be in the same one each time, here and in every process of the run.
        words = [sys.executable, "-m", "tests.simulation", *sys.argv[1:]]
        os.execve(sys.executable, words, {**os.environ, _ORDER: "0"})
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _ends)
    node()
    leave_what_is_loaded()
    logs.configure("warning")
    verdict = Verdict()
    last = time.monotonic() + asked.minutes * 60
    # The stage ends first: a server that was just being born when somebody ends this writes into its folder until then.
    with tempfile.TemporaryDirectory(prefix="fieldsvc-simulation-", dir=_quick()) as whole, closing(Stage()) as stage:
        for number in range(asked.runs):
            seed = asked.seed + number * max(1, asked.phones // PHONES)
            plan = Plan(asked.phones, asked.steps, seed, restored=asked.restored, in_turn=asked.in_turn)
            plan = plan.often if plan.in_turn else plan
            if time.monotonic() > last:
                break
            if asked.record and has(noted([asked.record]), plan):
                continue
            verdict.add(_played(plan, asked.record, asked.keep, stage, Path(whole) / str(seed)))
    print(printed(noted([asked.record])) if asked.record else table(verdict))
    for finding in verdict.findings[:50]:
        print(finding)
    return 0 if verdict.good else 1


def _ends(number: int, _frame: FrameType | None) -> NoReturn:
    """Whoever stops a sitting stops its server and phones with it: once, and not again while that is under way."""
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(128 + number)


def _played(plan: Plan, file: Path | None, keep: Path | None, stage: Stage, folder: Path) -> Verdict:
    began = time.monotonic()
    folder.mkdir(parents=True)
    verdict = run(plan, keep or folder, stage=stage)
    if not keep:
        if file and not verdict.good:
            # Not in turn a seed does not repeat every interleaving: what can be read is what this run has left.
            shutil.copytree(folder, file.with_suffix("") / str(plan.seed), dirs_exist_ok=True)
        shutil.rmtree(folder)
    if verdict.trace:
        print(f"seed {plan.seed}: trace {verdict.trace}", flush=True)
    if file:
        note(file, plan, verdict, time.monotonic() - began)
    return verdict


def _quick() -> Path | None:
    """A folder in memory, where there is room: processes are killed here, whose files a sync makes no safer.

    Disks that lose what was not synced are those of `tests/faults`.
    """
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM else None


if __name__ == "__main__":
    sys.exit(main())
