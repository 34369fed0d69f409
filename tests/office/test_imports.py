"""A county's sheet is imported at a desk: columns named, every row's fate shown, written, corrected, taken back."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from fieldsvc.services import jobs
from fieldsvc.services.context import Context
from fieldsvc.services.imports import BATCH
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.store.tables import AuditRow, ConflictRow, EntityRow, ImportedRowRow, ImportFileRow
from tests.imports.sheets_made import csv, xlsx
from tests.office.desk import Desk, hidden, text
from tests.office.district import FEED, District
from tests.support.statements import statements

UPPER, LOWER = "341021100201", "341021100202"
HEADINGS = ("户编号", "村代码", "家庭人口", "饮水", "手机号", "备用列")


@pytest.fixture
def admin(district: District) -> str:
    return district.person("县管理员", "A01", role="administrator", area=district.county)


@pytest.fixture
def office(admin: str, desk_of: Callable[[str], Desk]) -> Desk:
    return desk_of("A01")


def uploads(desk: Desk, data: bytes, *, name: str = "农户.xlsx", kind: str = "households", source: str = "民政") -> Any:
    fields = {**hidden(desk.opens("/office/imports")), "kind": kind, "source": source}
    answer = desk.client.post("/office/imports", data={**fields, "file": (io.BytesIO(data), name)})
    return answer


def checked(desk: Desk, ctx: Context, data: bytes, **more: str) -> str:
    """Upload a sheet, take its columns as they were guessed, and let the worker look; the import's address."""
    answer = uploads(desk, data, **more)
    assert answer.status_code == 302, text(answer.get_data(as_text=True))
    columns = answer.location
    page = desk.opens(columns)
    chosen = dict(guessed(page))
    desk.sends(columns, **chosen)
    jobs.run_due(ctx, HANDLERS)
    return str(columns.removesuffix("/columns"))


def guessed(page: str) -> list[tuple[str, str]]:
    """What each column is taken for, by the name of its field."""
    found = []
    for part in page.split('<select name="')[1:]:
        name, _, rest = part.partition('"')
        options = rest.partition("</select>")[0]
        chosen = next((one for one in options.split("<option value=")[1:] if " selected" in one), '""')
        found.append((name, chosen.split('"')[1]))
    return found


def imported(desk: Desk, ctx: Context, data: bytes, **more: str) -> str:
    address = checked(desk, ctx, data, **more)
    desk.sends(address, step="start")
    jobs.run_due(ctx, HANDLERS)
    assert "已导入" in desk.opens(address)
    return address


def record(ctx: Context, number: str) -> EntityRow | None:
    with ctx.db.read() as session:
        rows = session.scalars(select(EntityRow).where(EntityRow.dataset == "households", EntityRow.deleted.is_(False)))
        return next((row for row in rows if row.properties.get("hh_no") == number), None)


def value(ctx: Context, number: str, name: str) -> str | None:
    found = record(ctx, number)
    assert found is not None
    said: str | None = found.properties.get(name)
    return said


def test_a_sheets_columns_are_guessed_and_remembered_for_its_source(office: Desk, ctx: Context) -> None:
    data = xlsx(HEADINGS, ("001", UPPER, 4, "井水", "13900000001", "x"))
    columns = uploads(office, data).location
    page = office.opens(columns)
    assert [name for _, name in guessed(page)] == ["hh_no", "area", "people", "water", "phone", ""]
    assert "13900000001" in page
    lacking = office.sends(columns, **{f"column-{at}": "" for at in range(6)})
    assert lacking.status_code == 422
    assert "还缺少：户编号" in lacking.get_data(as_text=True)
    chosen = {"column-0": "hh_no", "column-1": "area", "column-2": "people", "column-4": "", "column-5": "hamlet"}
    office.sends(columns, **chosen)

    again = office.opens(uploads(office, data).location)
    assert [name for _, name in guessed(again)] == ["hh_no", "area", "people", "", "", "hamlet"]
    other = office.opens(uploads(office, data, source="教育").location)
    assert [name for _, name in guessed(other)] == ["hh_no", "area", "people", "water", "phone", ""]


def test_an_empty_cell_says_nothing_that_a_value_would_have_to_be_kept_against(
    office: Desk, district: District, ctx: Context
) -> None:
    district.household("陈一", district.upper, hh_no="001", people="4", water="well", hamlet="塘下组")
    page = text(office.opens(checked(office, ctx, xlsx(HEADINGS, ("001", UPPER, 4, None, None, None)))))
    assert "不变 1" in page
    assert "保留更正" not in page


