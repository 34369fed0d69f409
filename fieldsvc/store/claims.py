"""Claims on combinations of values of which there may be only one: looked up by key, however many records there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from fieldsvc.store.run import FEED, columns, many, rows, table, write_all
from fieldsvc.store.tables import ClaimRow

_claims = columns(ClaimRow)
_HOLDERS = select(_claims.key, _claims.entity_id).where(_claims.feed_id == FEED, _claims.key.in_(many("keys")))
_INSERT = insert(table(ClaimRow))


def holders(session: Session, feed_id: str, keys: Collection[str]) -> dict[str, list[str]]:
    """The records that claim each of these keys; a key nobody claims is not in it."""
    found: dict[str, list[str]] = {}
    if keys:
        for row in rows(session, _HOLDERS, feed=feed_id, keys=sorted(keys)):
            found.setdefault(row.key, []).append(row.entity_id)
    return found


def keep(session: Session, feed_id: str, claimed: Mapping[str, Collection[str]]) -> None:
    """Let each of these records claim exactly these keys from now on."""
    if not claimed:
        return
    gone = delete(ClaimRow).where(ClaimRow.feed_id == feed_id, ClaimRow.entity_id.in_(list(claimed)))
    session.execute(gone)
    write_all(
        session,
        _INSERT,
        [{"feed_id": feed_id, "key": key, "entity_id": id_} for id_, keys in claimed.items() for key in keys],
    )
