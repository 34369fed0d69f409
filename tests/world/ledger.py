"""What the server's database says, for a story to compare with what people saw. Read only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from fieldsvc.store.tables import EntityRow, EntityVersionRow, OperationRow, SubmissionRow
from tests.world.outbox import Entry
from tests.world.places import Household, Member, Record, Thing
from tests.world.server import Server

T = TypeVar("T")


class Ledger:
    """Questions to the database behind a server."""

    server: Server

    def record(self, thing: Thing) -> Record:
        """The record as the server has it now; version 0 where it has none."""
        with self._session() as session:
            row = session.scalars(select(EntityRow).where(EntityRow.id == thing.id)).one_or_none()
            if row is None:
                return Record({}, 0)
            return Record(dict(row.properties), row.version, row.deleted, row.merged_into)

    def members_of(self, home: Household) -> list[Member]:
        """The living members of a household, in order of name."""
        with self._session() as session:
            rows = session.scalars(
                select(EntityRow).where(
                    EntityRow.subject_id == home.id,
                    EntityRow.dataset == "members",
                    EntityRow.deleted.is_(False),
                    EntityRow.merged_into.is_(None),
                )
            )
            members = [Member(row.id, row.properties["name"], home.id) for row in rows]
        return sorted(members, key=lambda member: member.name)

    def values_ever(self, thing: Household | Member, name: str) -> set[str | None]:
        """Every value a property ever had."""
        with self._session() as session:
            rows = session.scalars(select(EntityVersionRow.properties).where(EntityVersionRow.entity_id == thing.id))
            return {properties.get(name) for properties in rows}

    def versions_written(self) -> int:
        """How many versions of entities there are, all together."""
        return self._one(select(func.count()).select_from(EntityVersionRow))

    def has_operation(self, entry: Entry) -> bool:
        """Whether the server keeps exactly these bytes."""
        with self._session() as session:
            row = session.scalars(select(OperationRow).where(OperationRow.id == entry.id)).one_or_none()
            return row is not None and bytes(row.body) == entry.body.encode() and row.sha256 == entry.sha256

    def has_visit(self, entry: Entry) -> bool:
        """Whether the visit is among the submissions, with the answers it was sent with."""
        with self._session() as session:
            row = session.scalars(select(SubmissionRow).where(SubmissionRow.id == entry.id)).one_or_none()
            return row is not None and row.answers == entry.document["answers"]

    def is_withdrawn(self, entry: Entry) -> bool:
        """Whether the visit was taken back."""
        return self._visit(entry).withdrawn_at is not None

    def replaced_by(self, entry: Entry) -> str | None:
        """The amendment that took this visit's place."""
        return self._visit(entry).replaced_by_id

    def review_state(self, entry: Entry) -> str:
        """What the office has said of the visit."""
        return self._visit(entry).review_state

    def may_be_reviewed(self, entry: Entry) -> bool:
        """Whether the visit has arrived and stands, so that the office may say something about it."""
        with self._session() as session:
            row = session.scalars(select(SubmissionRow).where(SubmissionRow.id == entry.id)).one_or_none()
            gone = row is None or row.withdrawn_at is not None or row.replaced_by_id is not None
            return not gone and row is not None and "review" not in (row.flags or {})

    def month_of(self, entry: Entry) -> int:
        """The month the visit counts in, as yyyymm."""
        return self._visit(entry).month

    def _visit(self, entry: Entry) -> SubmissionRow:
        return self._one(select(SubmissionRow).where(SubmissionRow.id == entry.id))

    def _one(self, query: Select[tuple[T]]) -> T:
        with self._session() as session:
            return session.scalars(query).one()

    @contextmanager
    def _session(self) -> Iterator[Session]:
        with self.server.ctx.db.read() as session:
            yield session
            session.expunge_all()
