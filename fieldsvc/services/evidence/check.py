"""Checking a whole server's evidence: the log's chain, the bytes of what was sent, and the bytes of every photo."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from fieldsvc.services.context import Context
from fieldsvc.store import audit, evidence, feeds


@dataclass(frozen=True, slots=True)
class Damage:
    """One thing that is not as it was written: `log`, `sent` or `photo`, and which."""

    kind: str
    name: str


def check(ctx: Context) -> Iterator[Damage]:
    """Everything that is not as it was written, as it is found. Reads every photo: hours on a large server.

    What was sent must have its digest, and a row of the log must name both; a restored backup is checked the same.
    """
    with ctx.db.read() as session:
        for feed in feeds.all_feeds(session):
            yield from (Damage("log", str(position)) for position in audit.broken(session, feed.id))
            logged = set(evidence.logged(session, feed.id))
            for row in evidence.all_sent(session, feed.id):
                digest = hashlib.sha256(row.body).hexdigest()
                if digest != row.sha256 or (row.id, digest) not in logged:
                    yield Damage("sent", row.id)
            for sha256 in evidence.all_blobs(session, feed.id):
                if not _is_whole(ctx, sha256):
                    yield Damage("photo", sha256)


def _is_whole(ctx: Context, sha256: str) -> bool:
    digest = hashlib.sha256()
    try:
        for piece in ctx.blobs.stream(sha256):
            digest.update(piece)
    except KeyError:
        return False
    return digest.hexdigest() == sha256
