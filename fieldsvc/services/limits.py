"""The figures in force here and now: deadlines and lines of the reference list `thresholds`, by year and place."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from sqlalchemy.orm import Session

from fieldsvc.forms import list_sources
from fieldsvc.processes.limits import limits_of
from fieldsvc.services.context import Context
from fieldsvc.services.workdays import day_of
from fieldsvc.store import areas, definitions, feeds

#: The list that holds them, and the columns `name`, `area`, `year` and `value`.
LIST = "thresholds"


def limits(ctx: Context, session: Session, place: str = "") -> Mapping[str, Decimal]:
    """The figures of this year in the area with this code; without one, in this county."""
    feed_id = feeds.any_feed(session)
    top = areas.topmost(session, feed_id) if feed_id else None
    listed = definitions.lists(session, [LIST]).get(LIST)
    return limits_of(
        [*_shipped(), *(listed.rows if listed else ())],
        day_of(ctx.now_ms(), ctx.settings.time_zone).year,
        place or (top.code if top else ""),
    )


@cache
def _shipped() -> tuple[dict[str, str], ...]:
    with list_sources()[LIST].open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
