"""人员: people and their roles in the office, and what nobody may do to anybody."""

from collections.abc import Callable

import pytest

from fieldsvc.forms import datasets
from fieldsvc.problems import CodeRefused, LastAdministrator, NotFound
from fieldsvc.services import enrol, people, published
from fieldsvc.services.context import Context
from fieldsvc.store import people as rows
from tests.forms.filled import ALL_ON
from tests.office.desk import Desk, text
from tests.office.district import District
from tests.office.moments import Moments


@pytest.fixture
def boss(district: District) -> str:
    """The county's only administrator."""
    return district.person("县管理员", "A01", role="administrator", area=district.county)


@pytest.fixture
def townsman(district: District) -> str:
    """The administrator of 富堨镇."""
    return district.person("镇管理员", "A02", role="administrator", area=district.west)


@pytest.fixture
def office(boss: str, desk_of: Callable[[str], Desk]) -> Desk:
    """The county administrator's desk."""
    return desk_of("A01")


def roles_of(ctx: Context, person: str) -> set[tuple[str, str]]:
    with ctx.db.read() as session:
        return {(role, area) for role, area, _ in rows.roles(session, person, ctx.now_ms())}


def added(desk: Desk, **fields: str) -> str:
    """Add somebody at the desk; their id."""
    reply = desk.sends("/office/people", page="/office/people", **fields)
    assert reply.status_code == 302, text(reply.text)
    return reply.location.rsplit("/", 1)[1]


def test_a_person_is_added_with_a_role_changed_and_found_by_name_or_number(
    office: Desk, district: District, ctx: Context
) -> None:
    new = added(office, name="吴新人", staff_no="N1", phone="13900000001", role="cadre", area=district.upper)
    assert roles_of(ctx, new) == {("cadre", district.upper)}
    reply = office.sends(f"/office/people/{new}", action="describe", name="吴新人", staff_no="N2", unit="农业局")
    assert reply.status_code == 302
    for query in ("q=吴", "q=N2", f"role=cadre&area={district.east}"):
        assert "吴新人 农业局 N2 帮扶责任人 · 上村 0 户" in text(office.opens(f"/office/people?{query}"))
    assert "没有符合条件的人员" in office.opens("/office/people?q=N1")


def test_a_number_that_somebody_else_signs_in_with_is_refused_and_nothing_is_added(
    office: Desk, district: District
) -> None:
    reply = office.sends("/office/people", name="重号", staff_no="C01", role="cadre", area=district.upper)
    assert reply.status_code == 409
    assert "工号或手机号已经有人使用" in reply.text
    assert "没有符合条件的人员" in office.opens("/office/people?q=重号")


def test_roles_are_given_once_and_taken_away_at_once(office: Desk, district: District, ctx: Context) -> None:
    path = f"/office/people/{district.li}"
    for _ in range(2):
        assert office.sends(path, action="grant", role="supervisor", area=district.lower).status_code == 302
    assert roles_of(ctx, district.li) == {("supervisor", district.lower)}
    office.sends(path, action="end", held=f"supervisor@{district.lower}")
    assert roles_of(ctx, district.li) == set()


def test_a_towns_administrator_gives_roles_in_the_town_and_nowhere_else(
    district: District, townsman: str, desk_of: Callable[[str], Desk], ctx: Context
) -> None:
    desk = desk_of("A02")
    helper = added(desk, name="镇帮扶", staff_no="N3", role="cadre", area=district.far)
    for area in (district.county, district.east, "no-such-area"):
        refused = desk.sends(f"/office/people/{helper}", action="grant", role="administrator", area=area)
        assert refused.status_code == 404
        new = desk.sends("/office/people", page="/office/people", name="越", staff_no="N4", role="cadre", area=area)
        assert new.status_code == 404
    assert roles_of(ctx, helper) == {("cadre", district.far)}


def test_a_towns_administrator_neither_sees_nor_signs_in_as_anybody_who_may_more(
    district: District, boss: str, townsman: str, desk_of: Callable[[str], Desk], ctx: Context
) -> None:
    district.household("陈一", district.upper, helper=district.zhang)
    with ctx.db.write() as session:
        rows.add_role(session, district.zhang, "cadre", district.west, ctx.now_ms())
    desk = desk_of("A02")
    listed = text(desk.opens("/office/people"))
    assert "镇管理员" in listed
    assert "赵审核" in listed
    for somebody in (boss, district.supervisor, district.zhang):
        assert desk.asks(f"/office/people/{somebody}") == 404
        by = district.actor(townsman)
        for attempt in (
            lambda by=by, who=somebody: enrol.new_code(ctx, by, who),
            lambda by=by, who=somebody: enrol.set_password(ctx, by, who, "a password of mine"),
            lambda by=by, who=somebody: people.devices_of(ctx, by, who),
            lambda by=by, who=somebody: people.grant_role(ctx, by, who, "cadre", district.west),
        ):
            with pytest.raises(NotFound):
                attempt()
    assert "县管理员" not in listed
    # 张帮扶 belongs to 富堨镇 but visits a household of 岩寺镇.
    assert "张帮扶" not in listed


