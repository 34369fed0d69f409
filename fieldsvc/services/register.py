"""The register as the office changes it: adding, correcting, moving and removing records.

A correction at a desk is merged like anybody's: against the version the page showed. What would contradict a newer
value is not written; the page shows it and the person decides again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from fieldsvc.problems import NotFound, PreconditionFailed, TargetUnknown
from fieldsvc.services import access, claims, desk_closed
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import Datasets, datasets
from fieldsvc.services.desk_guards import guard
from fieldsvc.services.desk_writing import Writing, attempt
from fieldsvc.store import areas, conflict_rows, entities
from fieldsvc.store.entities import Stored
from sync.decide import Case, Conflicted, Held, Review, decide
from sync.model import Action as Wanted
from sync.model import Edit, Entity, Properties, Writer


def create(
    ctx: Context,
    by: Actor,
    dataset: str,
    properties: Mapping[str, str | None],
    *,
    label: str = "",
    area_id: str | None = None,
    subject_id: str | None = None,
    entity_id: str | None = None,
    override: bool = False,
    practice: bool = False,
) -> str:
    """Add a record and return its id: a subject of its own in an area, or part of another subject (a member).

    `practice`: there to learn with; no list, count or export of the office holds it.

    Raises a `process-…` problem when it begins against a rule of its process, and `not-unique` when there may be only
    one and it is there, unless told to `override` it.
    """
    made_id = entity_id or ctx.new_id()

    def work(session: Session) -> str:
        return create_within(
            ctx,
            session,
            by,
            dataset,
            properties,
            label=label,
            area_id=area_id,
            subject_id=subject_id,
            entity_id=made_id,
            override=override,
            practice=practice,
        )

    return attempt(ctx, work)


def create_within(
    ctx: Context,
    session: Session,
    by: Actor,
    dataset: str,
    properties: Mapping[str, str | None],
    *,
    label: str = "",
    area_id: str | None = None,
    subject_id: str | None = None,
    entity_id: str | None = None,
    override: bool = False,
    practice: bool = False,
) -> str:
    """`create` as the last act of a transaction that somebody else began."""
    made_id = entity_id or ctx.new_id()
    place = _place(session, by, area_id, subject_id)
    known = _known_dataset(ctx, session, dataset)
    stored = Stored(
        Entity(made_id, 1, _writable(known, dataset, properties)),
        dataset,
        subject_id or made_id,
        place,
        label or known.label(dataset, properties) or "",
        ctx.now_ms(),
        practice,
    )
    if entities.load(session, by.feed_id, [made_id]):
        raise PreconditionFailed(entity=made_id)
    against = _against(ctx, session, by, known, None, stored, override=override)
    writing = Writing.by(ctx, session, by)
    writing.version(stored, None, sorted(stored.entity.properties))
    writing.note("create", f"entity:{made_id}", against)
    writing.finish()
    return made_id


def edit(
    ctx: Context,
    by: Actor,
    entity_id: str,
    changes: Mapping[str, str | None],
    *,
    seen_version: int,
    label: str | None = None,
    reason: str | None = None,
    override: bool = False,
) -> int:
    """Correct a record as it was shown at `seen_version`; the version it has afterwards.

    Raises `changed-meanwhile` naming the properties that somebody else has given another value since, and, unless told
    to `override` it, a `process-…` problem when it moves against a rule of its process, and `not-unique` when another
    record has what there may be only one of. `not-allowed` for what no desk corrects.
    """

    def work(session: Session) -> int:
        return edit_within(
            ctx,
            session,
            by,
            entity_id,
            changes,
            seen_version=seen_version,
            label=label,
            reason=reason,
            override=override,
        )

    return attempt(ctx, work)


def edit_within(
    ctx: Context,
    session: Session,
    by: Actor,
    entity_id: str,
    changes: Mapping[str, str | None],
    *,
    seen_version: int,
    label: str | None = None,
    reason: str | None = None,
    override: bool = False,
) -> int:
    """`edit` as the last act of a transaction that somebody else began."""
    stored = _stored(session, by, entity_id)
    desk_closed.require_open(stored.dataset)
    wanted = Edit(
        entity_id,
        dict(changes),
        trunk_version=seen_version,
        base_version=seen_version,
        author=by.name,
        writer=Writer.OFFICE,
    )
    return _decide_and_write(ctx, session, by, stored, wanted, label, reason, override=override)


def delete(ctx: Context, by: Actor, entity_id: str, *, seen_version: int, reason: str | None = None) -> None:
    """Remove a record that was shown at `seen_version`. Its history stays; what phones still send goes to a person."""

    def work(session: Session) -> int:
        stored = _stored(session, by, entity_id)
        wanted = Edit(entity_id, {}, Wanted.DELETE, trunk_version=seen_version, writer=Writer.OFFICE)
        return _decide_and_write(ctx, session, by, stored, wanted, None, reason)

    attempt(ctx, work)


def move(ctx: Context, by: Actor, entity_id: str, to_subject: str, *, reason: str | None = None) -> None:
    """Write a member into another household: it leaves the phones of the one and arrives on those of the other.

    Raises `not-allowed` out of, and into, the file of one of our own people.
    """

    def work(session: Session) -> None:
        stored = _stored(session, by, entity_id)
        target = _stored(session, by, to_subject)
        if stored.subject_id == entity_id or target.subject_id != to_subject:
            raise NotFound
        for subject_id in (stored.subject_id, to_subject):
            desk_closed.require_household(session, by.feed_id, subject_id)
        moved = replace(
            stored,
            entity=replace(stored.entity, version=stored.entity.version + 1),
            subject_id=to_subject,
            area_id=target.area_id,
        )
        for conflict in conflict_rows.open_of_entities(session, by.feed_id, [entity_id]):
            conflict_rows.retarget(session, conflict.id, entity_id, to_subject)
        writing = Writing.by(ctx, session, by)
        writing.version(moved, stored)
        writing.note("move", f"entity:{entity_id}", {"to": to_subject, "reason": reason or ""})
        writing.finish()

    attempt(ctx, work)


def _decide_and_write(
    ctx: Context,
    session: Session,
    by: Actor,
    stored: Stored,
    wanted: Edit,
    label: str | None,
    reason: str | None,
    *,
    override: bool = False,
) -> int:
    key = (wanted.entity_id, wanted.trunk_version)
    seen = entities.versions(session, by.feed_id, [key]).get(key)
    if seen is None:
        raise PreconditionFailed(entity_version=stored.entity.version)
    known = datasets(ctx, session)
    rules = known.rules(stored.dataset)
    desk_closed.require_writable(rules, wanted.changes)
    open_ones = tuple(conflict_rows.open_of_entities(session, by.feed_id, [wanted.entity_id]))
    outcome = decide(Case(wanted, stored.entity, seen, rules, open_ones))
    if isinstance(outcome, Held | Review):
        raise PreconditionFailed(entity_version=stored.entity.version)
    if isinstance(outcome, Conflicted):
        names = sorted(name for conflict in outcome.opened for name in conflict.names)
        raise PreconditionFailed(entity_version=stored.entity.version, names=names)
    after = replace(stored, entity=outcome.entity)
    against = _against(ctx, session, by, known, stored, after, override=override)
    writing = Writing.by(ctx, session, by)
    name = label or known.label(stored.dataset, outcome.entity.properties) or stored.label
    if name != stored.label and not outcome.advanced:
        renamed = replace(stored.entity, version=stored.entity.version + 1)
        writing.version(replace(stored, entity=renamed, label=name), stored)
    else:
        writing.outcome(replace(stored, label=name), stored, outcome)
    writing.note(wanted.action.value, f"entity:{wanted.entity_id}", {"reason": reason or "", **against})
    writing.finish()
    return writing.versions[-1].stored.entity.version if writing.versions else stored.entity.version


def _against(
    ctx: Context,
    session: Session,
    by: Actor,
    known: Datasets,
    before: Stored | None,
    after: Stored,
    *,
    override: bool,
) -> dict[str, str]:
    """What is set aside with `override`, for the audit log; raises the problem without it."""
    double = claims.doubled(session, by.feed_id, known, before, after)
    if double is not None and not override:
        raise double
    doubles = {"doubles": str(double.details["record"])} if double is not None else {}
    return {**doubles, **guard(ctx, session, by, known, before, after, override=override)}


def _stored(session: Session, by: Actor, entity_id: str) -> Stored:
    stored = entities.load(session, by.feed_id, [entity_id]).get(entity_id)
    if stored is None or stored.entity.merged_into is not None:
        raise NotFound
    access.require(session, by, Action.REVIEW, stored.subject_id)
    return stored


def _place(session: Session, by: Actor, area_id: str | None, subject_id: str | None) -> str | None:
    """The area a new record is in, after asking whether `by` may write there."""
    if subject_id is not None:
        return _stored(session, by, subject_id).area_id
    area = areas.get(session, by.feed_id, area_id or "")
    if area is None:
        raise NotFound
    access.require_in_area(by, Action.REVIEW, area.path)
    return area.id


def _known_dataset(ctx: Context, session: Session, dataset: str) -> Datasets:
    known = datasets(ctx, session)
    if dataset not in known:
        raise TargetUnknown(dataset=dataset)
    return known


def _writable(known: Datasets, dataset: str, properties: Properties) -> dict[str, str | None]:
    """What an office may state of a record: everything but what the server computes."""
    rules = known.rules(dataset)
    return {n: v or None for n, v in properties.items() if desk_closed.is_writable(rules, n)}
