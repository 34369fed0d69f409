"""Any order of work, weather, office and accidents keeps the laws of `docs/invariants.md`."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.machine.valley import Valley
from tests.world import World


def _run(make_world: Callable[[], World], **bounds: object) -> None:
    machine = type("Machine", (Valley,), {"make_world": staticmethod(make_world)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            deadline=None,
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
            **bounds,  # type: ignore[arg-type]
        ),
    )


def test_a_district_keeps_the_laws_whatever_happens(make_world: Callable[[], World]) -> None:
    """A fixed walk through the valley, the same in every run: a failure here is a failure of the change."""
    phases = (Phase.explicit, Phase.generate)  # shrinking takes minutes; the walk to a failure is printed as it was
    _run(make_world, max_examples=20, stateful_step_count=40, derandomize=True, phases=phases)


@pytest.mark.proof
def test_a_district_keeps_the_laws_on_new_walks(make_world: Callable[[], World]) -> None:
    """New walks each time; Hypothesis prints the way to the failure."""
    _run(make_world, max_examples=400, stateful_step_count=60, print_blob=True)
