"""A house whose point was put right: what was called far from it and is so no more is withdrawn, and stays readable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.services import definitions
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import Datasets
from fieldsvc.services.scrutiny import visit
from fieldsvc.store import audit, flags, household_record, submissions
from fieldsvc.store.flags import Flag
from fieldsvc.store.tables import FlagRow, SubmissionRow

#: On the log when the ground of a flag is gone.
WITHDRAWN = "flag-withdraw"


def home_of(session: Session, feed_id: str, known: Datasets, subject_id: str) -> Any:
    """Where the house is known to stand: the first property of the subject that is a place."""
    subject = household_record.entity(session, feed_id, subject_id)
    if subject is None:
        return None
    properties = known.properties(subject.dataset)
    places = [name for name, one in properties.items() if one.get("type") == "geopoint"]
    return next((subject.properties[name] for name in places if subject.properties.get(name)), None)


def look(
    ctx: Context, session: Session, feed_id: str, known: Datasets, records: Sequence[str]
) -> tuple[list[Flag], list[str]]:
    """Of the visits to these records that were ever called far: what is so (again), and the ids of what is so no more.

    A visit that was never called far is not asked about: its author could not know where the point would be moved to.
    """
    told = flags.about(session, feed_id, "far", records)
    visits = submissions.get_many(session, feed_id, {flag.submission_id for flag in told})
    found = [flag for row in visits.values() for flag in _far(ctx, session, feed_id, known, row)]
    true = {flag.id for flag in found}
    return found, [flag.id for flag in told if flag.withdrawn_at is None and flag.id not in true]


def withdraw(ctx: Context, session: Session, feed_id: str, ids: Sequence[str]) -> None:
    """Withdraw these flags, each with a line on the log. Call it right before the commit."""
    rows = [row for row in (flags.find(session, feed_id, each) for each in ids) if row and row.withdrawn_at is None]
    now = ctx.now_ms()
    flags.withdraw(session, feed_id, rows, now)
    visits = submissions.get_many(session, feed_id, {row.submission_id for row in rows})
    audit.append(session, feed_id, [_entry(row, visits, now) for row in rows])


def _far(ctx: Context, session: Session, feed_id: str, known: Datasets, row: SubmissionRow) -> Iterator[Flag]:
    definition = definitions.form(ctx, session, row.form_id, row.form_version) or {}
    return visit.far(row, definition, home_of(session, feed_id, known, row.subject_id), ctx.settings)


def _entry(flag: FlagRow, visits: Mapping[str, SubmissionRow], now: int) -> audit.Entry:
    subject_id = visits[flag.submission_id].subject_id
    detail = {"flag": flag.code, "ref": flag.ref, "subject": subject_id, "facts": flag.facts}
    return audit.Entry(now, None, WITHDRAWN, f"submission:{flag.submission_id}", None, detail)
