"""What households are marked for on the map: not visited this month, or a record whose process has not ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fieldsvc.services.context import Context
from fieldsvc.services.definitions import datasets
from fieldsvc.store.places.read import Mark

UNVISITED = "unvisited"


@dataclass(frozen=True, slots=True)
class Offered:
    """One mark with its words; those of `unvisited` are the page's own."""

    code: str
    label: Mapping[str, str]
    mark: Mark


def offered(ctx: Context, session: Session) -> dict[str, Offered]:
    """The marks by code: one for visits, one for each process that this county keeps records of."""
    local = datetime.fromtimestamp(ctx.now_ms() / 1000, UTC).astimezone(ZoneInfo(ctx.settings.time_zone))
    found = {UNVISITED: Offered(UNVISITED, {}, Mark(month=local.year * 100 + local.month))}
    for dataset, process in datasets(ctx, session).processes.items():
        ends = frozenset(stage.code for stage in process.stages.values() if stage.end)
        mark = Mark(dataset=dataset, stage=process.stage_property, ends=ends)
        found[process.name] = Offered(process.name, process.label, mark)
    return found
