"""What an outcome of the engine means in rows: a version, conflicts opened and closed, feed changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fieldsvc.services.intake.arrival import Arrival, Effect
from fieldsvc.services.intake.beginning import area_of
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.wishes import Wish
from fieldsvc.store import entities
from fieldsvc.store.entities import NewVersion, Stored
from sync.decide import Case, Conflicted, Outcome, Written, status_of
from sync.model import Action, CloseReason, Conflict

_SOURCES = {"submission": "submission", "edit": "edit", "withdrawal": "edit"}


def note_outcome(
    known: Known, plan: Plan, arrival: Arrival, wish: Wish, case: Case, outcome: Outcome, subject_id: str
) -> Effect:
    """Note what a written outcome changes, in memory and in the plan."""
    assert isinstance(outcome, Written)
    id_ = outcome.entity.id
    before = known.entities.get(id_)
    # What begins a record that was lost writes all that was on the screen, whoever had said it.
    begins = case.entity is None and case.edit.action is Action.UPDATE
    after = _stored(known, arrival, wish, outcome, before, subject_id)
    if begins and wish.trunk_version > 0:
        after = replace(after, begun_by=arrival.operation.id)
    known.entities[id_] = after
    if before is not None:
        known.versions[id_, before.entity.version] = before.entity.properties
    if outcome.advanced:
        plan.versions.append(_version(plan, arrival, wish, outcome, before, after))
    known.versions[id_, outcome.entity.version] = outcome.entity.properties
    opened = _open(known, plan, arrival, after, outcome)
    _close(known, plan, id_, outcome)
    _keep_superseded(known, plan, arrival, after, outcome)
    if outcome.advanced or opened or outcome.closed:
        plan.change(after.subject_id, "entity", id_, arrival.operation.id, version=outcome.entity.version)
    changes = outcome.entity.properties if begins else case.edit.changes
    return Effect(id_, wish, status_of(outcome), dict(changes), outcome.entity.version, opened, outcome.advanced)


def _stored(
    known: Known, arrival: Arrival, wish: Wish, outcome: Written, before: Stored | None, subject_id: str
) -> Stored:
    named = known.datasets.label(wish.dataset, outcome.entity.properties) if outcome.advanced else None
    label = named or (wish.label if outcome.advanced else None) or (before.label if before else "")
    if before is not None:
        return replace(before, entity=outcome.entity, label=label)
    subject = known.entities.get(subject_id)
    area_id = subject.area_id if subject else area_of(known, arrival, subject_id)
    return Stored(outcome.entity, wish.dataset, subject_id, area_id, label, known.ctx.now_ms())


def _version(
    plan: Plan, arrival: Arrival, wish: Wish, outcome: Written, before: Stored | None, after: Stored
) -> NewVersion:
    return NewVersion(
        stored=after,
        was_version=before.entity.version if before else 0,
        changed=outcome.changed,
        source=_SOURCES[arrival.operation.kind],
        at=plan.at,
        operation_id=arrival.operation.id,
        author_id=arrival.author_id,
        device_id=arrival.device_id,
        branch_id=wish.branch_id,
        branch_version=wish.base_version + 1 if wish.branch_id else None,
        trunk_version=wish.trunk_version,
    )


def _open(known: Known, plan: Plan, arrival: Arrival, after: Stored, outcome: Written) -> tuple[str, ...]:
    if not isinstance(outcome, Conflicted):
        return ()
    ids = []
    for conflict in outcome.opened:
        conflict = replace(conflict, id=known.ctx.new_id())
        known.conflicts.setdefault(conflict.entity_id, []).append(conflict)
        plan.conflicts.append(_row(known, plan, arrival, after, conflict, severity="hard", state="open"))
        ids.append(conflict.id)
    return tuple(ids)


def _close(known: Known, plan: Plan, entity_id: str, outcome: Written) -> None:
    for closed in outcome.closed:
        state = "resolved" if closed.reason is CloseReason.EQUAL else "superseded"
        plan.closed.append((closed.conflict.id, state, closed.reason))
        still = [each for each in known.conflicts.get(entity_id, ()) if each.id != closed.conflict.id]
        known.conflicts[entity_id] = still


def _keep_superseded(known: Known, plan: Plan, arrival: Arrival, after: Stored, outcome: Written) -> None:
    """A value that lost without a conflict stays on record, to be shown and restored."""
    for lost in outcome.superseded:
        conflict = Conflict(
            entity_id=after.entity.id,
            names=tuple(sorted(lost.values)),
            base={},
            current={name: after.entity.properties.get(name) for name in lost.values},
            candidate=dict(lost.values),
            current_version=after.entity.version,
            operation_id=arrival.operation.id,
            id=known.ctx.new_id(),
        )
        row = _row(known, plan, arrival, after, conflict, severity="soft", state="superseded")
        plan.conflicts.append({**row, "reason": lost.reason})


def _row(
    known: Known, plan: Plan, arrival: Arrival, after: Stored, conflict: Conflict, *, severity: str, state: str
) -> dict[str, Any]:
    return {
        "id": conflict.id,
        "feed_id": known.feed_id,
        "entity_id": conflict.entity_id,
        "subject_id": after.subject_id,
        "dataset": after.dataset,
        "names": list(conflict.names),
        "base": dict(conflict.base),
        "current": dict(conflict.current),
        "candidate": dict(conflict.candidate),
        "base_version": conflict.base_version,
        "current_version": conflict.current_version,
        "candidate_operation_id": arrival.operation.id,
        "current_operation_id": _last_writer(known, plan, conflict),
        "branch_id": conflict.branch_id,
        "severity": severity,
        "state": state,
        "choice": None,
        "value": None,
        "reason": None,
        "opened_at": plan.at,
        "decided_at": None,
        "decided_by_id": None,
        "version": 1,
    }


def _last_writer(known: Known, plan: Plan, conflict: Conflict) -> str | None:
    """The operation whose value stands: a supervisor is shown both sides with their visits."""
    for new in reversed(plan.versions):
        if new.stored.entity.id == conflict.entity_id and not set(conflict.names).isdisjoint(new.changed):
            return new.operation_id
    return entities.last_writer(known.session, known.feed_id, conflict.entity_id, conflict.names)
