"""Five bugs this project must never have, each as a change of the source and the fast tests that must then fail.

They are the ways in which systems of this kind have lost people's work. A test suite that does not notice them is no
protection, however many lines it covers.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """Replace `old`, which stands exactly once in the file, by `new`."""

    path: str
    old: str
    new: str


@dataclass(frozen=True)
class Mutant:
    """One seeded bug. `tests` are pytest node ids, or `.test.js` files for Node."""

    name: str
    story: str
    changes: tuple[Change, ...]
    tests: tuple[str, ...]


MUTANTS = (
    Mutant(
        "no-idempotency",
        "A phone whose reply was lost sends again, and everything happens a second time.",
        (
            Change(
                "fieldsvc/services/intake/answer.py",
                "earlier = operations.known(session, feed_id, ids)",
                "earlier: dict[str, operations.Receipted] = {}",
            ),
            Change(
                "fieldsvc/store/operations.py",
                "session.execute(insert(OperationRow), ",
                "session.execute(insert(OperationRow).prefix_with('OR IGNORE'), ",
            ),
            Change(
                "fieldsvc/store/operations.py",
                "    if effects:\n        session.execute(insert(EffectRow), list(effects))\n\n\ndef set_verdict",
                "    if effects:\n        session.execute(insert(EffectRow).prefix_with('OR IGNORE'), list(effects))\n"
                "\n\ndef set_verdict",
            ),
            Change(
                "fieldsvc/store/submissions.py",
                "session.execute(insert(SubmissionRow), ",
                "session.execute(insert(SubmissionRow).prefix_with('OR IGNORE'), ",
            ),
        ),
        ("tests/scenarios/test_receipts.py",),
    ),
    Mutant(
        "no-compare-and-set",
        "Two pushes read version 5, and the second silently overwrites what the first wrote.",
        (
            Change(
                "fieldsvc/store/entities.py",
                "EntityRow.id == new.stored.entity.id, EntityRow.version == was)",
                "EntityRow.id == new.stored.entity.id)",
            ),
        ),
        ("tests/contract/test_versions.py",),
    ),
    Mutant(
        "receipt-before-commit",
        "The phone is told that its work is safe although the disk never took it.",
        (
            Change(
                "fieldsvc/store/engine.py",
                "        with self._turn, self._writers() as session, session.begin():",
                "        with self._turn, self._writers() as session, suppress(DBAPIError), session.begin():",
            ),
            Change(
                "fieldsvc/store/engine.py",
                "from contextlib import contextmanager, nullcontext",
                "from contextlib import contextmanager, nullcontext, suppress\n\nfrom sqlalchemy.exc import DBAPIError",
            ),
        ),
        ("tests/scenarios/test_receipts.py",),
    ),
    Mutant(
        "sequence-cursor",
        "Positions come from a sequence: a lower one appears after a higher one was served, and is never pulled.",
        (
            Change(
                "fieldsvc/store/migrations/versions/0001_the_first_tables.py",
                "def upgrade() -> None:\n",
                "def upgrade() -> None:\n"
                "    if op.get_bind().dialect.name == 'postgresql':\n"
                "        op.execute('CREATE SEQUENCE seeded INCREMENT 8')\n",
            ),
            Change(
                "fieldsvc/store/changes.py",
                "    last = session.execute(\n        update(FeedRow)\n",
                "    if session.get_bind().dialect.name == 'postgresql':\n"
                "        first = session.scalar(select(func.nextval('seeded')))\n"
                "        last = func.greatest(FeedRow.position, first + count - 1)\n"
                "        session.execute(update(FeedRow).where(FeedRow.id == feed_id).values(position=last))\n"
                "        return first\n"
                "    last = session.execute(\n        update(FeedRow)\n",
            ),
            Change(
                "fieldsvc/store/changes.py",
                "from sqlalchemy import insert, select, update\n",
                "from sqlalchemy import func, insert, select, update\n",
            ),
        ),
        ("tests/contract/test_feed_positions.py",),
    ),
    Mutant(
        "draft-in-memory",
        "A half-filled form lives in the page only, and the camera app makes Android kill the page.",
        (
            Change(
                "fieldsvc/static/core/drafts.js",
                '      await world.db().write([{ store: "drafts", put: open.row }]);',
                "      await Promise.resolve();",
            ),
        ),
        ("tests/js/drafts.test.js",),
    ),
)
