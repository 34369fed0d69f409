"""Questions several stories ask of the audit log."""

from typing import Any

from sqlalchemy import select

from fieldsvc.store.tables import AuditRow
from tests.world import World


def actions_in_audit(world: World, *, details: bool = False) -> list[Any]:
    """What the audit log says was done, oldest first; with `details` also of what and how."""
    with world.server.ctx.db.read() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.position)).all()
    return [[row.action, row.thing, row.detail] if details else row.action for row in rows]
