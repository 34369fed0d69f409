"""What an outage costs the work that waits: time, and none of its attempts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fieldsvc.problems import DatabaseAway, FilesAway, ServerBusy
from fieldsvc.services.jobs import ATTEMPTS, AWAY_MS, Watched, run_due
from fieldsvc.store import jobs
from fieldsvc.store.tables import JobRow
from tests.api.photo_world import PIECE, PhotoWorld

PHOTO = b"a house"


@pytest.fixture
def world(tmp_path: Path) -> PhotoWorld:
    """One whose worker has a photo to open."""
    world = PhotoWorld(tmp_path)
    world.begin(PHOTO, data=PHOTO, headers={"Content-Type": PIECE})
    return world


def job(world: PhotoWorld) -> JobRow:
    with world.ctx.db.read() as session:
        return session.scalars(select(JobRow)).one()


@pytest.mark.parametrize("away", [FilesAway, DatabaseAway, ServerBusy])
def test_an_outage_longer_than_all_attempts_ends_no_job(world: PhotoWorld, away: type[ServerBusy]) -> None:
    given_up: list[str] = []

    def fails(*_: object) -> None:
        raise away

    def gives_up(_ctx: object, _feed: str, payload: Mapping[str, Any]) -> None:
        given_up.append(payload["sha256"])

    for _ in range(ATTEMPTS + 1):
        assert run_due(world.ctx, {"derive": Watched(fails, gives_up)}) == 1
        found = job(world)
        assert (found.state, found.attempts, found.run_after - world.now) == ("waiting", 0, AWAY_MS)
        assert away.__name__ in (found.error or ""), "a person can read what it waits for"
        world.now = found.run_after
    assert not given_up
    assert world.worker_runs() == 1
    assert job(world).state == "done"


def test_a_worker_that_saw_a_job_before_another_put_it_off_does_not_take_it(world: PhotoWorld) -> None:
    def fails(*_: object) -> None:
        raise FilesAway

    seen = job(world)
    run_due(world.ctx, {"derive": fails})
    with world.ctx.db.write() as session:
        assert not jobs.claim(session, seen, lease_until=world.now + AWAY_MS)


def test_a_fault_of_our_own_still_ends_a_job_after_all_its_attempts(world: PhotoWorld) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("a bug")

    for _ in range(ATTEMPTS):
        assert run_due(world.ctx, {"derive": fails}) == 1
        world.now = job(world).run_after
    found = job(world)
    assert (found.state, found.attempts) == ("failed", ATTEMPTS)
