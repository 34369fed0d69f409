"""Records and visits as tables, in the words of the county: headings and codes by their labels, secrets masked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fieldsvc.problems import TargetUnknown
from fieldsvc.services import access
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import datasets
from fieldsvc.store import audit, exports

Row = dict[str, str]
AREA, CODE, NUMBER = "行政区划", "区划代码", "户编号"
VISIT_COLUMNS = ("走访编号", AREA, NUMBER, "户主", "表单", "走访人", "开始", "收到", "审核")
STATES = {
    "waiting": "待审",
    "passed": "初审通过",
    "approved": "通过",
    "returned": "退回",
    "doubt": "存疑",
    "rejected": "不通过",
    "trial": "试用",
}
OPEN = "open"


def columns(ctx: Context, dataset: str) -> list[str]:
    """The headings of a dataset's table, in order."""
    return [CODE, AREA, *([] if dataset == "households" else [NUMBER]), *headings(_properties(ctx, dataset))]


def records(ctx: Context, by: Actor, dataset: str, *, full: bool, reason: str = "") -> Iterator[Row]:
    """Every record of a dataset the asker may export. `full` shows what is masked, and needs a reason."""
    properties = _properties(ctx, dataset)
    paths = _allowed(ctx, by, f"dataset:{dataset}", full=full, reason=reason)
    with ctx.db.read() as session:
        for found in exports.records(session, by.feed_id, dataset, paths):
            row = {CODE: found.area_code or "", AREA: found.area_name or "", NUMBER: found.number or ""}
            yield row | cells(found.properties, properties, full=full)


def visits(ctx: Context, by: Actor, month: int | None) -> Iterator[Row]:
    """Every visit the asker may export, of one month (yyyymm) or of all; without its answers."""
    paths = _allowed(ctx, by, f"visits:{month or 'all'}", full=False, reason="")
    zone = ZoneInfo(ctx.settings.time_zone)
    with ctx.db.read() as session:
        for found in exports.visits(session, by.feed_id, month, paths):
            values = (
                found.id,
                found.area_name or "",
                found.number or "",
                found.label or "",
                found.form_id,
                found.author or "",
                moment(found.started_at, zone),
                moment(found.received_at, zone),
                STATES.get(found.review_state, found.review_state),
            )
            yield dict(zip(VISIT_COLUMNS, values, strict=True))


def cells(values: Mapping[str, Any], properties: Mapping[str, Mapping[str, Any]], *, full: bool) -> Row:
    """A record's values by their headings, in words; what is not open to everybody masked unless `full`."""
    return {
        _label(definition): mask(values.get(name))
        if definition.get("sensitivity", OPEN) != OPEN and not full
        else _shown(values.get(name), definition)
        for name, definition in properties.items()
    }


def headings(properties: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What stands over these properties, in their order."""
    return [_label(definition) for definition in properties.values()]


def mask(value: str | None) -> str:
    """Enough of a number to recognise it by, three figures and two; of anything else nothing at all."""
    if not value:
        return ""
    return f"{value[:3]}{'*' * (len(value) - 5)}{value[-2:]}" if value[:7].isdigit() else "***"


def _allowed(ctx: Context, by: Actor, thing: str, *, full: bool, reason: str) -> tuple[str, ...]:
    """The areas the asker may export from; the export itself is noted, because a file leaves the system."""
    access.require_anywhere(by, [Action.EXPORT])
    detail = {"full": full, "reason": reason}
    with ctx.db.write() as session:
        _note(session, ctx, by, thing, detail)
    return access.area_paths(by, Action.EXPORT)


def _note(session: Session, ctx: Context, by: Actor, thing: str, detail: dict[str, Any]) -> None:
    audit.append(session, by.feed_id, [audit.Entry(ctx.now_ms(), by.person_id, "export", thing, detail=detail)])


def _properties(ctx: Context, dataset: str) -> Mapping[str, Mapping[str, Any]]:
    with ctx.db.read() as session:
        known = datasets(ctx, session)
        if dataset not in known:
            raise TargetUnknown(dataset=dataset)
        return known.properties(dataset)


def _label(definition: Mapping[str, Any]) -> str:
    label: Mapping[str, str] = definition["label"]
    return label["zh"]


def _shown(value: str | None, definition: Mapping[str, Any]) -> str:
    """A value in the words of its choice list; several codes one after the other."""
    if not value or not definition.get("choices"):
        return value or ""
    names = {choice["value"]: choice["label"]["zh"] for choice in definition["choices"]}
    return "、".join(names.get(code, code) for code in value.split())


def moment(at_ms: int | None, zone: ZoneInfo) -> str:
    """A moment by the county's clock, to the minute; blank where there is none."""
    return f"{datetime.fromtimestamp(at_ms / 1000, zone):%Y-%m-%d %H:%M}" if at_ms else ""
