"""Phones that run the real app against a real server lose nothing, double nothing and overwrite nothing unseen."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.simulation import office
from tests.simulation.ground import FAULTS
from tests.simulation.plan import Plan
from tests.simulation.run import SET_BACK, run
from tests.simulation.verdict import SENT
from tests.support.tools import ROOT, node

#: Valleys with a seed of their own that `make proof` plays: many first days, on which everything happens to somebody.
#: Long lives are what `make soak` plays.
VALLEYS = 200
#: On a first day little waits for a person yet, and what an office does once a year must be done by one of two hundred.
OFTEN = {"lets_through": 40, "reviews": 12, "publishes": 1, "deletes": 1, "merges": 1, "signs_a_phone_out": 1.5}
#: What befalls a phone only where an older backup is put back.
FORGOTTEN = "phone forgotten by a restored server"


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
    assert verdict.faults[FORGOTTEN]


@pytest.mark.proof
def test_valleys_lose_nothing_when_a_backup_of_the_day_is_put_back_and_whether_anybody_says_so_or_not(
    tmp_path: Path,
) -> None:
    verdict = run(Plan(phones=16, steps=3, seed=6, cuts=0, backed_up=0.1, restored=0.1), tmp_path)
    assert verdict.findings == []
    assert not set(SET_BACK) - set(verdict.faults), verdict.faults


@pytest.mark.proof
def test_hundreds_of_valleys_lose_nothing_and_everything_happens_to_somebody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for deed, often in OFTEN.items():
        monkeypatch.setitem(office.DEEDS, deed, often)
    verdict = run(Plan(phones=4 * VALLEYS, steps=2, seed=10_000, cuts=0.1, acts=0.8, deaths=80, restored=0), tmp_path)
    assert verdict.findings == []
    assert verdict.counts["acknowledged"] == verdict.counts["operations"] > VALLEYS
    assert not {*_what_befalls_phones(), *FAULTS} - {*verdict.faults, FORGOTTEN}, verdict.faults
    assert not office.DONE - set(verdict.office), verdict.office


def _what_befalls_phones() -> list[str]:
    """Every kind of it by its name, from where those are written down."""
    script = "import { KINDS } from './tests/simulation/phones/kinds.js'; console.log(JSON.stringify(KINDS))"
    said = subprocess.run([node(), "--input-type=module", "-e", script], cwd=ROOT, capture_output=True, check=True)
    names: list[str] = json.loads(said.stdout)
    assert len(names) > len(FAULTS)
    return names
