"""An operation on its way to a decision, and the decision it got."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fieldsvc.problems import Problem
from fieldsvc.services.intake.parse import Operation
from fieldsvc.services.intake.wishes import Reading, Wish
from fieldsvc.store.operations import Receipted
from sync.model import IN_EFFECT, Status


@dataclass(frozen=True, slots=True)
class Arrival:
    """One operation to decide. `stored` is set when it is decided again: it waited until now.

    `forced`: it was held too long. `accepted`: a supervisor read it and wants it applied.
    """

    operation: Operation
    reading: Reading
    author_id: str
    device_id: str | None
    received_at: int
    stored: Receipted | None = None
    forced: bool = False
    accepted: bool = False


#: The dataset of an effect that waits for a submission instead of an entity: a withdrawal that came first.
NO_DATASET = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What became of one wish. `conflict_ids` are the conflicts it opened; it `advanced` a record to its `version`."""

    entity_id: str
    wish: Wish
    status: Status
    changes: dict[str, str | None]
    version: int | None = None
    conflict_ids: tuple[str, ...] = ()
    advanced: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on one arrival, as its receipt will tell it."""

    arrival: Arrival
    status: Status
    subject_id: str | None
    problem: Problem | None = None
    effects: tuple[Effect, ...] = field(default=())

    @property
    def took_effect(self) -> bool:
        """Whether what was safe of it is in effect, and it neither waits nor was refused."""
        return self.status in IN_EFFECT

    @property
    def problem_json(self) -> dict[str, Any] | None:
        """The problem as stored and sent with the receipt."""
        return self.problem.as_json() if self.problem else None
