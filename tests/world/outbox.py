"""The operations of one phone, from the moment they are frozen until long after their receipts."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Touch:
    """How one operation touches one entity: from which version, on which branch, to which values.

    `seen_version`, `seen_base` and `unseen` say what the screen showed: which server version, which own links over it,
    and which of them no more. `was` are the values of that version where the operation states others; an older app says
    nothing of it.
    """

    dataset: str
    entity: str
    base_version: int
    trunk_version: int
    branch_id: str
    changes: dict[str, str | None]
    create: bool = False
    seen_version: int = 0
    seen_base: int = 0
    unseen: tuple[str, ...] = ()
    was: dict[str, str | None] | None = None

    @property
    def declared(self) -> Row:
        """How the operation states it; what changes is said elsewhere (an edit's `changes`, a visit's answers)."""
        return {
            "dataset": self.dataset,
            "id": self.entity,
            **({"create": True} if self.create else {}),
            "base_version": self.base_version,
            "trunk_version": self.trunk_version,
            "branch_id": self.branch_id,
            "seen_version": self.seen_version,
            "seen_base": self.seen_base,
            **({"unseen": list(self.unseen)} if self.unseen else {}),
            **({} if self.was is None else {"was": self.was}),
        }


@dataclass
class Entry:
    """One operation. Its body is frozen before the first byte leaves: the server refuses other bytes later."""

    id: str
    kind: str
    subject: str
    body: str
    touches: tuple[Touch, ...] = ()
    settled: bool = False
    receipt: Row | None = None

    @property
    def status(self) -> str | None:
        """The server's current word on it, or None while no receipt has come."""
        return None if self.receipt is None else str(self.receipt["status"])

    @property
    def sha256(self) -> str:
        """The digest a receipt must name."""
        return hashlib.sha256(self.body.encode()).hexdigest()

    @property
    def wire(self) -> Row:
        """The operation as it travels."""
        return {"id": self.id, "body": self.body}

    @property
    def document(self) -> Row:
        """The body, parsed."""
        return dict(json.loads(self.body))


@dataclass
class Outbox:
    """Every operation this phone made, oldest first. Receipted ones are kept: a restored server needs them again."""

    entries: list[Entry] = field(default_factory=list)

    def add(self, entry: Entry) -> Entry:
        """Put a frozen operation at the end of the queue."""
        self.entries.append(entry)
        return entry

    def waiting(self) -> list[Entry]:
        """What still has to be sent, oldest first."""
        return [entry for entry in self.entries if not entry.settled]

    def touching(self, entity: str) -> list[tuple[Entry, Touch]]:
        """Operations on this entity with what they do to it, oldest first."""
        return [(entry, touch) for entry in self.entries for touch in entry.touches if touch.entity == entity]

    def settle(self, receipt: Row) -> None:
        """Believe one receipt: the operation need not be sent again."""
        for entry in self.entries:
            if entry.id == receipt["id"]:
                entry.settled = True
                entry.receipt = receipt

    def send_again(self) -> None:
        """Queue everything retained once more, with the same bytes: the server may have lost what it had."""
        for entry in self.entries:
            entry.settled = False
