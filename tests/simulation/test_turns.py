"""A run in turn plays the same again, down to every body of every request and answer; another seed plays another."""

from __future__ import annotations

import random
import secrets
from contextlib import closing
from functools import partial
from operator import eq
from pathlib import Path

import pytest

from fieldsvc.ids import random_uuid7
from fieldsvc.services.context import system_clock
from tests.simulation.plan import Plan
from tests.simulation.run import run
from tests.simulation.stage import Stage
from tests.simulation.turns import MORNING_MS, Clock, Doom, lives_by

#: How a server falters in turn, as the trace says it.
DEATHS = ("plug is pulled before it arrives", "plug is pulled before the answer leaves", ": dies at ")


@pytest.mark.slow
def test_a_run_in_turn_plays_the_same_again(tmp_path: Path) -> None:
    traces = []
    with closing(Stage()) as stage:
        for number, seed in enumerate((1, 1, 2)):
            # Whoever asks first in a round meets with a server that falters.
            plan = Plan(4, 3, seed, cuts=1, within=1, backed_up=0.1, restored=0.1, in_turn=True)
            verdict = run(plan, tmp_path / str(number), stage=stage)
            assert verdict.findings == []
            assert verdict.trace
            traces.append((tmp_path / str(number) / "trace.txt").read_text())
    first, again, other = traces
    assert first == again
    assert first != other
    assert "/api/v1/sync 200" in first
    assert any(death in first for death in DEATHS)


def test_a_server_dies_at_the_place_that_was_drawn_the_so_manyth_time_and_at_no_other(tmp_path: Path) -> None:
    with closing(Clock(tmp_path / "clock")) as clock:
        dies = partial(eq, Doom(clock))
        clock.is_set(MORNING_MS)
        assert not dies("push.fed")
        with (tmp_path / "clock").open("r+b") as file:
            file.seek(8)
            file.write(b"push.fed 1".ljust(64, b"\0"))
        assert [dies(each) for each in ("reply.ready", "push.fed", "push.fed", "push.fed")] == [
            False,
            False,
            True,
            False,
        ]
        # What answers the next request has passed there no more often than anybody else.
        clock.is_set(MORNING_MS + 1)
        assert [dies("push.fed"), dies("push.fed")] == [False, True]


def test_chance_is_the_same_at_the_same_time_and_never_twice(tmp_path: Path) -> None:
    clock = Clock(tmp_path / "clock")

    def drawn() -> list[str]:
        with lives_by(clock, "here"):
            return [random_uuid7(system_clock()), random_uuid7(system_clock()), secrets.token_urlsafe(8)]

    with closing(clock):
        clock.is_set(MORNING_MS)
        first = drawn()
        assert drawn() == first
        assert len(set(first)) == len(first)
        clock.is_set(MORNING_MS + 1)
        assert not set(drawn()) & set(first)
        with lives_by(clock, "there"):
            assert random_uuid7(MORNING_MS) not in first
    assert system_clock() != MORNING_MS + 1
    assert random.SystemRandom().random() != random.SystemRandom().random()
