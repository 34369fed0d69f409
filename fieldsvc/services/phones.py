"""What the server remembers of each phone: when it was here, and what it says it still holds."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import people
from fieldsvc.store.engine import Database

_NEWS_MS = 10 * 60_000
#: What this process noted last of each device; forgetting it costs one write too many.
_NOTED: WeakKeyDictionary[Database, dict[str, tuple[int, tuple[Any, ...]]]] = WeakKeyDictionary()
_MOST_NOTED = 20_000
_MARK = 12


def note_contact(ctx: Context, by: Actor, app: Any, pending: Any, told: Any) -> None:
    """Note the contact, what the phone still holds and was told last; writes only when that is news.

    A supervisor sees it when a phone is lost. A sync with nothing new must not cost an fsync.
    """
    if by.device_id is None:
        return
    counts = pending if isinstance(pending, dict) else {}
    wanted: dict[str, Any] = {
        "pending_operations": _count(counts.get("operations")),
        "pending_photos": _count(counts.get("photos")),
        "app_release": app[:40] if isinstance(app, str) and app.isprintable() else None,
    }
    if isinstance(told, str) and told.isalnum():
        wanted["told"] = told[:_MARK]
    noted = _NOTED.setdefault(ctx.db, {})
    now, news = ctx.now_ms(), tuple(wanted.values())
    at, before = noted.get(by.device_id, (0, ()))
    if news == before and now - at < _NEWS_MS:
        return
    with ctx.db.write() as session:
        people.device_seen(session, by.device_id, last_seen_at=now, **wanted)
    if len(noted) >= _MOST_NOTED:
        noted.clear()
    noted[by.device_id] = (now, news)


def _count(value: Any) -> int:
    """A number a phone sent, kept within what anybody could believe."""
    return min(max(value, 0), 1_000_000) if isinstance(value, int) and not isinstance(value, bool) else 0
