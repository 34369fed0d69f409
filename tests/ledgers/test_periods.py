"""Weeks, months and quarters: each day in one of each, one after the other, named so that the name leads back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsvc.ledgers.periods import KINDS, of_day, of_name

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@given(DAYS, st.sampled_from(KINDS))
def test_a_day_lies_in_its_period_and_the_name_leads_back(day: date, kind: str) -> None:
    period = of_day(kind, day)
    assert period.first <= day <= period.last
    assert of_name(period.name) == period


@given(DAYS, st.sampled_from(KINDS))
def test_the_period_before_ends_the_day_before(day: date, kind: str) -> None:
    period = of_day(kind, day)
    assert period.before().last == period.first - timedelta(days=1)


def test_names_are_those_of_the_standard() -> None:
    day = date(2027, 1, 1)
    assert [of_day(kind, day).name for kind in KINDS] == ["2026-W53", "2027-01", "2027-Q1"]
    assert of_day("quarter", date(2026, 11, 25)).months == (202610, 202611, 202612)


@pytest.mark.parametrize("name", ["2026-13", "2026-W54", "2026-Q5", "0000-01", "2026", "", "２０２６-01", "2026-11 "])
def test_what_is_no_period_has_none(name: str) -> None:
    assert of_name(name) is None
