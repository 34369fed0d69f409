"""`python -m tests.simulation`: one run, its table, and exit status 1 when anything was found."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from fieldsvc import logs
from tests.simulation.run import Plan, run
from tests.simulation.verdict import table
from tests.support.tools import ROOT, node

SHIM = ROOT / "node_modules" / "fake-indexeddb"


def main() -> int:
    """Play, print, and say how to play it again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--phones", type=int, default=40)
    parser.add_argument("--steps", type=int, default=30, help="things that happen on each phone")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="an empty folder for everything the run leaves behind")
    asked = parser.parse_args()
    node()
    if not SHIM.is_dir():
        raise SystemExit("The phones' database is missing: run npm install (make .venv/test-installed does).")
    logs.configure("warning")
    plan = Plan(asked.phones, asked.steps, asked.seed)
    with tempfile.TemporaryDirectory(prefix="fieldsvc-simulation-") as folder:
        verdict = run(plan, asked.keep or Path(folder))
    print(table(verdict))
    for finding in verdict.findings[:50]:
        print(finding)
    return 0 if verdict.good else 1


if __name__ == "__main__":
    sys.exit(main())
