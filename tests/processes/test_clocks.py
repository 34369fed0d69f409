"""Deadlines: when they begin, when they stop, and how loud they are."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fieldsvc.forms import calendar_entries
from fieldsvc.processes.calendar import Calendar
from fieldsvc.processes.clocks import Running, running
from tests.processes.house import PLAIN, house

POSTED = {"stage": "posted", "posted_on": "2026-09-21"}
CHINA = Calendar.of(calendar_entries())


def clocks(properties: dict[str, Any], calendar: Calendar = PLAIN) -> dict[str, Running]:
    return {one.clock.name: one for one in running(house(), properties, calendar)}


def test_twenty_working_days_go_around_the_national_holiday() -> None:
    assert clocks(POSTED)["grant"].due == date(2026, 10, 19)
    assert clocks(POSTED, CHINA)["grant"].due == date(2026, 10, 26)


def test_a_clock_runs_from_its_beginning_until_its_stage_is_reached() -> None:
    assert clocks({"stage": "applied"}) == {}
    assert set(clocks(POSTED)) == {"grant"}
    assert clocks({**POSTED, "stage": "granted"}) == {}
    assert clocks({**POSTED, "stage": "begun"}) == {}


def test_the_day_people_agreed_on_is_a_deadline_too() -> None:
    assert clocks({"stage": "applied", "due": "2026-12-01"})["agreed"].due == date(2026, 12, 1)
    assert clocks({"stage": "accepted", "due": "2026-12-01"}) == {}


def test_what_came_to_an_end_has_no_deadline() -> None:
    assert clocks({**POSTED, "stage": "paid", "due": "2026-12-01"}) == {}


def test_a_clock_may_begin_at_an_end_and_wait_for_a_property() -> None:
    content = {"name": "again", "zh": "回头看", "en": "Look again", "since": "paid", "days": 90, "until": ["checker"]}
    stages = [{"code": "applied"}, {"code": "paid", "date": "accepted_on", "end": True}]
    process = house(stages=stages, clocks=[content], sums=[], clauses=[])
    paid = {"stage": "paid", "accepted_on": "2026-11-01"}
    assert [one.due for one in running(process, paid, PLAIN)] == [date(2027, 1, 30)]
    assert list(running(process, {**paid, "checker": "Li"}, PLAIN)) == []


@pytest.mark.parametrize(
    ("day", "left", "alarm"),
    [
        (date(2026, 11, 20), 11, None),
        (date(2026, 11, 24), 7, 7),
        (date(2026, 11, 28), 3, 3),
        (date(2026, 11, 30), 1, 3),
        (date(2026, 12, 1), 0, 0),
        (date(2026, 12, 2), -1, -1),
    ],
)
def test_the_alarm_gets_louder_towards_the_day(day: date, left: int, alarm: int | None) -> None:
    clock = clocks({"stage": "applied", "due": "2026-12-01"})["agreed"]
    assert (clock.left(day, PLAIN), clock.alarm(day, PLAIN)) == (left, alarm)


def test_a_deadline_on_a_weekend_is_overdue_the_day_after() -> None:
    clock = clocks({**POSTED, "posted_on": "2026-09-21"}, CHINA)["grant"]
    assert clock.alarm(date(2026, 10, 26), CHINA) == 0
    assert clock.alarm(date(2026, 10, 27), CHINA) == -1


def test_a_deadline_that_runs_into_a_year_without_holidays_says_that_it_may_move() -> None:
    assert clocks({**POSTED, "posted_on": "2026-11-02"}, CHINA)["grant"].certain
    assert not clocks({**POSTED, "posted_on": "2026-12-21"}, CHINA)["grant"].certain


def test_a_code_in_a_property_may_stop_a_clock() -> None:
    content = {"name": "decide", "zh": "认定", "en": "Decide", "since": "applied", "days": 5, "until": ["grade=A"]}
    process = house(clocks=[content])
    applied = {"stage": "applied", "applied_on": "2026-11-01"}
    assert len(list(running(process, {**applied, "grade": "B"}, PLAIN))) == 1
    assert list(running(process, {**applied, "grade": "A"}, PLAIN)) == []
