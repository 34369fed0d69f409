"""Whether what the server keeps is whole: files, visits, records, the log. It reads everything and changes nothing.

What nothing names is no damage, and is told by `fieldsvc.services.orphans`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from sqlalchemy.orm import Session

from fieldsvc.services.context import Context
from fieldsvc.store import audit, consistency, feeds, form_shelf, owners

#: What can be wrong, in the order in which it is looked for, with its words.
KINDS = {
    "link": ("照片登记为已收到，但没有文件记录", "A photo is said to be here and no file is known"),
    "missing": ("文件不见了", "A file is gone"),
    "altered": ("文件内容被改动", "A file is not what its digest says"),
    "visit": ("走访登记为已生效，但没有走访记录", "A visit took effect and is not among the visits"),
    "record": ("档案与它的历次版本不符", "A record is not what its versions say"),
    "owner": ("有一行数据，找不到它所属的那一行", "A row is there without the one it belongs to"),
    "log": ("日志中有一行被改动或删去", "A line of the audit log was altered or removed"),
}


@dataclass(frozen=True, slots=True)
class Broken:
    """One thing that is not whole: which kind of `KINDS`, and its name."""

    kind: str
    what: str


def check(ctx: Context, *, quick: bool = False) -> Iterator[Broken]:
    """Everything that is not whole. `quick` looks whether files are there, and does not read them."""
    with ctx.db.read() as session:
        for submission, sha256 in consistency.links_without_a_file(session):
            yield Broken("link", f"{submission} {sha256}")
        yield from _files(ctx, session, quick)
        for operation in consistency.applied_without_a_visit(session):
            yield Broken("visit", operation)
        for dataset, entity in consistency.records_unlike_their_versions(session):
            yield Broken("record", f"{dataset} {entity}")
        for table, row in owners.missing(session):
            yield Broken("owner", f"{table} {row}")
        for feed in feeds.all_feeds(session):
            for position in audit.broken(session, feed.id):
                yield Broken("log", f"{feed.name} {position}")


def _files(ctx: Context, session: Session, quick: bool) -> Iterator[Broken]:
    for sha256 in chain(consistency.files(session), sorted(form_shelf.pictures(session))):
        if quick:
            if not ctx.blobs.has(sha256):
                yield Broken("missing", sha256)
            continue
        found = hashlib.sha256()
        try:
            for piece in ctx.blobs.stream(sha256):
                found.update(piece)
        except KeyError:
            yield Broken("missing", sha256)
            continue
        if found.hexdigest() != sha256:
            yield Broken("altered", sha256)
