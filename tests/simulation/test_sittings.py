"""A sitting of runs: what one that found something has left behind is kept, as its seed need not find it again."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import tests.simulation.__main__ as sitting
from tests.simulation.plan import Plan
from tests.simulation.record import noted
from tests.simulation.stage import Stage
from tests.simulation.verdict import Verdict


def test_only_a_run_that_found_something_leaves_its_folder_beside_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def played(plan: Plan, folder: Path, **_: Any) -> Verdict:
        (folder / "reports.json").write_text(str(plan.seed))
        verdict = Verdict()
        if plan.seed == 7:
            verdict.finds("lost", "a visit")
        return verdict

    monkeypatch.setattr(sitting, "run", played)
    record = tmp_path / "runs.jsonl"
    with closing(Stage()) as stage:
        for seed in (7, 9):
            sitting._played(Plan(phones=4, steps=1, seed=seed), record, None, stage, tmp_path / "played" / str(seed))
    assert [row["findings"] for row in noted([record])] == [["lost: a visit"], []]
    assert [file.read_text() for file in tmp_path.rglob("reports.json")] == ["7"]
    assert (tmp_path / "runs" / "7").is_dir()
