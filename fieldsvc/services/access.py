"""Who may do what where. Every right is decided here and nowhere else.

Roles are held in an area and reach everything below it; a phone additionally holds subjects it was
assigned (the `scope` table). What is unknown and what is forbidden answer alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from fieldsvc.problems import NotAllowed, NotFound
from fieldsvc.store import areas, pairings, people, scope, working
from fieldsvc.store import reviewers as people_reviewing
from fieldsvc.store.tables import PersonRow


class Action(StrEnum):
    """What somebody may want to do to a subject or in an area."""

    VIEW = "view"
    VISIT = "visit"  # send submissions and corrections about a subject
    REVIEW = "review"  # approve and return visits, decide conflicts
    EXPORT = "export"
    ASSIGN = "assign"
    IMPORT = "import"
    PUBLISH = "publish"
    ADMINISTER = "administer"  # people, roles, devices, enrolment codes


ROLES = ("cadre", "checker", "supervisor", "administrator")

#: What a role allows everywhere below its area. A cadre's rights come from assignments alone.
_BY_AREA: dict[str, frozenset[Action]] = {
    "cadre": frozenset(),
    "checker": frozenset({Action.VIEW, Action.VISIT}),
    "supervisor": frozenset({Action.VIEW, Action.VISIT, Action.REVIEW, Action.EXPORT, Action.ASSIGN}),
    "administrator": frozenset(Action),
}
_BY_ASSIGNMENT = frozenset({Action.VIEW, Action.VISIT})


@dataclass(frozen=True, slots=True)
class Role:
    """A role and the area (its path of ids) it is held in."""

    name: str
    area_path: str
    area_id: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking: a person, on a device or at an office desk, with the roles held right now."""

    person_id: str
    name: str
    feed_id: str
    device_id: str | None
    roles: tuple[Role, ...]

    @property
    def role_names(self) -> list[str]:
        """The roles held anywhere, each once and sorted: what a phone is told of them (Protocol 5.7)."""
        return sorted({role.name for role in self.roles})

    def has_role(self, name: str) -> bool:
        """Whether the person holds this role anywhere."""
        return any(role.name == name for role in self.roles)


def actor_for(session: Session, *, person_id: str, name: str, feed_id: str, device_id: str | None, at: int) -> Actor:
    """The actor with the roles held at that moment."""
    held = people.roles(session, person_id, at)
    return Actor(person_id, name, feed_id, device_id, roles_of(held))


def roles_of(held: Iterable[people.Held]) -> tuple[Role, ...]:
    """Roles as the database has them, as an actor holds them."""
    return tuple(Role(name, path, area_id) for name, area_id, path in held)


def area_paths(by: Actor, action: str) -> tuple[str, ...]:
    """The path prefixes below which this action is allowed, none inside another; for filtering lists."""
    paths = sorted({role.area_path for role in by.roles if action in _BY_AREA.get(role.name, ())})
    return tuple(path for path in paths if not any(path != other and path.startswith(other) for other in paths))


def may_in_area(by: Actor, action: str, area_path: str | None) -> bool:
    """Whether a role of theirs allows this in that area. No area means the whole feed."""
    return any((area_path or "/").startswith(path) for path in area_paths(by, action))


def may(session: Session, by: Actor, action: str, subject_id: str) -> bool:
    """Whether they may do this to a subject, because it is assigned to them or by a role in its area."""
    if action in _BY_ASSIGNMENT and scope.held(session, by.feed_id, by.person_id, [subject_id]):
        return True
    if not area_paths(by, action):
        return False
    path = areas.path_of_subject(session, by.feed_id, subject_id)
    if path is None or not may_in_area(by, action, path):
        return False
    # What somebody files about themself is for them and for whoever leads them, not for those who check households.
    return may_in_area(by, Action.REVIEW, path) or not pairings.is_own_file(session, by.feed_id, subject_id)


