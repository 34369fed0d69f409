"""What a photo costs the disk, in commits and fsyncs: they take the time, and do not depend on the machine."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from fieldsvc.blobs.folder import FolderStore
from fieldsvc.problems import NotFound
from fieldsvc.services import shared_writes
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.services.jobs import TOGETHER, run_due
from fieldsvc.services.shared_writes import write_together
from fieldsvc.store.tables import JobRow
from tests.api.photo_world import PIECE, UPLOADS, PhotoWorld, sha256, together

PHOTO = Random(1).randbytes(150_000)
PART = 50_000


@dataclass
class Cost:
    """Commits that wait for the disk, and files and folders that were synced."""

    commits: int = 0
    syncs: int = 0


@pytest.fixture
def world(tmp_path: Path) -> PhotoWorld:
    world = PhotoWorld(tmp_path)
    world.visit_names(PHOTO)
    # The name of each of the 256 folders is synced once by every process: this one has come across all of them.
    store = world.ctx.blobs
    assert isinstance(store, FolderStore)
    for number in range(256):
        for kind in ("files", "parts"):
            store._make_folder(store.root / kind / f"{number:02x}")
    return world


@contextmanager
def cost_of(world: PhotoWorld, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cost]:
    """The cost of what happens in the block; every sync still happens."""
    cost, fsync, engine = Cost(), os.fsync, world.ctx.db.write_engine

    def synced(file: int) -> None:
        cost.syncs += 1
        fsync(file)

    def committed(_connection: object) -> None:
        cost.commits += 1

    event.listen(engine, "commit", committed)
    with monkeypatch.context() as counting:
        counting.setattr(os, "fsync", synced)
        yield cost
    event.remove(engine, "commit", committed)


def test_a_photo_that_comes_whole_costs_one_commit_and_the_sync_of_its_file_and_folder(
    world: PhotoWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cost_of(world, monkeypatch) as cost:
        assert world.begin(PHOTO, data=PHOTO, headers={"Content-Type": PIECE}).status_code == 201
    assert (cost.commits, cost.syncs) == (1, 2)


def test_the_photos_of_a_visit_that_come_together_cost_one_commit(
    world: PhotoWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = [Random(number).randbytes(150_000) for number in range(2, 8)]
    world.visit_names(*photos)
    with cost_of(world, monkeypatch) as cost:
        answer = world.client.post(f"{UPLOADS}/together", headers=world.east, **together(photos))
    assert answer.json == {"stored": sorted(map(sha256, photos))}
    assert {world.state(photo) for photo in photos} == {"present"}
    folders = {digest[-2:] for digest in answer.json["stored"]}
    assert (cost.commits, cost.syncs) == (1, len(photos) + len(folders))


def test_a_photo_in_three_pieces_costs_two_commits_a_piece_and_one_for_the_whole(
    world: PhotoWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    with cost_of(world, monkeypatch) as cost:
        first = world.begin(PHOTO, data=PHOTO[:PART], headers={"Content-Type": PIECE})
        for at in range(PART, len(PHOTO), PART):
            world.send(first.headers["Location"], at, PHOTO[at : at + PART])
    assert world.state(PHOTO) == "present"
    assert (cost.commits, cost.syncs) == (3 * 2 + 1, 3 * 2 + 2)


def test_photos_that_wait_for_the_worker_are_taken_and_ended_together(
    world: PhotoWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(TOGETHER + 1):
        photo = Random(number).randbytes(1_000)
        assert world.begin(photo, data=photo, headers={"Content-Type": PIECE}).status_code == 201
    with cost_of(world, monkeypatch) as cost:
        assert run_due(world.ctx, HANDLERS) == TOGETHER + 1
    # Each notes what it found; eight, and then the last one, are taken in one commit and ended in one.
    assert cost.commits == TOGETHER + 1 + 2 * 2


def test_one_photo_that_cannot_be_opened_ends_no_other(world: PhotoWorld) -> None:
    seen: list[str] = []

    def breaks(_ctx: object, _feed: str, payload: Mapping[str, Any]) -> None:
        seen.append(payload["sha256"])
        if len(seen) == 2:
            raise OSError("the disk is gone")

    for number in range(3):
        photo = Random(number).randbytes(1_000)
        world.begin(photo, data=photo, headers={"Content-Type": PIECE})
    assert run_due(world.ctx, {"derive": breaks}) == 3
    with world.ctx.db.read() as session:
        states = {row.payload["sha256"]: (row.state, row.attempts) for row in session.scalars(select(JobRow))}
    assert [states[sha256] for sha256 in seen] == [("done", 1), ("waiting", 1), ("done", 1)]


def test_a_job_that_was_tried_before_is_taken_alone(world: PhotoWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should it end the worker, it takes nobody else's attempts with it."""
    for number in range(3):
        photo = Random(number).randbytes(1_000)
        world.begin(photo, data=photo, headers={"Content-Type": PIECE})
    with world.ctx.db.write() as session:
        first = session.scalars(select(JobRow).order_by(JobRow.run_after, JobRow.id).limit(1)).one()
        first.attempts = 1
    with cost_of(world, monkeypatch) as cost:
        assert run_due(world.ctx, HANDLERS) == 3
    # Each notes what it found; the first is taken and ended by itself, the other two together.
    assert cost.commits == 3 + 2 * 2


def test_offsets_that_move_at_the_same_moment_share_a_commit(
    world: PhotoWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One writes while seven others come; one of them asks for what is not there, and harms nobody."""
    ctx, begun, go_on = world.ctx, threading.Event(), threading.Event()
    answers: dict[int, object] = {}

    def work(number: int, _session: Session) -> int:
        if number == 0:
            begun.set()
            assert go_on.wait(30)
        if number == 3:
            raise NotFound
        return number * 10

    def ask(number: int) -> None:
        try:
            answers[number] = write_together(ctx, lambda session: work(number, session))
        except NotFound as problem:
            answers[number] = problem.code

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    with cost_of(world, monkeypatch) as cost:
        threads[0].start()
        assert begun.wait(30)
        for thread in threads[1:]:
            thread.start()
        while len(shared_writes._LINES[ctx.db]._waiting) < 7:
            threading.Event().wait(0.001)
        go_on.set()
        for thread in threads:
            thread.join(30)
    assert answers == {n: "not-found" if n == 3 else n * 10 for n in range(8)}
    assert cost.commits == 2


def test_one_whose_write_fails_fails_alone(world: PhotoWorld) -> None:
    def breaks(session: Session) -> None:
        raise OSError("the disk is gone")

    done = shared_writes._do_all(world.ctx, [lambda _: 1, breaks, lambda _: 3])
    assert (done[0], done[2]) == ((1,), (3,))
    assert isinstance(done[1], OSError)
