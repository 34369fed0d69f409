"""One move of one record, against every kind of guard."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsvc.processes.judge import Facts, Properties
from tests.processes.house import BOSS, CLERK, CODES, DATES, house, kinds, moved

APPLIED: Properties = {"stage": "applied", "applied_on": "2026-11-01"}
POSTED: Properties = {**APPLIED, "stage": "posted", "posted_on": "2026-11-03"}
GRANTED: Properties = {**POSTED, "stage": "granted", "granted_on": "2026-11-10"}
NO_PHOTO = Facts()


def test_a_case_that_keeps_every_rule_goes_from_its_beginning_to_its_end() -> None:
    accepted = {"stage": "accepted", "accepted_on": "2026-11-20", "grade": "C", "company": "x"}
    assert moved(None, APPLIED, who=CLERK) == ()
    assert moved(APPLIED, POSTED, who=CLERK) == ()
    assert moved(POSTED, GRANTED) == ()
    assert moved(GRANTED, accepted, who=CLERK) == ()
    assert moved({**GRANTED, **accepted}, {"stage": "paid"}) == ()


def test_three_steps_may_arrive_together_when_each_has_its_date() -> None:
    assert moved(APPLIED, GRANTED) == ()
    assert moved(None, POSTED, who=CLERK) == ()


def test_a_step_passed_over_without_a_date_is_named() -> None:
    found = moved(APPLIED, {"stage": "granted", "granted_on": "2026-11-10"})
    assert kinds(found) == [("order", "posted")]
    assert found[0].sentence["zh"] == "跳过了「中posted」，没有日期"


def test_a_step_is_never_dated_before_the_one_it_follows() -> None:
    found = moved(APPLIED, {"stage": "posted", "posted_on": "2026-10-31"}, who=CLERK)
    assert kinds(found) == [("date", "posted")]
    assert "2026-10-31" in found[0].sentence["en"]


def test_an_earlier_step_cannot_be_dated_after_a_later_one_afterwards() -> None:
    assert kinds(moved(POSTED, {"applied_on": "2026-11-04"})) == [("date", "posted")]
    assert moved(POSTED, {"applied_on": "2026-11-02"}) == ()


def test_a_gap_in_the_order_from_before_the_system_does_not_fail_at_every_touch() -> None:
    old = {**GRANTED, "applied_on": "2026-11-29"}
    assert moved(old, {"owner": "somebody"}) == ()


def test_a_date_that_has_not_come_is_found_but_the_phones_tomorrow_is_not() -> None:
    assert kinds(moved(APPLIED, {"stage": "posted", "posted_on": "2026-11-27"})) == [("date", "posted")]
    assert moved(APPLIED, {"stage": "posted", "posted_on": "2026-11-26"}) == ()


def test_backwards_goes_only_where_a_way_back_is_named() -> None:
    assert kinds(moved(GRANTED, {"stage": "applied"})) == [("order", "applied")]
    assert moved(GRANTED, {"stage": "returned"}) == ()
    assert kinds(moved(APPLIED, {"stage": "returned"})) == [("order", "returned")]
    assert kinds(moved({**GRANTED, "stage": "returned"}, {"stage": "granted"})) == [("order", "granted")]


def test_an_end_is_the_end() -> None:
    reopened = moved({**GRANTED, "stage": "paid"}, {"stage": "posted"})
    assert kinds(reopened) == [("order", "posted")]


def test_a_stage_nobody_knows_or_a_blank_one_is_found() -> None:
    assert kinds(moved(APPLIED, {"stage": "elsewhere"})) == [("order", "")]
    assert kinds(moved(APPLIED, {"stage": None})) == [("order", "")]


def test_what_a_stage_needs_must_be_there() -> None:
    lacking = moved(GRANTED, {"stage": "accepted", "accepted_on": "2026-11-20", "team": "two"})
    assert kinds(lacking) == [("evidence", "accepted")]
    assert lacking[0].sentence["zh"] == "「中accepted」缺少中grade"
    assert kinds(moved(GRANTED, {"stage": "accepted", "grade": "C", "team": "x"})) == [("evidence", "accepted")]


def test_a_photo_that_never_came_with_the_case_is_missing() -> None:
    assert kinds(moved(APPLIED, POSTED, facts=NO_PHOTO)) == [("evidence", "posted")]


def test_only_who_may_moves_it() -> None:
    assert kinds(moved(POSTED, GRANTED, who=CLERK)) == [("person", "granted")]
    assert kinds(moved({**POSTED, "owner": "Boss"}, GRANTED)) == [("person", "granted")]
    assert kinds(moved({**POSTED, "owner": "p2"}, GRANTED)) == [("person", "granted")]


def test_whoever_applied_does_not_grant_not_even_in_one_report() -> None:
    earlier = Facts(moved_by={"applied": "p2"}, photos=frozenset({"notice"}))
    assert kinds(moved(POSTED, GRANTED, facts=earlier)) == [("person", "granted")]
    assert kinds(moved(None, GRANTED)) == [("person", "granted")]
    other = Facts(moved_by={"applied": "p1"}, photos=frozenset({"notice"}))
    assert moved(POSTED, GRANTED, facts=other) == ()


def test_two_properties_that_must_name_two_people() -> None:
    done = {"stage": "accepted", "accepted_on": "2026-11-20", "grade": "C", "team": "x", "checker": "Li"}
    assert kinds(moved(GRANTED, {**done, "builder": "Li"})) == [("person", "accepted")]
    assert moved(GRANTED, {**done, "builder": "Wang"}) == ()


@pytest.mark.parametrize(("granted_on", "fine"), [("2026-11-09", False), ("2026-11-10", True)])
def test_a_notice_hangs_its_seven_days(granted_on: str, fine: bool) -> None:
    found = moved(POSTED, {"stage": "granted", "granted_on": granted_on})
    assert kinds(found) == ([] if fine else [("notice", "granted")])
    assert fine or "最早 2026-11-10" in found[0].sentence["zh"]


def test_one_broken_rule_does_not_hide_the_others() -> None:
    found = moved(POSTED, {"stage": "granted", "granted_on": "2026-11-02"}, who=CLERK)
    assert [guard for guard, _ in kinds(found)] == ["person", "notice", "date"]


values = st.one_of(
    st.none(), st.sampled_from(["2026-10-01", "2026-11-02", "2026-11-05", "2026-11-20", "gibberish", ""])
)
cases = st.fixed_dictionaries(
    {"stage": st.sampled_from([*CODES, "", "elsewhere"]), **dict.fromkeys(DATES, values)},
    optional={"grade": st.just("C"), "team": st.just("x"), "owner": st.sampled_from(["Boss", "Clerk"])},
)


@given(st.none() | cases, cases, st.sampled_from([BOSS, CLERK]))
def test_no_record_however_odd_makes_the_judge_fail(before: Properties | None, after: Properties, who: object) -> None:
    moved(before, after, who=BOSS if who is BOSS else CLERK)


@given(cases, cases)
def test_the_order_guard_never_accepts_a_step_dated_before_an_earlier_stage(
    before: dict[str, str | None], after: dict[str, str | None]
) -> None:
    found = moved(before, after)
    process = house()
    line, now = process.line, process.stage_of(after)
    if found or now is None or now.side or after["stage"] == before["stage"]:
        return
    days = [after.get(f"{code}_on") for code in line[: line.index(now.code) + 1]]
    touched = [after.get(f"{code}_on") for code in line if before.get(f"{code}_on") != after.get(f"{code}_on")]
    dated = [day for day in days if day and day.startswith("2026")]
    for earlier, later in pairwise(dated):
        assert earlier <= later or not {earlier, later} & set(touched)


@given(cases)
def test_stating_a_record_again_breaks_nothing(record: Properties) -> None:
    assert moved(record, record) == ()
