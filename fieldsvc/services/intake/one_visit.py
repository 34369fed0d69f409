"""What is taken back with a visit: all that its author made of it, since on a phone all of a chain is one visit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fieldsvc.services.intake import chain
from fieldsvc.services.intake.known import Known
from fieldsvc.services.intake.plan import Plan


def one_visit(
    known: Known, plan: Plan, id_: str, amendments: Sequence[str], made: chain.Maker
) -> tuple[list[str], list[str]]:
    """What goes with this visit, the latest first; and what somebody else made of it before, which stands again.

    Its `amendments` go with it, whoever made them: a person has said so. What another amendment stands for stays.
    """
    last = amendments[-1] if amendments else id_
    known.load_displaced(made.subject_id or "", [last, *amendments])
    ids, others = list[str](), list[str]()
    for each in _members(known, plan, last, set()):
        member = chain.maker(known, plan, each)
        if member is None or member.subject_id != made.subject_id or not (member.listed or not others):
            break
        later = chain.amendments_of(known, plan, each)
        if not {*later} <= {*ids, *others}:
            break
        if not others and (member.author_id == made.author_id or id_ not in ids):
            ids.append(each)
        elif member.listed:
            others.append(each)
        else:
            break
    return ids, others


def _members(known: Known, plan: Plan, id_: str, met: set[str]) -> Iterator[str]:
    """A visit and what it stands for, the latest first: first the amendments that it was preferred to."""
    if id_ in met:
        return
    met.add(id_)
    yield id_
    amended = chain.replaced_by_it(known, plan, id_)
    stored = sorted(known.submissions.values(), key=lambda row: (row.received_at, row.position, row.id))
    listed = [*(row.id for row in stored), *(row["id"] for row in plan.submissions)]
    for other in reversed(listed):
        if other != amended and chain.place_of(known, plan, other) == id_:
            yield from _members(known, plan, other, met)
    if amended is not None:
        yield from _members(known, plan, amended, met)
