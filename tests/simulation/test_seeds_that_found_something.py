"""The valleys in which a run ever found something, each played again in every proof.

What was found is told by a story of its own, by its cause (docs/reliability.md). Here the same valleys are played with
today's app and server, in turn, so that what one of them finds is found again as often as anybody likes. Of some only
the run is known in which they were; then all valleys of that are here. They are played for `STEPS` steps, of which
those runs had fifteen.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.simulation.plan import Plan
from tests.simulation.run import run

pytestmark = pytest.mark.proof

STEPS = int(os.environ.get("STEPS", "5"))
#: Where nothing was put back, or once in many runs.
BY_THEMSELVES = (303, 500, 20033, 20065, 1000641, 1000732, 1100551, 1100705, 1100706, 1100716)
BY_THEMSELVES += (2000292, 2000492, 2000522, 2100187, 2100322, 2100933, 3000068, 3100083)
#: Where backups were put back.
PUT_BACK = (2001, 2013, 2033, 2035, 2040, 2041, 40096, 40225, 41005, 42004, 43008, 510004, 1200006, 1200016)
#: One of these each was found in.
THIRTY_TWO_PHONES = tuple(range(510025, 510033)) + tuple(range(510089, 510097))


@pytest.mark.parametrize(("valleys", "restored"), [(BY_THEMSELVES, 0.02), (PUT_BACK, 0.05), (THIRTY_TWO_PHONES, 0.05)])
def test_a_valley_that_found_something_finds_nothing_now(
    valleys: tuple[int, ...], restored: float, tmp_path: Path
) -> None:
    phones = 4 * len(valleys)
    plan = Plan(phones, STEPS, seed=valleys[0], restored=restored, in_turn=True, valleys=valleys).often
    verdict = run(plan, tmp_path / "run")
    assert verdict.findings == []
    assert verdict.counts["acknowledged"] > 5 * phones
    assert verdict.faults["backup restored"] + verdict.faults["backup restored and announced"] > 0
