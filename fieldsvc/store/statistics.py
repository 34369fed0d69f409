"""What SQLite's planner is told about the sizes of things: always a county of a million visits.

Without statistics SQLite takes every column of an index to be about equally choosy, and at a million visits sorted the
whole county for the page of one household (300 ms of processor time instead of 1). Statistics taken by `ANALYZE` would
follow whatever was there on that day, be wrong after the first import, and, taken within bounds, say of every column
that no more rows are equal than the bound. So SQLite is told the same everywhere, and a plan that a test has seen is
the plan of every server. PostgreSQL keeps statistics by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Index, Table, UniqueConstraint, text

from fieldsvc.store.base import Base

#: Rows of the tables that grow with the visits; of every other there are a few.
_ROWS = {
    "assignments": 100_000,
    "attachments": 3_000_000,
    "audit": 3_000_000,
    "changes": 5_000_000,
    "effects": 2_000_000,
    "claims": 100_000,
    "entities": 300_000,
    "entity_versions": 2_000_000,
    "import_lines": 100_000,
    "imported_rows": 100_000,
    "operations": 1_000_000,
    "places": 50_000,
    "reviews": 1_000_000,
    "scope": 100_000,
    "submissions": 1_000_000,
}
_FEW = 5_000
#: How many different values a column has; any other column tells its rows apart.
_DIFFERENT = {
    **dict.fromkeys(("feed_id", "deleted", "merged_into", "practice", "replaced_by_id", "withdrawn_at"), 1),
    **dict.fromkeys(("role", "severity", "kind", "clock", "version", "source", "roster"), 3),
    **dict.fromkeys(("state", "status", "review_state", "fate"), 6),
    **dict.fromkeys(("dataset", "form_id"), 10),
    **dict.fromkeys(("month", "period", "import_id", "campaign_id"), 24),
    "action": 50,
    "area_id": 300,
    **dict.fromkeys(("person_id", "author_id", "actor_id", "assignee_id", "giver_id", "by_id"), 1_000),
    **dict.fromkeys(("subject_id", "entity_id", "topic", "thing"), 50_000),
    **dict.fromkeys(("submission_id", "operation_id"), 500_000),
}
#: Of so many rows one is in an index of what is rare: what waits, what is flagged, what is practice.
_RARE = 200


def tell(connection: Connection) -> None:
    """Write what the planner assumes; connections opened from now on plan by it. Nothing on PostgreSQL."""
    if connection.dialect.name != "sqlite":
        return
    connection.execute(text("ANALYZE feeds"))  # makes the table of statistics, if there is none yet
    connection.execute(text("DELETE FROM sqlite_stat1"))
    rows = [
        {"tbl": table.name, "idx": name, "stat": stat} for table in _tables() for name, stat in _assumed(table).items()
    ]
    connection.execute(text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:tbl, :idx, :stat)"), rows)


def _tables() -> Sequence[Table]:
    return Base.metadata.sorted_tables


def _assumed(table: Table) -> dict[str, str]:
    """For each index of a table its rows, and how many of them are equal in its first column, its first two, …"""
    number = _ROWS.get(table.name, _FEW)
    found = {
        str(one.name): _stat(number // (_RARE if _is_rare(one) else 1), one.columns.keys()) for one in table.indexes
    }
    # The key, and what else is there once at most, have indexes of SQLite's own, numbered from one.
    once = [one for one in table.constraints if isinstance(one, UniqueConstraint)]
    for place, one in enumerate([table.primary_key, *once], start=1):
        found[f"sqlite_autoindex_{table.name}_{place}"] = _stat(number, one.columns.keys()[:-1], unique=True)
    return found


def _is_rare(index: Index) -> bool:
    where = index.dialect_options["sqlite"]["where"]
    return where is not None and ("IS NULL" not in str(where) or "flags IS NOT NULL" in str(where))


def _stat(number: int, columns: Sequence[str], *, unique: bool = False) -> str:
    equal, told = number, [number]
    for name in columns:
        equal = max(1, equal // _DIFFERENT.get(name, number))
        told.append(equal)
    return " ".join(str(one) for one in [*told, *([1] if unique else [])])
