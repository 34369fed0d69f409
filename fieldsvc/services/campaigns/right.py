"""Whether who arranged a check between towns may still let it begin; asked again on its day, and told on its page."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fieldsvc.problems import NotFound
from fieldsvc.services import access, enrol
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.store import areas
from fieldsvc.store.tables import CrossingRow


def arranger(ctx: Context, session: Session, crossing: CrossingRow) -> Actor | None:
    """Who arranged it, with the rights of now; nobody when they may not assign in both areas any more."""
    by = enrol.actor_within(ctx, session, crossing.by_id)
    both = (crossing.checkers_area_id, crossing.checked_area_id)
    paths = [area_path(session, crossing.feed_id, one) for one in both]
    return by if by and all(access.may_in_area(by, Action.ASSIGN, path) for path in paths) else None


def area_path(session: Session, feed_id: str, area_id: str) -> str:
    """The path of an area. Raises `not-found`."""
    found = areas.get(session, feed_id, area_id)
    if found is None:
        raise NotFound
    return found.path
