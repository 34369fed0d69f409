"""A town's members and the list of who gets the minimum living allowance, which says something else about some."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from openpyxl import load_workbook

from fieldsvc.services import jobs, published
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.imports import desk
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.store.tables import DatasetRow
from tests.imports.sheets_made import xlsx
from tests.office.desk import Desk, hidden
from tests.office.district import District
from tests.support.shipped import dataset

HEADINGS = ("姓名", "身份证号", "与户主关系", "村代码")
#: Numbers that belong to nobody.
ONE, TWO, THREE, FOUR = (f"99000019510214{n:03}1" for n in (232, 233, 234, 235))
STRANGER = "990000195102142361"
DIBAO = "/office/comparison?" + urlencode({"source": "民政", "roster": "dibao"})


def keep_members(district: District, ctx: Context) -> Actor:
    """The shipped members and problems, and the county's administrator."""
    admin = district.actor(district.person("表管理员", "A09", role="administrator", area=district.county))
    with ctx.db.write() as session:
        session.query(DatasetRow).where(DatasetRow.name == "members").delete()
    for name in ("members", "problems"):
        definition = dataset(name)
        published.publish_dataset(ctx, admin, definition, digest=definition["version"])
    return admin


def member(district: District, home: str, name: str, number: str, **more: str) -> str:
    return district.record(home, "members", name, full_name=name, id_no=number, **more)


def sends_list(ctx: Context, admin: Actor, *rows: Sequence[Any], kind: str = "dibao", source: str = "民政") -> str:
    """The list arrives, its columns as they are guessed, and is compared; the import's id."""
    data = xlsx(HEADINGS, *rows)
    import_id = desk.upload(ctx, admin, kind=kind, source=source, data=data, filename="名册.xlsx")
    assert desk.name_columns(ctx, admin, import_id, list(desk.show(ctx, admin, import_id).mapping)) == []
    jobs.run_due(ctx, HANDLERS)
    desk.act(ctx, admin, import_id, "start")
    jobs.run_due(ctx, HANDLERS)
    return import_id


def two_villages(district: District) -> dict[str, str]:
    """Who gets the allowance by our records: 陈一 yes, 陈二 no, 周一 yes, and 远一 in the other town yes."""
    upper, lower, far = (
        district.household(name, area)
        for name, area in (("陈家", district.upper), ("周家", district.lower), ("远家", district.far))
    )
    return {
        "陈一": member(district, upper, "陈一", ONE, dibao="yes", relation="head"),
        "陈二": member(district, upper, "陈二", TWO, dibao="no", relation="spouse"),
        "周一": member(district, lower, "周一", THREE, dibao="yes", relation="head"),
        "远一": member(district, far, "远一", FOUR, dibao="yes", relation="head"),
        "陈家": upper,
        "周家": lower,
        "远家": far,
    }


def compared(
    district: District, ctx: Context, make: Callable[[District], dict[str, str]] = two_villages
) -> tuple[Actor, dict[str, str], str]:
    """The list names 陈一 and 陈二 and a stranger, and neither 周一 nor 远一."""
    admin = keep_members(district, ctx)
    people = make(district)
    stranger = ("生人", STRANGER, "户主", "341021100202")
    import_id = sends_list(ctx, admin, ("陈一", ONE, "户主", None), ("陈二", TWO, "配偶", None), stranger)
    return admin, people, import_id


def file_of(data: bytes) -> list[tuple[Any, ...]]:
    """The rows of a file that was downloaded."""
    return list(load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))


def ticked(page: str, name: str) -> list[str]:
    """The boxes beside a name."""
    rows = [row for row in page.split("<tr data-row>") if f"选择{name}" in row]
    return [row.split('name="item" value="')[1].split('"')[0] for row in rows]


def decides(desk: Desk, address: str, choice: str, *items: str, reason: str = "核对过。", **more: str) -> Any:
    """Decide these rows of the page, and get the page that follows."""
    fields = {**hidden(desk.opens(address)), "choice": choice, "reason": reason, **more}
    return desk.client.post(address, data={**fields, "item": list(items)}, follow_redirects=True)
