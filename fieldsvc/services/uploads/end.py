"""Uploads that end unfinished, and what is left of them."""

from __future__ import annotations

from itertools import islice

from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.uploads import linking, standing
from fieldsvc.services.uploads.standing import DAY_MS
from fieldsvc.store import uploads

_AT_A_TIME = 500


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
    before = ctx.now_ms() - DAY_MS
    ctx.blobs.tidy(before)
    old, dropped = iter(ctx.blobs.under("parts", before)), 0
    while keys := list(islice(old, _AT_A_TIME)):
        with ctx.db.read() as session:
            named = uploads.named(session, {key.removeprefix("parts/").partition(".")[0] for key in keys})
        nobodys = [key for key in keys if key not in named]
        linking.delete(ctx, nobodys)
        dropped += len(nobodys)
    return dropped
