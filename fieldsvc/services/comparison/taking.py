"""Taking a row that only the roster has into the register: somebody found out who it is, and where it belongs.

A household belongs in the village that the list or a person names, a member in the household whose number is given:
the list itself knows neither. The record begins with what the list says, and with what every row of it says.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy.orm import Session

from fieldsvc.problems import NotFound, PreconditionFailed
from fieldsvc.services import register
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.coverage import HOUSEHOLDS
from fieldsvc.services.imports.kinds import Kind
from fieldsvc.store import imports
from fieldsvc.store.tables import DifferenceRow

_NUMBER = "hh_no"


def needs_household(kind: Kind) -> bool:
    """Whether a row of this list is somebody's: a person has to say whose."""
    return kind.dataset != HOUSEHOLDS


def taking(
    ctx: Context, session: Session, by: Actor, kind: Kind, row: DifferenceRow, household: str
) -> Callable[[], object]:
    """What writes the record, to be called last. `household`: its number, for a row that is somebody's.

    Raises `not-found` for a household that is not there, twice there or out of reach, and `changed-meanwhile` when
    somebody has written a record with the row's own number since.
    """
    said = {**kind.says, **row.imported}
    own = said.get(kind.key)
    if own and imports.by_property(session, by.feed_id, kind.dataset, kind.key, [own]):
        raise PreconditionFailed(record=kind.dataset)
    create = partial(register.create_within, ctx, session, by, kind.dataset, said, label=row.label)
    if not needs_household(kind):
        return partial(create, area_id=row.area_id)
    found = imports.by_property(session, by.feed_id, HOUSEHOLDS, _NUMBER, [household]).get(household, [])
    if len(found) != 1:
        raise NotFound
    return partial(create, subject_id=found[0])
