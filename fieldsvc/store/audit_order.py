"""The order of the audit log, and which index walks it: newest first, a page at the same cost among a million lines.

One condition drives, an index in the log's order serves it with a branch for each of its values, and the others are
tested line by line. In one go for all its values, everything that a busy desk had ever done was sorted; and for the few
exports of a year the whole log was walked.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select, union_all

from fieldsvc.store.tables import AuditRow

#: Acts of which there are as many as visits: of who did one of these, the person says more than the act.
_FREQUENT = frozenset({"push", "view", "visit-approve", "visit-pass", "view-log"})

Conditions = list[ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; what is left out is not asked. `since` and `until` are moments, the latter excluded."""

    actors: Collection[str] | None = None
    things: Collection[str] | None = None
    actions: Collection[str] | None = None
    since: int | None = None
    until: int | None = None


def positions(wanted: Search, always: Sequence[ColumnElement[bool]], limit: int) -> Select[Any]:
    """At most `limit` places in the log, the newest first; `always` holds of every line."""
    place, rest = AuditRow.position, [*always, *_rest(wanted)]
    parts = [select(place).where(*rest, *one).order_by(place.desc()).limit(limit) for one in _driving(wanted)]
    if len(parts) == 1:
        return parts[0]
    merged = union_all(*(select(part.subquery()) for part in parts)).subquery()
    return select(merged.c.position).order_by(merged.c.position.desc()).limit(limit)


def _driving(wanted: Search) -> list[Conditions]:
    """What each branch seeks in an index; the branches together hold every wanted line once."""
    if wanted.things is not None:  # one household: its few lines are sorted
        return [[AuditRow.thing.in_(wanted.things)]]
    if wanted.actors is not None and not _acts_drive(wanted):
        return [[AuditRow.actor_id == one] for one in wanted.actors] or [[AuditRow.actor_id.in_([])]]
    if wanted.actions is not None:
        return [[AuditRow.action == one] for one in wanted.actions]
    return [[]]


def _acts_drive(wanted: Search) -> bool:
    return wanted.actions is not None and not _FREQUENT.intersection(wanted.actions)


def _rest(wanted: Search) -> Conditions:
    found: Conditions = []
    if wanted.actors is not None and (wanted.things is not None or _acts_drive(wanted)):
        found.append(AuditRow.actor_id.in_(wanted.actors))
    drives = wanted.things is None and (wanted.actors is None or _acts_drive(wanted))
    if wanted.actions is not None and not drives:
        found.append(AuditRow.action.in_(wanted.actions))
    return found