def may_register(session: Session, by: Actor, area_path: str, read_to: int | None = None) -> bool:
    """Whether they may bring a household into the register there: in an area that is given to them to help in, or where
    a household lies that they help. No role alone allows it: whoever checks or reviews households begins none.

    `read_to`: the place in the feed up to which their phone had read; what was taken from them after that still counts.
    """
    if any(area_path.startswith(path) for path in working.given(session, by.feed_id, by.person_id, read_to)):
        return True
    return area_path in working.of_households(session, by.feed_id, by.person_id, read_to)


def villages_to_register_in(session: Session, by: Actor) -> list[tuple[str, str]]:
    """Code and name of every village in which they may bring a household into the register."""
    given = working.given(session, by.feed_id, by.person_id, None)
    return working.villages(session, by.feed_id, given, working.of_households(session, by.feed_id, by.person_id, None))


def reviewers(session: Session, by: Actor, subject_id: str, at: int) -> dict[str, str]:
    """The names of those who may review this subject, by person, in the order of their names."""
    path = areas.path_of_subject(session, by.feed_id, subject_id)
    roles = [role for role, allowed in _BY_AREA.items() if Action.REVIEW in allowed]
    found = people_reviewing.holders(session, by.feed_id, roles, at) if path else []
    return {one.person_id: one.name for one in found if path and path.startswith(one.area_path)}


def has_last_word(by: Actor) -> bool:
    """Whether they review everything there is: theirs is the second of two approvals, and never a town's."""
    return is_everywhere(by, Action.REVIEW)


def is_everywhere(by: Actor, action: str) -> bool:
    """Whether some role of theirs allows this in every area there is."""
    return _is_everywhere(area_paths(by, action))


def require(session: Session, by: Actor, action: str, subject_id: str) -> None:
    """Raise `NotFound` unless they may: to the outside, forbidden and unknown are the same."""
    if not may(session, by, action, subject_id):
        raise NotFound


def supervised_areas(session: Session, by: Actor, action: str = Action.REVIEW) -> tuple[str, ...] | None:
    """The ids of all areas in which a role allows the action; `None`: everywhere, no filter is needed.

    Areas merged into one of them are included: rows keep the id they were written with.
    """
    paths = area_paths(by, action)
    if _is_everywhere(paths):
        return None
    return tuple(areas.below(session, by.feed_id, paths))


def require_in_area(by: Actor, action: str, area_path: str | None) -> None:
    """Raise `NotAllowed` unless a role of theirs allows this in that area."""
    if not may_in_area(by, action, area_path):
        raise NotAllowed


def require_to_let_begin(session: Session, by: Actor, area_id: str | None) -> None:
    """Raise `NotAllowed` unless they review the area in which something new would lie; everything, if it names none."""
    area = areas.get(session, by.feed_id, area_id) if area_id else None
    if not (may_in_area(by, Action.REVIEW, area.path) if area else is_everywhere(by, Action.REVIEW)):
        raise NotAllowed


def require_anywhere(by: Actor, actions: Iterable[str]) -> None:
    """Raise `NotAllowed` unless some role of theirs allows one of these somewhere."""
    if not any(area_paths(by, action) for action in actions):
        raise NotAllowed


def require_person(session: Session, by: Actor, person_id: str, at: int) -> PersonRow:
    """The person, for somebody who administers *everything* that person may do; raises `NotFound` otherwise.

    Every area of a role, and every household on their phones: whoever makes an enrolment code for somebody can sign
    in as them, so a town's administrator would else make one for the county's.
    """
    person = people.get(session, person_id)
    if person is None or person.feed_id != by.feed_id:
        raise NotFound
    own = supervised_areas(session, by, Action.ADMINISTER)
    if own is not None:
        reached = {area_id for _, area_id, _ in people.roles(session, person_id, at)}
        if not reached or not (reached | scope.areas_held(session, by.feed_id, person_id)) <= set(own):
            raise NotFound
    return person


def is_whole(area_path: str) -> bool:
    """Whether this area is the top of the tree, so that a role in it is a role everywhere."""
    return area_path.count("/") <= 2  # "/root/", and "/" for whoever sits at the server's console


def _is_everywhere(paths: Iterable[str]) -> bool:
    return any(is_whole(path) for path in paths)
