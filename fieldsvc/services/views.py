"""Who looked at which household: every reading of a record in the office leaves a trace."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import audit


def note(session: Session, ctx: Context, by: Actor, subject_id: str, detail: dict[str, Any] | None = None) -> None:
    """Write one view to the audit log; `detail` holds ids and names of properties, never their values."""
    entry = audit.Entry(ctx.now_ms(), by.person_id, "view", f"subject:{subject_id}", by.device_id, detail)
    audit.append(session, by.feed_id, [entry])
