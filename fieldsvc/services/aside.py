"""How a file goes for good although somebody may keep the same bytes in that very moment.

Whether a row names it and whether it is there are asked of two stores, so no lock holds both. A file lies aside until
it is known that nobody has named it meanwhile; whoever ends in between leaves it there, and a later night settles it.
"""

from __future__ import annotations

from itertools import islice

from fieldsvc.services.context import Context
from fieldsvc.store.purging import gone

_KIND = "aside"
_DAY_MS = 24 * 60 * 60 * 1000
_AT_A_TIME = 500


def remove(ctx: Context, name: str) -> None:
    """Delete a file that nothing names, and put it back if a paper or a photo with its bytes came meanwhile."""
    try:
        data = ctx.blobs.get(name)
    except KeyError:
        return
    ctx.blobs.put(f"{_KIND}/{name}", data)
    ctx.blobs.delete(name)
    _settle(ctx, [name])


def settle(ctx: Context) -> int:
    """Decide of what lies aside since yesterday, because a process ended over it. Returns how many files."""
    old, settled = ctx.blobs.under(_KIND, ctx.now_ms() - _DAY_MS), 0
    while names := [key.removeprefix(f"{_KIND}/") for key in islice(old, _AT_A_TIME)]:
        _settle(ctx, names)
        settled += len(names)
    return settled


def _settle(ctx: Context, names: list[str]) -> None:
    with ctx.db.read() as session:
        kept = gone.named(session, names)
    for name in names:
        if name in kept and not ctx.blobs.has(name):
            ctx.blobs.put(name, ctx.blobs.get(f"{_KIND}/{name}"))
        ctx.blobs.delete(f"{_KIND}/{name}")
