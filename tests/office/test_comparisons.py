"""A list of another office beside the register: what agrees, what differs, what only one of the two has, and who is
right."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

from sqlalchemy import select

from fieldsvc.services import jobs
from fieldsvc.services.context import Context
from fieldsvc.services.imports import desk as imports
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.store.tables import AuditRow, DifferenceRow, EntityRow
from tests.imports.sheets_made import xlsx
from tests.office.comparison_world import (
    DIBAO,
    ONE,
    STRANGER,
    TWO,
    compared,
    decides,
    keep_members,
    sends_list,
    ticked,
    two_villages,
)
from tests.office.desk import Desk, text
from tests.office.district import FEED, District
from tests.office.moments import Moments
from tests.office.test_ledgers_on_postgres import on_postgres  # noqa: F401 - a fixture
from tests.support.app import app_on


def value(ctx: Context, entity: str, name: str) -> str | None:
    with ctx.db.read() as session:
        row = session.get(EntityRow, (FEED, entity))
        assert row is not None
        said: str | None = row.properties.get(name)
        return said


def rows(ctx: Context) -> set[tuple[str, str]]:
    with ctx.db.read() as session:
        return {(row.part, row.label) for row in session.scalars(select(DifferenceRow))}


def test_a_list_is_laid_beside_the_register_and_writes_nothing(desk: Desk, district: District, ctx: Context) -> None:
    _, people, _ = compared(district, ctx)
    shelf = text(desk.opens("/office/comparisons"))
    assert "民政 · 低保名册（只比对） 11月22日 1 1 1 " in shelf
    page = text(desk.opens(DIBAO))
    assert "一致 1 条" in page
    assert "内容不同 1 只有我方有 1 只有对方有 1" in page
    assert "陈二 陈家 岩寺镇 上村 内容不同 低保 我方 否 对方 是" in page
    assert "周一 周家 岩寺镇 下村 只有我方有" in page
    assert "生人 岩寺镇 下村 只有对方有" in page
    assert "远一" not in page, "another town's difference is none of this supervisor's business"
    assert value(ctx, people["陈二"], "dibao") == "no"


def test_their_value_is_written_like_a_correction_and_the_decision_stands_beside_it(
    desk: Desk, district: District, ctx: Context
) -> None:
    _, people, _ = compared(district, ctx)
    page = desk.opens(DIBAO)
    said = text(decides(desk, DIBAO, "theirs", *ticked(page, "陈二"), *ticked(page, "周一")).get_data(as_text=True))
    assert "已决定 2 条" in said
    assert (value(ctx, people["陈二"], "dibao"), value(ctx, people["周一"], "dibao")) == ("yes", "no")
    assert "采用对方 王审核" in text(desk.opens(f"{DIBAO}&choice=theirs"))
    with ctx.db.read() as session:
        noted = session.scalars(select(AuditRow).where(AuditRow.action == "decide-difference")).all()
        assert {row.detail["choice"] for row in noted if row.detail} == {"theirs"}
    nobody = decides(desk, DIBAO, "theirs", *ticked(page, "生人"))
    assert "有 1 条不能这样决定" in text(nobody.get_data(as_text=True)), "a row without a record is no record yet"


def test_a_row_without_a_record_is_taken_into_the_household_that_somebody_names(
    desk: Desk, district: District, ctx: Context
) -> None:
    admin, people, _ = compared(district, ctx)
    district.write(people["周家"], district.li, {"hh_no": "0077"})
    [item] = ticked(desk.opens(DIBAO), "生人")
    for number in ("", "0078"):
        assert "找不到这个户编号" in text(decides(desk, DIBAO, "taken", item, household=number).get_data(as_text=True))
    other = ticked(desk.opens(DIBAO), "陈二")
    assert "有 1 条不能这样决定" in text(decides(desk, DIBAO, "taken", *other, household="0077").get_data(as_text=True))
    everybody = decides(desk, f"{DIBAO}&part=there", "taken", which="all", household="0077")
    assert everybody.status_code == 422, "not all who are on a list are of one family"
    decides(desk, DIBAO, "taken", item, household="0077", reason="入户核实，是周家的人。")
    page = text(desk.opens(f"{DIBAO}&choice=taken"))
    assert "已录入档案 王审核" in page
    with ctx.db.read() as session:
        [made] = session.scalars(select(EntityRow).where(EntityRow.label == "生人"))
        assert made.subject_id == people["周家"]
        assert (made.properties["id_no"], made.properties["dibao"]) == (STRANGER, "yes"), "every row says the latter"
    assert "生人" in desk.opens(f"/office/households/{people['周家']}")
    sends_list(ctx, admin, ("陈一", ONE, "户主", None), ("生人", STRANGER, "户主", "341021100202"))
    assert ("there", "生人") not in rows(ctx), "it has a record now"


def test_a_household_that_only_they_have_is_taken_where_it_lies_and_never_twice(
    desk: Desk, district: District, ctx: Context
) -> None:
    admin = keep_members(district, ctx)
    district.household("陈家", district.upper, hh_no="0001")
    listed = xlsx(("户编号", "户主姓名", "村代码"), ("0002", "孙新", "341021100201"), ("0003", "钱新", "341021100202"))
    import_id = imports.upload(ctx, admin, kind="national_households", source="省", data=listed, filename="户.xlsx")
    assert imports.name_columns(ctx, admin, import_id, list(imports.show(ctx, admin, import_id).mapping)) == []
    jobs.run_due(ctx, HANDLERS)
    imports.act(ctx, admin, import_id, "start")
    jobs.run_due(ctx, HANDLERS)
    address = "/office/comparison?" + urlencode({"source": "省", "roster": "national_households", "part": "there"})
    page = desk.opens(address)
    assert 'name="household"' not in page
    items = re.findall(r'name="item" value="([^"]+)"', page)
    assert len(items) == 2
    district.household("孙早", district.upper, hh_no="0002")
    said = text(decides(desk, address, "taken", *items).get_data(as_text=True))
    assert "已决定 1 条" in said
    assert "刚被别人改过" in said, "somebody has written it in meanwhile"
    with ctx.db.read() as session:
        homes = select(EntityRow).where(EntityRow.dataset == "households")
        made = {row.properties["hh_no"]: row.area_id for row in session.scalars(homes)}
    assert made == {"0001": district.upper, "0002": district.upper, "0003": district.lower}


def test_ours_is_kept_until_they_say_something_else(desk: Desk, district: District, ctx: Context) -> None:
    admin, _, _ = compared(district, ctx)
    decides(desk, DIBAO, "ours", *ticked(desk.opens(DIBAO), "陈二"))
    sends_list(ctx, admin, ("陈一", ONE, "户主", None), ("陈二", TWO, "配偶", None))
    assert "保留我方 1" in text(desk.opens(DIBAO)), "the same list again asks nobody twice"
    assert ("there", "生人") not in rows(ctx), "what the last list does not tell is told no more"
    sends_list(ctx, admin, ("陈一", ONE, "户主", None), ("陈二", TWO, "之女", None))
    page = text(desk.opens(DIBAO))
    assert "与户主关系 我方 配偶 对方 之女" in page
    assert "保留我方 1" in page


def test_the_village_is_asked_by_a_problem_that_a_phone_shows(desk: Desk, district: District, ctx: Context) -> None:
    _, people, _ = compared(district, ctx)
    page = desk.opens(DIBAO)
    decides(desk, DIBAO, "asked", *ticked(page, "陈二"), *ticked(page, "周一"), *ticked(page, "生人"))
    assert "已请村里核实 3" in text(desk.opens(DIBAO))
    with ctx.db.read() as session:
        found = {
            row.subject_id: row for row in session.scalars(select(EntityRow).where(EntityRow.dataset == "problems"))
        }
    assert set(found) == {people["陈家"], people["周家"]}
    asked = found[people["陈家"]].properties
    assert asked["problem"] == "比对“民政·低保名册”：陈二的低保档案是“否”、名单是“是”，请入户核实。"
    assert (asked["status"], asked["source"]) == ("to_verify", "comparison")
    assert "不在名单里" in found[people["周家"]].properties["problem"]


def test_everything_open_under_a_filter_is_decided_at_once_with_the_filter_on_record(
    desk: Desk, district: District, ctx: Context
) -> None:
    compared(district, ctx)
    address = f"{DIBAO}&part=here"
    refused = decides(desk, address, "ours", which="all", reason=" ")
    assert refused.status_code == 422
    assert "请写明理由" in refused.get_data(as_text=True)
    assert "请先勾选" in decides(desk, address, "ours").get_data(as_text=True)
    decides(desk, address, "ours", which="all")
    page = text(desk.opens(DIBAO))
    assert "未决定 2 " in page
    assert "保留我方 1 " in page
    with ctx.db.read() as session:
        [noted] = session.scalars(select(AuditRow).where(AuditRow.action == "decide-difference"))
        assert noted.detail
        assert noted.detail["filter"] == "民政 · 低保名册（只比对） · 只有我方有"


def test_what_changed_since_the_page_was_drawn_stays_open(desk: Desk, district: District, ctx: Context) -> None:
    _, people, _ = compared(district, ctx)
    [item] = ticked(desk.opens(DIBAO), "陈二")
    district.write(people["陈二"], district.li, {"dibao": "unknown"})
    assert "刚被别人改过" in text(decides(desk, DIBAO, "theirs", item).get_data(as_text=True))
    assert value(ctx, people["陈二"], "dibao") == "unknown"
    decides(desk, DIBAO, "ours", item)
    assert "刚被别人改过" in text(decides(desk, DIBAO, "theirs", item).get_data(as_text=True))


def test_a_difference_out_of_reach_is_not_decided_and_a_list_nobody_sent_is_not_there(
    desk: Desk, desk_of: Callable[[str], Desk], district: District, ctx: Context
) -> None:
    compared(district, ctx)
    [item] = ticked(desk_of("S03").opens(DIBAO), "远一")
    assert "有 1 条不能这样决定" in text(decides(desk, DIBAO, "ours", item).get_data(as_text=True))
    assert "未决定 1 " in text(desk_of("S02").opens(DIBAO))
    assert desk.asks(f"{DIBAO}&area={district.far}") == 404
    assert desk.asks("/office/comparison?source=nobody&roster=dibao") == 404
    assert desk.asks("/office/comparison?source=民政&roster=school") == 404


def test_a_comparison_that_is_taken_back_leaves_nothing(district: District, ctx: Context) -> None:
    admin, _, import_id = compared(district, ctx)
    imports.act(ctx, admin, import_id, "undo")
    jobs.run_due(ctx, HANDLERS)
    assert rows(ctx) == set()


def test_values_that_an_import_left_as_they_were_are_compared_too(desk: Desk, district: District, ctx: Context) -> None:
    admin = keep_members(district, ctx)
    people = two_villages(district)
    sends_list(ctx, admin, ("陈二", TWO, "之女", None), kind="members")
    page = text(desk.opens("/office/comparison?" + urlencode({"source": "民政", "roster": "members"})))
    assert "陈二 陈家 岩寺镇 上村 内容不同 与户主关系 我方 配偶 对方 之女" in page
    assert value(ctx, people["陈二"], "relation") == "spouse"


def test_comparisons_are_the_same_on_postgres(on_postgres: Context, moments: Moments) -> None:  # noqa: F811 - a fixture
    district = District(on_postgres, moments)
    admin, people, _ = compared(district, on_postgres)
    desk = Desk(app_on(on_postgres))
    assert desk.signs_in("S01").status_code == 302
    desk.opens("/office/comparisons")
    page = desk.opens(DIBAO)
    assert "内容不同 1 只有我方有 1 只有对方有 1" in text(page)
    decides(desk, DIBAO, "theirs", *ticked(page, "陈二"))
    decides(desk, f"{DIBAO}&part=here", "ours", which="all")
    assert value(on_postgres, people["陈二"], "dibao") == "yes"
    sends_list(on_postgres, admin, ("陈一", ONE, "户主", None))
    after = f"{DIBAO}&area={district.east}&after=" + "陈~a~"
    assert "保留我方 1" in text(desk.opens(after))
