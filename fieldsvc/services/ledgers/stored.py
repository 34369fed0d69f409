"""What whole ledgers come to, kept from one process to the next, so that nobody who opens one waits for its count.

The worker counts each ledger of records once, and every hour again the villages in which something was written since.
A process that begins takes up what it kept and goes on from there by the feed, as from what it had counted itself
(decision 0056). It is no record: lost, it is counted anew; of another epoch or another question, it is passed over.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

import orjson

from fieldsvc.blobs import BlobStore
from fieldsvc.ledgers.model import Source
from fieldsvc.problems import Problem
from fieldsvc.services.context import Context
from fieldsvc.services.ledgers import kept, shelf
from fieldsvc.services.ledgers.kept import Kept, Question
from fieldsvc.services.ledgers.rows import whole
from fieldsvc.store import feeds
from fieldsvc.store.ledger.where import Sums, Test

#: What somebody ordered is called by an id, in four strokes.
_SUMS = re.compile(r"exports/[0-9a-f]{64}")


def keep(ctx: Context) -> int:
    """Bring what is kept of every whole ledger of records up to now; how many had changed.

    What belongs to none of them is deleted: such a ledger is declared in another way since, or taken away.
    """
    with ctx.db.read() as session:
        known, _ = shelf.ledgers(ctx, session)
        feed_ids = [feed.id for feed in feeds.all_feeds(session)]
    ledgers = [one for one in known.values() if one.source is Source.DATASET]
    questions = [whole(feed_id, ledger) for feed_id in feed_ids for ledger in ledgers]
    changed = sum(_keep(ctx, question) for question in questions)
    asked = {_key(question) for question in questions}
    for key in [key for key in ctx.blobs.under("exports") if _SUMS.fullmatch(key) and key not in asked]:
        ctx.blobs.delete(key)
    return changed


def _keep(ctx: Context, question: Question) -> bool:
    was = find(ctx.blobs, question)
    with ctx.db.read() as session:
        now = kept.brought_up(session, question, was)
    if now is was:
        return False
    lines = [[village, one.rows, one.shares, one.totals] for village, one in now.sums.items()]
    said = {"epoch": now.epoch, "position": now.position, "sums": lines}
    ctx.blobs.put(_key(question), orjson.dumps(said))
    return True


def find(blobs: BlobStore, question: Question) -> Kept | None:
    """What the worker kept of a question, or None: also while the store is away, for then it can be counted."""
    try:
        said: Mapping[str, Any] = orjson.loads(blobs.get(_key(question)))
        sums = {village: Sums(rows, shares, totals) for village, rows, shares, totals in said["sums"]}
        return Kept(said["epoch"], said["position"], sums)
    except (KeyError, TypeError, ValueError, Problem):
        return None


def _key(question: Question) -> str:
    """Among the files that pass: in no backup. Another question, or another way to write it down, is another key."""
    shares = [[_said(test) for test in share] for share in question.shares]
    asked = [1, question.feed_id, question.dataset, [_said(one) for one in question.tests], shares, question.totals]
    return f"exports/{hashlib.sha256(orjson.dumps(asked)).hexdigest()}"


def _said(test: Test) -> list[Any]:
    return [test.of, test.how, sorted(test.values)]
