"""Whether what an operation would write is there already although there may be only one of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from fieldsvc.problems import NotUnique
from fieldsvc.services.claims import keys_of, lock_names
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.gate import holds
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.plan import Plan
from fieldsvc.store import claims, entities
from fieldsvc.store.locks import lock_things
from sync.decide import Outcome, Written
from sync.model import Properties


def doubled(
    known: Known, plan: Plan, arrival: Arrival, outcomes: Sequence[Outcome], subject_id: str
) -> NotUnique | None:
    """Why this operation waits although its values are in order: another record has claimed the same."""
    asked: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    labels: dict[str, str | None] = {}
    for wish, outcome in zip(arrival.reading.wishes, outcomes, strict=True):
        if not isinstance(outcome, Written) or not outcome.advanced or outcome.entity.deleted:
            continue
        id_ = outcome.entity.id
        labels[id_] = known.datasets.label(wish.dataset, outcome.entity.properties) or wish.label
        stored = known.entities.get(id_)
        subject = stored.subject_id if stored else subject_id
        # What was deleted claims nothing any more: brought back, it claims all it says anew.
        living = stored is not None and not stored.entity.deleted
        before = _keys(known, wish.dataset, subject, stored.entity.properties) if stored and living else {}
        after = _keys(known, wish.dataset, subject, outcome.entity.properties)
        for key, names in after.items():
            if key in asked and asked[key][0] != id_:
                return _between(wish.dataset, names, asked[key][0], id_, labels)
            if key not in before:
                asked[key] = (id_, wish.dataset, names)
    if not asked:
        return None
    if arrival.accepted:
        # What comes back claims more than it changes, which nobody has been kept from claiming in this moment.
        lock_things(known.session, lock_names(asked))
    held = claims.holders(known.session, known.feed_id, asked)
    planned = _planned(known, plan)
    for key, (id_, dataset, names) in asked.items():
        others = [one for one in [*held.get(key, []), *planned.get(key, [])] if one != id_]
        standing = [one for one in others if _stands(known, one, dataset, key)]
        if standing:
            first = standing[0]
            there = known.entities.get(first) or entities.load(known.session, known.feed_id, [first])[first]
            # Whose record it is in another household is not for the phone of this one, nor what was written here since
            # by those to whom it was handed over.
            theirs = there.subject_id == subject_id and holds(known, arrival.author_id, subject_id)
            labels[first] = there.label if theirs else None
            return _between(dataset, names, first, id_, labels)
    return None


def _between(dataset: str, names: Sequence[str], one: str, other: str, labels: Mapping[str, str | None]) -> NotUnique:
    return NotUnique.between(
        dataset, names, standing=(one, labels.get(one) or ""), waiting=(other, labels.get(other) or "")
    )


def _keys(known: Known, dataset: str, subject_id: str, properties: Properties) -> dict[str, tuple[str, ...]]:
    return keys_of(known.datasets.unique(dataset), dataset, subject_id, properties)


def _planned(known: Known, plan: Plan) -> dict[str, list[str]]:
    """What earlier operations of this push claim, which is not in the database yet."""
    found: dict[str, list[str]] = {}
    for new in plan.versions:
        stored = new.stored
        for key in _keys(known, stored.dataset, stored.subject_id, stored.entity.properties):
            found.setdefault(key, []).append(stored.entity.id)
    return found


def _stands(known: Known, id_: str, dataset: str, key: str) -> bool:
    """Whether a record still says what it claimed: an earlier operation of this push may have changed it."""
    stored = known.entities.get(id_)
    if stored is None:
        return True
    entity = stored.entity
    gone = entity.deleted or entity.merged_into
    return not gone and key in _keys(known, dataset, stored.subject_id, entity.properties)


def wanted(known: Known, arrivals: Iterable[Arrival]) -> set[str]:
    """The keys these arrivals may claim, to be locked: of two that want one at once the second must see the first."""
    return set(
        lock_names(
            key
            for arrival in arrivals
            for wish in arrival.reading.wishes
            for key in _keys(known, wish.dataset, arrival.operation.subject, wish.changes)
        )
    )
