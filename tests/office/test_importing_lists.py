"""Areas, people and pairings from sheets: every row's fate, the importer's own rights, the phones, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, select, update

from fieldsvc.services import jobs
from fieldsvc.services import people as roles
from fieldsvc.services.context import Context
from fieldsvc.services.imports import pace, slices
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.store import people
from fieldsvc.store.tables import (
    AreaRow,
    AssignmentRow,
    AuditRow,
    EntityRow,
    ImportLineRow,
    JobRow,
    PersonRow,
    RoleRow,
    ScopeRow,
)
from tests.imports.sheets_made import csv
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.moments import Moments
from tests.office.test_imports import checked, imported
from tests.office.test_ledgers_on_postgres import on_postgres  # noqa: F401 - a fixture
from tests.support.app import app_on

AREAS = ("区划代码", "区划名称")
PEOPLE = ("工号", "姓名", "手机号", "单位", "角色", "区划代码")
PAIRINGS = ("户编号", "工号", "结对日期", "结束日期")
UPPER, WEST = "341021100201", "341021200000"
STAYED = "之后有人改过，保持现状"


@pytest.fixture
def office(district: District, desk_of: Callable[[str], Desk]) -> Desk:
    district.person("县管理员", "A01", role="administrator", area=district.county)
    return desk_of("A01")


@pytest.fixture
def town(district: District, desk_of: Callable[[str], Desk]) -> Desk:
    district.person("镇管理员", "A02", role="administrator", area=district.east)
    return desk_of("A02")


def names(ctx: Context) -> dict[str, str]:
    with ctx.db.read() as session:
        return {row.code: row.name for row in session.scalars(select(AreaRow))}


def person(ctx: Context, staff_no: str) -> PersonRow | None:
    with ctx.db.read() as session:
        return session.scalars(select(PersonRow).where(PersonRow.staff_no == staff_no)).first()


def held(ctx: Context, person_id: str) -> set[str]:
    with ctx.db.read() as session:
        rows = session.scalars(select(ScopeRow).where(ScopeRow.person_id == person_id, ScopeRow.revoked_pos.is_(None)))
        return {row.subject_id for row in rows}


def pairs(ctx: Context) -> set[tuple[str, int | None]]:
    """Who helps somebody now, and until when."""
    with ctx.db.read() as session:
        rows = session.scalars(select(AssignmentRow).where(AssignmentRow.to_pos.is_(None)))
        return {(row.person_id, row.to_at) for row in rows}


def takes_back(desk: Desk, ctx: Context, address: str) -> str:
    desk.sends(address, step="undo")
    jobs.run_due(ctx, HANDLERS)
    return text(desk.opens(address))


def sheet(*rows: Any) -> dict[str, Any]:
    return {"data": csv(*rows), "name": "表.csv"}


def test_a_town_with_its_villages_is_added_renamed_and_taken_back(
    office: Desk, district: District, ctx: Context
) -> None:
    rows = (
        ("341021300000", "新镇"),
        ("341021300201", "新村"),
        (UPPER, "上村村"),
        ("3410213", "短"),
        ("341021400201", "孤村"),
    )
    address = checked(office, ctx, kind="areas", **sheet(AREAS, *rows))
    page = text(office.opens(address))
    for fate in ("新增 2", "修改 1", "有错误 2"):
        assert fate in page
    assert "区划代码应为 12 位数字" in page
    assert "找不到上级区划" in page
    assert "341021300000" not in names(ctx), "a dry run writes nothing"
    office.sends(address, step="start")
    jobs.run_due(ctx, HANDLERS)
    assert names(ctx)["341021300201"] == "新村"
    assert names(ctx)[UPPER] == "上村村"
    with ctx.db.read() as session:
        [made] = session.scalars(select(AreaRow).where(AreaRow.code == "341021300201"))
        [above] = session.scalars(select(AreaRow).where(AreaRow.code == "341021300000"))
    assert (made.level, above.level) == ("village", "town")
    assert made.path == f"/{district.county}/{above.id}/{made.id}/"

    assert "区划" not in text(office.opens("/office/comparisons")).split("名单比对")[-1], (
        "a sheet of areas is no roster"
    )
    assert "已撤销" in takes_back(office, ctx, address)
    assert names(ctx)[UPPER] == "上村"
    assert not {"341021300000", "341021300201"} & set(names(ctx))


def test_areas_are_taken_back_some_at_a_time_the_last_first_and_a_worker_killed_in_between_is_continued(
    office: Desk, ctx: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (slices, pace):
        monkeypatch.setattr(module, "BATCH", 2)
    before = names(ctx)
    villages = [(f"3410213002{n:02}", f"{n} 村") for n in range(1, 7)]
    address = imported(office, ctx, kind="areas", **sheet(AREAS, ("341021300000", "新镇"), *villages))
    assert len(names(ctx)) == len(before) + 7
    office.sends(address, step="undo")
    left: list[int] = []

    def dies_at_the_fourth(_: Any) -> None:
        left.append(len(names(ctx)) - len(before))
        if len(left) == 4:
            raise KilledError

    event.listen(ctx.db.write_engine, "commit", dies_at_the_fourth)
    jobs.run_due(ctx, HANDLERS)
    event.remove(ctx.db.write_engine, "commit", dies_at_the_fourth)
    there = len(names(ctx)) - len(before)
    assert 0 < there < 7, "what was done before stays done"
    assert "341021300000" in names(ctx), "a town outlives its villages"
    with ctx.db.write() as session:
        session.execute(update(JobRow).where(JobRow.kind == "import").values(run_after=0))
    jobs.run_due(ctx, HANDLERS)
    assert names(ctx) == before
    page = text(office.opens(address))
    assert "已撤销" in page
    assert STAYED not in page


class KilledError(RuntimeError):
    """As a worker is killed: nothing of its transaction is there."""


def test_an_area_in_which_somebody_lives_stays(office: Desk, district: District, ctx: Context) -> None:
    address = imported(office, ctx, kind="areas", **sheet(AREAS, ("341021100209", "新村")))
    with ctx.db.read() as session:
        [made] = session.scalars(select(AreaRow).where(AreaRow.code == "341021100209"))
    district.household("陈一", made.id)
    assert STAYED in takes_back(office, ctx, address)
    assert "341021100209" in names(ctx)


def test_people_come_with_a_role_and_a_sheet_gives_nobody_more_than_the_importer_could(
    town: Desk, district: District, ctx: Context
) -> None:
    rows = (
        ("C11", "新帮扶", "13900000011", "农办", "帮扶责任人", UPPER),
        ("C12", "远帮扶", "", "", "帮扶责任人", WEST),
        ("C13", "县帮扶", "", "", "管理员", "341021000000"),
        ("S03", "改名", "", "", "", ""),
        ("C14", "撞号", "13900000011", "", "帮扶责任人", UPPER),
        ("C15", "", "", "", "帮扶责任人", UPPER),
        ("C16", "怪角色", "", "", "皇帝", UPPER),
    )
    address = imported(town, ctx, kind="people", **sheet(PEOPLE, *rows))
    page = text(town.opens(address))
    assert "新增 1" in page
    assert "有错误 6" in page
    assert page.count("超出您的管理范围") == 3
    assert "工号或手机号已是别人的" in page
    assert "新人员要有姓名、角色和所在区划" in page
    new, county = person(ctx, "C11"), person(ctx, "S03")
    assert new is not None
    assert county is not None
    assert (new.name, new.phone, county.name) == ("新帮扶", "13900000011", "钱审核")
    with ctx.db.read() as session:
        given = session.scalars(select(RoleRow).where(RoleRow.person_id == new.id)).all()
        assert [(row.role, row.area_id) for row in given] == [("cadre", district.upper)]
        assert {"add-person", "grant-role"} <= set(session.scalars(select(AuditRow.action)))

    change = imported(town, ctx, kind="people", **sheet(PEOPLE, ("C11", "新帮扶", "", "水利所", "核查人", UPPER)))
    assert "修改 1" in text(town.opens(change))
    takes_back(town, ctx, change)
    again = person(ctx, "C11")
    assert again is not None
    assert (again.unit, again.active) == ("农办", True)
    takes_back(town, ctx, address)
    gone = person(ctx, "C11")
    assert gone is not None
    assert not gone.active


def test_what_a_sheet_wrote_stays_once_it_is_out_of_its_importers_reach(
    town: Desk, district: District, ctx: Context
) -> None:
    district.household("陈一", district.upper, helper=district.li, hh_no="001")
    lists = {
        "areas": sheet(AREAS, (UPPER, "上村村"), ("341021100209", "新村")),
        "people": sheet(PEOPLE, ("C11", "新帮扶", "", "", "帮扶责任人", UPPER)),
        "pairings": sheet(PAIRINGS, ("001", "C01", "", "2026-12-31"), ("001", "C02", "", "")),
    }
    addresses = [imported(town, ctx, kind=kind, **rows) for kind, rows in lists.items()]
    before = pairs(ctx)
    with ctx.db.write() as session:
        mine = select(PersonRow.id).where(PersonRow.staff_no == "A02").scalar_subquery()
        session.execute(update(RoleRow).where(RoleRow.person_id == mine).values(area_id=district.west))
    for address in addresses:
        assert STAYED in takes_back(town, ctx, address)
    assert (names(ctx)[UPPER], names(ctx)["341021100209"]) == ("上村村", "新村")
    assert pairs(ctx) == before
    new = person(ctx, "C11")
    assert new is not None
    assert new.active


def test_a_town_does_not_retire_whoever_became_the_countys_administrator_meanwhile(
    town: Desk, district: District, ctx: Context
) -> None:
    address = imported(town, ctx, kind="people", **sheet(PEOPLE, ("C11", "新", "", "", "帮扶责任人", UPPER)))
    change = imported(town, ctx, kind="people", **sheet(PEOPLE, ("C11", "改名", "", "", "核查人", UPPER)))
    new = person(ctx, "C11")
    assert new is not None
    with ctx.db.write() as session:
        people.add_role(session, new.id, "administrator", district.county, ctx.now_ms())
    for one in (change, address):
        assert STAYED in takes_back(town, ctx, one)
    with ctx.db.read() as session:
        given = {role for role, _, _ in people.roles(session, new.id, ctx.now_ms())}
    assert given == {"cadre", "checker", "administrator"}
    again = person(ctx, "C11")
    assert again is not None
    assert (again.name, again.active) == ("改名", True)


def test_taking_a_sheet_back_leaves_the_county_its_last_administrator(office: Desk, ctx: Context) -> None:
    rows = (("帮扶责任人", UPPER), ("管理员", "341021000000"))
    some = [imported(office, ctx, kind="people", **sheet(PEOPLE, ("C11", "新", "", "", *row))) for row in rows]
    for address in reversed(some):
        office.sends(address, step="undo")
    new = person(ctx, "C11")
    assert new is not None
    with ctx.db.write() as session:
        session.execute(update(PersonRow).values(password_hash=None))
        session.execute(update(PersonRow).where(PersonRow.id == new.id).values(password_hash="one that opens"))
    jobs.run_due(ctx, HANDLERS)
    with ctx.db.read() as session:
        roles.require_an_administrator(session, FEED, ctx.now_ms())


def test_no_sheet_and_no_way_back_gives_two_people_one_number(office: Desk, ctx: Context) -> None:
    two = [(no, name, "", "", "帮扶责任人", UPPER) for no, name in (("C11", "新一"), ("C12", "新二"))]
    imported(office, ctx, kind="people", **sheet(PEOPLE, *two))
    same = [(no, "", "13900000021", "", "", "") for no in ("C11", "C12")]
    address = imported(office, ctx, kind="people", **sheet(PEOPLE, *same))
    assert "工号或手机号已是别人的" in text(office.opens(address))
    assert [getattr(person(ctx, no), "phone", "") for no in ("C11", "C12")] == ["13900000021", None]

    other = imported(office, ctx, kind="people", **sheet(PEOPLE, ("C11", "", "13900000022", "", "", "")))
    imported(office, ctx, kind="people", **sheet(PEOPLE, ("C12", "", "13900000021", "", "", "")))
    assert STAYED in takes_back(office, ctx, other)
    assert [getattr(person(ctx, no), "phone", "") for no in ("C11", "C12")] == ["13900000022", "13900000021"]


def test_a_staff_number_of_the_same_sheet_is_nobody_elses_telephone(
    office: Desk, district: District, ctx: Context
) -> None:
    rows = (("13900000031", "新", "", "", "帮扶责任人", UPPER), ("C01", "", "13900000031", "", "", ""))
    imported(office, ctx, kind="people", **sheet(PEOPLE, *rows))
    assert getattr(person(ctx, "C01"), "phone", "") is None


def test_pairings_reach_the_helpers_phones_and_are_taken_back(office: Desk, district: District, ctx: Context) -> None:
    _pairings(office, district, ctx)


def test_pairings_are_the_same_on_postgres(on_postgres: Context, moments: Moments) -> None:  # noqa: F811 - a fixture
    district = District(on_postgres, moments)
    district.person("县管理员", "A01", role="administrator", area=district.county)
    desk = Desk(app_on(on_postgres))
    assert desk.signs_in("A01").status_code == 302
    _pairings(desk, district, on_postgres)
    imported(desk, on_postgres, kind="areas", **sheet(AREAS, ("341021300000", "新镇")))
    imported(desk, on_postgres, kind="people", **sheet(PEOPLE, ("C11", "新", "", "", "帮扶责任人", UPPER)))
    assert names(on_postgres)["341021300000"] == "新镇"
    assert person(on_postgres, "C11") is not None


def _pairings(office: Desk, district: District, ctx: Context) -> None:
    one, two = (district.household(name, district.upper, hh_no=no) for name, no in (("陈一", "001"), ("陈二", "002")))
    district.assign(one, district.zhang)
    rows = (
        ("001", "C01", "2020-03-01", ""),
        ("002", "C01", "2020-03-01", "2026-12-31"),
        ("001", "C02", "", ""),
        ("009", "C01", "", ""),
        ("002", "C99", "", ""),
        ("002", "C02", "2026-12-01", ""),
        ("001", "C01", "", ""),
    )
    address = imported(office, ctx, kind="pairings", **sheet(PAIRINGS, *rows))
    page = text(office.opens(address))
    for said in (
        "新增 2",
        "不变 1",
        "有错误 4",
        "没有这个工号的在用人员",
        "开始日期还没有到",
        "同一编号在表里出现两次",
    ):
        assert said in page, said
    assert held(ctx, district.li) == {one, two}
    with ctx.db.read() as session:
        given = session.scalars(select(AssignmentRow).where(AssignmentRow.person_id == district.li)).all()
    assert {row.to_at is None for row in given} == {True, False}
    assert all(row.from_at < district.moments.now for row in given), "the county's list is older than this system"
    later = imported(office, ctx, kind="pairings", **sheet(PAIRINGS, ("002", "C01", "", "2027-01-31")))
    assert "修改 1" in text(office.opens(later))
    takes_back(office, ctx, later)
    assert "已撤销" in takes_back(office, ctx, address)
    assert held(ctx, district.li) == set()
    assert held(ctx, district.zhang) == {one}


def test_pairings_of_another_town_are_not_the_importers(town: Desk, district: District, ctx: Context) -> None:
    district.household("远一", district.far, hh_no="101")
    address = imported(town, ctx, kind="pairings", **sheet(PAIRINGS, ("101", "C01", "", "")))
    assert "有错误 1" in text(town.opens(address))
    assert held(ctx, district.li) == set()


def test_a_last_day_that_no_day_follows_is_that_rows_mistake_alone(
    office: Desk, district: District, ctx: Context
) -> None:
    one, _ = (district.household(name, district.upper, hh_no=no) for name, no in (("陈一", "001"), ("陈二", "002")))
    rows = (("001", "C01", "", ""), ("002", "C01", "", "9999-12-31"))
    page = text(office.opens(imported(office, ctx, kind="pairings", **sheet(PAIRINGS, *rows))))
    assert "新增 1" in page
    assert "不是日期，应写 2026-11-22" in page
    assert held(ctx, district.li) == {one}


def test_a_pairing_whose_household_moved_out_of_reach_stays_when_its_sheet_is_taken_back(
    town: Desk, district: District, ctx: Context
) -> None:
    one, two = (district.household(name, district.upper, hh_no=no) for name, no in (("陈一", "001"), ("陈二", "002")))
    address = imported(town, ctx, kind="pairings", **sheet(PAIRINGS, ("001", "C01", "", ""), ("002", "C01", "", "")))
    with ctx.db.write() as session:
        session.execute(update(EntityRow).where(EntityRow.id == two).values(area_id=district.far))
    page = takes_back(town, ctx, address)
    assert "已撤销" in page
    assert "之后有人改过，保持现状" in page
    assert held(ctx, district.li) == {two}
    assert one


def test_an_import_that_no_attempt_can_finish_ends_and_says_so(office: Desk, district: District, ctx: Context) -> None:
    district.household("陈一", district.upper, hh_no="001")
    address = checked(office, ctx, kind="pairings", **sheet(PAIRINGS, ("001", "C01", "", "")))
    with ctx.db.write() as session:
        session.execute(update(ImportLineRow).values(cells=["001", "C01", 1, 2]))
    office.sends(address, step="start")
    for _ in range(jobs.ATTEMPTS):
        assert "正在导入" in text(office.opens(address))
        with ctx.db.write() as session:
            session.execute(update(JobRow).where(JobRow.kind == "import").values(run_after=0))
        jobs.run_due(ctx, HANDLERS)
    page = text(office.opens(address))
    assert "没有完成" in page
    assert "服务器试了多次都没有做完" in page
    office.sends(address, step="drop")
    assert "已放弃" in text(office.opens(address))
