"""Runs of many sittings add up, and none is played twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from tests.simulation.plan import Plan
from tests.simulation.record import has, note, noted, printed, sources, total
from tests.simulation.verdict import Verdict

PLAN = Plan(phones=8, steps=3, seed=7)


def _verdict() -> Verdict:
    return Verdict(Counter(operations=500, acknowledged=500), Counter({"answer lost": 3}), Counter(decides=2))


def test_runs_of_many_sittings_add_up(tmp_path: Path) -> None:
    first, second = tmp_path / "monday.jsonl", tmp_path / "tuesday.jsonl"
    found = _verdict()
    found.finds("lost", "a visit")
    note(first, PLAN, _verdict(), 1.0)
    note(second, replace(PLAN, seed=9), found, 1.0)
    whole = total(noted([first, second, tmp_path / "never.jsonl"]))
    assert whole.counts == Counter(operations=1000, acknowledged=1000, lost=1)
    assert whole.faults == {"answer lost": 6}
    assert whole.findings == ["seed 9: lost: a visit"]


def test_a_run_that_was_played_on_these_sources_is_known_and_another_is_not(tmp_path: Path) -> None:
    file = tmp_path / "runs.jsonl"
    note(file, PLAN, _verdict(), 1.0)
    rows = noted([file])
    assert has(rows, PLAN)
    assert not has(rows, replace(PLAN, seed=8))
    assert not has([{**rows[0], "sources": "another"}], PLAN)


def test_the_table_says_how_dense_the_faults_were_and_how_to_play_each_run_again(tmp_path: Path) -> None:
    file = tmp_path / "runs.jsonl"
    for seed in (7, 9):
        note(file, replace(PLAN, seed=seed), _verdict(), 1.0)
    lines = printed(noted([file])).splitlines()
    assert any(line.split() == ["answer", "lost", "6", "6.00"] for line in lines)
    assert lines[-1] == f"{sources()}: 2 runs of --phones 8 --steps 3 --restored 0.004, --seed 7 to 9"
