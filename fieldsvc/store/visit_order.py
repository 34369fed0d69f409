"""The order of the visit log, and which index walks it: newest month first, and within it newest received first.

Every page must cost the same at a million visits. So one condition drives, an index already in the log's order
serves it, and the others are tested row by row, written so that no index is tempted by them: left free, the
planner intersects two long lists and sorts what is left.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select, tuple_, union_all
from sqlalchemy.orm import Session

from fieldsvc.store.submissions import APART
from fieldsvc.store.tables import SubmissionRow

#: (month, received_at, id): where a visit stands in the log.
Key = tuple[int, int, str]

STATES = ("waiting", "passed", "approved", "returned", "doubt", "rejected", "trial")
#: States that few visits are in at a time.
_RARE = frozenset({"waiting", "passed", "returned", "doubt", "rejected", "trial", *APART})
# SQLite refuses a compound SELECT of more than 500 parts.
_MOST_BRANCHES = 200

Conditions = list[ColumnElement[bool]]
Lots = tuple[tuple[str, str], ...]
#: Where the last three digits of a UUID begin.
_LOT_AT = 34


@dataclass(frozen=True, slots=True)
class VisitFilter:
    """Which visits are wanted. `areas` None means the whole feed; an empty tuple means none at all.

    `flagged` and `amended` None leave that open. `lots` are ranges of the last three digits of an id; an empty tuple
    draws none. `until` is the last moment of arrival that counts.
    """

    areas: tuple[str, ...] | None
    month: int | None = None
    author_id: str | None = None
    form_id: str | None = None
    state: str | None = None
    flagged: bool | None = None
    amended: bool | None = None
    lots: Lots | None = None
    until: int | None = None
    oldest_first: bool = False


def keys(feed_id: str, wanted: VisitFilter, after: Key | None, limit: int) -> Select[Any]:
    """At most `limit` ids in the log's order, after `after`."""
    table = SubmissionRow
    columns = (table.month, table.received_at, table.id)
    rest = [table.feed_id == feed_id, table.replaced_by_id.is_(None), *_rest(wanted)]
    if after is not None:
        place, key = tuple_(*columns), tuple_(*after)
        rest.append(place > key if wanted.oldest_first else place < key)

    def in_order(query: Select[*tuple[Any, ...]], ordered: Sequence[Any]) -> Select[Any]:
        return query.order_by(*(ordered if wanted.oldest_first else [one.desc() for one in ordered])).limit(limit)

    parts = [in_order(select(*columns).where(*rest, *driving), columns) for driving in _driving(wanted)]
    if len(parts) == 1:
        return parts[0]
    merged = union_all(*(select(part.subquery()) for part in parts)).subquery()
    return in_order(select(merged), list(merged.c))


def number(session: Session, feed_id: str, wanted: VisitFilter, at_most: int) -> int:
    """How many visits the filter holds, counted no further than `at_most`."""
    table, found = SubmissionRow, 0
    rest = [table.feed_id == feed_id, table.replaced_by_id.is_(None), *_rest(wanted)]
    for driving in _driving(wanted):
        part = select(table.id).where(*rest, *driving).limit(at_most - found).subquery()
        found += session.scalar(select(func.count()).select_from(part)) or 0
        if found >= at_most:
            break
    return found


def _driving(wanted: VisitFilter) -> list[Conditions]:
    """What each branch of the query seeks in an index; the branches together hold every wanted visit once."""
    table = SubmissionRow
    month: Conditions = [table.month == wanted.month] if wanted.month is not None else []
    if wanted.author_id is not None:
        return [[table.author_id == wanted.author_id, *month]]
    if wanted.flagged and wanted.state in _RARE:
        return [[table.flags.is_not(None), table.review_state == wanted.state, *month]]
    if wanted.flagged:
        return [[table.flags.is_not(None), *month]]
    if wanted.state in _RARE:
        return [[table.review_state == wanted.state, *month]]
    if _form_drives(wanted):
        # A form that few visits are by is found at once; of one that most are by, a page is full before long.
        return [[table.form_id == wanted.form_id, *month]]
    if wanted.areas is not None and len(wanted.areas) <= _MOST_BRANCHES:
        return [[table.area_id == area, *month] for area in wanted.areas] or [[table.area_id.in_([]), *month]]
    return [[table.review_state == state, *month] for state in STATES]


def _form_drives(wanted: VisitFilter) -> bool:
    choosier = wanted.author_id is not None or wanted.flagged or wanted.state in _RARE
    return wanted.form_id is not None and not choosier


def _rest(wanted: VisitFilter) -> Conditions:
    table = SubmissionRow
    found: Conditions = []
    if wanted.areas is not None:
        found.append(table.area_id.concat("").in_(wanted.areas))
    if wanted.form_id is not None and not _form_drives(wanted):
        found.append(table.form_id.concat("") == wanted.form_id)
    if wanted.flagged is not None:
        found.append(table.flags.is_not(None) if wanted.flagged else table.flags.is_(None))
    if wanted.amended is not None:
        found.append(table.replaces_id.is_not(None) if wanted.amended else table.replaces_id.is_(None))
    if wanted.lots is not None:
        lot = func.substr(table.id, _LOT_AT, 3)
        found.append(or_(false(), *(lot.between(first, last) for first, last in wanted.lots)))
    if wanted.until is not None:
        found.append(table.received_at <= wanted.until)
    if wanted.state == "withdrawn":
        found.append(table.withdrawn_at.is_not(None))
    elif wanted.state is None:
        found.append(table.review_state.concat("").not_in(APART))
    else:
        found += [table.review_state.concat("") == wanted.state, table.withdrawn_at.is_(None)]
    return found
