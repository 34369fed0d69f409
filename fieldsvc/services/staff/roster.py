"""Many people at once from a list that is pasted or uploaded: first what would become of each row, then the people.

The list is what an office has: a name, a number, a village, a role. A row with a mistake is said and left out; the
others are added together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from fieldsvc.problems import NotFound, SheetTooLarge
from fieldsvc.services import access, reach
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.imports.sheet import open_table
from fieldsvc.services.reach import Area, Reach
from fieldsvc.services.staff import change
from fieldsvc.services.staff.change import Details
from fieldsvc.store import audit, staff

MOST = 1000
#: What a column may be called; a list without headings has them in this order.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("姓名", "name"),
    "number": ("号码", "工号或手机号", "number"),
    "area": ("村", "区域", "村名", "乡镇", "行政区划", "area", "village"),
    "role": ("角色", "role"),
    "unit": ("单位", "unit"),
    "staff_no": ("工号", "staff_no", "staff number"),
    "phone": ("手机号", "电话", "手机", "联系电话", "phone"),
}
_ORDER = ("name", "number", "area", "role", "unit")
_ROLES = {
    **dict.fromkeys(("", "cadre", "帮扶责任人", "帮扶干部", "帮扶人"), "cadre"),
    **dict.fromkeys(("checker", "核查人"), "checker"),
    **dict.fromkeys(("supervisor", "审核人"), "supervisor"),
    **dict.fromkeys(("administrator", "管理员"), "administrator"),
}
_MOBILE = re.compile(r"1\d{10}")

Fate = Literal[
    "new", "there", "no-name", "no-number", "unsaid-area", "no-area", "which-area", "no-role", "twice", "taken"
]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it says, what would become of it, and the person who is there already."""

    number: int
    details: Details
    role: str
    area: str
    area_id: str
    fate: Fate
    person_id: str = ""


def text_of(data: bytes, filename: str) -> str:
    """An uploaded sheet as the text somebody might have pasted. Raises `sheet-unreadable` and the like."""
    table = open_table(data, filename)
    rows = [cells for _, cells in table.rows]
    return "\n".join("\t".join(" ".join(cell.split()) for cell in row) for row in (table.headings, *rows))


def require(ctx: Context, *, by: Actor) -> None:
    """Raise `not-found` for who may add nobody anywhere."""
    with ctx.db.read() as session:
        reach.of(session, by, Action.ADMINISTER)


def check(ctx: Context, text: str, *, by: Actor) -> list[Row]:
    """What would become of each row; nothing is written. Raises `sheet-unreadable` and `sheet-too-large`."""
    lines = _read(text)
    with ctx.db.read() as session:
        within = reach.of(session, by, Action.ADMINISTER)
        numbers = {number for line in lines for number in _numbers(line) if number}
        known = staff.with_login(session, numbers) if numbers else {}
        owners = {
            number: (row.id if _is_mine(ctx, session, by, row.id) else "", row.name) for number, row in known.items()
        }
    seen: set[str] = set()
    return [_judge(number, line, within, owners, seen) for number, line in enumerate(lines, 1)]


def add(ctx: Context, text: str, *, by: Actor) -> list[Row]:
    """Add everybody who is new, in one transaction; the rows as `check` tells them afterwards, with whom they name."""
    rows, added = check(ctx, text, by=by), []
    with ctx.db.write() as session:
        entries: list[audit.Entry] = []
        for row in rows:
            if row.fate == "new":
                made = change.add_within(ctx, session, by, row.details, role=row.role, area_id=row.area_id)
                added.append(made[0])
                entries += made[1]
        audit.append(session, by.feed_id, entries)
    ids = iter(added)
    return [
        Row(row.number, row.details, row.role, row.area, row.area_id, row.fate, next(ids)) if row.fate == "new" else row
        for row in rows
    ]


def _is_mine(ctx: Context, session: Session, by: Actor, person_id: str) -> bool:
    """Whether the reader administers somebody who is there already: only then is that person shown, or gets a card."""
    try:
        access.require_person(session, by, person_id, ctx.now_ms())
    except NotFound:
        return False
    return True


def _read(text: str) -> list[dict[str, str]]:
    text = text.strip("\r\n")
    first = {cell.strip().casefold() for cell in re.split(r"[\t,，;]", text.partition("\n")[0])}
    if not first & set(_HEADINGS["name"]):
        comma = "\t" if "\t" in text else ","
        text = comma.join(_HEADINGS[name][0] for name in _ORDER) + "\n" + text.replace("，", comma)
    table = open_table(text.encode(), "list.csv")
    columns = {
        at: name
        for at, heading in enumerate(table.headings)
        for name, titles in _HEADINGS.items()
        if heading.casefold() in titles
    }
    lines = [{columns[at]: cell for at, cell in enumerate(cells) if at in columns} for _, cells in table.rows]
    if len(lines) > MOST:
        raise SheetTooLarge(most_rows=MOST)
    return lines


def _numbers(line: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Staff number and telephone: one column of an office's list may hold either."""
    staff_no, phone, either = line.get("staff_no", ""), line.get("phone", ""), line.get("number", "")
    if _MOBILE.fullmatch(either):
        phone = phone or either
    else:
        staff_no = staff_no or either
    return staff_no[:60] or None, phone[:60] or None


def _judge(
    number: int, line: Mapping[str, str], within: Reach, owners: Mapping[str, tuple[str, str]], seen: set[str]
) -> Row:
    staff_no, phone = _numbers(line)
    details = Details(line.get("name", "")[:60], staff_no, phone, line.get("unit", "")[:60] or None)
    places = _places(within, line.get("area", ""))
    role = _ROLES.get(line.get("role", "").casefold(), "")
    mine = [one for one in (staff_no, phone) if one]
    owner = next((owners[one] for one in mine if one in owners), None)
    fate: Fate = "new"
    if not details.name:
        fate = "no-name"
    elif not mine:
        fate = "no-number"
    elif owner is not None:
        fate = "there" if owner[1] == details.name else "taken"
    elif seen & set(mine):
        fate = "twice"
    elif len(places) != 1:
        fate = "which-area" if places else "no-area" if line.get("area") else "unsaid-area"
    elif not role:
        fate = "no-role"
    seen.update(mine)
    area = places[0] if len(places) == 1 else None
    known = owner[0] if owner is not None and fate == "there" else ""
    return Row(number, details, role, area.name if area else line.get("area", ""), area.id if area else "", fate, known)


def _places(within: Reach, text: str) -> Sequence[Area]:
    """The areas within reach with this code or name. 上村 may lie in two towns: 岩寺镇上村 says which."""
    found = [area for area in within.areas.values() if area.code == text or area.name == text]
    if found or not text:
        return found
    return [
        area
        for area in within.areas.values()
        if "".join(within.places(area.id)) == "".join(text.split()) and area.depth
    ]
