"""Whether what an operation would write keeps the guards of the processes its records go through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from fieldsvc.problems import Problem
from fieldsvc.processes.findings import Finding
from fieldsvc.processes.judge import Mover
from fieldsvc.services import definitions, slots
from fieldsvc.services.guards import Thing, Wanted, problem_of
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.documents import photos_in
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.wishes import Wish
from fieldsvc.services.workdays import day_of
from fieldsvc.store.entities import Stored
from sync.decide import Outcome, Written
from sync.model import Properties, Writer

_SEEN = ("applied", "merged", "conflict")


def broken(known: Known, plan: Plan, arrival: Arrival, outcomes: Sequence[Outcome], subject: str) -> Problem | None:
    """Why this operation waits for a supervisor instead of being written, if it does.

    Taking a visit back is no move: it restores what was.
    """
    guarded = [
        (wish, outcome)
        for wish, outcome in zip(arrival.reading.wishes, outcomes, strict=True)
        if isinstance(outcome, Written) and outcome.advanced and known.guards.concerns(wish.dataset)
        if wish.writer is not Writer.SERVER
    ]
    if not guarded:
        return None
    after = {outcome.entity.id: outcome for _, outcome in guarded}
    present = {**known.entities, **{id_: _stored(known, arrival, o, subject) for id_, o in after.items()}}
    found: list[Finding] = []
    before: dict[str, Properties | None] = {}
    for wish, outcome in guarded:
        id_ = outcome.entity.id
        stored = known.entities.get(id_)
        was = before.get(id_, stored.entity.properties if stored else None)
        thing = Thing(wish.dataset, id_, present[id_].subject_id)
        wanted = Wanted(
            thing, was, outcome.entity.properties, _photos(known, plan, arrival, id_), _movers(known, plan, wish, id_)
        )
        day = day_of(arrival.received_at, known.ctx.settings.time_zone)
        found += known.guards.findings(wanted, mover(known, arrival.author_id, thing.subject_id), day, present)
        before[id_] = outcome.entity.properties
    return problem_of(found)


def prepare(known: Known, arrivals: Sequence[Arrival]) -> None:
    """Read what judging these needs, for all at once."""
    touched = [
        (arrival.author_id, _thing(known, arrival, wish))
        for arrival in arrivals
        for wish in arrival.reading.wishes
        if known.guards.concerns(wish.dataset)
    ]
    known.guards.load(thing for _, thing in touched)
    known.load_paths({thing.subject_id for author_id, thing in touched if known.actor(author_id).roles})


def _thing(known: Known, arrival: Arrival, wish: Wish) -> Thing:
    stored = known.entities.get(known.survivor(wish.entity_id))
    subject = stored.subject_id if stored else known.survivor(arrival.operation.subject)
    return Thing(wish.dataset, stored.entity.id if stored else wish.entity_id, subject)


def mover(known: Known, person_id: str, subject_id: str) -> Mover:
    """The author of a move, with the roles held where the record lies; whoever merely holds it is its cadre."""
    actor = known.actor(person_id)
    path = known.area_path(subject_id) if actor.roles else None
    roles = {role.name for role in actor.roles if path is None or path.startswith(role.area_path)}
    held = known.scope.get((person_id, subject_id))
    roles |= {held.role} if held is not None else set()
    return Mover(person_id, actor.name, frozenset(roles or {"cadre"}))


def _photos(known: Known, plan: Plan, arrival: Arrival, entity_id: str) -> frozenset[str]:
    """The slots of the photos this operation brings, and of those that earlier ones of this push brought."""
    earlier = [
        decision.arrival
        for decision in plan.decisions.values()
        if decision.status in _SEEN and any(effect.entity_id == entity_id for effect in decision.effects)
    ]
    return frozenset(slot for each in (*earlier, arrival) for slot in _slots(known, each))


def _slots(known: Known, arrival: Arrival) -> Iterator[str]:
    document: Mapping[str, object] = arrival.operation.document
    if arrival.operation.kind != "submission":
        return
    form = definitions.form(known.ctx, known.session, str(document["form"]), str(document["version"]))
    named = slots.of_form(form) if form else {}
    answers = document["answers"]
    for ref, _ in photos_in(answers):
        slot = named.get(slots.without_places(ref))
        if slot:
            yield slot


def _movers(known: Known, plan: Plan, wish: Wish, entity_id: str) -> dict[str, str]:
    """Who moved it into which stage earlier in this push."""
    process = known.datasets.processes.get(wish.dataset)
    if process is None:
        return {}
    return {
        new.stored.entity.properties.get(process.stage_property) or "": new.author_id or ""
        for new in plan.versions
        if new.stored.entity.id == entity_id and process.stage_property in new.changed
    }


def _stored(known: Known, arrival: Arrival, outcome: Written, subject: str) -> Stored:
    """A record as it would be after this operation, for sums over several records."""
    stored = known.entities.get(outcome.entity.id)
    wish = next(w for w in arrival.reading.wishes if known.survivor(w.entity_id) == outcome.entity.id)
    dataset, held_by = (stored.dataset, stored.subject_id) if stored else (wish.dataset, subject)
    return Stored(outcome.entity, dataset, held_by, None, "", 0)
