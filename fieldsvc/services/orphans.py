"""Bytes that nothing names: a process that died between a file and its row left them, or a backup that was put back.

Nobody misses anything, so they are told apart from damage. What came within a day may be under way: its row is written
after it. The store's listing and the database are read some keys at a time, however many files there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Set
from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from fieldsvc.services.context import Context
from fieldsvc.store import form_shelf, ordered, uploads
from fieldsvc.store.purging import gone

_AT_A_TIME = 500
_DAY_MS = 86_400_000
#: Sums of a ledger lie where ordered files do, under a digest; the worker looks after them.
_SUMS = re.compile(r"exports/[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of such bytes, in words: what they are, and what is to be done about them."""

    zh: str
    en: str
    do_zh: str
    do_en: str


#: What can lie there, in the order in which it is looked for.
KINDS = {
    "file": Kind(
        "没有任何记录提到的文件",
        "files that no row names",
        "只占地方，不缺什么。恢复备份之后，手机会在三十天内补传，其中一些会重新有主。",
        "They cost room, and nothing is missing. After a restore phones send again what they kept, and some are named.",
    ),
    "piece": Kind(
        "没有对应上传的片段",
        "pieces of uploads that are not there",
        "后台进程每小时清理；没有少下去，就是它没有在运行。",
        "The worker drops them within the hour; where they stay, it does not run.",
    ),
    "order": Kind(
        "过期未删的导出文件",
        "ordered files whose order is over",
        "后台进程每小时清理；没有少下去，就是它没有在运行。",
        "The worker drops them within the hour; where they stay, it does not run.",
    ),
}


@dataclass(frozen=True, slots=True)
class Orphan:
    """Bytes that nothing names: which kind of `KINDS`, their key, and how many they are."""

    kind: str
    key: str
    bytes: int


def find(ctx: Context) -> Iterator[Orphan]:
    """All bytes that have lain there for a day, by the store's own clock, and that nothing names."""
    yield from files(ctx)
    yield from pieces(ctx)
    yield from orders(ctx)


def files(ctx: Context) -> Iterator[Orphan]:
    """Photos and papers, smaller pictures, and pictures of forms."""
    with ctx.db.read() as session:
        shown = form_shelf.pictures(session)
    return _nobodys(ctx, "file", "files", lambda session, keys: shown | gone.named(session, keys))


def pieces(ctx: Context) -> Iterator[Orphan]:
    """Pieces of unfinished uploads."""

    def named(session: Session, keys: Collection[str]) -> Set[str]:
        return uploads.named(session, {key.removeprefix("parts/").partition(".")[0] for key in keys})

    return _nobodys(ctx, "piece", "parts", named)


def orders(ctx: Context) -> Iterator[Orphan]:
    """Ordered files, which hold people's data in the clear."""

    def named(session: Session, keys: Collection[str]) -> Set[str]:
        alive = ordered.alive(session, [key.removeprefix("exports/") for key in keys])
        return {f"exports/{export_id}" for export_id in alive} | set(filter(_SUMS.fullmatch, keys))

    return _nobodys(ctx, "order", "exports", named)


def _nobodys(
    ctx: Context, kind: str, place: str, named: Callable[[Session, Collection[str]], Set[str]]
) -> Iterator[Orphan]:
    old = iter(ctx.blobs.sized(place, ctx.now_ms() - _DAY_MS))
    while some := dict(islice(old, _AT_A_TIME)):
        with ctx.db.read() as session:
            kept = named(session, some)
        yield from (Orphan(kind, key, size) for key, size in some.items() if key not in kept)


def drop(ctx: Context, found: Iterator[Orphan]) -> int:
    """Delete them; how many there were. For what is of use to nobody but its own upload or order, which is over."""
    dropped = 0
    for one in found:
        ctx.blobs.delete(one.key)
        dropped += 1
    return dropped
