"""Phones that run the real app against a real server lose nothing, double nothing and overwrite nothing unseen."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.simulation.plan import Plan
from tests.simulation.run import run

#: How many valleys, each with a seed of its own, a part plays; `make soak VALLEYS=…` sets it.
VALLEYS = int(os.environ.get("VALLEYS", "60"))
#: Where the seeds begin; `make soak SEED=…` sets it.
SEED = int(os.environ.get("SEED", "1000"))


@pytest.mark.slow
def test_two_valleys_lose_nothing(tmp_path: Path) -> None:
    verdict = run(Plan(phones=8, steps=12, seed=1), tmp_path)
    assert verdict.findings == []
    assert verdict.counts["acknowledged"] == verdict.counts["operations"] > 0
    assert verdict.faults


@pytest.mark.soak
@pytest.mark.parametrize("part", range(4))
def test_many_valleys_lose_nothing(part: int, tmp_path: Path) -> None:
    verdict = run(Plan(phones=4 * VALLEYS, steps=8, seed=SEED + part * VALLEYS), tmp_path)
    assert verdict.findings == []
    assert verdict.counts["acknowledged"] == verdict.counts["operations"]
