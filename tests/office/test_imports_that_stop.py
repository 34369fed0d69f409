"""An import that stops while it writes says to which row it came, and is gone on with or taken back from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, func, select, update

from fieldsvc.services import jobs
from fieldsvc.services.context import Context
from fieldsvc.services.imports import slices
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.store import import_lines
from fieldsvc.store.tables import EntityRow, ImportFileRow, ImportLineRow, ImportRow, JobRow, PersonRow
from tests.imports.sheets_made import xlsx
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.moments import Moments
from tests.office.test_imports import UPPER, checked, value

HEADINGS = ("户编号", "村代码", "手机号")
ROWS = [(f"{n:03}", UPPER, "13900000000") for n in range(1, 206)]


@pytest.fixture
def office(district: District, desk_of: Callable[[str], Desk]) -> Desk:
    district.person("县管理员", "A01", role="administrator", area=district.county)
    return desk_of("A01")


@pytest.fixture
def stopped(office: Desk, ctx: Context) -> str:
    """An import of 205 rows whose last batch no attempt can write; its address."""
    address = checked(office, ctx, xlsx(HEADINGS, *ROWS))
    spoils(ctx, None)
    office.sends(address, step="start")
    tries_all(ctx)
    return address


def spoils(ctx: Context, last: str | None) -> None:
    """Put something into a cell of the last row that no worker can read, or the number that was there."""
    changes_last(ctx, cells=[*ROWS[-1][:2], last])


def changes_last(ctx: Context, **values: Any) -> None:
    """Give the sheet's last row other values."""
    last = select(func.max(ImportLineRow.number)).scalar_subquery()
    with ctx.db.write() as session:
        session.execute(update(ImportLineRow).where(ImportLineRow.number == last).values(**values))


def tries_all(ctx: Context) -> None:
    """Let a worker try until it gives up."""
    for _ in range(jobs.ATTEMPTS):
        with ctx.db.write() as session:
            session.execute(update(JobRow).where(JobRow.kind == "import").values(run_after=0))
        jobs.run_due(ctx, HANDLERS)


def written(ctx: Context) -> int:
    with ctx.db.read() as session:
        homes = select(func.count()).select_from(EntityRow)
        return session.scalar(homes.where(EntityRow.dataset == "households", EntityRow.deleted.is_(False))) or 0


def kept_files(ctx: Context) -> int:
    with ctx.db.read() as session:
        return session.scalar(select(func.count()).select_from(ImportFileRow)) or 0


def test_it_is_gone_on_with_from_the_row_it_came_to(office: Desk, ctx: Context, stopped: str) -> None:
    page = text(office.opens(stopped))
    assert "写到一半停下了" in page
    assert "做到表格的第 201 行，数据共 205 行" in page
    assert 'value="drop"' not in office.opens(stopped), "what is written cannot be dropped"
    assert written(ctx) == 200
    spoils(ctx, "13900000000")
    office.sends(stopped, step="go-on")
    jobs.run_due(ctx, HANDLERS)
    assert "已导入" in text(office.opens(stopped))
    assert written(ctx) == 205


def test_what_was_written_is_taken_back_and_what_was_not_is_left_alone(
    office: Desk, district: District, ctx: Context, stopped: str
) -> None:
    other = district.household("陈205", district.upper, hh_no="205", phone="13900000000")
    office.sends(stopped, step="undo")
    jobs.run_due(ctx, HANDLERS)
    assert "已撤销" in text(office.opens(stopped))
    assert written(ctx) == 1
    with ctx.db.read() as session:
        kept = session.get(EntityRow, (FEED, other))
        assert kept
        assert (kept.version, value(ctx, "205", "phone")) == (1, "13900000000")


def test_once_it_is_taken_back_its_spreadsheet_is_gone_and_nothing_of_it_is_offered(office: Desk, ctx: Context) -> None:
    address = checked(office, ctx, xlsx(HEADINGS, ("000", "no village", "13900000000"), *ROWS))
    spoils(ctx, None)
    office.sends(address, step="start")
    tries_all(ctx)
    assert f"{address}/errors" in office.opens(address)
    assert kept_files(ctx) == 1, "to go on with"
    office.sends(address, step="undo")
    jobs.run_due(ctx, HANDLERS)
    page = office.opens(address)
    assert "已撤销" in text(page)
    assert kept_files(ctx) == 0
    assert f"{address}/errors" not in page
    assert 'name="step"' not in page
    assert office.asks(f"{address}/errors") == 404


