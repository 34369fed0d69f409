"""What every place for bytes promises, on a folder and on a real S3; and what many servers have of the latter.

Any server takes the next piece of a photo, and while the object store is away text goes on.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from fieldsvc.blobs import BlobStore, open_store, s3
from fieldsvc.ids import random_uuid7
from fieldsvc.problems import FilesAway
from fieldsvc.services.context import open_context, system_clock
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.services.jobs import run_due
from tests.api.photo_world import PIECE, PhotoWorld, sha256
from tests.media.corpus import encoded
from tests.support.app import app_on
from tests.support.seaweed import Seaweed

MEGABYTE = bytes(range(256)) * 4096


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> BlobStore:
    """A store of each kind. That on S3 is shared: each test keeps under keys of its own."""
    if request.param == "folder":
        return open_store("", tmp_path)
    running: Seaweed = request.getfixturevalue("object_store")
    return open_store(running.url(), tmp_path)


@pytest.fixture
def key() -> str:
    """A key nobody has used."""
    return hashlib.sha256(random_uuid7(0).encode()).hexdigest()


def test_what_was_kept_is_there_as_often_as_it_is_kept_and_gone_once_deleted(store: BlobStore, key: str) -> None:
    for _ in range(2):
        store.put(key, b"a house")
        assert store.has(key)
        assert (store.get(key), b"".join(store.stream(key))) == (b"a house", b"a house")
    for _ in range(2):
        store.delete(key)
        assert not store.has(key)


def test_what_is_not_there_is_told_as_that(store: BlobStore, key: str) -> None:
    with pytest.raises(KeyError):
        store.get(key)
    with pytest.raises(KeyError):
        next(store.stream(key))


def test_files_pieces_and_exports_of_one_name_are_three_things(store: BlobStore, key: str) -> None:
    for kind in ("", "parts/", "exports/"):
        store.put(kind + key, kind.encode())
    assert [store.get(kind + key) for kind in ("", "parts/", "exports/")] == [b"", b"parts/", b"exports/"]


def test_old_pieces_are_found_for_the_sweep_and_no_other_file_and_nothing_whole_is_tidied_away(
    store: BlobStore, key: str
) -> None:
    kinds, now = ("", "parts/", "exports/"), system_clock()
    for kind in kinds:
        store.put(kind + key, b"a house")
    for kind in ("parts", "exports"):
        tomorrow = set(store.under(kind, now + 86_400_000))
        assert f"{kind}/{key}" in tomorrow
        assert not {one for one in tomorrow if not one.startswith(f"{kind}/")}
        assert f"{kind}/{key}" not in set(store.under(kind, now - 86_400_000))
    store.tidy(now + 86_400_000)
    assert all(store.has(kind + key) for kind in kinds)


def test_what_was_kept_before_a_moment_is_listed_by_its_own_key_with_its_size(store: BlobStore, key: str) -> None:
    now, day = system_clock(), 86_400_000
    for kind, keys in {"files": key, "parts": f"parts/{key}.000001", "exports": f"exports/{key}"}.items():
        store.put(keys, b"a house")
        listed = dict(store.sized(kind, now + day))
        assert listed[keys] == 7
        assert not {one for one in listed if not store.has(one)}, "each may be asked for by what it is listed as"
        assert keys in set(store.under(kind))
        assert keys not in dict(store.sized(kind, now - day))


def test_several_files_are_kept_at_once_each_under_its_own_key(store: BlobStore, key: str) -> None:
    files = {kind + key: kind.encode() for kind in ("", "parts/", "exports/")}
    store.put_all(files)
    store.put_all(files)
    assert {each: store.get(each) for each in files} == files


def test_a_file_that_cannot_be_put_into_its_place_keeps_no_other_from_its_own(tmp_path: Path) -> None:
    keys = [hashlib.sha256(name).hexdigest() for name in (b"a", b"b", b"c")]
    (tmp_path / "blobs" / "files" / keys[1][-2:] / keys[1]).mkdir(parents=True)
    store = open_store("", tmp_path)
    with pytest.raises(OSError, match=keys[1]):
        store.put_all(dict.fromkeys(keys, b"a house"))
    assert [store.has(key) for key in keys] == [True, False, True]
    assert not list((tmp_path / "blobs" / "unfinished").iterdir())


@pytest.mark.parametrize("megabytes", [0, 1, 12])
def test_pieces_become_one_file_whatever_its_size(store: BlobStore, key: str, megabytes: int) -> None:
    store.put_stream(key, iter([MEGABYTE] * megabytes))
    digest, longest = hashlib.sha256(), 0
    for piece in store.stream(key):
        digest.update(piece)
        longest = max(longest, len(piece))
    assert digest.digest() == hashlib.sha256(MEGABYTE * megabytes).digest()
    assert longest < 4_000_000, "a file is never in memory as a whole"


def test_a_reader_on_a_slow_line_may_take_longer_than_any_request(
    key: str, tmp_path: Path, object_store: Seaweed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package of a village goes over a township's line for an hour; here a request may last three seconds."""
    open_store(object_store.url(), tmp_path).put_stream(key, iter([MEGABYTE] * 12))
    monkeypatch.setitem(s3._CLIENT, "timeout", "3s")
    monkeypatch.setitem(s3._RETRIES, "retry_timeout", timedelta(seconds=3))
    store = open_store(object_store.url(), tmp_path)
    pieces = store.stream(key)
    digest = hashlib.sha256(next(pieces))
    time.sleep(3.2)
    for piece in pieces:
        digest.update(piece)
    assert digest.digest() == hashlib.sha256(MEGABYTE * 12).digest()


