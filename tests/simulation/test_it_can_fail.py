"""The simulator is no ornament: bugs of the kind that lose work are found by it, with nothing else to help."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.mutants.run import apply, copy_of_the_tree
from tests.mutants.seeded import MUTANTS
from tests.simulation.ground import QuickServer
from tests.simulation.plan import Plan
from tests.simulation.run import run
from tests.simulation.stage import Stage
from tests.support.tools import ROOT

#: A seeded bug, and what the simulator must say of it.
NOTICED = {
    "no-idempotency": "duplicated",
    "last-write-wins": "silently overwritten",
    "draft-in-memory": "lost",
}

#: Runs that are tried. Which two requests meet depends on the machine as much as on the seed, so that one run of
#: sixteen phones may miss a bug that needs an answer lost at the right moment; as many as this have never.
RUNS = 12


@contextmanager
def _bug(name: str) -> Iterator[Path]:
    """A tree with this one in it."""
    [mutant] = [each for each in MUTANTS if each.name == name]
    with copy_of_the_tree() as root:
        (root / "node_modules").symlink_to(ROOT / "node_modules")
        for change in mutant.changes:
            apply(change, root)
        yield root


def _simulated(root: Path, seed: int, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.simulation", "--phones", "16", "--steps", "20", "--seed", str(seed), *more]
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.proof
@pytest.mark.parametrize(("name", "kind"), NOTICED.items(), ids=list(NOTICED))
def test_the_simulator_notices_a_seeded_bug(name: str, kind: str) -> None:
    with _bug(name) as root:
        for seed in range(1, RUNS + 1):
            said = _simulated(root, seed)
            if said.returncode == 1 and f"\n{kind}: " in said.stdout:
                return
    pytest.fail(f"Nothing {kind} in {RUNS} runs; the last said:\n{said.stdout}{said.stderr}")


@pytest.mark.proof
def test_what_a_run_in_turn_finds_is_found_again_by_its_seed() -> None:
    with _bug("no-idempotency") as root:
        once, again = (_simulated(root, 1, "--in-turn", "--phones", "8") for _ in range(2))
    assert "\nduplicated: " in once.stdout
    assert again.stdout == once.stdout


@pytest.mark.slow
def test_a_phone_that_never_gets_in_is_told_with_the_reason(tmp_path: Path) -> None:
    with closing(Stage()) as stage:
        server = QuickServer(tmp_path / "server", stage.nursery)
        server.environment["FIELDSVC_SIGN_INS_PER_MINUTE"] = "2"
        verdict = run(Plan(phones=4, steps=1, seed=1, cuts=0, restored=0), tmp_path / "run", server, stage)
    assert any("too-many-requests" in finding for finding in verdict.findings)
