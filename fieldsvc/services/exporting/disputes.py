"""The disputes about a household as a table: both values, what was decided and why, and who was to look at it.

Whoever takes a household over has to know that a value was put aside, and with which words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fieldsvc.services import exports
from fieldsvc.services.definitions import Datasets, datasets
from fieldsvc.services.exporting.work import Making
from fieldsvc.store import conflicts, household_record, people
from fieldsvc.store import exports as rows
from fieldsvc.store.tables import ConflictRow

COLUMNS = (
    *(exports.NUMBER, "档案", "项目", "原值", "现值", "另一个值", "状态", "提出时间"),
    *("搁置时间", "交办给", "搁置或交办说明", "审定人", "审定时间", "审定结果", "审定理由"),
)
_STATES = {"open": "待定", "resolved": "已审定", "superseded": "已过时"}


def of_household(making: Making, home: Any) -> list[dict[str, str]]:
    """Every dispute about a household, open or settled, the oldest first; what is secret is masked unless ordered."""
    with making.ctx.db.read() as session:
        found = conflicts.of_subjects(session, making.by.feed_id, [home.id], only_open=False)
        return list(_lines(making, session, home, found))


def _lines(making: Making, session: Session, home: Any, found: Sequence[ConflictRow]) -> Iterator[dict[str, str]]:
    known, zone = datasets(making.ctx, session), ZoneInfo(making.ctx.settings.time_zone)
    about = household_record.entities(session, making.by.feed_id, {row.entity_id for row in found})
    labels = {id_: row.label for id_, row in about.items()}
    named = people.names(session, sorted({who for row in found for who in (row.assignee_id, row.decided_by_id) if who}))
    for row in found:
        sides = [_cells(row, one, known, full=making.order.full) for one in (row.base, row.current, row.candidate)]
        decided = _cells(row, row.value or {}, known, full=making.order.full)
        at = [exports.moment(one, zone) for one in (row.opened_at, row.held_at, row.decided_at)]
        for label in sides[0]:
            values = (
                *(str(home.properties.get(rows.NUMBER) or ""), labels.get(row.entity_id, ""), label),
                *(side[label] for side in sides),
                *(_STATES.get(row.state, row.state), at[0], at[1], named.get(row.assignee_id or "", "")),
                *(row.note or "", named.get(row.decided_by_id or "", ""), at[2], decided[label], row.reason or ""),
            )
            yield dict(zip(COLUMNS, values, strict=True))


def _cells(row: ConflictRow, values: Mapping[str, str | None], known: Datasets, *, full: bool) -> dict[str, str]:
    """The values of the disputed properties by their labels; one that no dataset has any more by its name."""
    properties = known.properties(row.dataset)
    named = {name: properties.get(name, {"label": {"zh": name, "en": name}}) for name in row.names}
    return exports.cells({name: values.get(name) for name in row.names}, named, full=full)
