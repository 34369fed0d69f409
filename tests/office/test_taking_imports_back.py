"""Taking an import back lowers what only ever grows: it undoes what the import wrote, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete

from fieldsvc.services import jobs, published
from fieldsvc.services.context import Context
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.store.tables import DatasetRow
from tests.imports.sheets_made import xlsx
from tests.office.desk import Desk, text
from tests.office.district import District
from tests.office.test_imports import UPPER, imported, record, value
from tests.support.shipped import dataset

HEADINGS = ("户编号", "村代码", "上次走访", "家庭人口数", "其他致贫原因")
STAYED = "之后有人改过，保持现状"


@pytest.fixture
def office(district: District, ctx: Context, desk_of: Callable[[str], Desk]) -> Desk:
    admin = district.actor(district.person("县管理员", "A01", role="administrator", area=district.county))
    with ctx.db.write() as session:
        session.execute(delete(DatasetRow).where(DatasetRow.name == "households"))
    definition = dataset("households")
    published.publish_dataset(ctx, admin, definition, digest=definition["version"])
    return desk_of("A01")


def test_a_date_that_only_grows_is_lowered_again(office: Desk, ctx: Context) -> None:
    imported(office, ctx, xlsx(HEADINGS, ("001", UPPER, "2026-10-01", 4, "缺土地")))
    address = imported(office, ctx, xlsx(HEADINGS, ("001", UPPER, "2026-11-20", 5, "缺水")))
    assert value(ctx, "001", "last_visit") == "2026-11-20"
    office.sends(address, step="undo")
    jobs.run_due(ctx, HANDLERS)
    assert (value(ctx, "001", "last_visit"), value(ctx, "001", "people")) == ("2026-10-01", "4")
    assert STAYED not in text(office.opens(address))


def test_what_an_import_said_and_did_not_write_is_no_correction_made_since(
    office: Desk, district: District, ctx: Context
) -> None:
    imported(office, ctx, xlsx(HEADINGS, ("001", UPPER, "2026-10-01", 4, "缺土地")))
    home = record(ctx, "001")
    assert home is not None
    district.write(home.id, district.li, {"last_visit": "2026-11-21"})
    address = imported(office, ctx, xlsx(HEADINGS, ("001", UPPER, "2026-11-20", 5, "缺水")))
    assert (value(ctx, "001", "last_visit"), value(ctx, "001", "people")) == ("2026-11-21", "5")
    assert "11月20日" not in text(office.opens(address)), "a page never says that something becomes what it will not be"
    office.sends(address, step="undo")
    jobs.run_due(ctx, HANDLERS)
    assert (value(ctx, "001", "last_visit"), value(ctx, "001", "people")) == ("2026-11-21", "4")
    assert STAYED not in text(office.opens(address))


def test_what_was_joined_from_both_sides_is_taken_apart_again(office: Desk, district: District, ctx: Context) -> None:
    imported(office, ctx, xlsx(HEADINGS, ("001", UPPER, "2026-10-01", 4, "缺土地")))
    home = record(ctx, "001")
    assert home is not None
    before = home.properties["poverty_cause_other"]
    district.write(home.id, district.li, {"poverty_cause_other": f"{before} study"})
    address = imported(office, ctx, xlsx(HEADINGS, ("001", UPPER, "2026-10-01", 4, "缺土地、缺水")))
    joined = value(ctx, "001", "poverty_cause_other") or ""
    assert {"study", *before.split()} < set(joined.split()), "the source and a cadre both added one"
    office.sends(address, step="undo")
    jobs.run_due(ctx, HANDLERS)
    assert set((value(ctx, "001", "poverty_cause_other") or "").split()) == {"study", *before.split()}
    assert STAYED not in text(office.opens(address))
