"""Runs in turn, which can be played again: a clock that only their deeds move, chance drawn from it, and a trace.

Processes that look at the same file read one time there. Nothing that waits for a machine decides what comes next.
"""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from fieldsvc import failpoints
from fieldsvc.serve.jobs import sweep
from fieldsvc.services import context, jobs
from fieldsvc.services.context import Context
from fieldsvc.services.job_kinds import HANDLERS

#: 25 November 2026, 08:00 in Shanghai. In the past, so that no file looks as if it were old enough to be removed.
MORNING_MS = 1_795_564_800_000
#: By what a server's process finds the clock it lives by.
CLOCK = "SIMULATED_CLOCK"
_BYTES = 8


class Clock:
    """Milliseconds since 1970 in a file; calling it tells the time. Behind them stands what dies at that moment."""

    def __init__(self, file: Path) -> None:
        self._handle = os.open(file, os.O_RDWR | os.O_CREAT)

    def __call__(self) -> int:
        """The time."""
        return int.from_bytes(os.pread(self._handle, _BYTES, 0), "little")

    def is_set(self, now_ms: int) -> None:
        """Have it show this time."""
        os.pwrite(self._handle, now_ms.to_bytes(_BYTES, "little"), 0)

    def doom(self) -> list[str]:
        """The place at which whoever answers now shall die, and how often it passes there before: mostly none."""
        return os.pread(self._handle, 64, _BYTES).decode().rstrip("\0").split()

    def close(self) -> None:
        """Let the file go."""
        os.close(self._handle)


class Chance:
    """Bytes that nobody could foresee who does not know the time: the same at the same time in the same place.

    A process that was killed is followed by one that lives later, and draws others.
    """

    def __init__(self, clock: Clock, place: str) -> None:
        self._clock = clock
        self._place = place
        self._drawn_at = self._drawn = 0

    def __call__(self, count: int) -> bytes:
        """So many bytes, as `os.urandom` gives them."""
        now = self._clock()
        self._drawn = self._drawn + 1 if now == self._drawn_at else 0
        self._drawn_at = now
        return hashlib.shake_256(f"{self._place} {now} {self._drawn}".encode()).digest(count)


@contextmanager
def lives_by(clock: Clock, place: str) -> Iterator[None]:
    """This process takes time and chance from this clock: contexts that tell the machine's time, ids, tokens, codes."""
    told = SimpleNamespace(time_ns=lambda: clock() * 1_000_000)
    with mock.patch.object(context, "time", told), mock.patch.object(random, "_urandom", Chance(clock, place)):
        yield


@contextmanager
def may_be_in_turn() -> Iterator[None]:
    """A server's process lives by the clock of its run, where that has one."""
    if CLOCK not in os.environ:
        yield
        return
    clock = Clock(Path(os.environ[CLOCK]))
    with lives_by(clock, "server"), mock.patch.object(failpoints, "_CHOSEN", Doom(clock)):
        yield


class Doom:
    """The place of `fieldsvc.failpoints` at which a server's process dies, as the phones have drawn it for the request
    that it answers: equal to that place, the so-manyth time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._met_at = self._met = 0

    def __eq__(self, place: object) -> bool:
        drawn, now = self._clock.doom(), self._clock()
        if not drawn or place != drawn[0]:
            return False
        self._met = self._met + 1 if now == self._met_at else 0
        self._met_at = now
        return self._met == int(drawn[1])

    __hash__ = None  # type: ignore[assignment] # what it equals is another place each time


class Turns:
    """What is common to the processes of one run in turn, and the trace of it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.seed = seed
        self.file = folder / "trace.txt"
        self._clock_file = folder / "clock"
        self._clock = Clock(self._clock_file)
        self._clock.is_set(MORNING_MS)
        self._trace = self.file.open("a", encoding="utf-8")

    @property
    def environment(self) -> Mapping[str, str]:
        """What a server's processes are told of it."""
        return {CLOCK: str(self._clock_file)}

    @property
    def for_phones(self) -> dict[str, str | list[str]]:
        """What the phones' process is told of it."""
        places = [place for place in failpoints.PLACES if not place.startswith("job.")]
        return {"clock": str(self._clock_file), "trace": str(self.file), "seed": str(self.seed), "places": places}

    def lives(self) -> AbstractContextManager[None]:
        """This process lives by the run's clock for as long as that is open."""
        return lives_by(self._clock, f"office {self.seed}")

    def tells(self, *words: object) -> None:
        """A line of the trace."""
        self._trace.write(" ".join(str(word) for word in words) + "\n")
        self._trace.flush()

    def works(self, ctx: Context, *, anew: bool = False) -> None:
        """What the server's worker would do beside the phones by now, or when it starts anew."""
        if anew:
            sweep(ctx)
        if done := jobs.run_due(ctx, HANDLERS):
            self.tells("worker", done)

    def digest(self) -> str:
        """What tells one trace from another."""
        return hashlib.sha256(self.file.read_bytes()).hexdigest()[:16]

    def close(self) -> None:
        """Let the files go."""
        self._trace.close()
        self._clock.close()
