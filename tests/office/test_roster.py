"""Many people from a list, and their cards: checked first, added together, printed once."""

import io
import re
from collections.abc import Callable

import pytest
import zxingcpp
from PIL import Image

from fieldsvc.problems import CodeRefused
from fieldsvc.services import enrol
from fieldsvc.services.context import Context
from fieldsvc.services.staff import cards, roster
from fieldsvc.store import people
from tests.imports.sheets_made import csv
from tests.office.desk import Desk, text
from tests.office.district import District
from tests.office.moments import Moments

LIST = """吴新人\t13900000001\t上村\t帮扶责任人\t农业局
郑新人\tN7\t岩寺镇下村\t核查人
\t13900000002\t上村
无号人\t\t上村
李帮扶\tC01\t上村
冒名人\tC02\t上村
远方人\t13900000003\t没有的村
怪角色\t13900000004\t上村\t国王
重号人\t13900000001\t上村"""


@pytest.fixture
def office(district: District, desk_of: Callable[[str], Desk]) -> Desk:
    """The county administrator's desk."""
    district.person("县管理员", "A01", role="administrator", area=district.county)
    return desk_of("A01")


def fates(rows: list[roster.Row]) -> list[str]:
    return [row.fate for row in rows]


def test_a_pasted_list_is_checked_row_by_row_and_nothing_is_added_yet(office: Desk, district: District) -> None:
    page = text(office.sends("/office/people/roster", action="check", list=LIST).text)
    assert "添加 2 人" in page
    for told in ("缺姓名", "缺工号或手机号", "已有此人", "号码是别人的", "没有这个区域", "没有这个角色", "名单里重号"):
        assert told in page
    assert "没有符合条件的人员" in office.opens("/office/people?q=吴新人")


def test_the_good_rows_become_people_and_a_second_time_nobody_is_added_twice(
    office: Desk, district: District, ctx: Context
) -> None:
    reply = office.sends("/office/people/roster", action="add", list=LIST)
    assert "已添加 2 人。" in reply.text
    assert "将添加" not in reply.text
    assert "吴新人 农业局 13900000001 帮扶责任人 · 上村" in text(office.opens("/office/people?q=吴新人"))
    assert "郑新人 N7 核查人 · 下村" in text(office.opens("/office/people?q=郑"))
    again = roster.add(ctx, LIST, by=district.actor(_boss(ctx)))
    assert fates(again)[:2] == ["there", "there"]


def _boss(ctx: Context) -> str:
    with ctx.db.read() as session:
        found = people.by_login(session, "A01")
        assert found is not None
        return found.id


def test_a_sheet_with_its_own_headings_is_read_too_in_the_coding_old_excel_writes(
    office: Desk, district: District
) -> None:
    data = csv(("单位", "村", "姓名", "手机号"), ("农业局", "341021100201", "钱新人", "13900000009"))
    token = office.opens("/office/people/roster").split('name="csrf_token" value="')[1].split('"')[0]
    for coded in (data, data.decode("utf-8-sig").encode("gb18030")):
        sent = {"csrf_token": token, "action": "check", "file": (io.BytesIO(coded), "名单.csv")}
        page = office.client.post("/office/people/roster", data=sent).get_data(as_text=True)
        assert "钱新人 农业局 13900000009 上村 帮扶责任人 将添加" in text(page)


def test_a_village_of_which_there_are_two_must_be_told_apart_and_one_elsewhere_is_not_there(
    district: District, ctx: Context
) -> None:
    district.area("341021200202", "上村", "village", district.county, district.west)
    boss = district.actor(district.person("县管理员", "A01", role="administrator", area=district.county))
    town = district.actor(district.person("镇管理员", "A02", role="administrator", area=district.west))
    lines = "甲\tN1\t上村\n乙\tN2\t岩寺镇 上村\n丙\tN3\t341021100201"
    assert fates(roster.check(ctx, lines, by=boss)) == ["which-area", "new", "new"]
    assert fates(roster.check(ctx, lines, by=town)) == ["new", "no-area", "no-area"]
    assert fates(roster.check(ctx, "丁\tN4\t", by=town)) == ["unsaid-area"], "none is said, which is another mistake"


