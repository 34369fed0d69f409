"""The visit log and single visits, as supervisors read them. Viewing a visit leaves a trace; listing does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services import access, chosen_villages, masked, reach, scrutiny, slots, views
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.reviewing import levels, pairs
from fieldsvc.services.reviewing.pairs import Pair
from fieldsvc.store import conflicts, household_record, reviews, visit_log, visit_record
from fieldsvc.store.audit import Line
from fieldsvc.store.reviews import ReviewLine
from fieldsvc.store.submissions import APART
from fieldsvc.store.tables import SubmissionRow
from fieldsvc.store.visit_log import VisitLine
from fieldsvc.store.visit_order import Key, VisitFilter
from fieldsvc.store.visit_record import Effect, Photo
from fieldsvc.xlsform.runtime import labels_of, validate

STATES = ("waiting", "passed", "approved", "returned", "doubt", "rejected", "withdrawn", "trial", *APART)
COUNTED_TO = 1000
#: How many of the household's visits stand beside the one under review.
TIMELINE = 12


@dataclass(frozen=True, slots=True)
class LogQuery:
    """What a supervisor asks the log for; every part may be left open.

    `queue` names the order of the review queue (`services/reviewing/queue.py`), which has a state of its own.
    """

    month: int | None = None
    area: str | None = None
    cadre: str | None = None
    form: str | None = None
    state: str | None = None
    flagged: bool = False
    amended: bool = False
    queue: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """Something to choose in a filter."""

    id: str
    title: Any
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class LogPage:
    """One page of the log, how many visits the filter holds (at most 1000 are counted), and what to choose from."""

    lines: Sequence[VisitLine]
    next: Key | None
    total: int
    reach: reach.Reach
    cadres: Sequence[Named]
    forms: Sequence[Named]


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a visit's chain: the visit as first sent, or an amendment."""

    id: str
    form_id: str
    form_version: str
    author_id: str
    device_id: str | None
    answers: dict[str, Any]
    context: dict[str, Any]
    reasons: dict[str, str]
    started_at: int | None
    ended_at: int | None
    received_at: int
    state: str
    withdrawn_at: int | None
    replaces_id: str | None
    replaced_by_id: str | None
    flags: dict[str, Any]


@dataclass(frozen=True, slots=True)
class EffectShown:
    """One entity this visit touched, with the conflicts that came of it by property name."""

    effect: Effect
    conflicts: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit with everything needed to judge it. `saved`: of which record each answer is a value, by its reference;
    of its whole chain and of the visit before, by their ids."""

    link: Link
    saved: Mapping[str, Mapping[str, masked.Value]]
    subject_id: str
    label: str
    properties: Mapping[str, Any]
    dataset: str
    places: Sequence[str]
    definition: Mapping[str, Any]
    earlier_definition: Mapping[str, Any]
    form_title: Any
    previous: Link | None
    chain: Sequence[Link]
    definitions: Mapping[str, Mapping[str, Any]]
    reviews: Sequence[ReviewLine]
    photos: Sequence[Photo]
    effects: Sequence[EffectShown]
    datasets: Mapping[str, Mapping[str, Any]]
    people: Mapping[str, str]
    device: str | None
    app_release: str | None
    labels: Mapping[str, Mapping[str, str]]
    rules: Mapping[str, Sequence[Mapping[str, str]]]
    names: Mapping[str, str]
    flags: Sequence[scrutiny.Shown]
    may_approve: bool
    pairs: Sequence[Pair]
    timeline: Sequence[VisitLine]
    lately: Sequence[Line]
    form_titles: Mapping[str, Any]


def log(ctx: Context, query: LogQuery, *, by: Actor, after: Key | None = None, limit: int = 50) -> LogPage:
    """A page of the visit log within the supervisor's areas."""
    with ctx.db.read() as session:
        within = reach.of(session, by)
        wanted = _filter(query, within)
        lines = visit_log.page(session, by.feed_id, wanted, after=after, limit=limit + 1)
        more = len(lines) > limit
        cadres, forms = choices(session, by, within, query.area)
        return LogPage(
            lines=lines[:limit],
            next=lines[limit - 1].key if more else None,
            total=visit_log.count(session, by.feed_id, wanted, at_most=COUNTED_TO),
            reach=within,
            cadres=cadres,
            forms=forms,
        )


def choices(
    session: Session, by: Actor, within: reach.Reach, area: str | None
) -> tuple[Sequence[Named], Sequence[Named]]:
    """The cadres and the forms that a filter offers."""
    people = household_record.cadres(session, by.feed_id, within.narrowed(area))
    forms = household_record.forms(session, by.feed_id)
    return [Named(row.id, row.name, row.unit) for row in people], [Named(row.id, row.title) for row in forms]


def neighbours(ctx: Context, visit_id: str, query: LogQuery, *, by: Actor) -> tuple[str | None, str | None]:
    """The visits before and after this one in that filter's order, so that reviewing needs no list between."""
    with ctx.db.read() as session:
        row = readable(session, visit_id, by)
        wanted = _filter(query, reach.of(session, by))
        here = (row.month, row.received_at, row.id)
        after = visit_log.page(session, by.feed_id, wanted, after=here, limit=1)
        turned = replace(wanted, oldest_first=not wanted.oldest_first)
        before = visit_log.page(session, by.feed_id, turned, after=here, limit=1)
    return (before[0].id if before else None), (after[0].id if after else None)


