"""An eye on every answer of the office: no id of a record, visit or conflict out of its reader's reach."""

from __future__ import annotations

import re

from flask import Flask, Response, g, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from fieldsvc.services import access
from fieldsvc.services.access import Action, Actor
from fieldsvc.store import areas
from fieldsvc.store.engine import Database
from fieldsvc.store.tables import ConflictRow, EntityRow, SubmissionRow

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_READABLE = ("text/", "application/json", "application/geo+json")


def watch(app: Flask, db: Database) -> None:
    """Raise within an answer that names what its reader may not see. What the address names, the asker said."""

    @app.after_request
    def _look(response: Response) -> Response:
        by = g.get("actor")
        if by is not None and response.status_code == 200 and (response.mimetype or "").startswith(_READABLE):
            told = set(_ID.findall(response.get_data(as_text=True))) - set(_ID.findall(request.full_path))
            with db.read() as session:
                strange = [one for one in _subjects(session, by, told) if not _reaches(session, by, one)]
            assert not strange, f"{request.path} tells of {strange}"
        return response


def _subjects(session: Session, by: Actor, ids: set[str]) -> set[str]:
    """What the records, visits and conflicts among these ids are about."""
    found: set[str] = set()
    for table in (EntityRow, SubmissionRow, ConflictRow):
        found |= set(session.scalars(select(table.subject_id).where(table.feed_id == by.feed_id, table.id.in_(ids))))
    return found


def _reaches(session: Session, by: Actor, subject_id: str) -> bool:
    """Whether some role of theirs reviews there; what lies in no area is the whole county's."""
    path = areas.path_of_subject(session, by.feed_id, subject_id)
    return access.may_in_area(by, Action.REVIEW, path)