def test_every_rows_fate_is_shown_before_anything_is_written(office: Desk, district: District, ctx: Context) -> None:
    district.household("陈一", district.upper, hh_no="001", people="4", water="well")
    before = xlsx(HEADINGS, ("001", UPPER, 4, "井水", None, None), ("002", UPPER, 3, "自来水", None, None))
    imported(office, ctx, before)
    home = record(ctx, "001")
    assert home is not None
    district.write(home.id, district.li, {"people": "5"})
    district.write(home.id, district.li, {"water": "tap"})
    sheet = xlsx(
        ("民政局农户名单", None, None, None, None, None),
        HEADINGS,
        ("001", UPPER, 4, "山泉水", None, None),
        ("002", UPPER, 3, "井水", None, None),
        ("003", LOWER, "两", "井水", None, None),
        ("004", "000000000000", 2, "井水", None, None),
        ("005", LOWER, 2, "河水", None, None),
        (None, LOWER, 2, "井水", None, None),
        ("006", LOWER, 2, "井水", None, None),
        ("006", LOWER, 2, "井水", None, None),
        ("007", LOWER, 2, "井水", 139000000011234567, None),
    )
    address = checked(office, ctx, sheet)
    page = text(office.opens(address))
    assert "还没有写入任何内容" in page
    for fate in ("有错误 6", "待人审定 1", "新增 1", "修改 1"):
        assert fate in page
    assert "饮水 自来水 → 井水" in page
    errors = text(office.opens(f"{address}?fate=error"))
    assert "“家庭人口”列“两”：不是数字" in errors
    assert "“饮水”列“河水”：不是可选的内容" in errors
    assert "找不到所属的村或户" in errors
    assert "没有编号" in errors
    assert "同一编号在表里出现两次" in errors
    assert "长数字已被 Excel 改成近似值" in errors
    assert record(ctx, "006") is None
    assert value(ctx, "002", "water") == "tap"

    office.client.get(f"{address}/errors.xlsx")
    answer = office.client.get(f"{address}/errors.xlsx")
    rows = list(load_workbook(io.BytesIO(answer.get_data())).active.iter_rows(values_only=True))
    assert rows[0][:3] == ("户编号", "村代码", "家庭人口")
    assert rows[0][-1] == "错误原因"
    assert [row[0] for row in rows[1:]] == ["003", "004", "005", None, "006", "007"]

    office.sends(address, step="start")
    jobs.run_due(ctx, HANDLERS)
    assert (value(ctx, "001", "people"), value(ctx, "001", "water")) == ("5", "tap")
    assert value(ctx, "002", "water") == "well"
    assert value(ctx, "006", "people") == "2"
    with ctx.db.read() as session:
        [conflict] = session.scalars(select(ConflictRow))
        assert conflict.candidate == {"water": "spring"}
        assert session.scalars(select(ImportFileRow.import_id)).all() == [], "a file is not kept longer than needed"


def test_an_import_is_taken_back_but_never_over_what_was_corrected_since(
    office: Desk, district: District, ctx: Context
) -> None:
    first = xlsx(HEADINGS, ("001", UPPER, 4, "井水", None, None), ("002", UPPER, 3, "自来水", None, None))
    imported(office, ctx, first)
    second = xlsx(
        HEADINGS,
        ("001", UPPER, 6, "自来水", None, None),
        ("002", UPPER, 3, "自来水", None, None),
        ("003", UPPER, 2, "井水", None, None),
        ("004", UPPER, 2, "井水", None, None),
    )
    address = imported(office, ctx, second)
    one, four = record(ctx, "001"), record(ctx, "004")
    assert one is not None
    assert four is not None
    district.write(one.id, district.li, {"people": "7"})
    district.member(four.id, "陈小四")

    office.sends(address, step="undo")
    jobs.run_due(ctx, HANDLERS)
    page = text(office.opens(address))
    assert "已撤销" in page
    assert page.count("之后有人改过，保持现状") == 2
    assert (value(ctx, "001", "people"), value(ctx, "001", "water")) == ("7", "well")
    assert record(ctx, "003") is None
    assert record(ctx, "004") is not None
    with ctx.db.read() as session:
        said = {row.key: row.remembered for row in session.scalars(select(ImportedRowRow))}
    assert (said["001"]["people"], set(said)) == ("4", {"001", "002"})
    # The source's next file is read as if the one in between had not been.
    again = text(office.opens(checked(office, ctx, second)))
    assert "新增 1" in again
    assert office.sends(address, step="undo").status_code == 302
    assert "这次导入的状态已经变了" in office.opens(address)


