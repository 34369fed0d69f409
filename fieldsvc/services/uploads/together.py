"""Photos that came whole, several in one request: on a good link those of a visit share it, and one commit."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sqlalchemy.orm import Session

from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.shared_writes import write_together
from fieldsvc.services.uploads import linking


def keep_all(ctx: Context, by: Actor, sent: Mapping[str, tuple[bytes, str]]) -> list[str]:
    """Keep those files, bytes and type, that have the digest they are named by; returns which, once they are durable.

    What is left out was altered on the way or is too large. It goes alone, and is then told what is wrong with it.
    """
    whole = {
        sha256: data
        for sha256, (data, _) in sent.items()
        if 0 < len(data) <= ctx.settings.photo_bytes and hashlib.sha256(data).hexdigest() == sha256
    }
    if not whole:
        return []
    ctx.blobs.put_all(whole)

    def link(session: Session) -> None:
        # In one order everywhere: two servers that link the same photos the other way round would wait for each other.
        for sha256 in sorted(whole):
            data, declared = sent[sha256]
            kind = linking.kind(data[:32], declared)
            linking.link(session, ctx, by.feed_id, by.person_id, sha256, len(data), kind)

    write_together(ctx, link)
    return sorted(whole)
