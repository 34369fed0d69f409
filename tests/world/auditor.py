"""An eye on every answer the server gives: nothing out of scope, nothing taken back, nothing left unanswered."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from fieldsvc.store.engine import Database
from fieldsvc.store.tables import ScopeRow
from tests.world.signal import Reply

Row = dict[str, Any]

STATUSES = {"applied", "merged", "conflict", "held", "review", "refused"}
#: A verdict may change only while somebody or something is still awaited. What has taken effect stays so.
MAY_BECOME = {
    "applied": {"applied"},
    "merged": {"merged", "applied"},
    "conflict": {"conflict", "merged", "applied"},
    "held": STATUSES,
    "review": {"review", "applied", "merged", "conflict", "refused"},
    "refused": {"refused"},
    # By an amendment, which may be taken back: then it waits again, or what it waited for is here meanwhile.
    "ended": STATUSES,
}


#: These refuse the bytes at hand and leave alone what the server may have under the same id.
SAYS_NOTHING_OF_THE_FIRST = {"operation-id-reused", "author-mismatch"}


@dataclass
class Auditor:
    """Looks at every answer to a phone before the phone does, and raises where a promise is broken."""

    told: dict[str, str] = field(default_factory=dict)

    def forgets(self) -> None:
        """The server's memory was set back: what it said since is no longer its word."""
        self.told.clear()

    def looks_at(self, db: Database, person_id: str, request: Row | None, reply: Reply) -> None:
        """Check one answer of `/sync` or `/feed` to one person's phone."""
        assert reply.headers.get("Fieldsvc-Protocol") == "1", "an answer without the protocol's header"
        if reply.status != 200 or ("receipts" not in reply.body and "changes" not in reply.body):
            return
        self._receipts(request or {}, reply.body)
        self._scope(db, person_id, reply.body)

    def _receipts(self, request: Row, page: Row) -> None:
        sent = [operation for operation in request.get("operations") or [] if isinstance(operation, dict)]
        receipts = page.get("receipts") or []
        assert [r["id"] for r in receipts] == [o.get("id") for o in sent], "not one receipt per operation"
        for operation, receipt in zip(sent, receipts, strict=True):
            assert receipt["status"] in STATUSES, receipt
            if (receipt.get("problem") or {}).get("code") in SAYS_NOTHING_OF_THE_FIRST:
                continue
            if receipt["status"] != "refused":
                digest = hashlib.sha256(operation["body"].encode()).hexdigest()
                assert receipt["sha256"] == digest, "a receipt for other bytes"
            before = self.told.get(receipt["id"], receipt["status"])
            assert receipt["status"] in MAY_BECOME[before], f"{before} became {receipt['status']}"
            ended = receipt["status"] == "refused" and receipt["problem"]["code"] == "replaced"
            self.told[receipt["id"]] = "ended" if ended else receipt["status"]

    def _scope(self, db: Database, person_id: str, page: Row) -> None:
        with db.read() as session:
            held = set(
                session.scalars(
                    select(ScopeRow.subject_id).where(ScopeRow.person_id == person_id, ScopeRow.revoked_pos.is_(None))
                )
            )
        scope = page.get("scope") or {}
        for change in page.get("changes") or []:
            if "subject" in change:
                assert change["subject"] in held, f"{change['kind']} of a subject out of scope"
        for grant in scope.get("add") or []:
            assert grant["subject"] in held, "a grant of a subject out of scope"
        for subject in scope.get("remove") or []:
            assert subject not in held, "a removal of a subject in scope"
