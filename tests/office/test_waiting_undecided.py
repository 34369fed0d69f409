"""What was kept for a person undecided, as of a lost phone: whoever answers for it sees what it says and wants."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from fieldsvc.problems import FromLostPhone
from fieldsvc.services import intake
from fieldsvc.services.context import Context
from fieldsvc.services.intake import batch, wishes
from fieldsvc.store.tables import EntityVersionRow
from tests.office.desk import Desk, reveals, text
from tests.office.district import District

ANSWERS = {
    "meeting": {"met": "head", "phone": "09990000002", "people": "5"},
    "living": {"water": "tap"},
    "evidence": {
        "house": {"sha256": "ab" * 32, "bytes": 180_000, "type": "image/jpeg"},
        "position": "29.8700 118.3300 0 12",
    },
    "log": "老人在家。",
}


def kept(district: District, ctx: Context, document: dict[str, Any]) -> str:
    """An operation of 张's lost phone; its id."""
    id_, author = ctx.new_id(), district.zhang
    body = {"id": id_, "schema": 1, "author": author, "install_id": "install", "cursor": None, **document}
    intake.keep_for_a_person(ctx, district.actor(author), [(id_, json.dumps(body))], FromLostPhone())
    return id_


def visited(district: District, ctx: Context, home: str, answers: dict[str, Any] = ANSWERS) -> str:
    """A visit of that phone to this household."""
    entity = {"dataset": "households", "id": home, "path": "/data", "base_version": 1, "trunk_version": 1}
    visit = {"kind": "submission", "form": "visit", "version": "3", "subject": home, "entities": [entity]}
    return kept(district, ctx, {**visit, "answers": {"household": home, **answers}, "reasons": {"/data/log": "雨天"}})


@pytest.fixture
def home(district: District) -> str:
    return district.household(
        "陈一", district.upper, helper=district.zhang, water="well", phone="09990000001", people="5"
    )


def test_a_visit_shows_its_answers_and_what_it_would_change(
    desk: Desk, district: District, ctx: Context, home: str
) -> None:
    page = text(desk.opens(f"/office/waiting/{visited(district, ctx, home)}"))
    for words in ("饮水 井水 → 自来水", "见到谁 户主", "老人在家。", "说明：雨天", "29.8700", "照片，采纳后可以看"):
        assert words in page
    assert "家庭人口 5 → 5" not in page, "what it leaves as it is changes nothing"
    assert "不更改档案" not in page


def test_masked_values_are_shown_when_asked_for(desk: Desk, district: District, ctx: Context, home: str) -> None:
    address = f"/office/waiting/{visited(district, ctx, home)}"
    page = desk.opens(address)
    assert "0999000000" not in page
    assert text(page).count("已隐藏 显示") == 2, "in what it wants and among the answers"
    sent = desk.sends(f"{address}/reveal", page=address, reveal=reveals(page)[0], reason="核实过")
    shown = text(sent.get_data(as_text=True))
    assert "联系电话 09990000001 → 09990000002" in shown
    assert "核实过" in shown, "what was written so far is still there"


def test_of_a_record_elsewhere_nothing_is_shown_but_what_is_wanted_of_it(
    desk: Desk, district: District, ctx: Context, home: str
) -> None:
    far = district.household("远户", district.far, water="spring")
    edit = {"kind": "edit", "dataset": "households", "entity": far, "subject": home, "changes": {"water": "tap"}}
    page = text(desk.opens(f"/office/waiting/{kept(district, ctx, edit)}"))
    assert "自来水" in page
    assert "不在您负责的范围内" in page
    assert "山泉水" not in page
    assert "远户" not in page


def test_a_removal_a_withdrawal_and_a_message_say_what_they_are(
    desk: Desk, district: District, ctx: Context, home: str, desk_of: Callable[[str], Desk]
) -> None:
    edit = {"kind": "edit", "dataset": "households", "entity": home, "subject": home, "delete": True, "changes": {}}
    assert "注销这条档案" in text(desk.opens(f"/office/waiting/{kept(district, ctx, edit)}"))

    visit = district.visit(home, district.zhang)
    withdrawal = {"kind": "withdrawal", "submission": visit, "subject": home}
    page = desk.opens(f"/office/waiting/{kept(district, ctx, withdrawal)}")
    assert "撤回一条走访记录" in text(page)
    assert f'href="/office/visits/{visit}"' in page
    assert "已删除的户名下" not in text(page), "it began no household"

    with ctx.db.write() as session:
        session.execute(update(EntityVersionRow).where(EntityVersionRow.entity_id == home).values(operation_id=visit))
    district.visit(home, district.li)
    page = desk.opens(f"/office/waiting/{kept(district, ctx, withdrawal)}")
    assert "下列内容会留在已删除的户名下，请先与填写人核实： 李帮扶：1 次走访" in text(page)

    message = kept(district, ctx, {"kind": "feedback", "text": "照片传不上去"})
    county = desk_of("S03")
    assert "照片传不上去" in text(county.opens(f"/office/waiting/{message}"))


def test_what_breaks_the_reading_is_shown_as_far_as_it_can_be_and_accepting_it_says_that_it_failed(
    desk: Desk, district: District, ctx: Context, home: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = visited(district, ctx, home)

    def explode(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(wishes, "judge", explode)
        page = text(desk.opens(f"/office/waiting/{visit}"))
        assert "服务器读不出它要改什么" in page
        assert "老人在家。" in page
        assert desk.sends(f"/office/waiting/{visit}", action="accept").status_code == 409
    with monkeypatch.context() as broken:
        broken.setattr(batch, "decide", explode)
        sent = desk.sends(f"/office/waiting/{visit}", action="accept")
        assert (sent.status_code, "又出错了" in sent.get_data(as_text=True)) == (409, True)
    assert desk.sends(f"/office/waiting/{visit}", action="accept").status_code == 302
    assert "老人在家。" in text(desk.opens(f"/office/visits/{visit}"))


def test_odd_answers_break_no_page(desk: Desk, district: District, ctx: Context, home: str) -> None:
    odd = {"meeting": [1, {"met": ["head"]}], "living": "tap", "needs": {"text": 3}, "log": {"a": None}, "more": 1}
    assert "陈一" in text(desk.opens(f"/office/waiting/{visited(district, ctx, home, odd)}"))
