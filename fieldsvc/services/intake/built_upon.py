"""Whether what a withdrawal would end has got more since than goes with it: others' visits, or people."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from fieldsvc.services.intake import chain
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.wishes import Wish
from fieldsvc.store import entities, operations, submissions
from sync.model import Action


def built_upon(known: Known, plan: Plan, subject_id: str, wishes: Sequence[Wish], ids: Collection[str]) -> bool:
    """Whether these wishes end their subject although something of it would be left: a person has to look first.

    Whoever takes back a visit of the wrong household ends nothing, and is asked nothing. `ids` go with the subject. A
    visit that its own author made counts too: it would stand in the log on a household that is in no list.
    """
    ended = {wish.entity_id for wish in wishes if wish.action is Action.DELETE}
    if subject_id not in ended:
        return False
    if _is_visited(known, plan, subject_id, ids) or _has_records(known, plan, subject_id, ended):
        return True
    return _was_begun_anew(known, plan, subject_id, ids)


def _is_visited(known: Known, plan: Plan, subject_id: str, ids: Collection[str]) -> bool:
    stored = submissions.standing_of(known.session, known.feed_id, subject_id)
    new = {row["id"] for row in plan.submissions if row["subject_id"] == subject_id}
    return any(not chain.withdrawn(known, plan, id_) for id_ in (stored | new).difference(ids))


def _was_begun_anew(known: Known, plan: Plan, subject_id: str, ids: Collection[str]) -> bool:
    """Whether more is known of it than the visit that began it after it had been lost: that spoke for the rest."""
    stored = known.entities.get(subject_id)
    if stored is None or stored.begun_by not in ids:
        return False
    said = operations.in_effect_on(known.session, known.feed_id, subject_id)
    said |= {
        id_
        for id_, decided in plan.decisions.items()
        if decided.took_effect and any(effect.entity_id == subject_id for effect in decided.effects)
    }
    return not said <= set(ids)


def _has_records(known: Known, plan: Plan, subject_id: str, ended: Collection[str]) -> bool:
    found = {each.entity.id: each for each in entities.of_subject(known.session, known.feed_id, subject_id)}
    found |= {each.stored.entity.id: each.stored for each in plan.versions if each.stored.subject_id == subject_id}
    now = (known.entities.get(id_, stored).entity for id_, stored in found.items() if id_ not in ended)
    return any(not entity.deleted and entity.merged_into is None for entity in now)
