"""防返贫线索和监测: from a clue over the check at home and the decision to the end of the risk."""

from __future__ import annotations

from typing import Any

import pytest

from fieldsvc.forms import datasets, lists
from fieldsvc.processes.calendar import Calendar
from fieldsvc.processes.clocks import running
from fieldsvc.processes.limits import limits_of
from fieldsvc.processes.read import parse
from tests.forms.filled import PHOTO, computed, found, one, written

RISK = {"name": "r-1", "label": "2026-11-01 线索", "stage": "discussed", "class": "edge", "clue_on": "2026-11-01"}
HELD = {"risks": [RISK]}
MONEY = {"wages": "6000", "transfer": "3000", "self_paid": "2000", "people": "4"}
NO_PROBLEM = dict.fromkeys(("house_problem", "school_problem", "water_problem", "insurance_problem", "no_labour"), "no")


def clue(**pages: Any) -> dict[str, Any]:
    """A clue found today and checked at once: illness, four people, 9000 yuan a year, to be monitored."""
    begin = {"task": "clue", "source": "cadre", "clue_on": "2026-11-20", "what": "户主住院", "check_now": "yes"}
    home = {"risks": "illness", "coping": "unable", **NO_PROBLEM, **pages.pop("home_check", {})}
    verdict = {"verdict": "include", "class": "edge", "verdict_reason": "自付支出大", **pages.pop("judgement", {})}
    return {
        "household": "h-1",
        "labourers": "1",
        "members_known": "4",
        "reached": "0",
        "clue": {**begin, **pages.pop("clue", {})},
        "home_check": home,
        "money": {**MONEY, **pages.pop("money", {})},
        "consent": {"consent_sign": PHOTO, "matched": "no", **pages.pop("consent", {})},
        "judgement": {key: value for key, value in verdict.items() if value},
        "signing": {"sign_reason": "外出"},
        **pages,
    }


def later(task: str, **pages: Any) -> dict[str, Any]:
    """Another day's work on the clue this household has."""
    known = {"stage_before": "discussed", "last_on": "2026-11-10", "class_before": "edge", "reached": "3"}
    people = {"household": "h-1", "labourers": "1", "members_known": "4", "risks_known": "1"}
    signed = {"signing": {"sign_reason": "外出"}} if task == "clear" else {}
    return {**people, **known, "clue": {"task": task, "risk": "r-1"}, **signed, **pages}


def step(which: str, on: str, **more: Any) -> dict[str, Any]:
    page = {"which": which, "on": on, "present": "村民代表 25 人", "step_photo": PHOTO}
    return later("step", step=page, **more)


def test_a_clue_and_its_check_at_home_begin_a_record_with_its_deadline() -> None:
    assert found("clue", clue()) == set()
    risk = one(written("clue", clue()), "risks")
    assert risk.create
    assert risk.changes | {"verdict_reason": ""} == {
        "clue_source": "cadre",
        "clue_on": "2026-11-20",
        "due": "2026-12-05",
        "title": "2026-11-22 线索",
        "risks": "illness",
        "coping": "unable",
        **NO_PROBLEM,
        "authorised": "yes",
        "verdict": "include",
        "class": "edge",
        "verdict_reason": "",
        "net": "9000",
        "net_per_head": "2250",
        "self_paid": "2000",
        "stage": "checked",
        "checked_on": "2026-11-22",
    }


def test_a_clue_may_be_noted_alone_and_is_due_within_the_days_of_the_rules() -> None:
    noted = clue(clue={"check_now": "no"})
    answers = {key: noted[key] for key in ("household", "clue", "reached")}
    assert found("clue", answers) == set()
    values = computed("clue", answers)
    assert (values["/due"], values["/stage"]) == ("2026-12-05", "clue")


def test_assets_are_compared_only_with_the_households_signed_consent() -> None:
    answers = clue()
    answers["consent"] = {"matched": "yes"}
    assert ("/consent/matched", "constraint") in found("clue", answers)
    answers["consent"]["consent_photo"] = PHOTO
    assert found("clue", answers) == set()


