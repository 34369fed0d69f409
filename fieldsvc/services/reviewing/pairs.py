"""Two photos of the same thing: a visit's photo beside the one it should be compared with.

A photo of the renovation series goes beside the slot that `slots.toml` names (after the work beside before it), any
other beside the last one taken for the same slot, or for the same question of the same form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fieldsvc.series.read import Slots
from fieldsvc.services import slots
from fieldsvc.store import household_record, photo_history
from fieldsvc.store.photo_history import Taken
from fieldsvc.store.tables import SubmissionRow

#: More than these on one screen nobody compares.
MOST = 6


@dataclass(frozen=True, slots=True)
class Pair:
    """The earlier photo and this visit's, with what the slot of each is called; without one, the question says it."""

    ref: str
    before: Taken
    after: Taken
    before_slot: Mapping[str, str]
    after_slot: Mapping[str, str]


def of_visit(session: Session, known: Slots, visit: SubmissionRow) -> list[Pair]:
    """The pairs of a visit in the order of its photos, at most `MOST`. `known`: the county's slots."""
    taken = photo_history.of_subject(session, visit.feed_id, visit.subject_id, until=visit.received_at)
    forms = {(one.form_id, one.form_version) for one in taken}
    of_form = {form: slots.of_form(household_record.definition(session, *form) or {}) for form in forms}
    placed = [(of_form[one.form_id, one.form_version].get(slots.without_places(one.ref), ""), one) for one in taken]
    found = []
    for slot, photo in placed:
        other = _beside(known, slot, photo, placed) if photo.submission_id == visit.id else None
        if other is not None:
            names = (known.get(name, slots.NO_SLOT) for name in (other[0], slot))
            found.append(Pair(photo.ref, other[1], photo, *names))
    return found[:MOST]


def _beside(known: Slots, slot: str, photo: Taken, placed: Sequence[tuple[str, Taken]]) -> tuple[str, Taken] | None:
    wanted = str(known.get(slot, {}).get("beside") or slot)
    others = [one for one in placed if one[1].sha256 != photo.sha256]
    same_slot = (one for one in others if wanted and one[0] == wanted)
    return next(same_slot, None) or next((one for one in others if _same_question(one[1], photo)), None)


def _same_question(one: Taken, photo: Taken) -> bool:
    asked = (photo.form_id, slots.without_places(photo.ref))
    return one.submission_id != photo.submission_id and (one.form_id, slots.without_places(one.ref)) == asked
