"""Orders of files and imported sheets are forgotten after their days, on either database."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import delete, select

from fieldsvc.problems import PreconditionFailed
from fieldsvc.services import jobs, published, purge
from fieldsvc.services.imports import desk
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.store import import_lines
from fieldsvc.store.tables import (
    AuditRow,
    DatasetRow,
    ExportRow,
    ImportFileRow,
    ImportLineRow,
    ImportRow,
)
from tests.contract.later import DAY_MS, NOTHING, later, whole
from tests.contract.place import Place
from tests.imports.sheets_made import csv
from tests.support.shipped import dataset


def test_orders_of_files_that_are_over_are_forgotten_and_one_that_may_be_fetched_is_not(place: Place) -> None:
    now, over, alive = place.ctx.now_ms(), "00000001", "00000002"
    place.ctx.blobs.put(f"exports/{over}", b"a table")
    with place.ctx.db.write() as session:
        for name, ends in ((over, now), (alive, now + 9000 * DAY_MS)):
            order = {"feed_id": place.feed_id, "by_id": place.office.person_id, "kind": "visits", "wanted": {}}
            session.add(ExportRow(id=name, label="", state="ready", at=now, expires_at=ends, **order))
    old = later(place, 100)
    assert purge.carry_out(old.ctx, old.office).exports == 1
    with place.ctx.db.read() as session:
        assert session.scalars(select(ExportRow.id)).all() == [alive]
    assert not place.ctx.blobs.has(f"exports/{over}")


def imported(place: Place) -> tuple[str, str]:
    """Two imports of one sheet: the first is written, of the second nobody has named the columns."""
    with place.ctx.db.write() as session:  # the stories' small record gives way to the one that ships
        session.execute(delete(DatasetRow).where(DatasetRow.name == "households"))
    published.publish_dataset(place.ctx, place.office, dataset("households"), digest="shipped")
    sheet = csv(("户编号", "村代码", "户主姓名"), ("H1", "451000000000", "王一"), ("H2", "no code", "王二"))
    done, asked = (
        desk.upload(place.ctx, place.office, kind="households", source="county", data=sheet, filename="a.csv")
        for _ in range(2)
    )
    assert (
        desk.name_columns(place.ctx, place.office, done, list(desk.show(place.ctx, place.office, done).mapping)) == []
    )
    jobs.run_due(place.ctx, HANDLERS)
    desk.act(place.ctx, place.office, done, "start")
    jobs.run_due(place.ctx, HANDLERS)
    return done, asked


def test_what_an_imported_sheet_held_goes_after_its_days_and_it_is_taken_back_no_more(place: Place) -> None:
    done, asked = imported(place)
    assert purge.look(later(place, 300).ctx, place.office).imports == 0

    old = later(place, 400)
    assert purge.look(old.ctx, old.office) == dataclasses.replace(NOTHING, imports=2)
    assert purge.carry_out(old.ctx, old.office) == dataclasses.replace(NOTHING, imports=2)

    assert purge.look(old.ctx, old.office) == NOTHING
    shown = [desk.show(old.ctx, old.office, one) for one in (done, asked)]
    assert [(one.row.state, dict(one.counts)) for one in shown] == [("closed", {"new": 1, "error": 1}), ("dropped", {})]
    with place.ctx.db.read() as session:
        lines = session.scalars(select(ImportLineRow)).all()
        assert [(one.cells, one.key, one.before, one.after, one.said) for one in lines] == [
            ([], "", None, None, None)
        ] * 2
        assert session.scalars(select(ImportFileRow)).all() == []
        assert [row.headings for row in session.scalars(select(ImportRow))] == [
            [[heading, []] for heading in ("户编号", "村代码", "户主姓名")]
        ] * 2
    with pytest.raises(PreconditionFailed):
        desk.act(old.ctx, old.office, done, "undo")


def test_a_purge_that_ends_over_the_rows_of_a_sheet_has_said_so_and_the_next_goes_on(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Ends(Exception):
        """The moment at which the process is killed."""

    def ends(*_: object) -> None:
        raise Ends

    imported(place)
    old = later(place, 400)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(import_lines, "empty", ends)
        with pytest.raises(Ends):
            purge.carry_out(old.ctx, old.office)
    with place.ctx.db.read() as session:
        [said] = session.scalars(select(AuditRow.detail).where(AuditRow.action == "purge"))
    assert said["imports"] == 2

    assert purge.carry_out(old.ctx, old.office).imports == 1, "of one the rows are still there"
    assert purge.look(old.ctx, old.office) == NOTHING
    assert whole(place)
