"""Seeds each bug into a copy of the tree and says whether the tests notice: `make mutants`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.mutants.bug import Change, Mutant
from tests.mutants.seeded import MUTANTS
from tests.support.tools import ROOT, node

#: What pytest would load, or write down, for nothing: most of a seeded bug's time is the start.
UNUSED = [word for plugin in ("cacheprovider", "xdist", "schemathesis") for word in ("-p", f"no:{plugin}")]
#: What a test beside this one is just compiling has a name of its own until it is whole, and is gone a moment later.
UNFINISHED = shutil.ignore_patterns("*.pyc.*")
PARTS = ("fieldsvc", "sync", "tests", "pyproject.toml", "package.json", "tsconfig.json")


class PatchProblem(Exception):
    """The source has changed under a seeded bug: rewrite the bug, do not drop it."""


def apply(change: Change, root: Path) -> None:
    """Seed one change into a tree."""
    path = root / change.path
    text = path.read_text(encoding="utf-8")
    if text.count(change.old) != 1:
        raise PatchProblem(f"{change.path}: found {text.count(change.old)} times: {change.old!r}")
    path.write_text(text.replace(change.old, change.new), encoding="utf-8")


def survives(mutant: Mutant) -> bool:
    """Whether the tests that must notice the bug pass although it is there."""
    with copy_of_the_tree() as root:
        for change in mutant.changes:
            apply(change, root)
        return _pass(mutant.tests, root)


def sound() -> bool:
    """Whether all those tests pass in a copy without a bug. If not, their failures say nothing about any."""
    with copy_of_the_tree() as root:
        return _pass(sorted({test for mutant in MUTANTS for test in mutant.tests}), root)


@contextmanager
def copy_of_the_tree() -> Iterator[Path]:
    """A copy of everything that runs and is tested, for as long as the context lasts."""
    with tempfile.TemporaryDirectory(prefix="fieldsvc-mutant-") as folder:
        root = Path(folder)
        for part in PARTS:
            if (ROOT / part).is_dir():
                # With what is compiled, which goes by the time of the source: only the seeded file is compiled anew.
                shutil.copytree(ROOT / part, root / part, ignore=UNFINISHED)
            else:
                shutil.copyfile(ROOT / part, root / part)
        yield root


def _pass(tests: Sequence[str], root: Path) -> bool:
    scripts = [test for test in tests if test.endswith(".js")]
    modules = [test for test in tests if not test.endswith(".js")]
    commands = []
    if scripts:
        commands.append([node(), "--test", *scripts])
    if modules:
        pytest = [sys.executable, "-m", "pytest", "-x", "-q", "-m", "proof or not proof", *UNUSED, *modules]
        commands.append(pytest)
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    results = [
        subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False) for command in commands
    ]
    # Anything but "tests ran and some failed" would let a broken copy pass for a dead bug.
    assert all(result.returncode in (0, 1) for result in results), results
    return all(result.returncode == 0 for result in results)


def main() -> int:
    """Run every seeded bug; the number of those that nobody noticed."""
    assert sound(), "the tests fail without any bug"
    alive = 0
    for mutant in MUTANTS:
        survived = survives(mutant)
        alive += survived
        print(f"{'SURVIVED' if survived else 'killed':9} {mutant.name}: {mutant.story}")
    return alive


if __name__ == "__main__":
    sys.exit(main())
