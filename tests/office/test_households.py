"""Looking up a household, and its record with who wrote what; masked until somebody asks, with a trace."""

import re
from collections.abc import Callable

from sqlalchemy import select

from fieldsvc.services import register
from fieldsvc.services.context import Context
from fieldsvc.store.tables import AuditRow
from tests.office.desk import Desk, text
from tests.office.district import District
from tests.office.gone_world import keeps_who_is_gone
from tests.office.phones import sends


def test_a_household_is_found_by_the_beginning_of_its_name_or_by_its_number(desk: Desk, district: District) -> None:
    district.household("陈一", district.upper, hh_no="0001")
    district.household("周二", district.lower, hh_no="0002")
    assert "陈一" in desk.opens("/office/households?q=陈")
    assert "周二" not in desk.opens("/office/households?q=陈")
    assert "周二" in desk.opens("/office/households?q=0002")
    assert "没有找到农户" in desk.opens("/office/households?q=%25")


def test_a_household_that_is_gone_says_why_in_the_list_until_it_is_closed(
    desk: Desk, ctx: Context, district: District
) -> None:
    console = keeps_who_is_gone(ctx, district)
    home = district.household("陈一", district.upper, hh_no="0001", gone_reason="moved")
    district.household("陈二", district.upper, hh_no="0002")
    assert text(desk.opens("/office/households?q=陈")).count("整户减少：整户迁出，待注销") == 1
    assert "1 户整户减少，待注销" in text(desk.opens("/office/"))
    for page in ("ledgers/gone_households", "households/gone"):
        ledger = text(desk.opens(f"/office/{page}"))
        assert "0001" in ledger
        assert "0002" not in ledger
    register.delete(ctx, console, home, seen_version=1)
    assert "整户减少" not in text(desk.opens("/office/households?q=陈"))
    assert "0 户整户减少，待注销" in text(desk.opens("/office/"))


def test_the_list_of_households_pages_by_name(desk: Desk, district: District) -> None:
    for index in range(60):
        district.household(f"户{index:02}", district.upper)
    page = desk.opens("/office/households")
    following = re.search(r'href="([^"]+)" rel="next"', page)
    assert following
    second = desk.opens(following.group(1).replace("&amp;", "&"))
    assert "户49" in page
    assert "户50" not in page
    assert "户50" in second
    assert "户59" in second


def test_each_value_says_who_wrote_it_and_how(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper, water="well", people="4")
    district.visit(home, district.li, wrote={"water": "tap"})
    page = text(desk.opens(f"/office/households/{home}"))
    assert "饮水 自来水 李帮扶 11月22日 走访" in page
    assert re.search(r"家庭人口 4 +11月22日 导入", page)


def test_members_visits_helper_and_open_conflicts_stand_on_the_page(desk: Desk, district: District) -> None:
    home = district.household("陈一", district.upper, helper=district.li, water="well")
    district.member(home, "陈小一", relation="儿子")
    district.conflict(home, district.li, district.zhang, {"water": "tap"}, {"water": "spring"})
    page = text(desk.opens(f"/office/households/{home}"))
    for words in ("帮扶责任人 李帮扶", "家庭成员 1 人", "陈小一 儿子", "有 1 处不一致待审定： 饮水", "入户走访记录"):
        assert words in page


def test_personal_values_are_masked_and_shown_on_request_with_a_trace(
    desk: Desk, district: District, ctx: Context
) -> None:
    home = district.household("陈一", district.upper, phone="13900000000")
    child = district.member(home, "陈小一", id_no="990000201001011234")
    page = desk.opens(f"/office/households/{home}")
    assert "13900000000" not in page
    assert "990000201001011234" not in page
    shown = desk.sends(f"/office/households/{home}/reveal", page="/office/", entity=child, property="id_no")
    assert "990000201001011234" in shown.text
    assert "13900000000" not in shown.text
    with ctx.db.read() as session:
        details = [row.detail for row in session.scalars(select(AuditRow).where(AuditRow.action == "view"))]
    assert {"entity": child, "property": "id_no"} in details


def test_a_value_of_another_household_cannot_be_revealed_through_this_one(desk: Desk, district: District) -> None:
    home, other = (
        district.household("陈一", district.upper),
        district.household("远一", district.far, phone="13900000000"),
    )
    answer = desk.sends(f"/office/households/{home}/reveal", page="/office/", entity=other, property="phone")
    assert answer.status_code == 404


def test_another_towns_household_is_not_found(district: District, desk_of: Callable[[str], Desk]) -> None:
    home = district.household("陈一", district.upper, phone="13900000000")
    other = desk_of("S02")
    assert other.asks(f"/office/households/{home}") == 404
    assert "陈一" not in other.opens("/office/households?q=陈")
    answer = other.sends(f"/office/households/{home}/reveal", page="/office/", entity=home, property="phone")
    assert answer.status_code == 404


def test_a_photo_of_another_town_is_not_shown(district: District, desk_of: Callable[[str], Desk], ctx: Context) -> None:
    home = district.household("陈一", district.upper)
    district.photo(district.visit(home, district.li), home, "/data/evidence/house", "ab" * 32)
    assert desk_of("S02").asks(f"/office/photos/{'ab' * 32}") == 404
    assert desk_of("S01").asks("/office/photos/unknown?size=huge") == 404


def test_whoever_looked_is_on_record_in_the_office_and_from_phones(
    desk: Desk, district: District, ctx: Context
) -> None:
    home = district.household("陈一", district.upper, helper=district.li, phone="13900000000")
    child = district.member(home, "陈小一", id_no="990000201001011234")
    desk.opens(f"/office/households/{home}")
    desk.sends(f"/office/households/{home}/reveal", f"/office/households/{home}", entity=home, property="phone")
    sends(district, ctx, {"kind": "view", "subject": home, "entity": child, "properties": ["id_no"]})
    page = text(desk.opens(f"/office/households/{home}/viewers"))
    assert "李帮扶 镇政府 陈小一 · 证件号码 红米 9A 11月22日 09:00 手机时间 11月22日 09:00" in page
    assert "王审核 镇政府 陈一 · 联系电话 办公端" in page
    assert "王审核 镇政府 档案 办公端" in page
    assert "谁看过" in desk.opens(f"/office/households/{home}")


def test_who_looked_has_pages_and_is_closed_to_another_town(
    desk: Desk, desk_of: Callable[[str], Desk], district: District, ctx: Context
) -> None:
    home = district.household("陈一", district.upper, helper=district.li)
    for _ in range(51):
        sends(district, ctx, {"kind": "view", "subject": home, "entity": home, "properties": ["phone"]})
    page = desk.opens(f"/office/households/{home}/viewers")
    following = re.search(r'href="([^"]+)" rel="next"', page)
    assert following
    assert page.count("data-row") == 50
    assert desk.opens(following.group(1).replace("&amp;", "&")).count("data-row") == 1
    assert desk.asks(f"/office/households/{home}/viewers?before=x") == 200
    assert desk_of("S02").asks(f"/office/households/{home}/viewers") == 404
