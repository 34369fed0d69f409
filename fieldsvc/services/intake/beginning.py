"""Where a household begins that somebody found on the way: in a village its author works in, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

from fieldsvc.problems import Elsewhere, Problem, RuleBroken, VillageKept
from fieldsvc.services.access import may_register
from fieldsvc.services.cursors import position_of
from fieldsvc.services.intake.again import operation_of
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.bounds import AREA, HOUSEHOLDS
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.origin import was_begun_by, was_begun_unregistered
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.wishes import Wish, try_to_read
from fieldsvc.store import areas, working
from fieldsvc.store.entities import Stored
from fieldsvc.store.operations import Receipted
from fieldsvc.store.tables import AreaRow
from sync.model import Action, Writer


def begun(known: Known, arrival: Arrival, subject_id: str) -> Wish | None:
    """The wish that makes the subject of this operation, if nobody has made it yet: a household, or what the form
    begins. Anything else that a phone makes is in somebody's file, and none by itself."""
    if known.survivor(subject_id) in known.entities:
        return None
    made = (w for w in arrival.reading.wishes if w.entity_id == subject_id and w.action is Action.CREATE)
    return next((w for w in made if w.dataset == HOUSEHOLDS or w.writer is Writer.OFFICE), None)


def against(known: Known, plan: Plan, arrival: Arrival, subject_id: str) -> Problem | None:
    """Why a person has to look at a household that begins here.

    It lies where its author does not work; it hides behind another one; or it is in the register already, and the form
    that begins one would write what only the office may.
    """
    for wish in arrival.reading.wishes:
        stored = known.entities.get(known.survivor(wish.entity_id))
        if stored is None:
            if wish.dataset == HOUSEHOLDS and wish.action is Action.CREATE and wish.entity_id != subject_id:
                return RuleBroken(entity=wish.entity_id)
        elif wish.writer is Writer.OFFICE and not was_begun_by(known, plan, arrival, wish, stored):
            return RuleBroken(entity=wish.entity_id)
    made = begun(known, arrival, subject_id)
    if made is None:
        return None
    area, read_to = _area(known, arrival, made), position_of(arrival.operation.cursor, known.epoch)
    author = known.actor(arrival.author_id)
    may = area is not None and may_register(known.session, author, area.path, read_to)
    return None if may else Elsewhere()


def moved(known: Known, plan: Plan, arrival: Arrival) -> Problem | None:
    """What speaks against another village than the one in which the household lies, also where somebody accepts it.

    Without that village it would stand as applied, and the household where it was. So it does only where a visit was
    let through before the registration came: nobody had said a village, and all else of this would be in no record.
    """
    for wish in arrival.reading.wishes:
        stored, code = known.entities.get(wish.entity_id), wish.changes.get(AREA)
        if stored is None or stored.entity.merged_into or wish.writer is not Writer.OFFICE or not code:
            continue
        said = stored.entity.properties.get(AREA)
        if code != said:
            area = areas.standing_for(known.session, known.feed_id, code)
            elsewhere = area is None or area.path != known.area_path(wish.entity_id)
            if elsewhere and (said or not was_begun_unregistered(known, plan, stored)):
                return VillageKept()
    return None


def kept_in_place(wish: Wish, stored: Stored | None) -> Wish:
    """The wish without another village for a household that is in the register: the office moves it."""
    if stored is None or wish.writer is not Writer.OFFICE or AREA not in wish.changes:
        return wish
    return replace(wish, changes={name: value for name, value in wish.changes.items() if name != AREA})


def area_of(known: Known, arrival: Arrival, subject_id: str) -> str | None:
    """The id of the area in which a new subject lies: the one it says, or where its author works, or the whole county.

    The last two are for what a person let through: without an area no desk would see it.
    """
    made = begun(known, arrival, subject_id)
    area = _area(known, arrival, made) if made is not None else None
    if area is not None:
        return area.id
    roles = known.actor(arrival.author_id).roles
    if roles:
        return max(roles, key=lambda role: len(role.area_path)).area_id
    top = areas.topmost(known.session, known.feed_id)
    return top.id if top is not None else None


def would_lie_in(known: Known, stored: Receipted) -> str | None:
    """The area into which an operation about nobody known would bring its subject; none where nothing says it."""
    operation = operation_of(stored)
    if operation is None or not stored.subject_id:
        return None
    reading = try_to_read(known.ctx, known.session, known.feed_id, known.datasets, operation)
    if reading is None:
        return None
    arrival = Arrival(operation, reading, stored.author_id, stored.device_id, stored.received_at, stored)
    return area_of(known, arrival, stored.subject_id)


def _area(known: Known, arrival: Arrival, made: Wish) -> AreaRow | None:
    """The area a new subject names; where it names none, the only one in which its author works."""
    code = made.changes.get(AREA)
    if code:
        return areas.standing_for(known.session, known.feed_id, code)
    read_to = position_of(arrival.operation.cursor, known.epoch)
    person = (known.session, known.feed_id, arrival.author_id, read_to)
    paths = working.given(*person) | working.of_households(*person)
    return areas.at_path(known.session, known.feed_id, paths.pop()) if len(paths) == 1 else None
