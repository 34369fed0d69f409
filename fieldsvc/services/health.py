"""Whether the server can do its work right now: whether it lives, and whether it should be given requests."""

from __future__ import annotations

from fieldsvc.problems import NotReady
from fieldsvc.services.context import Context
from fieldsvc.store import condition, feeds


def check(ctx: Context) -> None:
    """Read one row. Raises `database-away` when the database does not answer."""
    with ctx.db.read() as session:
        feeds.any_feed(session)


def check_ready(ctx: Context) -> None:
    """See whether whatever a request may need is there. Raises `database-away`, `not-ready`.

    A database that a newer release has migrated still counts as ready: migrations add, and this release goes on
    beside the newer one until it is replaced, so that an upgrade node by node drops nobody.
    """
    with ctx.db.read() as session:
        migrated = condition.has_tables(session)
    missing = [] if migrated else ["release"]
    if not ctx.blobs.is_writable():
        missing.append("files")
    if missing:
        raise NotReady(missing=missing)