def test_somebody_of_another_town_who_is_there_already_is_not_shown_and_gets_no_card(
    district: District, ctx: Context
) -> None:
    town = district.actor(district.person("镇管理员", "A02", role="administrator", area=district.west))
    [row] = roster.check(ctx, "王审核\tS01\t远村", by=town)
    assert (row.fate, row.person_id) == ("there", "")


def test_a_card_signs_a_phone_in_for_some_days_and_a_new_one_makes_it_void(
    office: Desk, district: District, ctx: Context, moments: Moments
) -> None:
    def printed() -> str:
        [card] = cards.issue(ctx, district.actor(_boss(ctx)), [district.li])
        return card.link.rsplit("/", 1)[1]

    first, second = printed(), printed()
    with pytest.raises(CodeRefused):
        enrol.enrol(ctx, code=first, install_id="phone-1", device_name="红米")
    moments.later(days=13)
    assert enrol.enrol(ctx, code=second, install_id="phone-1", device_name="红米").actor.person_id == district.li
    moments.later(days=2)
    with pytest.raises(CodeRefused):
        enrol.enrol(ctx, code=second, install_id="phone-2", device_name="红米")


def scanned(drawing: str) -> str:
    """What a phone's camera reads of a code drawn on the page: runs of dark squares, row after row."""
    side, path = re.findall(r'viewBox="0 0 (\d+) \d+".* d="([^"]+)"', drawing)[0]
    picture = Image.new("L", (int(side), int(side)), 255)
    x = y = 0.0
    for step, across, down in re.findall(r"([Mmh])(-?[\d.]+)(?: ?(-?[\d.]+))?", path):
        if step == "h":
            for dark in range(int(across)):
                picture.putpixel((int(x) + dark, int(y)), 0)
            x += int(across)
        else:
            x, y = (float(across), float(down)) if step == "M" else (x + float(across), y + float(down))
    [found] = zxingcpp.read_barcodes(picture.resize((int(side) * 8,) * 2, Image.Resampling.NEAREST))
    return str(found.text)


def test_a_printed_code_signs_its_owner_in_when_it_is_scanned_and_is_nowhere_else_on_the_page(
    office: Desk, district: District, ctx: Context
) -> None:
    reply = office.sends("/office/people/cards", page="/office/people", person=[district.li, district.zhang])
    page = text(reply.text)
    assert page.index("张帮扶") < page.index("李帮扶")  # in the order of names, as the list
    assert "12月6日前有效" in page
    links = [scanned(drawing) for drawing in re.findall(r"<svg [^>]*segno.*?</svg>", reply.text)]
    assert all(link.startswith(f"{ctx.settings.public_url}/#/signin/") for link in links)
    codes = [link.rsplit("/", 1)[1] for link in links]
    assert not any(code in reply.text for code in codes)
    signed_in = [enrol.enrol(ctx, code=code, install_id=code[:8], device_name="红米").actor.name for code in codes]
    assert signed_in == ["张帮扶", "李帮扶"]


def test_nobody_out_of_reach_gets_a_card_and_then_nobody_on_the_sheet_does(
    district: District, desk_of: Callable[[str], Desk], ctx: Context
) -> None:
    district.person("镇管理员", "A02", role="administrator", area=district.west)
    own = district.person("镇帮扶", "N9", role="cadre", area=district.far)
    reply = desk_of("A02").sends("/office/people/cards", page="/office/people", person=[own, district.supervisor])
    assert reply.status_code == 404


@pytest.mark.parametrize("action", ["check", "add"])
def test_an_empty_list_is_asked_for_again(office: Desk, action: str) -> None:
    reply = office.sends("/office/people/roster", action=action, list=" \n")
    assert reply.status_code == 422
    assert "请粘贴名单或选择文件。" in reply.text
