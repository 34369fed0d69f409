"""What takes back the effects of a visit, and of all that its author made of it."""

from __future__ import annotations

from collections.abc import Sequence

from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.plan import Plan
from fieldsvc.services.intake.wishes import Wish
from sync.decide import undo
from sync.model import Action, Writer


def undoing(known: Known, plan: Plan, operation_ids: Sequence[str]) -> tuple[Wish, ...]:
    """The wishes that take back what these wrote, the latest first.

    Of a record that they began and that was merged into another since, nothing: what the survivor has of it, a person
    left there, and it is not theirs alone.
    """
    found = [wish for id_ in operation_ids for wish in _of_one(known, plan, id_)]
    begun = {wish.entity_id for wish in found if wish.action is Action.DELETE}
    merged = {id_ for id_ in begun if known.survivor(id_) != id_}
    return tuple(wish for wish in found if wish.entity_id not in merged)


def _of_one(known: Known, plan: Plan, operation_id: str) -> tuple[Wish, ...]:
    """The wishes that take back what an operation wrote, in this push or long ago; the last version first."""
    written = known.produced.get(operation_id) or [
        (new.stored.entity.id, new.stored.entity.version)
        for new in reversed(plan.versions)
        if new.operation_id == operation_id
    ]
    wishes = []
    for entity_id, version in written:
        stored = known.entities[entity_id]
        after = known.versions[entity_id, version]
        before = known.versions.get((entity_id, version - 1), {})
        numbering = known.datasets.numbering(stored.dataset)
        # The visit brought the source and with it the number. It stays: it is on paper, and nobody gets it again.
        kept = {numbering["property"]: after.get(numbering["property"])} if numbering else {}
        changes, seen = undo({**before, **kept}, after)
        wishes.append(
            Wish(
                dataset=stored.dataset,
                entity_id=entity_id,
                changes={} if version == 1 else changes,
                action=Action.DELETE if version == 1 else Action.UPDATE,
                base_version=version,
                trunk_version=version,
                writer=Writer.SERVER,
                seen=seen,
            )
        )
    return tuple(wishes)
