"""What every phone is told of its county: the key it seals to, and whether it may or must be locked by a PIN.

It is told with a session, and by sync once it has changed: a phone says what it was told last by a short mark.
"""

from __future__ import annotations

import hashlib
from typing import Any

from fieldsvc.config import Settings
from fieldsvc.services import envelope
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import feeds

#: Of a mark so many letters tell the key; what follows tells the rest.
PRINT = 8


def print_of(secret_key: str) -> str:
    """What tells the key that follows from this secret from others; it tells nothing of the secret."""
    return hashlib.sha256(envelope.public_key(secret_key).encode()).hexdigest()[:PRINT]


def mark(settings: Settings) -> str:
    """What tells this server's word from another's, or from its own of before."""
    return f"{print_of(settings.secret_key)}{settings.phone_pin}"


def told(settings: Settings, feed_id: str, name: str) -> dict[str, Any]:
    """A county as its phones know it."""
    pin = {1: {"pin": True}, 2: {"pin": True, "pin_required": True}}.get(settings.phone_pin, {})
    key = envelope.public_key(settings.secret_key)
    return {"id": feed_id, "name": name, "rescue_key": key, "told": mark(settings), **pin}


def news(ctx: Context, by: Actor, said: Any) -> dict[str, Any]:
    """The county anew for a phone that was told another thing, as part of a page; one that does not say is not told."""
    if not isinstance(said, str) or said == mark(ctx.settings):
        return {}
    with ctx.db.read() as session:
        name = feeds.get(session, by.feed_id).name
    return {"feed": told(ctx.settings, by.feed_id, name)}
