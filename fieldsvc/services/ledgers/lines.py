"""Rows of the store as lines of a ledger: raw values by column, wherever the ledger takes them from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fieldsvc.ledgers.model import OF_HOUSEHOLD, Source
from fieldsvc.services.exports import moment
from fieldsvc.services.ledgers.rows import Key
from fieldsvc.services.ledgers.shelf import Opened
from fieldsvc.services.reach import Reach
from fieldsvc.store import household_record
from fieldsvc.xlsform.columns import rows as answers_as_rows

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One line: values by the column's `of`, and where it leads: the submission it is from, or the household."""

    values: Mapping[str, Any]
    subject_id: str
    submission_id: str | None
    key: Key


def lines(
    session: Session, feed_id: str, found: Opened, rows: Iterable[Any], within: Reach, zone: ZoneInfo, at_ms: int
) -> Iterator[Line]:
    """The lines these rows of the store are, in their order; an item of a repeat is a line of its own."""
    wants_helpers = found.heading("helpers") is not None
    left = iter(rows)
    while batch := list(islice(left, _AT_ONCE)):
        subjects = [row.subject_id for row in batch] if wants_helpers else []
        helpers = household_record.helpers(session, feed_id, subjects, at_ms)
        for row in batch:
            named = "、".join(person.name for person in helpers.get(row.subject_id, ()))
            yield from _of_row(found, row, {**_places(row, within), "helpers": named}, zone)


def _of_row(found: Opened, row: Any, known: Mapping[str, Any], zone: ZoneInfo) -> Iterator[Line]:
    household = {f"{OF_HOUSEHOLD}{name}": value for name, value in (row.household or {}).items()}
    match found.ledger.source:
        case Source.DATASET:
            yield Line({**household, **known, **row.own}, row.subject_id, None, (row.code, row.subject_id, row.id))
        case Source.PAIRINGS:
            facts = {"helper": row.name or "", "unit": row.unit or "", "since": moment(row.from_at, zone)[:10]}
            yield Line({**household, **known, **facts}, row.subject_id, None, (row.code, row.subject_id, row.id))
        case Source.UNPAIRED:
            yield Line({**household, **known}, row.subject_id, None, (row.code, row.subject_id, row.id))
        case Source.FORM:
            facts = {
                "started_on": moment(row.started_at or row.received_at, zone)[:10],
                "received_on": moment(row.received_at, zone)[:10],
                "author": row.author or "",
                "state": row.review_state,
            }
            for table, values in answers_as_rows(found.tables, row.answers, row.id):
                if table.ref == found.ledger.repeat:
                    every = {**household, **known, **facts, **values}
                    yield Line(every, row.subject_id, row.id, (str(row.received_at), row.id))


def _places(row: Any, within: Reach) -> dict[str, str]:
    *above, village = within.places(row.area_id) or [""]
    return {"village": village, "town": above[0] if above else ""}
