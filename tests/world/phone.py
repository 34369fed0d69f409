"""One installation of the app on one phone, for one person: it follows `docs/protocol.md` and knows no HTTP.

`request()` is what it would send now; `take()` is what it does with the answer. Time and ids are arguments, so
that a story decides both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from fieldsvc.problems import RegistrationWaits, Replaced
from tests.world.forms import together
from tests.world.outbox import Entry, Outbox, Row, Touch
from tests.world.replica import Replica

BATCH = 50
Values = Mapping[str, str | None]
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
    #: Whether the app is new enough to say what stood where it states something else.
    says_was: bool = True

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

    def is_signed_out_as_lost(self, pull: str | None) -> None:
        """Forget what was fetched; what was sent too, unless there is more to send or the server has lost it (1.8)."""
        self.replica.forget()
        self.cursor = None
        if pull == "reset" or self.outbox.waiting():
            self.outbox.send_again()
        else:
            self.outbox.entries.clear()

    def properties(self, entity: str) -> dict[str, str | None]:
        """The record as the screen shows it: the server's values, and over them what is still on its way."""
        shown = self.synced(entity)
        for touch in self._open_touches(entity):
            shown.update(touch.changes)
        return shown

    def touch(self, dataset: str, entity: str, changes: Mapping[str, str | None], *, create: bool) -> Touch:
        """Where an edit made now starts from: the server's version, or the end of the open branch.

        What a form makes starts from nothing, also where an amendment makes it once more.
        """
        version, chain = (0, []) if create else (self.replica.version(entity), self._open_touches(entity))
        if chain:
            last = chain[-1]
            base, trunk, branch = last.base_version + 1, last.trunk_version, last.branch_id
        else:
            base, trunk, branch = version, version, self.new_id()
        first = chain[0].base_version if chain else base
        unseen = tuple(
            entry.id
            for entry, each in self.outbox.touching(entity)
            if each not in chain and not create and self._is_hidden(entry, each.branch_id == branch)
        )
        touch = Touch(
            dataset, entity, base, trunk, branch, {}, create, seen_version=version, seen_base=first, unseen=unseen
        )
        return self.saying(touch, changes, self.properties(entity), self.synced(entity))

    def behind(self, touch: Touch) -> Touch:
        """Where an edit starts that was begun there and ends now: behind what its branch has got since, unseen."""
        since = [
            (entry.id, each.base_version)
            for entry, each in self.outbox.touching(touch.entity)
            if each.branch_id == touch.branch_id and each.base_version >= touch.base_version
        ]
        if not since:
            return touch
        unseen = (*touch.unseen, *(id_ for id_, _ in since))
        return replace(touch, base_version=max(at for _, at in since) + 1, unseen=unseen)

    def synced(self, entity: str) -> dict[str, str | None]:
        """The record as the server last told it."""
        row = self.replica.entities.get(entity)
        return dict(row["properties"]) if row else {}

    def saying(self, touch: Touch, stated: Values, shown: Values, synced: Values) -> Touch:
        """The touch with what it changes: only what differs from the screen. A form states much it leaves as it was.

        It names what the server's version had instead, with the values of the same groups; what did not exist had none.
        """
        changes = {name: value for name, value in stated.items() if (shown.get(name) or None) != (value or None)}
        others = [name for name, value in stated.items() if (synced.get(name) or None) != (value or None)]
        names = {mate for name in others for mate in together(touch.dataset, name)}
        was = None if touch.create or not self.says_was else {name: synced.get(name) for name in sorted(names)}
        return replace(touch, changes=changes, was=was)

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

    def _open_touches(self, entity: str) -> list[Touch]:
        """Own edits that the replica does not yet speak for, oldest first.

        What contains a link of a branch contains the links before it, answered or not.
        """
        touches = self.outbox.touching(entity)
        contained: dict[str, int] = {}
        for entry, touch in touches:
            if 0 < self._result(entry, touch) <= self.replica.version(entity):
                contained[touch.branch_id] = max(contained.get(touch.branch_id, 0), touch.base_version)
        return [
            touch
            for entry, touch in touches
            if self._is_on_its_way(entry, touch) and touch.base_version >= contained.get(touch.branch_id, 0)
        ]

    def _is_on_its_way(self, entry: Entry, touch: Touch) -> bool:
        """Whether no pulled version contains this edit yet (no receipt, held, or its result not pulled)."""
        if not entry.settled or entry.status == "held":
            return True
        if entry.status == "review" and not self.replica.version(touch.entity):
            # What begins a household, and what waits for nothing but that, is on no other screen than this.
            begins = any(each.create and each.entity == entry.subject for each in entry.touches)
            problem = (entry.receipt or {}).get("problem") or {}
            return begins or problem.get("code") == RegistrationWaits.code
        return self._result(entry, touch) > self.replica.version(touch.entity)

    def _is_hidden(self, entry: Entry, of_this_branch: bool) -> bool:
        """Whether the phone has heard that it is in no effect. What was amended before it took effect was shown, in the
        amendment; that is in a branch of its own.
        """
        replaced = ((entry.receipt or {}).get("problem") or {}).get("code") == Replaced.code
        return entry.settled and entry.status in ("review", "refused") and (of_this_branch or not replaced)

    def _result(self, entry: Entry, touch: Touch) -> int:
        """The version the server says this edit made; 0 when it has not said so, or made none."""
        if not entry.settled:
            return 0
        effects = (entry.receipt or {}).get("effects") or []
        of_touch = [e for e in effects if e["entity"] == touch.entity and e["status"] in TOOK_EFFECT]
        return max((int(effect.get("version") or 0) for effect in of_touch), default=0)
