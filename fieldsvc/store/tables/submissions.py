"""Submissions: finished visits and other filled-in forms. Documents never edited cannot conflict."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from fieldsvc.store.base import Base

_LISTED = "replaced_by_id IS NULL"
# SQLite reads the row itself for any column the statement names, even one whose value the index implies.
_STANDING_COLUMNS = ("replaces_id", "withdrawn_at", "review_state", "form_id")
_COUNTED_COLUMNS = ("area_id", "subject_id", "review_state", "withdrawn_at", "replaced_by_id", "form_id")
_STANDING = "replaces_id IS NULL AND withdrawn_at IS NULL AND review_state != 'rejected'"


def _partial(name: str, where: str, *columns: str) -> Index:
    """An index of the rows that a list can hold at all, on either database."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


def _listed(name: str, *columns: str) -> Index:
    """An index of the last links of chains of amendments: what the visit log shows."""
    return _partial(name, _LISTED, *columns)


class SubmissionRow(Base):
    """One submission. `started_at`/`ended_at` are the phone's clock and never order anything.

    `month` is `yyyymm` of `received_at`'s visit month in the deployment's time zone: coverage counts by it.
    """

    __tablename__ = "submissions"
    __table_args__ = (
        Index(None, "feed_id", "subject_id", "received_at"),
        # The visit log, walked in its own order by village, state, author or flag (store/visit_order.py).
        _listed(
            "ix_submissions_by_area", "feed_id", "area_id", "month", "received_at", "id", "form_id", "replaced_by_id"
        ),
        _listed(
            "ix_submissions_by_state",
            "feed_id",
            "review_state",
            "month",
            "received_at",
            "id",
            "area_id",
            "form_id",
            "replaced_by_id",
        ),
        _listed("ix_submissions_by_author", "feed_id", "author_id", "month", "received_at", "id"),
        # A ledger's page and its number of lines (store/ledger/forms.py): of a form and a month, in the log's order.
        _listed(
            "ix_submissions_by_form",
            "feed_id",
            "form_id",
            "month",
            "received_at",
            "id",
            "area_id",
            "review_state",
            "withdrawn_at",
            "replaced_by_id",
        ),
        # What a report counts of months and of a week, from these alone (store/report_figures.py).
        _listed("ix_submissions_by_month", "feed_id", "month", *_COUNTED_COLUMNS),
        _listed("ix_submissions_by_start", "feed_id", "started_at", *_COUNTED_COLUMNS),
        _partial("ix_submissions_flagged", _LISTED + " AND flags IS NOT NULL", "feed_id", "month", "received_at", "id"),
        # The review queue: flags first. Without it, what waits is sought among the flags of all years.
        _partial(
            "ix_submissions_flagged_by_state",
            _LISTED + " AND flags IS NOT NULL",
            "feed_id",
            "review_state",
            "month",
            "received_at",
            "id",
        ),
        # Coverage of a month is counted from this index alone (store/coverage.py).
        _partial("ix_submissions_standing", _STANDING, "feed_id", "month", "subject_id", "id", *_STANDING_COLUMNS),
        _partial("ix_submissions_amendments", "replaces_id IS NOT NULL", "feed_id", "replaces_id"),
    )

    feed_id: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    form_id: Mapped[str]
    form_version: Mapped[str]
    subject_id: Mapped[str]
    area_id: Mapped[str | None]
    author_id: Mapped[str]
    device_id: Mapped[str | None]
    answers: Mapped[dict[str, Any]]
    context: Mapped[dict[str, Any]]
    reasons: Mapped[dict[str, Any] | None]
    started_at: Mapped[int | None]
    ended_at: Mapped[int | None]
    received_at: Mapped[int]
    month: Mapped[int]
    replaces_id: Mapped[str | None]
    replaced_by_id: Mapped[str | None]
    withdrawn_at: Mapped[int | None]
    review_state: Mapped[str] = mapped_column(default="waiting")
    flags: Mapped[dict[str, Any] | None]
    position: Mapped[int] = mapped_column(default=0)
