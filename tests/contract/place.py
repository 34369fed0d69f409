"""A county without phones: households, cadres and operations made by hand, for laws about the store itself."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select

from fieldsvc.services import assignments, enrol, intake
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.intake import Receipt
from fieldsvc.store.tables import EntityRow, EntityVersionRow
from tests.world.county import County

T = TypeVar("T")


@dataclass
class Place:
    """A context and the county in it."""

    ctx: Context
    county: County

    @property
    def feed_id(self) -> str:
        """The county's feed."""
        return self.county.feed_id

    @property
    def office(self) -> Actor:
        """The administrator."""
        actor = enrol.actor_of(self.ctx, self.county.administrator_id)
        assert actor is not None
        return actor

    def household(self, **properties: str | None) -> str:
        """A household in the register, by id."""
        return self.county.add_household(self.ctx, self.office, None, properties).id

    def cadre(self, *households: str, name: str = "East") -> Actor:
        """A cadre who is assigned these households."""
        person_id = self.county.add_person(self.ctx, self.office, name)
        for home in households:
            assignments.assign(self.ctx, self.office, person_id, subject_id=home)
        actor = enrol.actor_of(self.ctx, person_id)
        assert actor is not None
        return actor

    def edit(self, by: Actor, home: str, changes: dict[str, str | None], **more: Any) -> tuple[str, str]:
        """An operation `(id, body)` that changes a household's record, from version 1 unless told otherwise."""
        operation_id = self.ctx.new_id()
        document = {
            "id": operation_id,
            "schema": 1,
            "kind": "edit",
            "author": by.person_id,
            "cursor": None,
            "created_at": self.ctx.now_ms(),
            "dataset": "households",
            "entity": home,
            "subject": home,
            "base_version": 1,
            "trunk_version": 1,
            "branch_id": self.ctx.new_id(),
            "changes": changes,
        }
        return operation_id, json.dumps({**document, **more}, ensure_ascii=False)

    def push(self, by: Actor, *operations: tuple[str, str]) -> list[Receipt]:
        """One push."""
        return intake.accept(self.ctx, by, operations)

    def record(self, home: str) -> tuple[int, dict[str, str | None]]:
        """The version and properties of a household."""
        with self.ctx.db.read() as session:
            row = session.execute(select(EntityRow.version, EntityRow.properties).where(EntityRow.id == home)).one()
            return row.version, row.properties

    def versions(self, home: str) -> list[int]:
        """The numbers of every version of a household."""
        with self.ctx.db.read() as session:
            return list(
                session.scalars(
                    select(EntityVersionRow.version)
                    .where(EntityVersionRow.entity_id == home)
                    .order_by(EntityVersionRow.version)
                )
            )


def at_once(work: Sequence[Callable[[], T]]) -> list[T]:
    """The results of these, begun in the same moment by as many threads."""
    gate = threading.Barrier(len(work))

    def begin(each: Callable[[], T]) -> T:
        gate.wait(timeout=60)
        return each()

    with ThreadPoolExecutor(len(work)) as pool:
        return [done.result(timeout=120) for done in [pool.submit(begin, each) for each in work]]
