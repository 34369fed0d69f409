"""Deciding one operation with the engine of `sync/`, and noting in the plan what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from fieldsvc.problems import (
    AmendedSince,
    ChangedSince,
    EntityDeleted,
    EntityUnknown,
    NotUnique,
    OutOfScope,
    Problem,
    RuleBroken,
    Withdrawn,
)
from fieldsvc.services.intake.answered import known_again
from fieldsvc.services.intake.arrival import Arrival, Decision, Effect
from fieldsvc.services.intake.beginning import kept_in_place
from fieldsvc.services.intake.begun_with import begun_with, without_counts
from fieldsvc.services.intake.chain import Said, rival, said_before, said_since, taken_back
from fieldsvc.services.intake.gate import never, objection, only_checks
from fieldsvc.services.intake.guarding import broken
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.once import doubled
from fieldsvc.services.intake.origin import writer_of
from fieldsvc.services.intake.outcomes import note_outcome
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.repeated import amended_without_effect, repeats_the_unknown, waits_for_its_visit
from fieldsvc.services.intake.unregistered import unregistered
from fieldsvc.services.intake.wishes import Wish
from sync.branch import Duplicate, Link, Ready, Waiting, as_said, base_view, place
from sync.decide import Case, Review, Verdict, decide_together, retarget, status_of
from sync.merge import agree, alike, edits, written
from sync.model import Action, Edit, Policy, Properties, ReviewReason, Rules, Status, Writer

_PROBLEM_OF: Mapping[ReviewReason, type[Problem]] = {
    ReviewReason.ENTITY_DELETED: EntityDeleted,
    ReviewReason.ENTITY_UNKNOWN: EntityUnknown,
    ReviewReason.CHANGED_SINCE: ChangedSince,
    ReviewReason.OUT_OF_SCOPE: OutOfScope,
    ReviewReason.RULE_BROKEN: RuleBroken,
}


def decide(known: Known, plan: Plan, arrival: Arrival, subject_id: str) -> Decision:
    """The decision on an operation about this subject; its effects on entities are noted in the plan."""
    subject = known.survivor(subject_id) if subject_id else subject_id
    if arrival.operation.kind == "submission" and taken_back(known, arrival) is not None:
        return _waits(known, arrival, Status.REFUSED, subject, Withdrawn())
    problem = never(known, plan, arrival) or unregistered(known, plan, arrival)
    problem = problem or (None if arrival.accepted else objection(known, plan, arrival, subject_id))
    if problem is None and not arrival.accepted and rival(known, plan, arrival) is not None:
        problem = AmendedSince()
    if problem is not None:
        return _waits(known, arrival, Status.REVIEW, subject, problem)
    if waits_for_its_visit(known, plan, arrival):
        return _waits(known, arrival, Status.HELD, subject, None)
    cases: list[Case] = []
    for wish in arrival.reading.wishes:
        case = _case(known, plan, arrival, wish)
        if case is None:
            return _waits(known, arrival, Status.HELD, subject, None)
        cases.append(case)
    verdict = decide_together(cases)
    if not verdict.effective:
        return _waits(known, arrival, verdict.status, subject, _reason(verdict))
    against = None if arrival.accepted else broken(known, plan, arrival, verdict.outcomes, subject)
    if against is None and not _saw_both(arrival):
        against = doubled(known, plan, arrival, verdict.outcomes, subject)
    if against is not None:
        return _waits(known, arrival, Status.REVIEW, subject, against)
    effects = tuple(
        note_outcome(known, plan, arrival, wish, case, outcome, subject)
        for wish, case, outcome in zip(arrival.reading.wishes, cases, verdict.outcomes, strict=True)
    )
    for effect in effects:
        remember_link(known, arrival, effect)
    return Decision(arrival, verdict.status, subject, effects=effects)


def _saw_both(arrival: Arrival) -> bool:
    """Whether a person accepts it having been shown which record stands: for what waited for another reason that may
    have begun since, and they have to see both first.
    """
    problem = (arrival.stored.problem if arrival.stored else None) or {}
    return arrival.accepted and problem.get("code") == NotUnique.code


def _case(known: Known, plan: Plan, arrival: Arrival, wish: Wish) -> Case | None:
    """Everything the engine needs to decide one wish; nothing, while an earlier link of its branch is missing."""
    link = _link(arrival, wish)
    ready = _place(known, link, wish, forced=arrival.forced or arrival.accepted)
    if ready is None:
        return None
    # A deletion is of the record it names: merged away that is gone, and the survivor is another's too.
    survivor = wish.entity_id if wish.action is Action.DELETE else known.survivor(wish.entity_id)
    stored = known.entities.get(survivor)
    wish = kept_in_place(wish, stored)
    rules = known.datasets.rules(wish.dataset)
    before = said_before(known, plan, arrival, wish.entity_id)
    since = said_since(known, plan, arrival, wish.entity_id)
    seen, elsewhere = _screen(known, wish, ready, rules, before)
    began = begun_with(known, plan, arrival, wish)
    ready = ready if began else without_counts(known, plan, arrival, wish, ready)
    seen, elsewhere = _before_both(known, plan, arrival, wish, rules, seen, elsewhere)
    if seen is not None and repeats_the_unknown(known, plan, arrival):
        seen, elsewhere = _as_never_seen(wish, rules, seen), True
    # What lay under the screen that began the record makes no version of it: neither that nor what follows in the same
    # branch waits for one.
    anew = began or any(link.began for link in ready.earlier)
    changes, shown_version = edits(seen, wish.changes, rules), 0 if anew else wish.shown_version
    if arrival.accepted and stored is not None:
        # A supervisor read these very values beside the present ones and wants them: nothing is left to ask.
        asked = [name for name in changes if rules.unit(name).policy is Policy.REVIEW]
        present = stored.entity.properties
        seen = present if seen is None else {**seen, **{name: present.get(name) for name in asked}}
        shown_version = stored.entity.version
    checks = (
        wish.writer is Writer.PHONE
        and not arrival.accepted
        and known.datasets.is_kept_from_checkers(wish.dataset)
        and only_checks(known, arrival, stored.subject_id if stored else arrival.operation.subject)
    )
    edit = Edit(
        entity_id=wish.entity_id,
        changes=changes,
        action=wish.action,
        operation_id=arrival.operation.id,
        trunk_version=shown_version,
        base_version=wish.base_version,
        branch_id=wish.branch_id,
        author=known.actor(arrival.author_id).name,
        writer=Writer.CHECKER if checks else writer_of(known, plan, arrival, wish, stored, changes, rules),
    )
    if survivor != wish.entity_id:
        edit = replace(edit, entity_id=survivor) if arrival.accepted else retarget(edit, survivor)
    return Case(
        edit=edit,
        entity=stored.entity if stored else None,
        seen=seen,
        rules=rules,
        conflicts=tuple(known.conflicts.get(survivor, ())),
        later=(*(link.changes for link in ready.later), *(each.changes for each in since), *began),
        beside=tuple(link.changes for link in ready.beside),
        apart=tuple(link.changes for link in ready.apart),
        forced=arrival.forced,
        accepted=arrival.accepted,
        own=known.written_last_by(arrival.author_id, survivor, plan.versions) if checks else frozenset(),
        elsewhere=elsewhere and not arrival.accepted,
    )


def _screen(
    known: Known, wish: Wish, ready: Ready, rules: Rules, before: Sequence[Said]
) -> tuple[Properties | None, bool]:
    """What the author saw, and whether the version that was under it is another one in this server's history.

    An amendment that was filled in while its visit waited did not show what that said. Of what has taken effect since,
    or again after a backup was put back, it states nothing new: a counter would count one visit twice.
    """
    if wish.seen is not None:
        return wish.seen, False
    shown = {} if wish.shown_version == 0 else known.versions.get((wish.entity_id, wish.shown_version))
    said = as_said(shown, wish.changes, wish.was)
    elsewhere = said is not None and (shown is None or not agree(said, shown, said, rules))
    links = {link.operation_id for link in ready.earlier}
    for each in before:
        if said is not None and each.version > wish.shown_version and each.operation_id not in links:
            said = {**said, **each.changes}
    return base_view(said, ready.earlier), elsewhere


def _before_both(
    known: Known, plan: Plan, arrival: Arrival, wish: Wish, rules: Rules, seen: Properties | None, elsewhere: bool
) -> tuple[Properties | None, bool]:
    """What was seen; of what an amendment repeats of visits that never took effect, what was before those."""
    for earlier, said in amended_without_effect(known, plan, arrival, wish):
        ready = _place(known, _link(earlier, said), said, forced=True)
        chain = said_before(known, plan, earlier, said.entity_id)
        before, _ = _screen(known, said, ready or Ready(), rules, chain)
        after = {**(before or {}), **said.changes}
        units = [unit for unit in written(before, said.changes, rules) if seen is not None and alike(unit, seen, after)]
        if seen is not None and units:
            names = [name for unit in units for name in unit.names]
            seen, elsewhere = {**seen, **{name: (before or {}).get(name) for name in names}}, True
    return seen, elsewhere


def _as_never_seen(wish: Wish, rules: Rules, seen: Properties) -> Properties:
    """What was seen without what is stated as seen: the visit may have brought that, and it is in no record then.

    What adds up stays: counted from nothing it would count all there ever was.
    """
    units = [unit for unit in rules.units(wish.changes) if alike(unit, seen, {**seen, **wish.changes})]
    names = {name for unit in units if unit.policy not in (Policy.COUNTER, Policy.APPEND) for name in unit.names}
    return {name: value for name, value in seen.items() if name not in names}


def _place(known: Known, link: Link, wish: Wish, *, forced: bool) -> Ready | None:
    chain = [
        other
        for entity_id, other in known.links.get(wish.branch_id or "", ())
        if entity_id == wish.entity_id and other.operation_id != link.operation_id
    ]
    match place(*known_again(known, link, wish.entity_id, chain), forced=forced):
        case Ready() as ready:
            return ready
        case Waiting():
            return None
        case Duplicate():
            raise AssertionError("an operation was decided twice in one place")


def _link(arrival: Arrival, wish: Wish, changes: Mapping[str, str | None] | None = None) -> Link:
    return Link(
        operation_id=arrival.operation.id,
        trunk_version=wish.trunk_version,
        base_version=wish.base_version,
        changes=wish.changes if changes is None else changes,
        branch_id=wish.branch_id,
        received_at=arrival.received_at,
        seen_version=wish.seen_version,
        seen_base=wish.seen_base,
        unseen=wish.unseen,
    )


def remember_link(known: Known, arrival: Arrival, effect: Effect) -> None:
    """Let later links of the branch find this one, answered."""
    branch_id = effect.wish.branch_id
    if branch_id is None:
        return
    link = _link(arrival, effect.wish, effect.changes)
    now, began = known.ctx.now_ms(), effect.advanced and effect.version == 1
    chain, mine = known.links.setdefault(branch_id, []), (effect.wish.entity_id, link.operation_id)
    before = [other for entity_id, other in chain if (entity_id, other.operation_id) == mine]
    first = [other.answered_at for other in before if other.status is not Status.HELD]
    link = replace(link, status=effect.status, answered_at=first[0] if first else now, decided_at=now, began=began)
    chain[:] = [(entity_id, other) for entity_id, other in chain if (entity_id, other.operation_id) != mine]
    chain.append((effect.wish.entity_id, link))


def _waits(known: Known, arrival: Arrival, status: Status, subject: str | None, problem: Problem | None) -> Decision:
    effects = tuple(Effect(wish.entity_id, wish, status, dict(wish.changes)) for wish in arrival.reading.wishes)
    for effect in effects:
        remember_link(known, arrival, effect)
    return Decision(arrival, status, subject, problem, effects)


def _reason(verdict: Verdict) -> Problem | None:
    for outcome in verdict.outcomes:
        if isinstance(outcome, Review) and status_of(outcome) is verdict.status:
            return _PROBLEM_OF[outcome.reason]()
    return None
