"""The working days of China, and the laws of counting them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsvc.forms import calendar_entries
from fieldsvc.processes.calendar import Calendar, CalendarProblem, Entry, doubts, read_calendar

CHINA = Calendar.of(calendar_entries())
days = st.dates(date(2024, 1, 1), date(2027, 6, 30))
numbers = st.integers(0, 80)
odd_days = st.dictionaries(days, st.sampled_from(["holiday", "workday"]), max_size=40).map(
    lambda found: Calendar.of(Entry(day, kind) for day, kind in found.items())
)
calendars = st.just(CHINA) | odd_days


@pytest.mark.parametrize(
    ("start", "number", "end"),
    [
        (date(2026, 2, 13), 1, date(2026, 2, 14)),  # a Saturday worked before the Spring Festival
        (date(2026, 2, 14), 1, date(2026, 2, 24)),  # and then nine days off
        (date(2026, 9, 30), 2, date(2026, 10, 9)),
        (date(2025, 9, 30), 2, date(2025, 10, 10)),
        (date(2024, 12, 31), 1, date(2025, 1, 2)),
        (date(2026, 11, 27), 5, date(2026, 12, 4)),
    ],
)
def test_a_deadline_skips_the_holidays_and_counts_the_days_made_up(start: date, number: int, end: date) -> None:
    assert CHINA.add(start, number) == end
    assert CHINA.between(start, end) == number


def test_a_year_nobody_entered_counts_monday_to_friday_and_says_so() -> None:
    assert CHINA.add(date(2029, 9, 28), 3) == date(2029, 10, 3)
    assert not CHINA.known(date(2029, 9, 28))
    assert CHINA.known(date(2026, 9, 28), date(2025, 1, 1))


def test_the_shipped_years_raise_no_doubt() -> None:
    assert doubts(calendar_entries()) == []
    assert {2024, 2025, 2026} <= CHINA.years


@given(calendars, days, numbers, numbers)
def test_more_working_days_never_end_earlier(calendar: Calendar, day: date, one: int, more: int) -> None:
    assert calendar.add(day, one) <= calendar.add(day, one + more)
    assert calendar.add(calendar.add(day, one), more) == calendar.add(day, one + more)


@given(calendars, days, st.integers(0, 40), numbers)
def test_a_later_start_never_ends_earlier(calendar: Calendar, day: date, later: int, number: int) -> None:
    assert calendar.add(day, number) <= calendar.add(day + timedelta(days=later), number)


@given(calendars, days, numbers)
def test_counting_undoes_adding(calendar: Calendar, day: date, number: int) -> None:
    assert calendar.between(day, calendar.add(day, number)) == number
    end = calendar.add(day, number)
    assert number == 0 or calendar.is_working(end)


@given(calendars, days, numbers)
def test_from_a_working_day_going_back_returns_to_it(calendar: Calendar, day: date, number: int) -> None:
    start = calendar.add(day, 1)
    assert calendar.add(calendar.add(start, number), -number) == start


@given(calendars, days, days, days)
def test_the_days_of_two_stretches_add_up(calendar: Calendar, one: date, two: date, three: date) -> None:
    assert calendar.between(one, two) + calendar.between(two, three) == calendar.between(one, three)
    assert calendar.between(one, two) == -calendar.between(two, one)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("date,kind\n", "columns day, kind"),
        ("day,kind,name\n2026-13-01,holiday,\n", "Line 2: '2026-13-01' is no day"),
        ("day,kind,name\n2026-10-01,free,\n", "Line 2: kind must be"),
        ("day,kind,name\n2026-10-01,holiday,\n2026-10-01,holiday,\n", "Line 3: 2026-10-01 stands there twice"),
        ("day,kind,name\n2026-10-09,workday,\n", "2026-10-09 is no weekend day"),
    ],
)
def test_a_mistake_in_a_calendar_names_its_line(text: str, complaint: str) -> None:
    with pytest.raises(CalendarProblem, match=complaint):
        read_calendar(text)


def test_a_year_with_far_too_few_holidays_raises_a_doubt() -> None:
    [doubt] = doubts(read_calendar("day,kind,name\n2027-10-01,holiday,国庆节\n"))
    assert doubt.startswith("2027: 1 weekdays off")


def test_half_a_month_of_holidays_raises_a_doubt() -> None:
    lines = [f"2027-02-{day:02},holiday,春节" for day in range(1, 15)]
    assert any("12 days off in a row" in one for one in doubts(read_calendar("day,kind,name\n" + "\n".join(lines))))
