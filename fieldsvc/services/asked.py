"""What an operation asks for, read from its own bytes: of one that was kept undecided nothing else is known.

Who answers for it must see it as whole as any other, although nothing of it was looked up when it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.services import definitions, masked
from fieldsvc.services.context import Context
from fieldsvc.services.intake import wishes
from fieldsvc.services.intake.again import operation_of
from fieldsvc.services.intake.parse import Operation
from fieldsvc.services.intake.wishes import Wish as Wished
from fieldsvc.store.operations import Receipted
from sync.model import Action

__all__ = ["Asked", "Filled", "Wished", "read"]


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in, with the reasons given for its soft rules.

    `saved` says of which record each answer is a value, by the answer's reference.
    """

    definition: Mapping[str, Any]
    answers: Mapping[str, Any]
    reasons: Mapping[str, str]
    saved: Mapping[str, masked.Value]


@dataclass(frozen=True, slots=True)
class Asked:
    """What one operation says. `readable`: whether it can be said at all what it wishes for.

    `withdraws` is the visit it takes back, `text` what somebody has to say about the system, `looked_at` the properties
    whose masked values a phone showed.
    """

    readable: bool = True
    wishes: tuple[Wished, ...] = ()
    filled: Filled | None = None
    withdraws: str | None = None
    text: str | None = None
    looked_at: tuple[str, ...] = field(default=())

    @property
    def deletes(self) -> frozenset[str]:
        """The records that it removes."""
        return frozenset(wish.entity_id for wish in self.wishes if wish.action is Action.DELETE)


def read(ctx: Context, session: Session, feed_id: str, stored: Receipted) -> Asked:
    """What a stored operation asks for; of one that breaks the reading, what can be shown of it."""
    operation = operation_of(stored)
    if operation is None:
        return Asked(readable=False)
    document = operation.document
    match operation.kind:
        case "withdrawal":
            return Asked(withdraws=str(document["submission"]))
        case "feedback":
            return Asked(text=str(document["text"]).strip())
        case "view":
            return Asked(looked_at=tuple(document["properties"]))
    reading = wishes.try_to_read(ctx, session, feed_id, definitions.datasets(ctx, session), operation)
    filled = _filled(ctx, session, operation) if operation.kind == "submission" else None
    if reading is None:
        return Asked(readable=False, filled=filled)
    return Asked(wishes=reading.wishes, filled=filled)


def _filled(ctx: Context, session: Session, operation: Operation) -> Filled | None:
    document = operation.document
    definition = definitions.form(ctx, session, document["form"], document["version"])
    if definition is None:
        return None
    reasons = {str(ref): str(text) for ref, text in (document.get("reasons") or {}).items()}
    answers = document["answers"]
    return Filled(definition, answers, reasons, masked.answered(definition, answers, masked.owners_of(document)))