def test_the_last_administrator_of_the_county_can_neither_give_the_role_up_nor_retire(
    office: Desk, boss: str, district: District, ctx: Context
) -> None:
    reply = office.sends(f"/office/people/{boss}", action="end", held=f"administrator@{district.county}")
    assert reply.status_code == 409
    assert "这是最后一位能登录的全县管理员" in reply.text
    assert office.sends(f"/office/people/{boss}", action="retire").status_code == 409
    # Somebody without a password could not undo it.
    helper = added(office, name="副手", staff_no="N5", role="administrator", area=district.county)
    with pytest.raises(LastAdministrator):
        people.end_role(ctx, district.actor(boss), boss, "administrator", district.county)
    office.sends(f"/office/people/{helper}", action="password")
    assert office.sends(f"/office/people/{boss}", action="retire").status_code == 302


def test_whoever_leaves_hands_their_households_over_first_and_their_phone_forgets_the_rest(
    office: Desk, district: District, ctx: Context, app: object
) -> None:
    home = district.household("陈一", district.upper, helper=district.li)
    path = f"/office/people/{district.li}"
    assert "名下还有 1 户，请先交接。" in office.opens(path)
    assert office.sends(path, action="retire").status_code == 409
    district.unassign(home, district.li)
    assert office.sends(path, action="retire").status_code == 302
    with ctx.db.read() as session:
        assert [device.lost for device in rows.devices_of(session, district.li)] == [True]
    assert "李帮扶" not in text(office.opens("/office/people"))
    assert "李帮扶" in text(office.opens("/office/people?state=retired"))
    office.sends(path, action="reinstate")
    assert "李帮扶" in text(office.opens("/office/people"))


def test_a_file_for_leave_is_opened_and_closed_where_the_county_has_turned_leave_on(
    office: Desk, district: District, ctx: Context, boss: str
) -> None:
    new = added(office, name="吴驻村", staff_no="N1", role="cadre", area=district.upper)
    assert "驻村请销假" not in office.opens(f"/office/people/{new}")
    for name in ("team_members", "leaves"):
        definition = datasets(ALL_ON)[name]
        published.publish_dataset(ctx, district.actor(boss), definition, digest=definition["version"])
    assert "只有本人和审核这片区域的人看得到" in office.opens(f"/office/people/{new}")
    office.sends(f"/office/people/{new}", action="open-file")
    assert "已开通：本人在手机「我的」里请假" in office.opens(f"/office/people/{new}")
    page = text(office.opens(f"/office/households/{new}"))
    assert "吴驻村" in page
    assert "家庭成员" not in page
    office.sends(f"/office/people/{new}", action="close-file")
    assert "停用请销假" not in office.opens(f"/office/people/{new}")


def test_a_new_password_is_shown_once_and_opens_the_door(
    office: Desk, district: District, desk_of: Callable[[str], Desk]
) -> None:
    reply = office.sends(f"/office/people/{district.supervisor}", action="password")
    secret = reply.text.split('class="secret">')[1].split("<")[0]
    assert len(secret) == 12
    assert secret not in office.opens(f"/office/people/{district.supervisor}")
    assert Desk(office.client.application).signs_in("S01", secret).status_code == 302


def test_phones_are_listed_with_what_they_hold_and_a_lost_one_is_signed_out(
    office: Desk, district: District, ctx: Context, moments: Moments
) -> None:
    moments.later(hours=1)
    with ctx.db.write() as session:
        rows.device_seen(session, "device-C01", last_seen_at=moments.now, pending_operations=2, pending_photos=3)
    listed = text(office.opens("/office/devices?state=unsent"))
    assert "红米 9A 李帮扶 镇政府 11月22日 10:00 今天 2 条内容、3 张照片 2026.11" in listed
    assert "张帮扶" not in listed
    page = text(office.opens("/office/devices/device-C01"))
    assert "这部手机最后一次联系时还有 2 条内容、3 张照片没有上传。" in page
    assert office.sends("/office/devices/device-C01").status_code == 302
    assert "注销手机" not in office.opens("/office/devices/device-C01")
    assert "李帮扶" in text(office.opens("/office/devices?state=revoked"))
    assert "李帮扶" not in text(office.opens("/office/devices"))


def test_a_code_made_before_a_phone_was_lost_or_its_owner_left_signs_nobody_in(
    office: Desk, boss: str, district: District, ctx: Context
) -> None:
    by, path = district.actor(boss), f"/office/people/{district.li}"
    lost = enrol.new_code(ctx, by, district.li)
    office.sends("/office/devices/device-C01")
    with pytest.raises(CodeRefused):
        enrol.enrol(ctx, code=lost, install_id="finder", device_name="红米 9A")
    left = enrol.new_code(ctx, by, district.li)
    for action in ("retire", "reinstate"):
        assert office.sends(path, action=action).status_code == 302
    with pytest.raises(CodeRefused):
        enrol.enrol(ctx, code=left, install_id="finder", device_name="红米 9A")


def test_long_lists_of_people_and_phones_have_pages_that_miss_nobody(office: Desk, district: District) -> None:
    for number in range(55):
        district.person("同名", f"X{number:02}")
    for path, column in (("/office/people", "X{:02}"), ("/office/devices", "device-X{:02}")):
        seen = office.opens(path)
        following = seen.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
        both = seen + office.opens(following)
        assert [n for n in range(55) if both.count(column.format(n)) == 0] == [], path
