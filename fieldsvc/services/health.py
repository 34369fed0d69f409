"""Whether the server can do its work right now."""

from __future__ import annotations

from fieldsvc.services.context import Context
from fieldsvc.store import feeds


def check(ctx: Context) -> None:
    """Read one row; raises when the database does not answer."""
    with ctx.db.read() as session:
        feeds.any_feed(session)
