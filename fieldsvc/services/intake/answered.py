"""A link that later ones of its branch were decided before: it comes late, or was answered and is decided again.

What lay under those, since their phone showed it and it was here, was what they were judged by, whatever became of it:
what they added to that is theirs alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fieldsvc.services.intake.again import operation_of
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.parse import Operation
from fieldsvc.store import operations
from sync.branch import Link
from sync.model import IN_EFFECT, Status


def known_again(known: Known, link: Link, entity_id: str, chain: Sequence[Link]) -> tuple[Link, Sequence[Link]]:
    """The link with its answer of before, if it had one; the others with what they did not show, if that matters."""
    answer = _answer_before(known, link, entity_id)
    # Where the link has been answered, whoever heard of that may have made any of the others since, in any place.
    late = [each for each in chain if answer is not None or each.base_version > link.base_version]
    if not any(each.status in IN_EFFECT for each in late):
        return link, chain
    stored = operations.known(known.session, known.feed_id, [each.operation_id for each in late])
    unseen = {id_: unseen_by(operation_of(each)) for id_, each in stored.items()}
    chain = [replace(each, unseen=unseen.get(each.operation_id, each.unseen)) for each in chain]
    if answer is not None:
        link = replace(link, status=answer.status, answered_at=answer.answered_at)
    return link, chain


def _answer_before(known: Known, link: Link, entity_id: str) -> Link | None:
    """The same link as it was answered, by anything but that it waits for another."""
    mine = (entity_id, link.operation_id)
    for other_id, before in known.links.get(link.branch_id or "", ()):
        if (other_id, before.operation_id) == mine and before.status is not Status.HELD:
            return before
    return None


def unseen_by(operation: Operation | None) -> frozenset[str]:
    """What its phone had made before and did not show any more when this was made (Protocol 3.14)."""
    said = operation.document if operation is not None else {}
    # Nobody has looked at the other's words, whose shape may be anything.
    entries = said.get("entities") or () if said.get("kind") == "submission" else (said,)
    return frozenset(id_ for each in entries for id_ in each.get("unseen") or ())
