"""A person decides which of two values stands, and both people who wrote them are told.

The decision is the next version of the entity, with its author and reason. The value that lost stays in the
conflict's row for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services import access, claims, deadlines, definitions
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.store import audit, changes, conflicts, entities, household_record, visit_record
from fieldsvc.store.changes import NewChange
from fieldsvc.store.entities import NewVersion, Stored
from fieldsvc.store.tables import ConflictRow
from sync import resolve
from sync.model import CloseReason, Conflict, Entity, Rules
from sync.resolve import Choice, Resolved, Settled, Stale


@dataclass(frozen=True, slots=True)
class Resolution:
    """A decision that stands: whose record, the version it made, and the household's next open conflict."""

    conflict_id: str
    version: int
    label: str
    next_id: str | None


def decide_conflict(
    ctx: Context,
    conflict_id: str,
    choice: str,
    *,
    by: Actor,
    seen_version: int,
    seen_entity_version: int,
    value: Mapping[str, str | None] | None = None,
    reason: str = "",
) -> Resolution:
    """Decide a conflict as it was seen: at its own version, with the entity at its version.

    `value` names every property of the conflict, for the choice `other` alone. Raises `not-found` (also for what is
    forbidden), `reason-missing`, `not-unique` when another record has what there may be only one of, and
    `changed-meanwhile`: with `by` when another person decided, without when the value itself moved on.
    """
    with ctx.db.write() as session:
        return decide_within(
            session,
            ctx,
            conflict_id,
            choice,
            by=by,
            seen_version=seen_version,
            seen_entity_version=seen_entity_version,
            value=value,
            reason=reason,
        )


def decide_within(
    session: Session,
    ctx: Context,
    conflict_id: str,
    choice: str,
    *,
    by: Actor,
    seen_version: int,
    seen_entity_version: int,
    value: Mapping[str, str | None] | None = None,
    reason: str = "",
) -> Resolution:
    """`decide_conflict` in a transaction that somebody else began, for deciding several at once or none of them."""
    reason = reason.strip()[:1000]
    if choice not in list(Choice):
        raise problems.Problem("There is no such choice.")
    if not reason:
        raise problems.ReasonMissing
    row = conflicts.get(session, by.feed_id, conflict_id)
    if row is None or not access.may(session, by, Action.REVIEW, row.subject_id):
        raise problems.NotFound()
    stored = entities.load(session, by.feed_id, [row.entity_id]).get(row.entity_id)
    if stored is None or row.state != "open" or row.version != seen_version:
        raise problems.PreconditionFailed(state=row.state, by=_decider(session, row))
    chosen = {name: (value or {}).get(name) or None for name in row.names} if choice == Choice.OTHER else None
    rules = definitions.datasets(ctx, session).rules(row.dataset)
    shown = _as_seen(session, row, seen_entity_version)
    outcome = resolve.resolve(shown, Choice(choice), stored.entity, rules, chosen)
    match outcome:
        case Resolved():
            return _write(session, ctx, row, stored, outcome, Choice(choice), reason, rules, by)
        case Stale():
            raise problems.PreconditionFailed(state=row.state, by=None, entity_version=stored.entity.version)
        case Settled():
            raise problems.PreconditionFailed(state="superseded", by=None, entity_version=stored.entity.version)
        case _:
            assert_never(outcome)


def _decider(session: Session, row: ConflictRow) -> str | None:
    person = visit_record.people(session, [row.decided_by_id]).get(row.decided_by_id or "")
    return person.name if person else None


def _as_seen(session: Session, row: ConflictRow, entity_version: int) -> Conflict:
    """The conflict as the person's page showed it, with the value the entity had at that version."""
    seen = household_record.version(session, row.feed_id, row.entity_id, entity_version)
    if seen is None:
        raise problems.PreconditionFailed(state=row.state, by=None)
    conflict = _conflict(row)
    return replace(conflict, current={name: seen.properties.get(name) for name in row.names})


