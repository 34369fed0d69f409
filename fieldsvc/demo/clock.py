"""The demo's past: services see the moment they are told."""

from dataclasses import replace
from datetime import datetime

from fieldsvc.services.context import Context


def standing_at(ctx: Context, moment: datetime) -> Context:
    """The same context with its clock standing at that moment."""
    stopped = int(moment.timestamp() * 1000)
    return replace(ctx, now_ms=lambda: stopped)