def test_a_finding_nobody_has_explained_is_doubted_before_the_verdict() -> None:
    car = {"_id": "1", "asset": "vehicle", "finding": "登记轿车一辆"}
    open_ = clue(consent={"matched": "yes", "assets": [{**car, "explained": "no"}]})
    assert found("clue", open_) == {("/judgement/verdict", "soft")}
    told = clue(consent={"matched": "yes", "assets": [{**car, "explained": "yes", "explanation": "借名给表弟"}]})
    assert found("clue", told) == set()
    assert one(written("clue", told), "risks").changes["assets"] == "车辆：登记轿车一辆（借名给表弟）"


def test_five_risks_are_the_most_and_of_several_all_stand_in_the_order_of_their_weight() -> None:
    six = "illness disability education accident industry job"
    assert ("/home_check/risks", "constraint") in found("clue", clue(home_check={"risks": six, "risk_order": six}))
    assert ("/home_check/risk_order", "required") in found("clue", clue(home_check={"risks": "illness job"}))
    other = clue(home_check={"risks": "illness job", "risk_order": "house illness"})
    assert ("/home_check/risk_order", "choice") in found("clue", other)
    fewer = clue(home_check={"risks": "illness disability job", "risk_order": "job illness"})
    assert ("/home_check/risk_order", "constraint") in found("clue", fewer)


def test_a_natural_disaster_is_named() -> None:
    assert ("/home_check/disaster", "required") in found("clue", clue(home_check={"risks": "disaster"}))


@pytest.mark.parametrize(
    "given",
    [
        {"home_check": {"water_problem": "yes"}, "money": {"wages": "60000"}},
        {"money": {"wages": "6000"}},
    ],
)
def test_not_to_monitor_a_household_below_the_line_or_with_an_open_problem_needs_a_reason(given: Any) -> None:
    answers = clue(judgement={"verdict": "exclude", "class": ""}, **given)
    assert found("clue", answers) == {("/judgement/verdict", "soft")}


def test_the_line_is_compared_with_what_is_left_after_own_payments_to_the_fen() -> None:
    """Four people: 11980 yuan left is the line, a fen less is below."""
    out = {"verdict": "exclude", "class": ""}
    at_line = clue(money={"wages": "10980"}, judgement=out)
    below = clue(money={"wages": "10979.99"}, judgement=out)
    assert found("clue", at_line) == set()
    assert found("clue", below) == {("/judgement/verdict", "soft")}


def test_no_labour_is_doubted_where_by_the_record_somebody_can_work() -> None:
    assert ("/home_check/no_labour", "soft") in found("clue", clue(home_check={"no_labour": "yes"}))
    assert ("/home_check/risks", "soft") in found("clue", clue(home_check={"risks": "labour"}))


def test_steps_come_in_order_and_never_before_the_one_before() -> None:
    assert found("clue", step("noticed", "2026-11-12"), HELD) == set()
    assert ("/step/which", "choice") in found("clue", step("discussed", "2026-11-12"), HELD)
    assert ("/step/on", "constraint") in found("clue", step("noticed", "2026-11-09"), HELD)
    change = one(written("clue", step("noticed", "2026-11-12"), HELD), "risks")
    assert (change.id, change.changes) == ("r-1", {"stage": "noticed", "noticed_on": "2026-11-12"})


@pytest.mark.parametrize(("day", "doubted"), [("2026-11-16", True), ("2026-11-17", False)])
def test_the_notice_hangs_its_days_before_the_town_decides(day: str, doubted: bool) -> None:
    answers = step("town", day, noticed_on="2026-11-12")
    assert (("/step/on", "soft") in found("clue", answers, HELD)) == doubted


def test_steps_for_a_household_that_was_not_to_be_monitored_are_doubted() -> None:
    answers = {**step("noticed", "2026-11-12"), "class_before": ""}
    assert found("clue", answers, HELD) == {("/step/which", "soft")}


