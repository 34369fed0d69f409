"""How a file goes for good although somebody may be keeping the same bytes in that very moment.

Whether a row names it and whether it is there are asked of two stores, so no lock holds both, and an upload puts its
bytes before its row is written. So a file lies aside for an hour, which no upload takes for that; what is named by then
is put back, also where the process that laid it there has ended.
"""

from __future__ import annotations

from itertools import islice

from fieldsvc.services.context import Context
from fieldsvc.store.purging import gone

_KIND = "aside"
_HOUR_MS = 60 * 60 * 1000
_AT_A_TIME = 500


def remove(ctx: Context, name: str) -> None:
    """Lay aside a file that nothing names, and put it back at once if a paper or a photo with its bytes has come."""
    try:
        data = ctx.blobs.get(name)
    except KeyError:
        return
    ctx.blobs.put(f"{_KIND}/{name}", data)
    ctx.blobs.delete(name)
    with ctx.db.read() as session:
        kept = gone.named(session, [name])
    if kept:
        ctx.blobs.put(name, data)


def settle(ctx: Context) -> int:
    """Delete what has lain aside for an hour, but put back what has been named since. Returns how many files."""
    old, settled = ctx.blobs.under(_KIND, ctx.now_ms() - _HOUR_MS), 0
    while names := [key.removeprefix(f"{_KIND}/") for key in islice(old, _AT_A_TIME)]:
        with ctx.db.read() as session:
            kept = gone.named(session, names)
        for name in names:
            if name in kept and not ctx.blobs.has(name):
                ctx.blobs.put(name, ctx.blobs.get(f"{_KIND}/{name}"))
            ctx.blobs.delete(f"{_KIND}/{name}")
        settled += len(names)
    return settled
