"""Who sees what of a list that is compared: numbers are masked, showing them is on record, a town sees its own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from fieldsvc.services.context import Context
from fieldsvc.store.tables import AuditRow
from tests.office.comparison_world import (
    DIBAO,
    ONE,
    STRANGER,
    TWO,
    compared,
    decides,
    file_of,
    keep_members,
    member,
    sends_list,
    ticked,
)
from tests.office.desk import Desk, hidden, text
from tests.office.district import District


def test_secrets_are_masked_and_shown_only_with_a_trace(desk: Desk, district: District, ctx: Context) -> None:
    admin = keep_members(district, ctx)
    home = district.household("陈家", district.upper)
    member(district, home, "陈一", ONE, disability_no="9900001951021423211", relation="head")
    member(district, home, "陈二", TWO, relation="spouse")
    sends_list(ctx, admin, ("陈二", TWO, "配偶", None), ("生人", "990000195102142361", "户主", None), kind="disability")
    address = "/office/comparison?" + urlencode({"source": "民政", "roster": "disability"})
    county = desk
    assert "陈一" in county.opens(address)
    assert "生人" not in county.opens(address), "a row that names no place is for who answers for everything"
    sends_list(ctx, admin, ("生人", "990000195102142361", "户主", "341021100201"), kind="disability")
    assert "990000195102142361" not in desk.opens(address)
    before = _views(ctx)
    assert "990000195102142361" in desk.opens(f"{address}&revealed=1")
    assert _views(ctx) > before


def test_numbers_of_who_stands_on_the_list_alone_are_shown_only_with_a_trace(
    desk: Desk, desk_of: Callable[[str], Desk], district: District, ctx: Context
) -> None:
    compared(district, ctx)
    desk.opens(f"{DIBAO}&part=there")
    assert _views_of_list(ctx) == []
    desk.opens(f"{DIBAO}&part=there&revealed=1")
    [entry] = _views_of_list(ctx)
    assert entry.detail == {"part": "there", "choice": None, "area": None}
    assert "查看名单比对中的完整号码 名单比对 民政 低保名册（只比对）" in text(
        desk_of("A09").opens("/office/log?kind=view")
    )


def test_what_a_row_without_a_record_is_called_cannot_be_searched_back_to_its_number(
    desk: Desk, district: District, ctx: Context
) -> None:
    admin, _, _ = compared(district, ctx)
    [item] = ticked(desk.opens(DIBAO), "生人")
    name = item.split("~")[0]
    assert name.startswith("key:")
    assert hashlib.sha256(STRANGER.encode()).hexdigest()[:32] not in name
    again = ("生人", STRANGER, "户主", "341021100202")
    sends_list(ctx, admin, again)
    assert name in desk.opens(DIBAO), "the same list asks about the same row"
    sends_list(replace(ctx, settings=replace(ctx.settings, secret_key="another server's")), admin, again)
    assert name not in desk.opens(DIBAO)


def test_the_differences_are_a_file_with_a_line_in_the_log(desk: Desk, district: District, ctx: Context) -> None:
    compared(district, ctx)
    token = hidden(desk.opens(DIBAO))
    answer = desk.client.post(DIBAO.replace("comparison?", "comparison/file?"), data=token)
    found = file_of(answer.get_data())
    assert found[0][:6] == ("区域", "户主", "档案", "项目", "我方", "对方")
    assert ("岩寺镇 上村", "陈家", "陈二", "低保", "否", "是", "内容不同") in [row[:7] for row in found[1:]]
    assert "远一" not in {row[2] for row in found}
    with ctx.db.read() as session:
        assert session.scalars(select(AuditRow).where(AuditRow.thing == "comparison:民政/dibao")).first()


def test_the_log_names_the_list_and_what_was_decided_of_whom_and_no_bare_numbers(
    desk: Desk, desk_of: Callable[[str], Desk], district: District, ctx: Context
) -> None:
    _, _, import_id = compared(district, ctx)
    item = ticked(desk.opens(DIBAO), "陈二")[0]
    decides(desk, DIBAO, "ours", item)
    log = text(desk_of("A09").opens("/office/log"))
    assert "审定名单差异 名单差异 陈二 民政 低保名册（只比对）" in log
    assert "开始导入 导入 名册.xlsx" in log
    assert import_id not in log
    assert item.split("~")[0] not in log


@pytest.mark.parametrize("login", ["S01", "S02"])
def test_numbers_of_a_town_are_its_own(
    desk_of: Callable[[str], Desk], district: District, ctx: Context, login: str
) -> None:
    compared(district, ctx)
    whole = "全部 3" if login == "S01" else "全部 1"
    assert whole in text(desk_of(login).opens(DIBAO))


def _views(ctx: Context) -> int:
    with ctx.db.read() as session:
        return len(session.scalars(select(AuditRow.position).where(AuditRow.action == "view")).all())


def _views_of_list(ctx: Context) -> list[AuditRow]:
    with ctx.db.read() as session:
        seen = select(AuditRow).where(AuditRow.action == "view-comparison", AuditRow.thing == "comparison:民政/dibao")
        return list(session.scalars(seen))
