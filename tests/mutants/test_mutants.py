"""The seeded bugs still fit the source, and the tests still notice them."""

from __future__ import annotations

import pytest

from tests.mutants.bug import Mutant
from tests.mutants.run import UNFINISHED, copy_of_the_tree, sound, survives
from tests.mutants.seeded import MUTANTS
from tests.support.tools import ROOT

#: Noticed in a few seconds; the others take as many tests as they take.
CHEAP = {"draft-in-memory", "no-idempotency"}


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_seeded_bug_still_fits_the_source(mutant: Mutant) -> None:
    for change in mutant.changes:
        assert (ROOT / change.path).read_text(encoding="utf-8").count(change.old) == 1, change.path
        assert change.old != change.new


def test_a_copy_takes_what_is_compiled_and_leaves_what_another_test_is_just_compiling() -> None:
    names = ["answer.py", "answer.cpython-311.pyc", "answer.cpython-311.pyc.140234", "test_a.cpython-311-pytest.pyc.7"]
    assert UNFINISHED("", names) == set(names[2:])
    with copy_of_the_tree() as root:
        kept = root / "sync" / "__init__.py"
        assert kept.stat().st_mtime == (ROOT / "sync" / "__init__.py").stat().st_mtime, "else all is compiled anew"


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
