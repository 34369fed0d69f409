"""Runs written down as they end, a JSON line each, so that a million operations may be played in many sittings.

`python -m tests.simulation.record FILE…` prints the table of all runs in the files, and which sources they were of.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.simulation.plan import Plan
from tests.simulation.verdict import Verdict, table
from tests.support.tools import ROOT

Row = dict[str, Any]


def sources() -> str:
    """Which sources these are: the commit, and whether they differ from it."""
    words = ["git", "describe", "--always", "--abbrev=12", "--dirty", "--exclude=*"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def note(file: Path, plan: Plan, verdict: Verdict, seconds: float) -> None:
    """Add a run to the file."""
    told = {**vars(plan), **vars(verdict)}
    with file.open("a", encoding="utf-8") as record:
        record.write(json.dumps({"sources": sources(), "seconds": round(seconds), **told}, ensure_ascii=False) + "\n")


def noted(files: Iterable[Path]) -> list[Row]:
    """The runs in these files; one that is not there has none."""
    return [json.loads(line) for file in files if file.exists() for line in file.read_text("utf-8").splitlines()]


def has(rows: Sequence[Row], plan: Plan) -> bool:
    """Whether this very run was played on these very sources."""
    played = json.loads(json.dumps({"sources": sources(), **vars(plan)}))  # as it was written down
    return any(all(row.get(name) == value for name, value in played.items()) for row in rows)


def total(rows: Sequence[Row]) -> Verdict:
    """All of them as if they were one run."""
    whole = Verdict()
    for row in rows:
        counts = (Counter(row[name]) for name in ("counts", "faults", "office"))
        whole.add(Verdict(*counts, [f"seed {row['seed']}: {finding}" for finding in row["findings"]]))
    return whole


def printed(rows: Sequence[Row]) -> str:
    """The table, and below it how to play each of the runs again."""
    lines = [table(total(rows)), ""]
    played: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        plan = f"--phones {row['phones']} --steps {row['steps']} --restored {row['restored']:g}"
        plan += " --in-turn" * bool(row.get("in_turn"))
        played.setdefault((row["sources"], plan), []).append(row["seed"])
    for (commit, plan), seeds in played.items():
        lines.append(f"{commit}: {len(seeds)} runs of {plan}, --seed {min(seeds)} to {max(seeds)}")
    return "\n".join(lines)


if __name__ == "__main__":
    rows = noted(Path(word) for word in sys.argv[1:])
    print(printed(rows))
    for finding in total(rows).findings:
        print(finding)
