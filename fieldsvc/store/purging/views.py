"""Who looked at what, emptied out of a log that stays whole.

A line of the log hashes the one before it, so that none can be taken out. An emptied line keeps its place, its moment
and its hash, and loses who, what and why. It can then no longer be checked against its hash: the line of the purge,
which is hashed as ever, therefore says how many emptied lines there are and seals their places and hashes.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.orm import Session

from fieldsvc.store.tables import AuditRow, OperationRow

EMPTIED, PURGE = "emptied", "purge"
#: The acts that are nothing but looking.
LOOKING = ("view", "view-log", "view-comparison")


@dataclass
class Seal:
    """What the emptied lines come to, line by line, and what the last purge said of them."""

    number: int = 0
    last: int = 0
    said: tuple[int, str] | None = None
    _digest: Any = field(default_factory=hashlib.sha256)

    def takes(self, position: int, hash_: str) -> None:
        """One emptied line, in its order."""
        self.number, self.last = self.number + 1, position
        self._digest.update(f"{position} {hash_}\n".encode())

    def hears(self, position: int, detail: dict[str, Any] | None) -> None:
        """The line of a purge."""
        self.last = position
        self.said = (int((detail or {}).get("emptied", 0)), str((detail or {}).get("seal")))

    @property
    def detail(self) -> dict[str, Any]:
        """What the line of a purge says."""
        return {"emptied": self.number, "seal": self._digest.hexdigest()}

    @property
    def is_broken(self) -> bool:
        """Whether a line is empty that no purge has emptied, or one that was is there no more."""
        return self.said != (self.number, self._digest.hexdigest()) if self.number or self.said else False


def count(session: Session, feed_id: str, before: int) -> int:
    """How many lines about looking are older than this."""
    return session.scalar(select(func.count()).select_from(AuditRow).where(_over(feed_id, before))) or 0


def empty(session: Session, feed_id: str, before: int) -> Seal:
    """Empty those lines, and drop what phones sent of looking; what the purge has to say of all emptied lines.

    The caller writes the purge's line in the same transaction.
    """
    nothing = {"actor_id": None, "device_id": None, "action": EMPTIED, "thing": "", "detail": None}
    session.execute(update(AuditRow).where(_over(feed_id, before)).values(**nothing))
    session.execute(
        delete(OperationRow).where(
            OperationRow.feed_id == feed_id, OperationRow.kind == "view", OperationRow.received_at < before
        )
    )
    seal = Seal()
    emptied = select(AuditRow.position, AuditRow.hash).where(AuditRow.feed_id == feed_id, AuditRow.action == EMPTIED)
    for row in session.execute(emptied.order_by(AuditRow.position), execution_options={"yield_per": 1000}):
        seal.takes(row.position, row.hash)
    return seal


def _over(feed_id: str, before: int) -> ColumnElement[bool]:
    return and_(AuditRow.feed_id == feed_id, AuditRow.action.in_(LOOKING), AuditRow.at < before)
