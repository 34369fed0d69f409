"""Seeded bugs of deliveries that meet, of bytes that are told before they are kept, and of records that have ended."""

from __future__ import annotations

from tests.mutants.bug import Change, Mutant

#: What stores an operation or a visit a second time is not stopped by the database.
STORED_AGAIN = (
    Change(
        "fieldsvc/store/operations.py",
        "_INSERT, _INSERT_EFFECT = insert(table(OperationRow)), insert(table(EffectRow))",
        "_INSERT = insert(table(OperationRow)).prefix_with('OR IGNORE')\n"
        "_INSERT_EFFECT = insert(table(EffectRow)).prefix_with('OR IGNORE')",
    ),
    Change(
        "fieldsvc/store/submissions.py",
        "_INSERT, _INSERT_ATTACHMENT = insert(table(SubmissionRow)), insert(table(AttachmentRow))",
        "_INSERT = insert(table(SubmissionRow)).prefix_with('OR IGNORE')\n"
        "_INSERT_ATTACHMENT = insert(table(AttachmentRow)).prefix_with('OR IGNORE')",
    ),
)
_OVERTAKEN = "test_a_delivery_that_is_overtaken_by_its_own_repetition_takes_no_effect"
_LAST_PIECE = "test_a_photo_whose_last_piece_dies_keeps_the_pieces_before"

LOSSES = (
    Mutant(
        "known-before-its-turn",
        "What the server has is looked up before the transaction, and of two deliveries at once both take effect.",
        (
            Change(
                "fieldsvc/services/intake/push.py",
                "    parsed = _parsed(ctx, sent)\n    line = ",
                "    parsed = _parsed(ctx, sent)\n"
                "    with ctx.db.read() as session:\n"
                "        earlier = operations.known(session, by.feed_id, [each.id for each in parsed])\n"
                "    line = ",
            ),
            Change(
                "fieldsvc/services/intake/push.py",
                "read_ahead(ctx, by, parsed)), partial",
                "read_ahead(ctx, by, parsed), earlier), partial",
            ),
            Change(
                "fieldsvc/services/intake/push.py",
                "from fieldsvc.store.engine import Database\n",
                "from fieldsvc.store import operations\nfrom fieldsvc.store.engine import Database\n",
            ),
            Change(
                "fieldsvc/services/intake/answer.py",
                "    readings: Readings = field(default_factory=dict)\n",
                "    readings: Readings = field(default_factory=dict)\n"
                "    earlier: Mapping[str, Receipted] = field(default_factory=dict)\n",
            ),
            Change(
                "fieldsvc/services/intake/answer.py",
                "earlier = operations.known(session, feed_id, ids)",
                "earlier = {each.id: each for push in pushes for each in push.earlier.values()}",
            ),
            *STORED_AGAIN,
        ),
        (f"tests/contract/test_concurrent_pushes.py::{_OVERTAKEN}[sqlite]",),
    ),
    Mutant(
        "photo-not-synced",
        "A phone deletes its photo because the server has it, and the power goes before the disk does.",
        (Change("fieldsvc/blobs/folder.py", "            os.fsync(file.fileno())\n", ""),),
        ("tests/faults/test_forgetful_disks.py::test_the_very_first_photo_is_there_that_came_with_its_creation",),
    ),
    Mutant(
        "place-of-a-photo-not-synced",
        "The bytes of a photo are on the disk, and after a power cut nothing in any folder leads to them.",
        (Change("fieldsvc/blobs/folder.py", "            _sync_folder(folder)\n", "            pass\n"),),
        ("tests/faults/test_forgetful_disks.py::test_photos_are_there_that_came_together",),
    ),
    Mutant(
        "offset-before-the-bytes",
        "A phone is told that a piece has arrived, goes on behind it, and the server dies before it was written.",
        (
            Change("fieldsvc/services/uploads/pieces.py", "    ctx.blobs.put(key, data)\n\n    def", "\n    def"),
            Change(
                "fieldsvc/services/uploads/pieces.py",
                '    reached("piece.noted")\n',
                '    ctx.blobs.put(key, data)\n    reached("piece.noted")\n',
            ),
        ),
        (f"tests/faults/test_crash_matrix.py::{_LAST_PIECE}[sqlite-blob.written]",),
    ),
    Mutant(
        "tombstone-untold",
        "A household that is in the register no more stays on phones that hold it, and is visited for ever.",
        (
            Change(
                "fieldsvc/store/pull.py",
                '_ENTITIES_BY_ID = _ENTITIES.where(_entities.id.in_(many("ids")))',
                '_ENTITIES_BY_ID = _ENTITIES.where(_entities.id.in_(many("ids")), _entities.deleted.is_(False))',
            ),
        ),
        (
            "tests/scenarios/test_registrations_taken_back.py"
            "::test_taken_back_it_is_gone_from_the_register_and_from_the_phone",
        ),
    ),
    Mutant(
        "tombstone-forgotten",
        "A correction that was on its way brings back a household that the office has deleted, and nobody is asked.",
        (
            Change(
                "sync/decide.py",
                "    if entity.deleted and not case.accepted:\n",
                "    if entity.deleted and case.accepted:\n",
            ),
        ),
        (
            "tests/scenarios/test_merged_households.py"
            "::test_a_household_deleted_in_the_office_takes_no_correction_with_it",
        ),
    ),
    Mutant(
        "closed-unseen",
        "A household is closed whose visit nobody has read and whose conflict nobody has decided.",
        (Change("fieldsvc/services/closing.py", "        if home.why:\n", "        if not home:\n"),),
        ("tests/scenarios/test_closed_households.py::test_what_waits_for_a_person_keeps_a_household_open",),
    ),
    Mutant(
        "declined-with-the-wrong-one",
        "Of two registrations of one household one is declined, and the visits that wait for the other go with it.",
        (
            Change(
                "fieldsvc/services/intake/along.py",
                "    if any(begins(said[each], subject_id) for each in waiting):\n",
                "    if not waiting:\n",
            ),
        ),
        ("tests/scenarios/test_new_households.py::test_while_another_registration_of_a_household_waits_its_visits_do",),
    ),
    Mutant(
        "leave-for-everybody",
        "Why somebody is on leave is read by every colleague who may look at their village.",
        (
            Change(
                "fieldsvc/services/access.py",
                " or not pairings.is_own_file(session, by.feed_id, subject_id)",
                " or bool(subject_id)",
            ),
        ),
        ("tests/scenarios/test_leave.py::test_only_they_and_their_leaders_see_it",),
    ),
)
