"""A button of an import that two people press in the same moment is pressed once, on each database."""

from __future__ import annotations

from collections import Counter
from functools import partial

import pytest
from sqlalchemy import delete, func, select

from fieldsvc.problems import PreconditionFailed
from fieldsvc.services import jobs, published
from fieldsvc.services.imports import desk, slices
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.store import import_lines
from fieldsvc.store.tables import DatasetRow, JobRow
from tests.contract.place import Place, at_once
from tests.imports.sheets_made import csv
from tests.support.shipped import dataset

HEADINGS = ("户编号", "村代码", "户主姓名")
PEOPLE = 8


@pytest.fixture
def checked(place: Place) -> str:
    """An import whose rows have been looked at and that waits to be started, by id."""
    ctx, admin = place.ctx, place.office
    with ctx.db.write() as session:  # the stories' small record gives way to the one that ships
        session.execute(delete(DatasetRow).where(DatasetRow.name == "households"))
    published.publish_dataset(ctx, admin, dataset("households"), digest="shipped")
    data = csv(HEADINGS, ("H001", "451000000000", "陈一"), encoding="utf-8")
    import_id = desk.upload(ctx, admin, kind="households", source="county", data=data, filename="county.csv")
    assert desk.name_columns(ctx, admin, import_id, list(desk.show(ctx, admin, import_id).mapping)) == []
    jobs.run_due(ctx, HANDLERS)
    assert desk.show(ctx, admin, import_id).row.state == "checked"
    return import_id


def answer(place: Place, import_id: str, step: str) -> str:
    """What somebody who presses a button is told."""
    try:
        if step == "map":
            desk.name_columns(place.ctx, place.office, import_id, desk.show(place.ctx, place.office, import_id).mapping)
        else:
            desk.act(place.ctx, place.office, import_id, step)
    except PreconditionFailed as problem:
        return problem.code
    return "done"


def jobs_waiting(place: Place) -> int:
    with place.ctx.db.read() as session:
        return session.scalar(select(func.count()).select_from(JobRow).where(JobRow.kind == desk.JOB)) or 0


@pytest.mark.parametrize(
    ("state", "step"), [("mapping", "map"), ("checked", "start"), ("stopped", "go-on"), ("undo-stopped", "go-on")]
)
def test_of_eight_who_press_a_button_at_once_one_makes_a_job_and_seven_were_slower(
    place: Place, checked: str, state: str, step: str
) -> None:
    with place.ctx.db.write() as session:
        import_lines.set_state(session, checked, state=state)
    before = jobs_waiting(place)

    told = at_once([partial(answer, place, checked, step)] * PEOPLE)

    assert Counter(told) == {"done": 1, PreconditionFailed.code: PEOPLE - 1}
    assert jobs_waiting(place) == before + 1


def test_workers_that_take_up_one_import_at_once_write_each_row_once(place: Place, checked: str) -> None:
    with place.ctx.db.write() as session:
        import_lines.set_state(session, checked, state="writing", done=0)

    at_once([partial(slices.work, place.ctx, place.feed_id, {"import": checked})] * 4)

    shown = desk.show(place.ctx, place.office, checked)
    assert (shown.row.state, dict(shown.counts)) == ("done", {"new": 1})


def test_what_a_sheet_said_is_taken_out_of_its_rows_some_at_a_time(place: Place, checked: str) -> None:
    more = {"import_id": checked, "cells": ["H"], "key": "H", "fate": "error", "code": "", "field": ""}
    more |= {"entity_id": None, "before": {"phone": "1"}, "after": {}, "said": {"phone": "1"}}
    with place.ctx.db.write() as session:
        import_lines.add(session, [{**more, "number": number} for number in (10, 11, 12)])
    emptied: list[list[int]] = []
    while True:
        with place.ctx.db.write() as session:
            numbers = import_lines.still_say(session, checked, 3)
            import_lines.empty(session, checked, numbers)
        emptied.append(numbers)
        if not numbers:
            break
    assert emptied == [[2, 10, 11], [12], []]
    with place.ctx.db.read() as session:
        for line in import_lines.some(session, checked, 0, 10):
            assert (line.cells, line.key, line.before, line.after, line.said) == ([], "", None, None, None)
