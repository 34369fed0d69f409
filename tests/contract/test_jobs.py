"""Rows of work to do later, on each database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fieldsvc.services import jobs
from fieldsvc.store.tables import JobRow
from tests.contract.place import Place


def test_jobs_that_are_long_done_are_forgotten_and_all_others_stay(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_DROPPED", 2)  # two commits for three rows
    day, now = jobs.DAY_MS, place.ctx.now_ms()
    ages = {"old-1": 31, "old-2": 31, "old-3": 40, "young": 29}
    rows = [_job(name, "done", now - days * day) for name, days in ages.items()]
    rows += [_job(state, state, now - 400 * day) for state in ("failed", "waiting", "running")]
    with place.ctx.db.write() as session:
        session.add_all(rows)
    forever = replace(place.ctx, settings=replace(place.ctx.settings, keep_jobs_days=0))
    assert jobs.tidy(forever) == 0
    assert jobs.tidy(place.ctx) == 3
    with place.ctx.db.read() as session:
        assert {row.id for row in session.query(JobRow)} == {"young", "failed", "waiting", "running"}


def _job(name: str, state: str, run_after: int) -> JobRow:
    return JobRow(
        id=name, feed_id="f", kind="derive", payload={}, state=state, run_after=run_after, created_at=run_after
    )
