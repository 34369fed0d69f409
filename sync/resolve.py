"""A person's decision of a conflict, judged against the entity as it is at that moment.

A resolution is a version with an author like any other. It never overwrites what somebody wrote
after the page was drawn: then the person is shown the newer value and decides again.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from sync.merge import agree, part
from sync.model import Conflict, Entity, Properties, Rules
from sync.problems import ChoiceIncomplete


class Choice(StrEnum):
    """Which value a person chose."""

    CURRENT = "current"
    CANDIDATE = "candidate"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Resolved:
    """The decision stands: write `entity`, always a next version, so that a decision has its place in time.

    `value` is what was decided; `changed` names what differs from before, nothing when the current
    value was kept.
    """

    entity: Entity
    value: Properties
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stale:
    """Nothing is written: the entity moved on in these properties. Show `conflict`, it has the newer value.

    `gone`: the entity has been deleted meanwhile, so only its tombstone could be written to.
    """

    conflict: Conflict
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """Nothing is left to decide: the current value has become equal to the candidate."""

    conflict: Conflict


@dataclass(frozen=True, slots=True)
class Open:
    """The conflict as it must be shown now, with the entity's present value as `current`."""

    conflict: Conflict


def refresh(conflict: Conflict, entity: Entity, rules: Rules) -> Open | Settled:
    """The conflict against the entity as it is now; call it when showing a conflict."""
    now = part(entity.properties, conflict.names)
    if agree(conflict.names, now, conflict.candidate, rules):
        return Settled(conflict)
    return Open(replace(conflict, entity_id=entity.id, current=now, current_version=entity.version))


def resolve(
    conflict: Conflict, choice: Choice, entity: Entity, rules: Rules, value: Properties | None = None
) -> Resolved | Stale | Settled:
    """Apply a decision made by a person who saw `conflict` as it is given here.

    `value` is for `Choice.OTHER` alone and names every property of the conflict: a group is decided
    whole. Policies do not bind a person.
    """
    now = refresh(conflict, entity, rules)
    if isinstance(now, Settled):
        return now
    if not agree(conflict.names, conflict.current, now.conflict.current, rules):
        return Stale(now.conflict, gone=entity.deleted)
    match choice:
        case Choice.CURRENT:
            decided = part(entity.properties, conflict.names)
        case Choice.CANDIDATE:
            decided = part(conflict.candidate, conflict.names)
        case Choice.OTHER:
            if value is None or set(value) != set(conflict.names):
                raise ChoiceIncomplete(names=sorted(conflict.names))
            decided = part(value, conflict.names)
        case _:
            assert_never(choice)
    changed = tuple(name for name in conflict.names if decided[name] != (entity.properties.get(name) or None))
    if entity.deleted and changed:
        return Stale(now.conflict, gone=True)
    version = entity.version + 1
    after = replace(
        entity,
        version=version,
        properties={**entity.properties, **decided},
        decided={**entity.decided, **dict.fromkeys(conflict.names, version)},
    )
    return Resolved(after, decided, changed)