def test_a_decision_after_its_deadline_says_why() -> None:
    late = step("county", "2026-11-20", due_known="2026-11-16")
    assert ("/step/on", "soft") in found("clue", late, HELD)


def test_the_county_s_decision_gives_the_household_its_class() -> None:
    changes = written("clue", step("county", "2026-11-20"), HELD)
    assert one(changes, "households").changes == {"monitor_class": "edge", "risk_cleared": "no"}
    assert [each.dataset for each in written("clue", step("town", "2026-11-20"), HELD)] == ["risks"]


@pytest.mark.parametrize(
    ("measures", "decided", "before", "doubts"),
    [
        ("health", "2026-11-01", "", 0),
        ("health", "2026-10-01", "", 1),
        ("health", "2026-03-01", "health", 1),
        ("health job", "2026-03-01", "health", 0),
    ],
)
def test_help_comes_in_the_first_month_and_work_within_half_a_year(
    measures: str, decided: str, before: str, doubts: int
) -> None:
    page = {"measures": measures, "measures_on": "2026-11-22", "helped": "联系大病救助"}
    answers = later("help", help=page, decided_on=decided, measures_before=before)
    assert len([kind for _, kind in found("clue", answers, HELD) if kind == "soft"]) == doubts


def test_a_cleared_risk_closes_the_record_and_the_household_s() -> None:
    page = {"cleared": "steady", "cleared_on": "2026-11-22", "evidence": "务工收入稳定，病情好转"}
    answers = later("clear", clear=page, measures_before="health job", risks_before="illness")
    assert found("clue", answers, HELD) == set()
    changes = written("clue", answers, HELD)
    assert one(changes, "households").changes == {"risk_cleared": "yes"}
    assert one(changes, "risks").changes == {"cleared": "steady", "cleared_on": "2026-11-22", "stage": "cleared"}


def test_unsteady_work_is_not_cleared_for_good_where_nobody_can_work() -> None:
    page = {"cleared": "steady", "cleared_on": "2026-11-22", "evidence": "收入稳定"}
    answers = {**later("clear", clear=page, measures_before="job", risks_before="job"), "labourers": "0"}
    assert found("clue", answers, HELD) == {("/clear/cleared", "soft")}


def test_the_record_holds_the_risks_in_the_order_they_were_put() -> None:
    answers = clue(home_check={"risks": "illness disability job", "risk_order": "job illness disability"})
    assert found("clue", answers) == set()
    assert one(written("clue", answers), "risks").changes["risks"] == "job illness disability"


def test_a_look_again_says_when_and_moves_no_stage() -> None:
    answers = later("revisit", revisit={"revisited_on": "2026-11-20", "revisit_found": "病情稳定，已上工"})
    assert found("clue", answers, HELD) == set()
    assert one(written("clue", answers, HELD), "risks").changes == {"looked_on": "2026-11-20"}


def test_help_begins_the_time_to_the_first_look_and_each_look_the_time_to_the_next() -> None:
    definition = datasets()["risks"]["process"]["content"]
    figures = limits_of(lists()["thresholds"].rows, 2026)
    process = parse("monitoring", definition, datasets(), figures)

    def due(**record: str) -> dict[str, str]:
        runs = running(process, {"stage": "helped", "measures_on": "2026-09-01", **record}, Calendar.of([]))
        return {one.clock.name: one.due.isoformat() for one in runs}

    assert due() == {"first_revisit": "2026-10-01"}, "helped by an earlier release, which wrote no look down"
    assert due(looked_on="2026-09-01") == {"revisit": "2026-10-01"}
    assert due(looked_on="2026-10-20") == {"revisit": "2026-11-19"}
    assert due(looked_on="2026-10-20", stage="cleared", cleared="steady", cleared_on="2026-11-01") == {}
    came_back = due(looked_on="2026-10-20", cleared="steady", cleared_on="2026-10-01")
    assert came_back == {"revisit": "2026-11-19"}, "it says still how it was cleared once"
