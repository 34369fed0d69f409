"""Phones that run the real app against a real server lose nothing, double nothing and overwrite nothing unseen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.simulation.plan import Plan
from tests.simulation.run import run
from tests.simulation.verdict import SENT

#: Valleys with a seed of their own that `make proof` plays: many first days, on which everything happens to somebody.
#: Long lives are what `make soak` plays.
VALLEYS = 200


@pytest.mark.slow
def test_two_valleys_lose_nothing(tmp_path: Path) -> None:
    verdict = run(Plan(phones=8, steps=12, seed=1), tmp_path)
    assert verdict.findings == []
    assert verdict.counts["acknowledged"] == verdict.counts["operations"] > 0
    assert sum(verdict.counts[name] for name in SENT) == verdict.counts["operations"]
    assert verdict.counts["corrections"] > 0 < verdict.counts["visits"]
    assert verdict.faults


@pytest.mark.proof
def test_phones_that_a_restored_server_has_forgotten_sign_in_again_and_lose_nothing(tmp_path: Path) -> None:
    verdict = run(Plan(phones=4, steps=3, seed=2, cuts=0, backed_up=0, restored=0.2), tmp_path)
    assert verdict.findings == []
    assert verdict.faults["phone forgotten by a restored server"]


@pytest.mark.proof
def test_hundreds_of_valleys_lose_nothing(tmp_path: Path) -> None:
    verdict = run(Plan(phones=4 * VALLEYS, steps=2, seed=10_000, restored=0), tmp_path)
    assert verdict.findings == []
    assert verdict.counts["acknowledged"] == verdict.counts["operations"] > VALLEYS