def test_once_it_is_taken_back_nothing_of_what_its_rows_said_is_kept(office: Desk, ctx: Context) -> None:
    address = checked(office, ctx, xlsx(HEADINGS, *ROWS[:3]))
    office.sends(address, step="start")
    jobs.run_due(ctx, HANDLERS)
    office.sends(address, step="undo")
    jobs.run_due(ctx, HANDLERS)
    with ctx.db.read() as session:
        for line in session.scalars(select(ImportLineRow)):
            assert (line.cells, line.key, line.before, line.after, line.said) == ([], "", None, None, None)
        assert session.scalars(select(ImportRow.headings)).one() == [[heading, []] for heading in HEADINGS]
    page = text(office.opens(address))
    assert "内容已清除" in page
    assert "只留行号和结果" in page


def test_taking_back_clears_a_long_sheet_some_rows_at_a_time(
    office: Desk, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every phone that pushes waits for the transaction: a county's 50,000 rows at once are seconds."""
    monkeypatch.setattr(slices, "EMPTIED", 1)
    address = checked(office, ctx, xlsx(HEADINGS, *ROWS))
    office.sends(address, step="start")
    jobs.run_due(ctx, HANDLERS)
    office.sends(address, step="undo")
    cleared: list[int] = []
    begun: list[int] = []

    def note(_connection: object, cursor: Any, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE import_lines SET cells"):
            cleared.append(cursor.rowcount)

    event.listen(ctx.db.write_engine, "after_cursor_execute", note)
    event.listen(ctx.db.write_engine, "commit", lambda _: begun.append(len(cleared)))
    jobs.run_due(ctx, HANDLERS)
    assert cleared == [100, 100, 5], "as many as an import writes at once"
    assert set(begun) >= {1, 2, 3}, "each is a transaction"
    assert "已撤销" in text(office.opens(address))


def test_what_held_phones_up_while_rows_were_cleared_is_followed_by_fewer(
    office: Desk, ctx: Context, moments: Moments, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slices, "EMPTIED", 1)
    address = checked(office, ctx, xlsx(HEADINGS, *ROWS))
    office.sends(address, step="start")
    jobs.run_due(ctx, HANDLERS)
    office.sends(address, step="undo")
    cleared: list[int] = []

    def slowly(_connection: object, cursor: Any, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE import_lines SET cells"):
            cleared.append(cursor.rowcount)
            moments.now += 200

    event.listen(ctx.db.write_engine, "after_cursor_execute", slowly)
    jobs.run_due(ctx, HANDLERS)
    assert cleared == [100, 50, 25, 12, 10, 8], "twice as long as it may is followed by half"


def test_a_worker_that_died_while_it_cleared_the_rows_is_continued(office: Desk, ctx: Context) -> None:
    address = checked(office, ctx, xlsx(HEADINGS, *ROWS[:3]))
    office.sends(address, step="start")
    jobs.run_due(ctx, HANDLERS)
    office.sends(address, step="undo")
    with ctx.db.write() as session:  # as it leaves it: all is taken back, and one row is cleared
        [row] = session.scalars(select(ImportRow))
        import_lines.set_state(session, row.id, done=row.total + 1)
        import_lines.empty(session, row.id, [2])
    jobs.run_due(ctx, HANDLERS)
    with ctx.db.read() as session:
        assert [line.cells for line in session.scalars(select(ImportLineRow))] == [[], [], []]
    assert "已撤销" in text(office.opens(address))


def test_somebody_else_goes_on_when_the_importer_may_not_any_more(
    district: District, desk_of: Callable[[str], Desk], ctx: Context, stopped: str
) -> None:
    spoils(ctx, "13900000000")
    district.person("新管理员", "A02", role="administrator", area=district.county)
    with ctx.db.write() as session:
        session.execute(update(PersonRow).where(PersonRow.staff_no == "A01").values(active=False))
    other = desk_of("A02")
    other.sends(stopped, step="go-on")
    jobs.run_due(ctx, HANDLERS)
    assert "已导入" in text(other.opens(stopped))
    assert written(ctx) == 205


def test_taking_back_that_stops_is_gone_on_with_too(office: Desk, ctx: Context) -> None:
    address = checked(office, ctx, xlsx(HEADINGS, *ROWS))
    office.sends(address, step="start")
    jobs.run_due(ctx, HANDLERS)
    assert written(ctx) == 205
    with ctx.db.read() as session:
        good = session.scalars(select(ImportLineRow.after).order_by(ImportLineRow.number.desc()).limit(1)).one()
    changes_last(ctx, before={}, after=["what no worker can read"])
    office.sends(address, step="undo")
    tries_all(ctx)
    assert "撤销到一半停下了" in text(office.opens(address))
    assert written(ctx) == 5
    changes_last(ctx, before=None, after=good)
    office.sends(address, step="go-on")
    jobs.run_due(ctx, HANDLERS)
    assert "已撤销" in text(office.opens(address))
    assert written(ctx) == 0
