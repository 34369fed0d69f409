"""Whether the server can do its work right now: whether it lives, and whether it should be given requests."""

from __future__ import annotations

from fieldsvc.problems import NotReady
from fieldsvc.services.context import Context
from fieldsvc.store import condition, feeds


def check(ctx: Context) -> None:
    """Read one row. Raises `database-away` when the database does not answer.

    On a connection of its own: a server whose others are all taken works hard, and must not be restarted for it.
    """
    with ctx.db.probe() as session:
        feeds.any_feed(session)


def check_ready(ctx: Context) -> list[str]:
    """What is missing that most requests do without: `files`, or nothing. Raises `database-away`, `not-ready`.

    An object store is away from all servers at once: were each to say that it is not ready, a proxy would have nobody
    left for the text, which goes on. A folder is one server's own, and another may have room.

    A database that a newer release has migrated still counts as ready: migrations add, and this release goes on
    beside the newer one until it is replaced, so that an upgrade node by node drops nobody.
    """
    with ctx.db.probe() as session:
        migrated = condition.has_tables(session)
    files = [] if ctx.blobs.is_writable() else ["files"]
    if not migrated:
        raise NotReady(missing=["release", *files])
    if files and not ctx.settings.blobs_url:
        raise NotReady(missing=files)
    return files
