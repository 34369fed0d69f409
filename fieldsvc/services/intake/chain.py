"""The chain of amendments that a visit stands in: what it amends, and what amended it before it came.

All of a chain is one visit. What an earlier one wrote is no news in a later one, also where that was filled in while
the earlier one waited and so was not on the screen; and an earlier one that comes late adds nothing to a later word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from fieldsvc.services.intake.again import operation_of
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.plan import Plan
from fieldsvc.store.amendments import Amendment
from sync.model import IN_EFFECT, Properties, Status


@dataclass(frozen=True, slots=True)
class Said:
    """What a visit of the chain wrote of one record, and into which version of it."""

    operation_id: str
    changes: Properties
    version: int


@dataclass(frozen=True, slots=True)
class Maker:
    """Who sent a visit, about whom, and whether it is among the visits (it is not yet, if it was kept undecided)."""

    author_id: str
    subject_id: str | None
    listed: bool


def earlier(known: Known, plan: Plan, replaces: str | None) -> Iterator[str]:
    """The visit that is amended, and what that amended in its turn, the latest first."""
    met = set[str]()
    while replaces and replaces not in met:
        met.add(replaces)
        yield replaces
        replaces = replaced_by_it(known, plan, replaces)


def replaced_by_it(known: Known, plan: Plan, id_: str) -> str | None:
    """What a visit of this push or an earlier one amends."""
    if id_ in plan.decisions:
        return plan.decisions[id_].arrival.operation.document.get("replaces")
    if id_ in known.submissions:
        return known.submissions[id_].replaces_id
    operation = operation_of(known.without_effect[id_]) if id_ in known.without_effect else None
    return operation.document.get("replaces") if operation is not None else None


def place_of(known: Known, plan: Plan, id_: str, unlisted: str | None = None) -> str | None:
    """What stands in the place of a visit, of this push or an earlier one; `unlisted` of one that is in no list."""
    stored, new = known.submissions.get(id_), next((row for row in plan.submissions if row["id"] == id_), None)
    if new is not None:
        return cast("str | None", new["replaced_by_id"])
    if stored is None:
        return unlisted
    mine = (values for each, values in plan.submission_values if each == id_)
    said = [values["replaced_by_id"] for values in mine if "replaced_by_id" in values]
    return said[-1] if said else stored.replaced_by_id


def amendments_of(known: Known, plan: Plan, id_: str) -> list[str]:
    """What stands in the place of a visit, and in the place of that in its turn; the last one stands for all."""
    found, later = list[str](), place_of(known, plan, id_)
    while later is not None and later != id_ and later not in found:
        found.append(later)
        later = place_of(known, plan, later)
    return found


def rival(known: Known, plan: Plan, arrival: Arrival) -> str | None:
    """What stands already in the place of a visit that this amends, although this amends another than that."""
    mine = {arrival.operation.id}
    for id_ in earlier(known, plan, arrival.operation.document.get("replaces")):
        mine.add(id_)
        last = next(reversed(amendments_of(known, plan, id_)), id_)
        if last in mine or arrival.operation.id in earlier(known, plan, replaced_by_it(known, plan, last)):
            continue  # what amends this itself is the same visit
        if not withdrawn(known, plan, last):
            return last
    return None


def maker(known: Known, plan: Plan, id_: str) -> Maker | None:
    """Who made a visit of this push or an earlier one."""
    if id_ in known.submissions:
        return Maker(known.submissions[id_].author_id, known.submissions[id_].subject_id, listed=True)
    new = next((row for row in plan.submissions if row["id"] == id_), None)
    if new is not None:
        return Maker(new["author_id"], new["subject_id"], listed=True)
    kept = known.without_effect.get(id_)
    return Maker(kept.author_id, kept.subject_id, listed=False) if kept is not None else None


def successor_of(known: Known, arrival: Arrival) -> Amendment | None:
    """The amendment that took effect before this visit came.

    Whoever made it: it names an id that nobody guesses, so an earlier history of this server had the visit.
    """
    found = _amendment_of(known, arrival)
    return found if found is not None and not found.withdrawn else None


def taken_back(known: Known, arrival: Arrival) -> Amendment | None:
    """The amendment with which its author took this visit back before it came."""
    found = _amendment_of(known, arrival)
    return found if found is not None and found.withdrawn and found.author_id == arrival.author_id else None


def _amendment_of(known: Known, arrival: Arrival) -> Amendment | None:
    found, subject = known.amended.get(arrival.operation.id), arrival.operation.subject
    return found if found is not None and found.subject_id in (subject, known.survivor(subject)) else None


def said_before(known: Known, plan: Plan, arrival: Arrival, entity_id: str) -> list[Said]:
    """What the visits that this one amends wrote of a record, the first one first; nothing of what was taken back."""
    ids = list(earlier(known, plan, arrival.operation.document.get("replaces")))
    return [
        said for id_ in reversed(ids) if not withdrawn(known, plan, id_) for said in _said(known, plan, id_, entity_id)
    ]


def said_since(known: Known, plan: Plan, arrival: Arrival, entity_id: str) -> list[Said]:
    """What amendments of this visit wrote that took effect before it came."""
    found, met, successor = list[Said](), set[str](), successor_of(known, arrival)
    while successor is not None and not successor.withdrawn and successor.id not in met:
        met.add(successor.id)
        found += _said(known, plan, successor.id, entity_id)
        successor = known.amended.get(successor.id)
    return found


def _said(known: Known, plan: Plan, id_: str, entity_id: str) -> list[Said]:
    decided = plan.decisions.get(id_)
    if decided is not None:
        wrote = [(each.wish.entity_id, each.status, each.changes, each.version) for each in decided.effects]
    else:
        wrote = [
            (row.entity_id, Status(row.status), row.changes, row.result_version) for row in known.written.get(id_, ())
        ]
    record = known.survivor(entity_id)
    return [
        Said(id_, changes, version or 0)
        for written, status, changes, version in wrote
        if status in IN_EFFECT and known.survivor(written) == record
    ]


def withdrawn(known: Known, plan: Plan, id_: str) -> bool:
    """Whether a visit was taken back, in this push or an earlier one."""
    stored = known.submissions.get(id_)
    taken = (values for visit_id, values in plan.submission_values if visit_id == id_)
    return (stored is not None and stored.withdrawn_at is not None) or any("withdrawn_at" in each for each in taken)