def visit(ctx: Context, visit_id: str, *, by: Actor, reveal: str | None = None) -> Visit:
    """One visit, whole. The view is written to the audit log, as is the one masked answer that the page is about to
    show, called `reveal` (`masked.key`). Raises `not-found`, also for what is forbidden."""
    with ctx.db.read() as session:
        found = _load(session, ctx, readable(session, visit_id, by), by)
        trace = masked.trace(session, by, found.saved[visit_id].values(), reveal, found.subject_id)
    with ctx.db.write() as session:
        views.note(session, ctx, by, found.subject_id, {"visit": visit_id})
        if trace:
            views.note(session, ctx, by, trace.subject_id, {"visit": visit_id, **trace.detail})
    return found


def _filter(query: LogQuery, within: reach.Reach) -> VisitFilter:
    return VisitFilter(
        areas=within.narrowed(query.area),
        month=query.month,
        author_id=query.cadre,
        form_id=query.form,
        state=query.state,
        flagged=query.flagged or None,
        amended=query.amended or None,
        # What waits longest is read first; a log is read from its newest end.
        oldest_first=query.state == "waiting",
    )


def readable(session: Session, visit_id: str, by: Actor) -> SubmissionRow:
    """The visit, for somebody who may review it. Raises `not-found`."""
    row = visit_record.get(session, by.feed_id, visit_id)
    if row is None or not access.may(session, by, Action.REVIEW, row.subject_id):
        raise problems.NotFound()
    return row


def _load(session: Session, ctx: Context, row: SubmissionRow, by: Actor) -> Visit:
    feed = by.feed_id
    links = visit_record.chain(session, feed, row)
    before = visit_record.previous(session, feed, links[0])
    subject = household_record.entity(session, feed, row.subject_id)
    effects = visit_record.effects(session, feed, row.id)
    history = reviews.of_submissions(session, feed, [link.id for link in links])
    people = visit_record.people(session, [*(one.author_id for one in links), *(one.by_id for one in history)])
    device = visit_record.devices(session, [row.device_id]).get(row.device_id or "")
    both = [*links, *([before] if before else ())]
    definitions = {one.id: household_record.definition(session, one.form_id, one.form_version) or {} for one in both}
    labels, rules = _read(definitions[row.id], row)
    members = household_record.members(session, feed, row.subject_id)
    filled = [(definitions[one.id], one.answers) for one in both]
    titles = {form.id: form.title for form in household_record.forms(session, feed)}
    waits = row.review_state in levels.stages(ctx.settings)
    return Visit(
        link=_link(row),
        saved=masked.of_submissions(session, both, definitions),
        subject_id=row.subject_id,
        label=subject.label if subject else "",
        properties=subject.properties if subject else {},
        dataset=subject.dataset if subject else "",
        places=reach.of(session, by).places(subject.area_id if subject else row.area_id),
        definition=definitions[row.id],
        earlier_definition=definitions[before.id] if before else {},
        form_title=titles.get(row.form_id) or definitions[row.id].get("title") or row.form_id,
        previous=_link(before) if before else None,
        chain=[_link(link) for link in links],
        definitions=definitions,
        reviews=history,
        photos=visit_record.photos(session, feed, [row.id]).get(row.id, []),
        effects=[EffectShown(one, _opened(session, feed, row.id, one.entity_id)) for one in effects],
        datasets=household_record.datasets(session),
        people={id_: person.name for id_, person in people.items()},
        device=device.name if device else None,
        app_release=device.app_release if device else None,
        labels=labels,
        rules=rules,
        names={**chosen_villages.names(session, feed, filled), **{one.id: one.label for one in members}},
        flags=scrutiny.of_visit(session, by, slots.shelf(ctx.settings), row.id),
        may_approve=levels.may_approve(session, ctx.settings, row, by),
        pairs=pairs.of_visit(session, slots.shelf(ctx.settings), row),
        timeline=visit_log.of_subject(session, feed, row.subject_id, limit=TIMELINE),
        lately=views.lately(session, ctx, by, row.subject_id, {"visit": row.id}) if waits else (),
        form_titles=titles,
    )


def _read(definition: Any, row: SubmissionRow) -> tuple[dict[str, dict[str, str]], dict[str, list[dict[str, str]]]]:
    """What only running the form can tell: labels with answers in them, and the soft rules that were broken."""
    if not definition:
        return {}, {}
    rules: dict[str, list[dict[str, str]]] = {}
    for one in validate(definition, row.answers, row.context):
        if one.kind == "soft":
            rules.setdefault(one.ref, []).append(one.message)
    return labels_of(definition, row.answers, row.context), rules


def _opened(session: Session, feed_id: str, operation_id: str, entity_id: str) -> dict[str, tuple[str, str]]:
    rows = conflicts.of_operation(session, feed_id, operation_id, [entity_id])
    return {
        name: (row.id, row.state if row.choice or row.state == "open" else "superseded")
        for row in rows
        if row.severity == "hard"
        for name in row.names
    }


def _link(row: SubmissionRow) -> Link:
    return Link(
        id=row.id,
        form_id=row.form_id,
        form_version=row.form_version,
        author_id=row.author_id,
        device_id=row.device_id,
        answers=row.answers,
        context=row.context,
        reasons=row.reasons or {},
        started_at=row.started_at,
        ended_at=row.ended_at,
        received_at=row.received_at,
        state=row.review_state,
        withdrawn_at=row.withdrawn_at,
        replaces_id=row.replaces_id,
        replaced_by_id=row.replaced_by_id,
        flags=row.flags or {},
    )
