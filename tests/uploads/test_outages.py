"""What an outage costs the work that waits: time, and none of its attempts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fieldsvc.problems import DatabaseAway, FilesAway, ServerBusy
from fieldsvc.services import store_watch
from fieldsvc.services.doctor import examine
from fieldsvc.services.jobs import ATTEMPTS, AWAY_MS, MOST_AWAY_MS, Watched, run_due
from fieldsvc.store import jobs
from fieldsvc.store.tables import JobRow
from tests.api.photo_world import PIECE, PhotoWorld

PHOTO = b"a house"
HOUR_MS = 60 * 60 * 1000
NOW = datetime(2026, 11, 24, tzinfo=UTC)


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
        assert (found.state, found.attempts) == ("waiting", 0)
        assert AWAY_MS <= found.run_after - world.now <= MOST_AWAY_MS
        assert away.__name__ in (found.error or ""), "a person can read what it waits for"
        world.now = found.run_after
    assert not given_up
    assert world.worker_runs() == 1
    assert job(world).state == "done"


def test_a_key_that_nobody_mends_is_tried_less_and_less_often_and_the_operator_is_told(world: PhotoWorld) -> None:
    def fails(*_: object) -> None:
        raise FilesAway

    waits, tries = [], 0
    noted = world.now
    while world.now < noted + 24 * HOUR_MS:
        tries += run_due(world.ctx, {"derive": fails})
        waits.append(job(world).run_after - world.now)
        world.now = job(world).run_after
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (AWAY_MS, MOST_AWAY_MS)
    assert tries < 40, "every five minutes would have been 288 times"
    waiting = store_watch.standing(world.ctx)
    assert (waiting.number, waiting.hours, waiting.is_alarm) == (1, (world.now - noted) // HOUR_MS, True)
    assert any(f.level == "bad" and "24" in f.zh for f in examine(world.ctx, NOW))
    assert world.worker_runs() == 1
    assert store_watch.standing(world.ctx).number == 0


def test_what_waited_for_its_turn_before_the_store_went_away_has_not_waited_for_the_store(world: PhotoWorld) -> None:
    def fails(*_: object) -> None:
        raise FilesAway

    world.now += 2 * HOUR_MS
    run_due(world.ctx, {"derive": fails})
    assert job(world).run_after - world.now == AWAY_MS
    waiting = store_watch.standing(world.ctx)
    assert (waiting.number, waiting.hours, waiting.is_alarm) == (1, 0, False)


@pytest.mark.parametrize("new", [False, True])
def test_the_first_job_that_gets_through_calls_back_all_that_were_put_off(world: PhotoWorld, new: bool) -> None:
    def fails(*_: object) -> None:
        raise FilesAway

    for number in range(2):
        world.begin(data := b"another house %d" % number, data=data, headers={"Content-Type": PIECE})
    run_due(world.ctx, {"derive": fails})
    with world.ctx.db.write() as session:  # all of them would be tried an hour from now, or all but one
        for row in session.scalars(select(JobRow)).all()[0 if new else 1 :]:
            row.run_after += HOUR_MS
    world.now += AWAY_MS
    if new:
        world.begin(b"a new house", data=b"a new house", headers={"Content-Type": PIECE})
    assert world.worker_runs() == 3 + new
    assert store_watch.standing(world.ctx).number == 0


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
