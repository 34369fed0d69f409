"""What becomes of one operation: the outcome for each entity it touches, and for the whole.

    decide(case) -> Applied | Merged | Conflicted | Held | Review          one entity
    decide_together(cases) -> Verdict(status, outcomes, effective)         one operation

The engine never acts: the store collects a `Case`, the caller writes what the outcome says.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from sync.merge import Clash, agree, merge, written
from sync.model import (
    Action,
    Closed,
    CloseReason,
    Conflict,
    Edit,
    Entity,
    HeldReason,
    LossReason,
    Policy,
    Properties,
    ReviewReason,
    Superseded,
)
from sync.outcome import (
    Applied,
    Case,
    Conflicted,
    Held,
    Merged,
    Outcome,
    Review,
    Verdict,
    Written,
    status_of,
    worst,
)
from sync.policy import NEED_BASE
from sync.problems import MergedInACircle
from sync.text import codes_left

__all__ = [
    "Applied",
    "Case",
    "Conflicted",
    "Held",
    "Merged",
    "Outcome",
    "Review",
    "Verdict",
    "Written",
    "decide",
    "decide_together",
    "retarget",
    "status_of",
    "target",
    "undo",
    "worst",
]


def decide_together(cases: Sequence[Case]) -> Verdict:
    """Decide all edits of one operation. If one must wait, all wait.

    Several edits of the same entity build on each other, as they did on the phone.
    """
    outcomes: list[Outcome] = []
    now: dict[str, Written] = {}
    said: dict[str, dict[str, str | None]] = {}
    for case in cases:
        key = case.entity.id if case.entity else case.edit.entity_id
        if key in now:
            case = _after(now[key], said[key], case)
        outcome = decide(case)
        outcomes.append(outcome)
        if isinstance(outcome, Written):
            now[key] = outcome
            said[key] = {**said.get(key, {}), **case.edit.changes}
    return Verdict(worst([status_of(outcome) for outcome in outcomes]), tuple(outcomes))


def _after(before: Written, said: Properties, case: Case) -> Case:
    """The case as it stands once an earlier edit of the same operation is written."""
    gone = {entry.conflict.id for entry in before.closed}
    return replace(
        case,
        entity=before.entity,
        seen=None if case.seen is None else {**case.seen, **said},
        conflicts=tuple(conflict for conflict in case.conflicts if conflict.id not in gone),
        own=case.own.union(before.changed),
    )


def decide(case: Case) -> Outcome:
    """What becomes of one edit.

    A tombstone is never written to and never resurrected without a person; a deletion never takes an
    edit with it that its author had not seen.
    """
    edit, entity = case.edit, case.entity
    if entity is None:
        return _decide_unknown(case)
    if edit.trunk_version > entity.version and not (case.forced or case.accepted):
        return Held(HeldReason.AHEAD)
    if edit.action is Action.DELETE:
        return _decide_deletion(case, entity)
    if entity.deleted and not case.accepted:
        return Review(ReviewReason.ENTITY_DELETED)
    return _decide_edit(case, entity)


def target(entity_id: str, merged_into: Mapping[str, str]) -> str:
    """The surviving entity that operations on `entity_id` are for now."""
    passed = {entity_id}
    while (survivor := merged_into.get(entity_id)) is not None:
        if survivor in passed:
            raise MergedInACircle(entities=sorted(passed))
        passed.add(survivor)
        entity_id = survivor
    return entity_id


def retarget(edit: Edit, survivor_id: str) -> Edit:
    """The edit as one of the survivor.

    Its versions counted the other record, so nothing that a person decided on the survivor counts as
    seen. Use the *merged* record's properties as the base view: what its author saw has not changed.
    """
    return replace(edit, entity_id=survivor_id, trunk_version=0, base_version=0)


def undo(before: Properties, after: Properties) -> tuple[Properties, Properties]:
    """Changes that take back what led from `before` to `after`, and the base view to decide them with.

    For the withdrawal of a misfiled visit: what others changed since becomes a conflict, counters and
    sets take back their own difference only.
    """
    names = {name for name in {*before, *after} if (before.get(name) or None) != (after.get(name) or None)}
    return {name: before.get(name) for name in names}, after


def _decide_unknown(case: Case) -> Outcome:
    edit = case.edit
    insisted = case.forced or case.accepted
    if edit.action is Action.DELETE or (edit.action is Action.UPDATE and edit.trunk_version > 0 and not insisted):
        return Review(ReviewReason.ENTITY_UNKNOWN)
    if edit.action is Action.UPDATE and not insisted:
        return Held(HeldReason.CREATION)
    # Forced without its creation: what its author had seen is the best that anybody knows of it.
    blank = Entity(edit.entity_id, 0, {})
    known = case.seen or {}
    return _decide_edit(replace(case, seen={}, edit=replace(edit, changes={**known, **edit.changes})), blank)


def _decide_deletion(case: Case, entity: Entity) -> Outcome:
    if entity.deleted or entity.merged_into:
        return Applied(entity)
    if not case.accepted and _overtaken(case, entity) != ():
        return Review(ReviewReason.CHANGED_SINCE)
    return Applied(replace(entity, version=entity.version + 1, deleted=True), advanced=True)


def _decide_edit(case: Case, entity: Entity) -> Outcome:
    edit, rules = case.edit, case.rules
    changes, late = _without_later(case)
    known_to = 0 if case.elsewhere else edit.trunk_version
    decided = frozenset(name for name, version in entity.decided.items() if version > known_to)
    result = merge(
        case.seen,
        entity.properties,
        changes,
        rules,
        writer=edit.writer,
        author=edit.author,
        decided=decided,
        own=case.own,
    )
    advanced = bool(result.changed) or entity.version == 0 or entity.deleted
    after = replace(
        entity,
        version=entity.version + advanced,
        properties=result.properties,
        deleted=False,
    )
    said = {name for unit in written(case.seen, changes, rules) for name in unit.names}
    closed = _closed(case, after, said)
    opened = tuple(_conflict(clash, edit, after, closed) for clash in result.clashes)
    overtaken = _overtaken(case, entity) or ()
    common = (after, tuple(sorted(result.changed)), advanced, (*late, *result.superseded), closed)
    if opened:
        return Conflicted(*common, overtaken=overtaken, opened=opened)
    # A visit that states what its phone saw says nothing new: there is no soft conflict to list.
    if said and (overtaken or case.seen is None):
        return Merged(*common, overtaken=overtaken)
    return Applied(*common)


def _without_later(case: Case) -> tuple[Properties, tuple[Superseded, ...]]:
    """The changes that the same branch has not already replaced by newer ones, and the others."""
    units = [unit for changes in case.later for unit in case.rules.units(changes)]
    others = [*case.beside, *case.apart]
    units += [u for changes in others for u in case.rules.units(changes) if u.policy not in NEED_BASE]
    newer = {name for unit in units for name in unit.names}
    late = {name: value for name, value in case.edit.changes.items() if name in newer}
    rest = {name: value for name, value in case.edit.changes.items() if name not in newer}
    for changes in case.beside:
        for name in rest.keys() & changes.keys():
            if case.rules.unit(name).policy is Policy.SET:
                rest[name] = codes_left((case.seen or {}).get(name), rest[name], changes[name])
    return rest, (Superseded(late, LossReason.LATER_EDIT),) if late else ()


def _conflict(clash: Clash, edit: Edit, after: Entity, closed: tuple[Closed, ...]) -> Conflict:
    # A person wants to see the value all began with, not the same author's first attempt at a new one.
    began = [entry.conflict.base for entry in closed if entry.conflict.names == clash.names]
    return Conflict(
        entity_id=after.id,
        names=clash.names,
        base=began[0] if began else clash.base,
        current=clash.current,
        candidate=clash.candidate,
        current_version=after.version,
        base_version=edit.trunk_version,
        operation_id=edit.operation_id,
        branch_id=edit.branch_id,
    )


def _closed(case: Case, after: Entity, said: Set[str]) -> tuple[Closed, ...]:
    """Open conflicts this edit ends: its branch's own earlier candidates, and any both sides now agree on."""
    closed = []
    for conflict in case.conflicts:
        own = case.edit.branch_id is not None and conflict.branch_id == case.edit.branch_id
        if agree(conflict.names, after.properties, conflict.candidate, case.rules):
            closed.append(Closed(conflict, CloseReason.EQUAL))
        elif own and not said.isdisjoint(conflict.names):
            closed.append(Closed(conflict, CloseReason.SUPERSEDED))
    return tuple(closed)


def _overtaken(case: Case, entity: Entity) -> tuple[str, ...] | None:
    """Properties that others changed since what the author saw; `None` if nobody knows what that was.

    Derived properties follow the others by themselves and tell nobody anything.
    """
    if case.seen is None:
        return None
    names = sorted({*case.seen, *entity.properties})
    return tuple(
        name
        for name in names
        if case.rules.unit(name).policy is not Policy.DERIVED
        and not agree([name], case.seen, entity.properties, case.rules)
    )
