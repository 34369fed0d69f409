"""The end of a roster: what the register has and the list lacks is known only after its last row."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fieldsvc.services import access
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.imports.kinds import Kind
from fieldsvc.store import differences
from fieldsvc.store.tables import ImportRow


def settle(session: Session, by: Actor, row: ImportRow, kind: Kind) -> None:
    """Note which records the list lacks, of those that whoever imported it may import."""
    differences.settle(
        session,
        row.feed_id,
        row.source,
        row.dataset,
        import_id=row.id,
        dataset=kind.dataset,
        ought=kind.ought,
        areas=access.supervised_areas(session, by, Action.IMPORT),
    )
