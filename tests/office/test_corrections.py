"""Correcting a record at a desk, and taking back a value that had lost: nothing written is ever gone."""

import json
from collections.abc import Callable

from sqlalchemy import select

from fieldsvc.services import published
from fieldsvc.services.context import Context
from fieldsvc.store.tables import AuditRow
from tests.office.desk import Desk, text
from tests.office.district import District
from tests.office.test_deciding_conflicts import REASON, household_of
from tests.support.shipped import dataset


def path(home: str, entity: str, name: str, extra: str = "") -> str:
    return f"/office/households/{home}/correct?entity={entity}&property={name}{extra}"


def test_a_correction_is_the_next_version_and_names_its_author(desk: Desk, district: District, ctx: Context) -> None:
    home = district.household("陈一", district.upper, water="well")
    answer = desk.sends(path(home, home, "water"), value__water="tap", reason="看过照片")
    assert answer.location == f"/office/households/{home}"
    assert household_of(ctx, home).properties["water"] == "tap"
    assert "饮水 自来水 王审核 11月22日 办公端 更正" in text(desk.opens(f"/office/households/{home}"))


def test_a_correction_needs_a_reason(desk: Desk, district: District, ctx: Context) -> None:
    home = district.household("陈一", district.upper, water="well")
    answer = desk.sends(path(home, home, "water"), value__water="tap")
    assert answer.status_code == 422
    assert household_of(ctx, home).properties["water"] == "well"


def test_what_changed_under_the_readers_eyes_is_not_overwritten(desk: Desk, district: District, ctx: Context) -> None:
    home = district.household("陈一", district.upper, water="well")
    fields = {"seen": "1", "value__water": "tap"}
    district.write(home, district.li, {"water": "spring"})
    answer = desk.sends(path(home, home, "water"), **fields, reason="看过照片")
    assert answer.status_code == 409
    assert "山泉水" in answer.text
    assert household_of(ctx, home).properties["water"] == "spring"


def test_a_point_is_moved_for_a_reason_says_how_far_and_keeps_both(
    desk: Desk, district: District, ctx: Context
) -> None:
    home = district.household("陈一", district.upper, home_gps="29.87 118.33 0 8")
    where = path(home, home, "home_gps")
    assert desk.sends(where, value__home_gps="at the well", reason="看过照片").status_code == 422
    assert desk.sends(where, value__home_gps="29.875 118.33 0 5").status_code == 422
    moved = desk.sends(where, value__home_gps="29.875 118.33 0 5", reason="原来标在村部")
    assert "定位已移动 556 m" in text(desk.opens(moved.location))
    assert household_of(ctx, home).properties["home_gps"] == "29.875 118.33 0 5"
    page = text(desk.opens(where))
    assert "29.87500, 118.33000 ±5 m 移动 556 m 王审核 11月22日" in page.replace("\u00a0", " ")
    assert page.index("29.87500, 118.33000") < page.index("原来标在村部")


def test_a_point_keeps_how_it_was_come_by_when_a_desk_moves_it_and_goes_back_to_it(
    desk: Desk, district: District, ctx: Context
) -> None:
    home = district.household("陈一", district.upper)
    sent = district.write(home, district.li, {"home_gps": "29.87 118.33 0 8"})
    told = {"age": 4, "source": "device", "taken_at": 1_793_500_000_000, "clock_offset": 60_000}
    with ctx.db.write() as session:
        body = {"context": {"fixes": {"29.87 118.33 0 8": told}}, "reason": "站在门口"}
        district.sent(session, sent).body = json.dumps(body).encode()
    where = path(home, home, "home_gps")
    by_phone, at_desk = "手机定位 · 2026-11-01 10:27 取得 · 取时已是 4 秒前的位置", "在办公室标出"
    assert by_phone in text(desk.opens(where))
    desk.sends(where, value__home_gps="29.875 118.33", reason="按图纸")
    district.moments.later(minutes=1)
    desk.sends(where, value__home_gps="29.87 118.33 0 8", reason="图纸有误")
    page = text(desk.opens(where))
    assert (page.count(by_phone), page.count(at_desk)) == (2, 1)
    assert page.index(by_phone) < page.index("图纸有误") < page.index(at_desk) < page.index("站在门口")


def test_properties_that_belong_together_are_corrected_together(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper, bank="农商行", account_no="99001")
    page = desk.opens(path(home, home, "bank"))
    assert 'name="value:bank"' in page
    assert 'name="value:account_no"' in page


def test_a_number_that_the_server_gives_is_shown_and_offered_to_nobody_for_correction(
    desk: Desk, district: District, ctx: Context
) -> None:
    admin = district.actor(district.person("档管理员", "A04", role="administrator", area=district.county))
    published.publish_dataset(ctx, admin, dataset("problems"), digest="1")
    home = district.household("陈一", district.upper)
    well = district.record(home, "problems", "井", problem="井", source="visit", number="走访发现-2026-0007")
    page = desk.opens(f"/office/households/{home}")
    assert "走访发现-2026-0007" in page
    assert f"entity={well}&amp;property=problem" in page
    assert f"entity={well}&amp;property=number" not in page
    assert desk.asks(path(home, well, "number")) == 403


def test_opening_a_masked_value_to_correct_it_leaves_a_trace(desk: Desk, district: District, ctx: Context) -> None:
    home = district.household("陈一", district.upper, phone="13900000000")
    desk.opens(path(home, home, "phone"))
    with ctx.db.read() as session:
        [row] = session.scalars(select(AuditRow).where(AuditRow.action == "view"))
    assert (row.thing, row.detail) == (f"subject:{home}", {"entity": home, "property": "phone"})


def test_the_value_that_lost_a_decision_is_shown_and_can_be_taken_back(
    desk: Desk, district: District, ctx: Context
) -> None:
    home = district.household("陈一", district.upper, water="well")
    conflict = district.conflict(home, district.li, district.zhang, {"water": "tap"}, {"water": "spring"})
    desk.sends(f"/office/conflicts/{conflict}", choice="candidate", reason=REASON)
    page = text(desk.opens(f"/office/households/{home}"))
    assert "未采用的值 饮水 自来水 改用此值 李帮扶 · 11月22日 · 审定时未采用" in page
    taken = path(home, home, "water", f"&lost={conflict}&side=current")
    assert '<option value="tap" selected>' in desk.opens(taken)
    desk.sends(taken, value__water="tap", reason="复核后确认")
    assert household_of(ctx, home).properties["water"] == "tap"
    assert "未采用的值" not in desk.opens(f"/office/households/{home}")


def test_another_towns_record_cannot_be_corrected(
    district: District, desk_of: Callable[[str], Desk], ctx: Context
) -> None:
    home = district.household("陈一", district.upper, water="well")
    other = desk_of("S02")
    assert other.asks(path(home, home, "water")) == 404
    fields = {"entity": home, "property": "water", "seen": "1", "value__water": "tap"}
    answer = other.sends(f"/office/households/{home}/correct", page="/office/", **fields, reason="x")
    assert answer.status_code == 404
    assert household_of(ctx, home).properties["water"] == "well"
