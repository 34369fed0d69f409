"""Letters of a phone that is locked by a PIN: texts it keeps and cannot read, but this server can (decision 0045).

An operation's text leaves by one while the app is locked (Protocol 3.20); the key behind a PIN that was forgotten comes
back by one, to whoever has just signed in. The other side is `static/parts/letters.js`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fieldsvc.problems import LetterUnreadable, TokenExpired
from fieldsvc.services import envelope
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import audit, people

MARK = "fieldsvc-letter/1"
_PIECES = 4
_NONCE_BYTES = 12
#: So long after signing in the key of a forgotten PIN is told. A thief has the phone's old session, and no new one.
_FRESH_MS = 15 * 60_000


def is_letter(text: str) -> bool:
    """Whether this is a letter and not yet what stands in it."""
    return text.split(" ", 1)[0] == MARK


def opened(secret_keys: Sequence[str], text: str, purpose: str) -> str:
    """What stands in a letter that was written to one of these for this purpose; raises `letter-unreadable`."""
    pieces = text.split(" ")
    if len(pieces) != _PIECES or pieces[0] != MARK:
        raise LetterUnreadable
    try:
        half, nonce, data = (base64.b64decode(piece, validate=True) for piece in pieces[1:])
        if len(nonce) != _NONCE_BYTES:
            raise LetterUnreadable
        for secret_key in secret_keys:
            with suppress(InvalidTag):
                return AESGCM(_key(secret_key, half, purpose)).decrypt(nonce, data, None).decode()
    except ValueError:
        raise LetterUnreadable from None
    raise LetterUnreadable


def _key(secret_key: str, half: bytes, purpose: str) -> bytes:
    info = f"{MARK} {purpose}".encode()
    shared = envelope.shared(secret_key, half)
    return HKDF(algorithm=SHA256(), length=32, salt=half, info=info).derive(shared)


def key_for(ctx: Context, by: Actor, letter: str) -> dict[str, Any]:
    """The private key in a person's letter, for that person just after signing in, and on record.

    Raises `token-expired`, before anything is said of the letter: a phone whose letter cannot be read goes on without
    its PIN, and a thief's old session may not bring it there. And `letter-unreadable`, also for another person's: it
    tells nobody that it was one.
    """
    now = ctx.now_ms()
    with ctx.db.write() as session:
        began = [row.created_at for row in people.devices_of(session, by.person_id) if row.id == by.device_id]
        if not began or now - began[0] > _FRESH_MS:
            raise TokenExpired
        content = _content(opened(ctx.settings.secret_keys, letter, "key"))
        if content.get("person") != by.person_id or not isinstance(content.get("key"), dict):
            raise LetterUnreadable
        entry = audit.Entry(now, by.person_id, "forgot-pin", f"device:{by.device_id}", by.device_id)
        audit.append(session, by.feed_id, [entry])
    return dict(content["key"])


def _content(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except ValueError:
        raise LetterUnreadable from None
    if not isinstance(content, dict):
        raise LetterUnreadable
    return content
