"""The seeded bugs still fit the source, and the tests still notice them."""

from __future__ import annotations

import pytest

from tests.mutants.run import sound, survives
from tests.mutants.seeded import MUTANTS, Mutant
from tests.support.tools import ROOT

#: Noticed in a few seconds; the others take as many tests as they take.
CHEAP = {"draft-in-memory", "no-idempotency"}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_seeded_bug_still_fits_the_source(mutant: Mutant) -> None:
    for change in mutant.changes:
        assert (ROOT / change.path).read_text(encoding="utf-8").count(change.old) == 1, change.path
        assert change.old != change.new


@pytest.mark.slow
@pytest.mark.parametrize(
    "mutant",
    [pytest.param(m, id=m.name, marks=() if m.name in CHEAP else pytest.mark.proof) for m in MUTANTS],
)
def test_a_seeded_bug_is_noticed(mutant: Mutant) -> None:
    assert not survives(mutant)


@pytest.mark.proof
def test_without_a_seeded_bug_the_same_tests_pass() -> None:
    """Else they would notice every bug, and any other."""
    assert sound()
