"""The power goes when a phone has just heard that its photo is here: it is, where a disk forgets what was not synced.

What became of the database then is told in `test_disks.py` and `test_postgres_disks.py`; here it has lost nothing.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from fieldsvc.blobs.folder import FolderStore
from tests.api.photo_world import PIECE, UPLOADS, sha256, together
from tests.faults.forgetful import Forgetful, forgetful
from tests.faults.test_crash_matrix import a_visit_with_a_photo, bearer, begins, creation, goes_on, is_whole
from tests.scenarios.test_photo_possession import photo_of
from tests.world import World
from tests.world.cadre import Cadre


def cuts_the_power(world: World, disk: Forgetful, after: Path) -> None:
    """The server starts on what its files were found to be, and on its database."""
    folder = world.server.folder
    world.server.stop()
    disk.comes_back(folder, after)
    for file in after.glob("fieldsvc.db*"):
        file.unlink()
    shutil.copytree(folder, after, ignore=shutil.ignore_patterns("blobs"), dirs_exist_ok=True)
    world.server.folder = after
    world.server.start()


def sends(client: FlaskClient, east: Cadre, where: str, offset: int, piece: bytes) -> int:
    """The offset that the phone is told."""
    headers = {**bearer(east), "Upload-Offset": str(offset), "Content-Type": PIECE}
    return int(client.patch(where, data=piece, headers=headers).headers["Upload-Offset"])


def test_the_very_first_photo_is_there_that_came_with_its_creation(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    east, photo = a_visit_with_a_photo(world)
    headers = {**creation(photo), **bearer(east), "Content-Type": PIECE}
    with forgetful(world.server.folder, monkeypatch) as disk:
        reply = world.server.app.test_client().post(UPLOADS, data=photo, headers=headers)
    assert reply.headers["Upload-Offset"] == str(len(photo))
    cuts_the_power(world, disk, tmp_path / "after")
    assert world.server.ctx.blobs.get(sha256(photo)) == photo
    is_whole(world, east)


def test_photos_are_there_that_came_together(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photos = os.urandom(60_000), os.urandom(50_000)
    home = world.household()
    east = world.cadre("East", visits=[home])
    east.visits(home, door=photo_of(photos[0]), room=photo_of(photos[1]))
    east.syncs()
    with forgetful(world.server.folder, monkeypatch) as disk:
        client = world.server.app.test_client()
        reply = client.post(f"{UPLOADS}/together", headers=bearer(east), **together(photos))
    assert reply.json == {"stored": sorted(map(sha256, photos))}
    cuts_the_power(world, disk, tmp_path / "after")
    assert [world.server.ctx.blobs.get(sha256(photo)) for photo in photos] == list(photos)
    is_whole(world, east)


@pytest.mark.parametrize("pieces", [1, 2])
def test_a_photo_goes_on_where_its_phone_was_told_that_it_stands(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pieces: int
) -> None:
    east, photo = a_visit_with_a_photo(world)
    where, half = begins(world, east, photo), len(photo) // 2
    ends = [half, len(photo)][:pieces]
    with forgetful(world.server.folder, monkeypatch) as disk:
        client = world.server.app.test_client()
        for begin, end in zip((0, half), ends, strict=False):
            assert sends(client, east, where, begin, photo[begin:end]) == end
    cuts_the_power(world, disk, tmp_path / "after")
    assert goes_on(world, east, photo) == ends[-1]
    assert world.server.ctx.blobs.get(sha256(photo)) == photo
    is_whole(world, east)


def test_a_photo_is_there_whose_folder_another_process_had_made_and_not_yet_synced(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = os.urandom(1_000)
    store, key = world.server.ctx.blobs, sha256(photo)
    with forgetful(world.server.folder, monkeypatch) as disk:
        (world.server.folder / "blobs" / "files" / key[-2:]).mkdir(parents=True)
        store.put(key, photo)
    disk.comes_back(world.server.folder, tmp_path / "after")
    assert FolderStore(tmp_path / "after" / "blobs").get(key) == photo
