"""What a photographed code says, beside its photo: for the reviewer to take over into the record, or to leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from fieldsvc.office.answers import Line, plain
from fieldsvc.services.visits import Visit


def codes(visit: Visit, line: Line, saves: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    """The codes that were read in the photo of this answer, each with where it can be taken over.

    `saves`: which property of which dataset each question is saved to. Only there can a code be taken over, and only by
    a person who corrects the record and says why.
    """
    if line.type != "barcode" or line.masked:
        return []
    found = next((photo.codes for photo in visit.photos if photo.ref == line.ref), ())
    saved = saves.get(plain(line.ref))
    entity = _entity(visit, saved[0]) if saved else None
    return [{"text": code, "url": _correction(visit, entity, saved, code)} for code in found]


def _entity(visit: Visit, dataset: str) -> str | None:
    """The one record of that dataset which this visit is about; of several, none can be told."""
    if dataset == visit.dataset:
        return visit.subject_id
    touched = {one.effect.entity_id for one in visit.effects if one.effect.dataset == dataset}
    return touched.pop() if len(touched) == 1 else None


def _correction(visit: Visit, entity: str | None, saved: tuple[str, str] | None, code: str) -> str | None:
    if entity is None or saved is None:
        return None
    return url_for("office.correct", household_id=visit.subject_id, entity=entity, property=saved[1], read=code)