def test_a_file_put_anew_while_it_is_read_is_not_mixed_with_the_old_one(
    key: str, tmp_path: Path, object_store: Seaweed
) -> None:
    store = open_store(object_store.url(), tmp_path)
    store.put_stream(key, iter([MEGABYTE] * 12))
    pieces = store.stream(key)
    next(pieces)
    store.put_stream(key, iter([bytes(len(MEGABYTE))] * 12))
    with pytest.raises(FilesAway):
        list(pieces)


@pytest.mark.parametrize("megabytes", [1, 12])
def test_nothing_appears_of_a_file_whose_pieces_end_in_trouble(store: BlobStore, key: str, megabytes: int) -> None:
    def broken() -> Iterator[bytes]:
        yield from [MEGABYTE] * megabytes
        raise RuntimeError("the digest is another one")

    with pytest.raises(RuntimeError, match="the digest is another one"):
        store.put_stream(key, broken())
    assert not store.has(key)


@pytest.mark.parametrize(
    "bad", ["../../etc/passwd", "parts/../files/aaaaaaaa", "files/aaaaaaaa", "AAAAAAAA", "", "x" * 90]
)
def test_a_key_is_a_digest_or_an_id_and_never_a_way_elsewhere(store: BlobStore, bad: str) -> None:
    with pytest.raises(KeyError):
        store.put(bad, b"")


def test_a_store_that_works_says_that_it_is_writable(store: BlobStore) -> None:
    assert store.is_writable()


@pytest.fixture
def world(tmp_path: Path, object_store: Seaweed) -> Iterator[PhotoWorld]:
    made = PhotoWorld(tmp_path, blobs_url=object_store.url())
    yield made
    made.ctx.db.dispose()


@pytest.fixture
def other_node(world: PhotoWorld) -> Iterator[FlaskClient]:
    """A second server of the same county: the same database and bucket, and nothing else in common."""
    ctx = open_context(world.ctx.settings, now_ms=world.ctx.now_ms, new_id=world.ctx.new_id)
    yield app_on(ctx).test_client()
    ctx.db.dispose()


