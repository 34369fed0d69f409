"""Disks that are full, that may only be read, and that forget what was not synced: no receipt is ever untrue."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event

from tests.api.photo_world import PIECE, UPLOADS, sha256, together
from tests.faults.mortal import KILLED, Mortal
from tests.faults.room import small_disk
from tests.faults.test_crash_matrix import bearer, begins, creation, goes_on, is_kept_once, is_whole, text
from tests.scenarios.test_photo_possession import photo_of
from tests.world import World


def test_a_push_on_a_full_disk_gives_no_receipt_and_is_whole_afterwards(world: World, dying: Mortal) -> None:
    """Full for every file of the database: from here on the system refuses to let one grow."""
    home = world.household(phone="13900000001")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="13900000009", remark="x" * 60_000)
    full = sum(path.stat().st_size for path in world.server.folder.glob("fieldsvc.db-wal")) + 8_192

    end = dying.asks(world, "POST", "/api/v1/sync", east.phone.token, json=east.phone.request(), most_bytes=full)

    assert (end.code, end.status) == (0, 500)
    assert end.body is not None
    assert end.body["code"] == "server-failed"
    world.server.restart()
    assert not world.has_operation(visit)
    [receipt] = east.syncs()
    assert (receipt["status"], receipt.get("duplicate")) == ("applied", None)
    is_whole(world, east)


def test_a_photo_on_a_full_disk_is_told_as_failed_and_leaves_nothing_behind(world: World, dying: Mortal) -> None:
    home, photo = world.household(), os.urandom(60_000)
    east = world.cadre("East", visits=[home])
    east.visits(home, door=photo_of(photo))
    east.syncs()
    headers = {**creation(photo), "Content-Type": PIECE}

    end = dying.asks(world, "POST", UPLOADS, east.phone.token, headers=headers, data=text(photo), most_bytes=30_000)

    assert (end.code, end.status) == (0, 500)
    world.server.restart()
    files = world.server.folder / "blobs"
    assert [path for path in files.rglob("*") if path.is_file()] == []
    assert goes_on(world, east, photo) == 0
    assert world.server.ctx.blobs.get(sha256(photo)) == photo
    is_whole(world, east)


def test_on_a_disk_that_may_only_be_read_nothing_is_receipted_and_phones_keep_everything(world: World) -> None:
    """Linux mounts a disk read-only after an error. SQLite then says what it says of a connection that may only read.

    A PostgreSQL on such a disk stops: `test_database_down.py`.
    """
    home = world.household(phone="13900000001")
    east = world.cadre("East", visits=[home])
    east.corrects(home, phone="13900000009")
    world.server.restart()
    world.server.app.testing = False  # answer as a server would, instead of raising
    event.listen(world.server.ctx.db.write_engine, "connect", may_only_read)
    east.is_answered_with_trouble()
    assert east.waiting() == 1

    world.server.restart()
    [receipt] = east.syncs()
    assert (receipt["status"], receipt.get("duplicate")) == ("applied", None)
    assert world.record(home).properties["phone"] == "13900000009"
    is_whole(world, east)


def may_only_read(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON")


def test_photos_wait_while_their_disk_may_only_be_read_and_go_on_once_it_takes_them(
    world: World, tmp_path: Path
) -> None:
    """Photos lie on a disk of their own, which Linux has mounted read-only after an error: text goes on meanwhile."""
    first, second = os.urandom(60_000), os.urandom(50_000)
    home, half = world.household(phone="13900000001"), len(first) // 2
    east = world.cadre("East", visits=[home])
    east.visits(home, door=photo_of(first), room=photo_of(second))
    east.syncs()
    with small_disk(tmp_path / "disk") as disk:
        (world.server.folder / "blobs").symlink_to(disk.place)
        client, where = world.server.app.test_client(), begins(world, east, first)
        piece = {**bearer(east), "Upload-Offset": "0", "Content-Type": PIECE}
        assert client.patch(where, data=first[:half], headers=piece).headers["Upload-Offset"] == str(half)
        kept = sorted(disk.place.rglob("*"))

        disk.may_only_be_read()
        world.server.app.testing = False  # answer as a server would, instead of raising
        for reply in (
            client.patch(where, data=first[half:], headers={**piece, "Upload-Offset": str(half)}),
            client.post(UPLOADS, data=second, headers={**bearer(east), **creation(second), "Content-Type": PIECE}),
            client.post(f"{UPLOADS}/together", headers=bearer(east), **together([second])),
        ):
            assert (reply.status_code, reply.json and reply.json["code"]) == (500, "server-failed")
        assert sorted(disk.place.rglob("*")) == kept
        assert client.head(where, headers=bearer(east)).headers["Upload-Offset"] == str(half)
        east.corrects(home, phone="13900000009")
        assert [receipt["status"] for receipt in east.syncs()] == ["applied"]

        disk.may_only_be_read(only=False)
        world.server.app.testing = True
        assert [goes_on(world, east, photo) for photo in (first, second)] == [half, 0]
        for photo in (first, second):
            is_kept_once(world, east, photo)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.proof) for seed in range(2, 31))])
def test_a_power_cut_that_takes_back_what_was_never_synced_takes_no_receipt_back(
    world: World, dying: Mortal, tmp_path: Path, seed: int
) -> None:
    """The log of SQLite is synced before a receipt leaves; what lies behind that is cut off, or is other bytes."""
    dice = random.Random(seed)
    homes = [world.household(phone="13900000001") for _ in range(3)]
    east = world.cadre("East", visits=homes)
    for home in homes[:2]:
        east.corrects(home, phone="13900000009")
    east.syncs()
    log = world.server.folder / "fieldsvc.db-wal"
    synced = log.stat().st_size
    lost = east.corrects(homes[2], phone="13900000009")
    end = dying.asks(world, "POST", "/api/v1/sync", east.phone.token, json=east.phone.request(), place="commit.after")
    assert end.code == KILLED
    written = log.read_bytes()
    assert len(written) > synced

    # The file as it is now: whoever closes a database in order brings its log into it first.
    after = tmp_path / "after"
    shutil.copytree(world.server.folder, after, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    world.server.stop()
    cut = dice.randrange(synced, len(written))
    rest = bytes(len(written) - cut) if dice.random() < 0.5 else dice.randbytes(dice.randrange(4_096))
    (after / log.name).write_bytes(written[:cut] + rest)
    with closing(sqlite3.connect(after / "fieldsvc.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    world.server.folder = after
    world.server.start()

    assert [world.record(home).properties["phone"] for home in homes] == ["13900000009", "13900000009", "13900000001"]
    assert not world.has_operation(lost)
    [receipt] = east.syncs()
    assert (receipt["status"], receipt.get("duplicate")) == ("applied", None)
    is_whole(world, east)
