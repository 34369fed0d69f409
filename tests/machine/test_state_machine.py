"""Any order of work, weather, office and accidents keeps the laws of `docs/invariants.md`."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.valley import Valley
from tests.support.chance import is_fixed
from tests.world import World

#: How many walks of sixty steps each part of the proof takes; `make soak WALKS=…` sets it.
WALKS = int(os.environ.get("WALKS", "60"))


def _run(make_world: Callable[[], World], part: int, **bounds: int) -> None:
    machine = type("Machine", (Valley,), {"make_world": staticmethod(make_world)})
    if is_fixed():
        machine = seed(part)(machine)
    run_state_machine_as_test(
        machine,
        settings=settings(
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            # Shrinking takes minutes; the walk to a failure is printed as it was.
            phases=(Phase.explicit, Phase.generate),
            **bounds,  # type: ignore[arg-type]
        ),
    )


@pytest.mark.slow
def test_a_district_keeps_the_laws_whatever_happens(make_world: Callable[[], World]) -> None:
    """A few fixed walks through the valley."""
    _run(make_world, 0, max_examples=20, stateful_step_count=40)


@pytest.mark.proof
@pytest.mark.parametrize("part", range(1, 5))
def test_a_district_keeps_the_laws_on_many_walks(part: int, make_world: Callable[[], World]) -> None:
    """Many longer ones: fixed in `make proof`, new ones in `make soak`, which prints the seed that repeats them."""
    _run(make_world, part, max_examples=WALKS, stateful_step_count=60)
