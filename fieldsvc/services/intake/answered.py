"""A link that was answered before and is decided again: a person accepts it, or what it waited for is here.

Later ones of its branch that were decided meanwhile were judged by what it had made of the record, since their phone
showed that. What they added is theirs alone, and what it adds is in no record yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fieldsvc.services.intake.again import operation_of
from fieldsvc.services.intake.known import Known
from fieldsvc.store import operations
from sync.branch import Link
from sync.model import Status


def known_again(known: Known, link: Link, entity_id: str, chain: Sequence[Link]) -> tuple[Link, Sequence[Link]]:
    """The link with its answer of before, if it had one; and the others with all that they say they did not show."""
    before = next(
        (
            each
            for other_id, each in known.links.get(link.branch_id or "", ())
            if other_id == entity_id and each.operation_id == link.operation_id
        ),
        None,
    )
    if before is None or before.status in (None, Status.HELD):
        return link, chain
    later = [each.operation_id for each in chain if each.base_version > link.base_version]
    unseen = {id_: _unseen(stored) for id_, stored in operations.known(known.session, known.feed_id, later).items()}
    link = replace(link, status=before.status, answered_at=before.answered_at)
    return link, [replace(each, unseen=unseen.get(each.operation_id, each.unseen)) for each in chain]


def _unseen(stored: operations.Receipted) -> frozenset[str]:
    operation = operation_of(stored)
    said = operation.document if operation is not None else {}
    return frozenset(id_ for each in (said, *(said.get("entities") or ())) for id_ in each.get("unseen") or ())