def _conflict(row: ConflictRow) -> Conflict:
    return Conflict(
        entity_id=row.entity_id,
        names=tuple(row.names),
        base=row.base,
        current=row.current,
        candidate=row.candidate,
        current_version=row.current_version,
        base_version=row.base_version or 0,
        operation_id=row.candidate_operation_id,
        id=row.id,
    )


def _write(
    session: Session,
    ctx: Context,
    row: ConflictRow,
    stored: Stored,
    outcome: Resolved,
    choice: Choice,
    reason: str,
    rules: Rules,
    by: Actor,
) -> Resolution:
    now, names, feed = ctx.now_ms(), list(row.names), by.feed_id
    # First, as everywhere: what is claimed is locked before the conflict, the log and the feed.
    known = definitions.datasets(ctx, session)
    double = claims.doubled(session, feed, known, stored, replace(stored, entity=outcome.entity))
    if double is not None:
        raise double
    closed = conflicts.close(
        session,
        row.id,
        seen_version=row.version,
        state="resolved",
        choice=choice.value,
        value=dict(outcome.value),
        reason=reason,
        at=now,
        by_id=by.person_id,
    )
    if not closed:
        raise problems.PreconditionFailed(state=row.state, by=None)
    _close_equals(session, row, outcome.entity, rules, now, by)
    notice = {
        "kind": "decision",
        "at": now,
        "subject": row.subject_id,
        "entity": row.entity_id,
        "dataset": row.dataset,
        "conflict": row.id,
        "operation": row.candidate_operation_id,
        "names": names,
        "value": dict(outcome.value),
        "choice": choice.value,
        "reason": reason,
        "by": by.name,
        "current": {name: stored.entity.properties.get(name) for name in names},
        "candidate": dict(row.candidate),
    }
    rows = [NewChange(row.subject_id, "entity", row.entity_id, now, version=outcome.entity.version)]
    rows += [
        NewChange(changes.person_topic(person_id), "notice", row.id, now, data=notice)
        for person_id in _writers(session, row)
    ]
    first = changes.allocate(session, feed, len(rows))
    # `changed` names what was decided, also where the value was kept: that is who vouches for it from now on.
    new = NewVersion(
        replace(stored, entity=outcome.entity),
        stored.entity.version,
        names,
        "resolution",
        now,
        author_id=by.person_id,
    )
    deadlines.refresh(session, feed, known, [new])
    claims.refresh(session, feed, known, [new])
    try:
        entities.write_version(session, feed, new, first)
    except entities.StaleVersion:
        raise problems.PreconditionFailed(state=row.state, by=None) from None
    changes.write(session, feed, first, rows)
    detail = {"subject": row.subject_id, "names": names, "choice": choice.value}
    entry = audit.Entry(now, by.person_id, "decide-conflict", f"conflict:{row.id}", by.device_id, detail)
    audit.append(session, feed, [entry])
    left = [one.id for one in conflicts.of_subjects(session, feed, [row.subject_id]) if one.id != row.id]
    subject = household_record.entity(session, feed, row.subject_id)
    return Resolution(row.id, outcome.entity.version, subject.label if subject else "", left[0] if left else None)


def _close_equals(session: Session, row: ConflictRow, after: Entity, rules: Rules, now: int, by: Actor) -> None:
    """Close other conflicts about this entity that the decision answered by making both sides equal."""
    for other in conflicts.of_entity(session, row.feed_id, row.entity_id):
        if other.id != row.id and isinstance(resolve.refresh(_conflict(other), after, rules), Settled):
            conflicts.close(
                session,
                other.id,
                seen_version=other.version,
                state="resolved",
                choice=None,
                value=None,
                reason=CloseReason.EQUAL,
                at=now,
                by_id=by.person_id,
            )


def _writers(session: Session, row: ConflictRow) -> list[str]:
    """The people whose values these are: both learn the decision, each once."""
    ids = [one for one in (row.candidate_operation_id, row.current_operation_id) if one]
    sent = visit_record.operations(session, row.feed_id, ids)
    return list(dict.fromkeys(sent[one].author_id for one in ids if one in sent))
