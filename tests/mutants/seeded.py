"""Bugs this project must never have, each as a change of the source and the fast tests that must then fail.

They are the ways in which systems of this kind have lost people's work. A test suite that does not notice them is no
protection, however many lines it covers.
"""

from __future__ import annotations

from tests.mutants.bug import Change, Mutant
from tests.mutants.losses import LOSSES, STORED_AGAIN
from tests.mutants.rights import RIGHTS

_KEPT = "tests/scenarios/test_kept_for_a_person.py"
_CHAINS = "tests/scenarios/test_chains_of_amendments.py"
_HANDED_OVER = "tests/scenarios/test_amendments_after_a_handover.py"

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
            *STORED_AGAIN,
        ),
        ("tests/scenarios/test_receipts.py",),
    ),
    Mutant(
        "no-compare-and-set",
        "Two pushes read version 5, and the second silently overwrites what the first wrote.",
        (
            Change(
                "fieldsvc/store/entities.py",
                '_entities.id == bindparam("entity"), _entities.version == bindparam("was")',
                '_entities.id == bindparam("entity"), bindparam("was") == bindparam("was")',
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
                "self._writers() as session, session.begin():",
                "self._writers() as session, suppress(DBAPIError), session.begin():",
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
                "    return int(run.first(session, _ALLOCATE, feed=feed_id, number=count).position) - count + 1\n",
                "    if session.get_bind().dialect.name == 'postgresql':\n"
                "        first = session.scalar(select(func.nextval('seeded')))\n"
                "        last = func.greatest(FeedRow.position, first + count - 1)\n"
                "        session.execute(update(FeedRow).where(FeedRow.id == feed_id).values(position=last))\n"
                "        return first\n"
                "    return int(run.first(session, _ALLOCATE, feed=feed_id, number=count).position) - count + 1\n",
            ),
            Change(
                "fieldsvc/store/changes.py",
                "from sqlalchemy import bindparam, insert, select, update\n",
                "from sqlalchemy import bindparam, func, insert, select, update\n",
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
                'await open.db.write([{ store: "drafts", put: { ...open.row, stamp } }, ...begun], '
                "{ expect: asLeft(open) });",
                "await Promise.resolve();",
            ),
        ),
        ("tests/js/drafts.test.js",),
    ),
    Mutant(
        "last-write-wins",
        "Where two people saw different things, whoever syncs later is silently right.",
        (
            Change(
                "sync/policy.py",
                "        case Policy.REVIEW | Policy.IMMUTABLE | Policy.SERVER:\n            return Pick.PERSON\n",
                "        case Policy.REVIEW | Policy.IMMUTABLE | Policy.SERVER:\n            return Pick.INCOMING\n",
            ),
        ),
        ("tests/scenarios/test_two_cadres_one_household.py",),
    ),
    Mutant(
        "no-hold",
        "A correction whose predecessor is still in the valley is applied as if nothing were missing.",
        (Change("sync/branch.py", "        return Waiting(missing)\n", "        return Ready()\n"),),
        ("tests/scenarios/test_receipts.py",),
    ),
    Mutant(
        "late-count-forgotten",
        "A visit reaches the server after a later one that a night let go, and what it counted is taken for counted.",
        (
            Change(
                "sync/branch.py",
                "if later.shows_from > link.base_version or _lay_under(link, later):",
                "if _lay_under(link, later):",
            ),
        ),
        ("tests/scenarios/test_gaps_in_a_branch.py",),
    ),
    Mutant(
        "accepted-count-forgotten",
        "A visit that waited for a person is accepted, and what it counted is taken for counted in a later one.",
        (Change("sync/branch.py", "or _lay_under(link, later):", "or not link:"),),
        ("tests/scenarios/test_gaps_in_a_branch.py",),
    ),
    Mutant(
        "count-below-one-in-review-forgotten",
        "A visit comes late below one in review and one that counted on from both, and is taken for counted.",
        (Change("sync/branch.py", "    if not over:\n", "    if over is not None:\n"),),
        ("tests/scenarios/test_gaps_in_a_branch.py",),
    ),
    Mutant(
        "first-answer-forgotten",
        "A visit in review is taken for one that came when it was accepted, and what lay under it is counted nowhere.",
        (
            Change(
                "fieldsvc/store/operations.py",
                "else_=func.coalesce(OperationRow.answered_at,",
                "else_=func.coalesce(at,",
            ),
        ),
        ("tests/scenarios/test_accepted_in_another_order.py",),
    ),
    Mutant(
        "begun-anew-and-counted-twice",
        "After a restored backup a later visit begins a record, and what it had on its screen is added once more.",
        (Change("fieldsvc/services/intake/judge.py", "for each in since), *began),", "for each in since)),"),),
        ("tests/scenarios/test_begun_anew.py",),
    ),
    Mutant(
        "released-at-the-end",
        "What waited for a registration is decided after all that came with that, and its count is counted nowhere.",
        (Change("fieldsvc/services/intake/batch.py", "if decision.subject_id in begun:", "if not begun and begun:"),),
        ("tests/scenarios/test_registered_households.py",),
    ),
    Mutant(
        "released-as-they-came",
        "Visits of a family whose registration comes last are decided in the order of their arrival.",
        (
            Change(
                "fieldsvc/services/intake/batch.py",
                "_decide_each(known, plan, in_order((*waiting, *again)))",
                "_decide_each(known, plan, (*waiting, *again))",
            ),
        ),
        ("tests/scenarios/test_gaps_in_a_branch.py",),
    ),
    Mutant(
        "late-work-refused",
        "Visits made before the phone had heard of the handover are treated as a stranger's.",
        (
            Change(
                "fieldsvc/services/intake/gate.py",
                "if row.revoked_pos is None or position_of(arrival.operation.cursor, known.epoch) < row.revoked_pos:",
                "if row.revoked_pos is None:",
            ),
        ),
        ("tests/scenarios/test_handover.py",),
    ),
    Mutant(
        "strangers-served",
        "A phone goes on receiving a household that was given to somebody else.",
        (
            Change(
                "fieldsvc/store/pull.py",
                "_scope.person_id == _PERSON, _scope.revoked_pos.is_(None))",
                "_scope.person_id == _PERSON)",
            ),
        ),
        ("tests/scenarios/test_handover.py",),
    ),
    Mutant(
        "restore-unnoticed",
        "The administrator copies yesterday's database back, and what phones sent since is gone.",
        (
            Change(
                "sync/feed.py",
                "        if position > floor and known != found:\n            return Standing.DIVERGED\n",
                "        if position > floor and found is None and known:\n            return Standing.CONTINUES\n",
            ),
        ),
        ("tests/scenarios/test_restored_backup.py",),
    ),
    Mutant(
        "page-skips",
        "A page is full, and its cursor stands behind what did not fit on it.",
        (
            Change(
                "fieldsvc/services/catch_up.py",
                "                return place\n            present.carry(group, page)\n",
                "                return Place(replace(place.cursor, position=head.position, tag=head.tag))\n"
                "            present.carry(group, page)\n",
            ),
        ),
        ("tests/scenarios/test_catching_up.py",),
    ),
    Mutant(
        "another-persons-work",
        "Whoever borrows a phone sends its owner's visits under their own token.",
        (
            Change(
                "fieldsvc/services/intake/answer.py",
                "if isinstance(each, Operation) and each.author != by.person_id:",
                "if isinstance(each, Operation) and not each.author:",
            ),
        ),
        ("tests/scenarios/test_phones_and_people.py",),
    ),
    Mutant(
        "first-bytes-overwritten",
        "The same id with other bytes is answered as if it had been stored.",
        (
            Change(
                "fieldsvc/services/intake/answer.py",
                "if owner != by.person_id or sha256 != each.sha256:",
                "if owner != by.person_id:",
            ),
        ),
        ("tests/scenarios/test_receipts.py",),
    ),
    Mutant(
        "not-on-the-disk",
        "A power cut takes back the last commits after their receipts have left.",
        (Change("fieldsvc/store/engine.py", '"synchronous=FULL"', '"synchronous=NORMAL"'),),
        ("tests/contract/test_transactions.py",),
    ),
    Mutant(
        "unanswered-is-sent",
        "The phone forgets what the server never answered.",
        (
            Change(
                "fieldsvc/static/core/outbox.js",
                '      return { ...entry, state: /** @type {const} */ ("waiting") };\n    }\n    return verdict(',
                '      return { ...entry, state: /** @type {const} */ ("settled") };\n    }\n    return verdict(',
            ),
        ),
        ("tests/js/sync.test.js",),
    ),
    Mutant(
        "checker-overwrites",
        "Who verifies the helper's work writes over it, and nothing is left to verify.",
        (
            Change(
                "fieldsvc/services/intake/judge.py",
                "writer=Writer.CHECKER if checks else writer_of(",
                "writer=writer_of(",
            ),
        ),
        ("tests/scenarios/test_checkers.py",),
    ),
    Mutant(
        "named-is-seen",
        "Whoever copies a photo's digest into a visit of their own is shown the stranger's picture.",
        (
            Change(
                "fieldsvc/services/intake/documents.py",
                '"state": known.shown.get((author_id, photo["sha256"]), "missing"),',
                '"state": "present",',
            ),
        ),
        ("tests/scenarios/test_photo_possession.py",),
    ),
    Mutant(
        "kept-is-no-visit",
        "What a lost phone had brought takes effect once a supervisor accepts it, and is in no list and no count.",
        (
            Change(
                "fieldsvc/services/intake/documents.py",
                "elif operation.id not in known.submissions:",
                "elif decision.arrival.stored is None:",
            ),
        ),
        (f"{_KEPT}::test_an_accepted_visit_of_a_carried_phone_is_among_the_visits_with_its_photos",),
    ),
    Mutant(
        "replaced-still-waits",
        "A visit waits for a person although its author has put another in its place; accepted later it counts twice.",
        (
            Change(
                "fieldsvc/services/intake/replacing.py",
                "        end_if_waiting(known, plan, id_, decision.subject_id or later.subject, Replaced())\n",
                "",
            ),
        ),
        (f"{_KEPT}::test_a_visit_that_made_the_server_fail_ends_when_its_amendment_takes_effect",),
    ),
    Mutant(
        "twice-in-a-chain",
        "An amendment made while its visit waited is let through after it, and the counter counts one visit twice.",
        (
            Change(
                "fieldsvc/services/intake/judge.py",
                "            said = {**said, **each.changes}\n",
                "            pass\n",
            ),
        ),
        (
            f"{_CHAINS}::test_an_amendment_made_while_its_visit_waited_counts_nothing_twice_when_it_is_let_through_after_it",
        ),
    ),
    Mutant(
        "a-colleagues-visit-vanishes",
        "Somebody puts a visit of their own in the place of a colleague's, takes it back, and neither is in any list.",
        (
            Change(
                "fieldsvc/services/intake/gate.py",
                " or amends_anothers(known, arrival)",
                "",
            ),
        ),
        (f"{_HANDED_OVER}::test_nobody_puts_a_visit_of_their_own_in_the_place_of_a_colleagues",),
    ),
    Mutant(
        "sheet-overwrites",
        "The first list of another office replaces what cadres have entered at the door.",
        (
            Change(
                "sync/replica.py",
                "if not any(name in current for name in unit.names))",
                "if unit.names)",
            ),
        ),
        ("tests/scenarios/test_imports.py::test_a_first_import_fills_gaps_and_lists_the_differences",),
    ),
    Mutant(
        "in-full-without-a-reason",
        "A file with every identity number in full leaves the office, and nobody has to say what for.",
        (
            Change(
                "fieldsvc/services/exporting/orders.py",
                "if wanted.full and len(reason.strip()) < 4:",
                "if wanted.full and len(reason) > 500:",
            ),
        ),
        ("tests/office/test_ordered_exports.py::test_what_is_masked_leaves_only_with_a_reason_that_is_on_record",),
    ),
    *RIGHTS,
    *LOSSES,
)
