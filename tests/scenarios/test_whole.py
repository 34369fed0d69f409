"""Whether the server's keep is whole: an untouched one is, and whatever is altered in it is named."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import text

from fieldsvc.services import fsck
from tests.world import World


def found(world: World, *, quick: bool = False) -> list[tuple[str, str]]:
    """What is not whole: its kind and its name."""
    return [(one.kind, one.what) for one in fsck.check(world.server.ctx, quick=quick)]


def alters(world: World, statement: str, **values: object) -> None:
    """Somebody with the database's password changes a row."""
    with world.server.ctx.db.write() as session:
        session.execute(text(statement), values)


@pytest.fixture
def lived_in(world: World) -> World:
    """A county with a corrected record, visits, and a photo that has arrived."""
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    east.visits(home, phone="09990000002")
    east.corrects(home, water="tap")
    east.syncs()
    return world


def keeps_a_file(world: World, data: bytes) -> str:
    """A file that has arrived whole; its digest."""
    sha256 = hashlib.sha256(data).hexdigest()
    world.server.ctx.blobs.put(sha256, data)
    row = "INSERT INTO blobs (feed_id, sha256, bytes, type, stored_at) VALUES (:feed, :sha256, :bytes, 'image/jpeg', 1)"
    alters(world, row, feed=world.county.who().feed_id, sha256=sha256, bytes=len(data))
    return sha256


def test_a_server_that_nobody_touched_is_whole(lived_in: World) -> None:
    keeps_a_file(lived_in, b"a photo")
    assert found(lived_in) == []
    assert found(lived_in, quick=True) == []


def test_a_file_that_is_gone_is_named(lived_in: World) -> None:
    sha256 = keeps_a_file(lived_in, b"a photo")
    lived_in.server.ctx.blobs.delete(sha256)
    assert found(lived_in) == [("missing", sha256)]
    assert found(lived_in, quick=True) == [("missing", sha256)]


def test_a_file_with_one_other_byte_is_named_by_whoever_reads_it(lived_in: World) -> None:
    sha256 = keeps_a_file(lived_in, b"a photo")
    lived_in.server.ctx.blobs.put(sha256, b"a phota")
    assert found(lived_in) == [("altered", sha256)]
    assert found(lived_in, quick=True) == []


def test_a_photo_said_to_be_here_without_a_file_is_named(lived_in: World) -> None:
    visit = next(each.id for each in lived_in.cadres[0].phone.outbox.entries if each.kind == "submission")
    row = (
        "INSERT INTO attachments (feed_id, submission_id, ref, sha256, bytes, type, subject_id, state) "
        "VALUES (:feed, :visit, '/data/photo', 'ab', 1, 'image/jpeg', 'home', 'present')"
    )
    alters(lived_in, row, feed=lived_in.county.who().feed_id, visit=visit)
    assert found(lived_in) == [("link", f"{visit} ab")]


def test_a_record_changed_behind_the_servers_back_is_named(lived_in: World) -> None:
    alters(lived_in, "UPDATE entities SET properties = '{\"water\": \"well\"}' WHERE dataset = 'households'")
    assert [kind for kind, _ in found(lived_in)] == ["record"]


def test_a_version_taken_out_of_a_history_is_named(lived_in: World) -> None:
    alters(lived_in, "DELETE FROM entity_versions WHERE version = 1")
    assert [kind for kind, _ in found(lived_in)] == ["record"]


def test_a_line_taken_out_of_the_log_is_named(lived_in: World) -> None:
    alters(lived_in, "DELETE FROM audit WHERE position = 2")
    assert {kind for kind, _ in found(lived_in)} == {"log"}
