"""One installation of the app on one phone, for one person: it follows `docs/protocol.md` and knows no HTTP.

`request()` is what it would send now; `take()` is what it does with the answer. Time and ids are arguments, so
that a story decides both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.world.outbox import Entry, Outbox, Row, Touch
from tests.world.replica import Replica

BATCH = 50
TOOK_EFFECT = {"applied", "merged", "conflict"}


@dataclass
class Phone:
    """The outbox, the replica and the cursor of one person on one installation."""

    install_id: str
    person_id: str
    now: Callable[[], int]
    new_id: Callable[[], str]
    token: str | None = None
    cursor: str | None = None
    outbox: Outbox = field(default_factory=Outbox)
    replica: Replica = field(default_factory=Replica)
    pull: str = "ok"

    def request(self, *, limit: int = BATCH) -> Row:
        """The body of the next `POST /api/v1/sync`."""
        waiting = self.outbox.waiting()
        return {
            "protocol": 1,
            "install_id": self.install_id,
            "sent_at": self.now(),
            "app": "world",
            "cursor": self.cursor,
            "operations": [entry.wire for entry in waiting[:limit]],
            "pending": {"operations": len(waiting), "photos": 0},
        }

    def take(self, page: Row) -> None:
        """Believe an answer: receipts first, then the pull, then where to continue."""
        for receipt in page.get("receipts") or []:
            self.outbox.settle(receipt)
        self.pull = page.get("pull") or "ok"
        if self.pull == "reset":
            self.replica.forget()
            self.outbox.send_again()
            self.cursor = None
            return
        if self.pull == "upgrade":
            return
        self.replica.take(page, busy={entry.subject for entry in self.outbox.waiting()})
        for notice in page.get("notices") or []:
            if notice["kind"] == "verdict":
                self.outbox.settle(notice["receipt"])
        self.cursor = page["cursor"]

    def properties(self, entity: str) -> dict[str, str | None]:
        """The record as the screen shows it: the server's values, and over them what is still on its way."""
        row = self.replica.entities.get(entity)
        shown: dict[str, str | None] = dict(row["properties"]) if row else {}
        for entry, touch in self.outbox.touching(entity):
            if self._is_on_its_way(entry, touch):
                shown.update(touch.changes)
        return shown

    def touch(self, dataset: str, entity: str, changes: Mapping[str, str | None], *, create: bool) -> Touch:
        """Where an edit made now starts from: the server's version, or the end of the open branch."""
        chain = [t for entry, t in self.outbox.touching(entity) if self._is_on_its_way(entry, t)]
        if chain:
            last = chain[-1]
            base, trunk, branch = last.base_version + 1, last.trunk_version, last.branch_id
        else:
            base = trunk = self.replica.version(entity)
            branch = self.new_id()
        return Touch(dataset, entity, base, trunk, branch, dict(changes), create=create)

    def at_finish(self, opened: Touch, changes: Mapping[str, str | None]) -> Touch:
        """The touch of a form opened earlier: its own base, or the end of its branch if that grew meanwhile."""
        taken = [t.base_version + 1 for _, t in self.outbox.touching(opened.entity) if t.branch_id == opened.branch_id]
        return replace(opened, base_version=max([opened.base_version, *taken]), changes=dict(changes))

    def freeze(
        self, kind: str, subject: str, touches: tuple[Touch, ...], /, *, made_as: str = "", **more: Any
    ) -> Entry:
        """Make an operation, fix its bytes for ever and put it into the outbox."""
        operation_id = made_as or self.new_id()
        document = {
            "id": operation_id,
            "schema": 1,
            "kind": kind,
            "author": self.person_id,
            "install_id": self.install_id,
            "cursor": self.cursor,
            "created_at": self.now(),
            **more,
        }
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
        return self.outbox.add(Entry(operation_id, kind, subject, body, touches))

    def _is_on_its_way(self, entry: Entry, touch: Touch) -> bool:
        """Whether the replica does not yet speak for this edit (no receipt, held, or its result not pulled)."""
        if not entry.settled or entry.status == "held":
            return True
        effects = (entry.receipt or {}).get("effects") or []
        return any(
            effect["entity"] == touch.entity
            and effect["status"] in TOOK_EFFECT
            and (effect.get("version") or 0) > self.replica.version(touch.entity)
            for effect in effects
        )
