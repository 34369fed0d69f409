"""Uploads that end unfinished, and what is left of them."""

from __future__ import annotations

from fieldsvc.services import orphans
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.uploads import linking, standing
from fieldsvc.services.uploads.standing import DAY_MS
from fieldsvc.store import uploads


def terminate(ctx: Context, by: Actor, upload_id: str) -> None:
    """Forget an unfinished upload at its sender's wish. Raises `not-found`."""
    with ctx.db.write() as session:
        row = standing.mine(ctx, by, uploads.find(session, upload_id))
        keys = uploads.clear(session, row)
        session.delete(row)
    linking.delete(ctx, keys)


def sweep(ctx: Context, limit: int = 100) -> int:
    """Drop uploads whose time is over, with their pieces: nobody finished them, or they have long been linked."""
    with ctx.db.write() as session:
        rows = uploads.expired(session, ctx.now_ms(), limit)
        keys = [key for row in rows for key in uploads.clear(session, row)]
        for row in rows:
            session.delete(row)
    linking.delete(ctx, keys)
    return len(rows)


def tidy(ctx: Context) -> int:
    """Drop pieces that no upload names, and files half-written: their process was killed. Returns how many pieces.

    They are given a day: a piece is written before it is noted, and clocks of two machines may differ.
    """
    ctx.blobs.tidy(ctx.now_ms() - DAY_MS)
    return orphans.drop(ctx, orphans.pieces(ctx))