def test_members_are_brought_into_their_households_in_the_words_of_an_old_excel(
    office: Desk, district: District, ctx: Context
) -> None:
    home = district.household("陈一", district.upper, hh_no="001")
    data = csv(
        ("户编号", "姓名", "与户主关系", "证件号码"),
        ("001", "陈一", "户主", "99000019510214232x"),
        ("009", "无户", "户主", "990000195210142325"),
        encoding="gb18030",
    )
    address = imported(office, ctx, data, name="成员.csv", kind="members")
    page = text(office.opens(address))
    assert "新增 1" in page
    assert "有错误 1" in page
    with ctx.db.read() as session:
        [member] = session.scalars(select(EntityRow).where(EntityRow.dataset == "members"))
    assert (member.subject_id, member.properties["id_no"]) == (home, "99000019510214232X")


def test_what_cannot_be_read_is_said_with_a_remedy_and_keeps_nothing(office: Desk, ctx: Context) -> None:
    bad = uploads(office, b"not a workbook")
    assert bad.status_code == 422
    assert "表格读不出来" in bad.get_data(as_text=True)
    merged = uploads(office, xlsx(("a", "b"), ("1", "2"), ("", "3"), merged="A2:A3"))
    assert "表格里有合并单元格。（第 3 行）" in merged.get_data(as_text=True)
    assert "还没有导入过表格" in office.opens("/office/imports")


def test_a_worker_that_died_is_continued_and_writes_nothing_twice(office: Desk, ctx: Context) -> None:
    rows = [(f"{n:03}", UPPER, 2, "井水", None, None) for n in range(450)]
    address = checked(office, ctx, xlsx(HEADINGS, *rows))
    office.sends(address, step="start")
    jobs.run_due(ctx, HANDLERS, most=1)
    jobs.run_due(ctx, {"import": broken}, most=1)
    for _ in range(3):
        jobs.run_due(ctx, HANDLERS)
    with ctx.db.read() as session:
        assert len(session.scalars(select(EntityRow.id).where(EntityRow.dataset == "households")).all()) == 450


def broken(*_: Any) -> None:
    raise RuntimeError("the power went")


def test_the_statements_of_an_import_do_not_grow_faster_than_its_rows(office: Desk, ctx: Context) -> None:
    def spent(number: int, first: int) -> tuple[int, int]:
        rows = [(f"{n:05}", UPPER, 2, "井水", None, None) for n in range(first, first + number)]
        with statements(ctx) as read:
            address = checked(office, ctx, xlsx(HEADINGS, *rows))
        with statements(ctx) as written:
            office.sends(address, step="start")
            jobs.run_due(ctx, HANDLERS)
        return len(read), len(written)

    few, many = spent(20, 0), spent(BATCH - 10, 100)
    assert many[0] - few[0] <= 5
    assert many[1] - few[1] <= 5


def test_imports_are_the_administrators_and_each_districts_own(
    office: Desk, district: District, desk_of: Callable[[str], Desk], ctx: Context
) -> None:
    address = checked(office, ctx, xlsx(HEADINGS, ("001", UPPER, 4, "井水", None, None)))
    district.person("镇管理员", "A02", role="administrator", area=district.west)
    supervisor, town = desk_of("S01"), desk_of("A02")
    assert supervisor.asks("/office/imports") == 403
    assert supervisor.asks(address) == 403
    assert 'href="/office/imports"' not in supervisor.opens("/office/")
    assert town.asks("/office/imports") == 200
    assert "农户.xlsx" not in town.opens("/office/imports")
    for path in (address, f"{address}/columns", f"{address}/errors.xlsx", "/office/imports/nothing"):
        assert town.asks(path) == 404
    elsewhere = imported(town, ctx, xlsx(HEADINGS, ("002", UPPER, 4, "井水", None, None)))
    assert "有错误 1" in text(town.opens(elsewhere))
    assert record(ctx, "002") is None


def test_every_step_is_in_the_audit_log(office: Desk, admin: str, ctx: Context) -> None:
    address = imported(office, ctx, xlsx(HEADINGS, ("001", UPPER, 4, "井水", None, None)))
    office.sends(address, step="undo")
    with ctx.db.read() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.feed_id == FEED, AuditRow.action.startswith("import")))
        assert [(row.action, row.actor_id) for row in rows] == [
            (f"import-{step}", admin) for step in ("upload", "map", "start", "undo")
        ]
