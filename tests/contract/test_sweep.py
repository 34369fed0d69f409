"""The worker's sweep on each database: a step that fails holds up no other, and says so in the log."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from fieldsvc.problems import NotFound
from fieldsvc.serve.jobs import sweep
from fieldsvc.services.apart import apart
from fieldsvc.services.campaigns import crossing, making
from fieldsvc.store.engine import Database
from fieldsvc.store.locks import alone
from tests.contract.place import Place
from tests.contract.test_campaigns import DAY, held, home, plan, town


def test_what_a_step_cannot_do_holds_up_no_later_one(place: Place) -> None:
    east, west = town(place, "451000101"), town(place, "451000102")
    anna = place.cadre(home(place, "451000101", "E0"), name="Anna")
    target = home(place, "451000102", "W0")
    now = place.ctx.now_ms()
    made = making.make(place.ctx, plan(place, from_at=now + DAY, to_at=now + 2 * DAY), by=place.office)
    crossing.arrange(place.ctx, made.id, east, west, by=place.office)
    with place.ctx.db.write() as session:
        session.execute(text("DROP TABLE handovers"))
    with capture_logs() as said:
        sweep(replace(place.ctx, now_ms=lambda: now + DAY))
    assert [line["piece"] for line in said if line["log_level"] == "error"] == ["handovers"]
    assert held(place, anna.person_id)[target] == "checker"


def test_a_refusal_is_gone_on_without_and_a_mistake_of_the_program_is_not_hidden() -> None:
    def refuses() -> int:
        raise NotFound

    def errs() -> int:
        raise ZeroDivisionError

    assert apart("one", lambda: 1) == 1
    assert apart("two", refuses) is None
    with pytest.raises(ZeroDivisionError):
        apart("three", errs)


def test_one_worker_of_several_machines_sweeps_and_the_others_leave_it_to_that(place: Place) -> None:
    """On SQLite there is one machine, and one worker on it."""
    elsewhere = Database(place.ctx.db.url)
    with (
        alone(place.ctx.db, "sweep") as mine,
        alone(elsewhere, "sweep") as theirs,
        alone(elsewhere, "reports") as other,
    ):
        assert (mine, theirs, other) == (True, elsewhere.is_sqlite, True)
        with place.ctx.db.write() as session:
            session.execute(text("DROP TABLE handovers"))
        with capture_logs() as said:
            sweep(replace(place.ctx, db=elsewhere))
        assert bool(said) is elsewhere.is_sqlite, "nothing was even looked at"
    with alone(elsewhere, "sweep") as mine:
        assert mine
    elsewhere.dispose()