def send(client: FlaskClient, world: PhotoWorld, where: str, offset: int, piece: bytes) -> int:
    """Send a piece to one of the servers; where the upload stands then, or the status of a refusal."""
    headers = {"Upload-Offset": str(offset), "Content-Type": PIECE, **world.east}
    reply = client.patch(where, data=piece, headers=headers)
    return int(reply.headers["Upload-Offset"]) if reply.status_code == 204 else -reply.status_code


def test_pieces_of_one_photo_go_to_two_servers_and_either_shows_it(world: PhotoWorld, other_node: FlaskClient) -> None:
    photo = os.urandom(300_000)
    world.visit_names(photo)
    where = world.begin(photo).headers["Location"]
    assert send(world.client, world, where, 0, photo[:100_000]) == 100_000
    assert other_node.head(where, headers=world.east).headers["Upload-Offset"] == "100000"
    assert send(other_node, world, where, 100_000, photo[100_000:200_000]) == 200_000
    assert send(world.client, world, where, 200_000, photo[200_000:]) == 300_000
    address = f"/api/v1/photos/{sha256(photo)}"
    for client in (world.client, other_node):
        assert client.get(address, headers=world.east).data == photo
        assert client.get(address, headers=world.west).status_code == 404, "the store changes nobody's rights"
    assert not any((world.ctx.settings.data_folder / "blobs").rglob("*")), "nothing of it is on this machine"


def test_a_piece_the_store_gave_back_altered_is_noticed_and_the_photo_begins_again(world: PhotoWorld) -> None:
    photo = os.urandom(200_000)
    where = world.begin(photo).headers["Location"]
    assert send(world.client, world, where, 0, photo[:100_000]) == 100_000
    [key] = world.part_keys()
    world.ctx.blobs.put(key, os.urandom(100_000))
    assert send(world.client, world, where, 100_000, photo[100_000:]) == -460
    assert world.offset(where) == 0
    assert not world.ctx.blobs.has(sha256(photo))
    assert send(world.client, world, where, 0, photo) == 200_000


def test_while_the_store_is_away_text_goes_on_and_photos_wait_and_then_go_on(
    world: PhotoWorld, object_store: Seaweed
) -> None:
    photo, shown = os.urandom(200_000), os.urandom(50_000)
    world.visit_names(photo, shown)
    where = world.begin(photo).headers["Location"]
    assert send(world.client, world, where, 0, photo[:100_000]) == 100_000
    assert send(world.client, world, world.begin(shown).headers["Location"], 0, shown) == 50_000
    object_store.kill("s3")
    try:
        for reply in (
            world.send(where, 100_000, photo[100_000:]),
            world.begin(photo[:150_000], data=photo[:150_000], headers={"Content-Type": PIECE}),
            world.photo(shown),
        ):
            assert (reply.status_code, reply.json["code"]) == (503, "files-away")  # type: ignore[index]
            assert reply.headers["Retry-After"] == "30"
        assert world.offset(where) == 100_000, "no offset is ahead of the bytes that are kept"
        assert world.client.post("/api/v1/sync", json={"protocol": 1}, headers=world.east).status_code == 200
        ready = world.client.get("/readyz")
        assert (ready.status_code, ready.json) == (200, {"status": "ready", "missing": ["files"]}), "every node says so"
        assert world.client.get("/healthz").status_code == 200
    finally:
        object_store.start("s3")
    assert send(world.client, world, where, 100_000, photo[100_000:]) == 200_000
    assert world.photo(photo).data == photo


def test_a_worker_of_any_machine_makes_the_smaller_pictures(world: PhotoWorld, other_node: FlaskClient) -> None:
    photo = encoded("JPEG")
    world.visit_names(photo)
    where = world.begin(photo).headers["Location"]
    assert send(world.client, world, where, 0, photo) == len(photo)
    assert run_due(world.ctx, HANDLERS) == 1
    address = f"/api/v1/photos/{sha256(photo)}?size=thumb"
    thumb = other_node.get(address, headers=world.east)
    assert thumb.mimetype == "image/jpeg"
    assert 0 < len(thumb.data) < len(photo)
