"""一户一策: one plan a household and year, its measures, and what each quarter brought."""

from __future__ import annotations

from typing import Any

import pytest

from tests.forms.filled import computed, found, one, written

MEASURE = {"_id": "m-1", "category": "industry", "pick": "raise", "person": "李四", "due": "2026-12-31"}
PLAN = {"name": "plan-1", "label": "2026 年帮扶计划", "year": "2026", "edition": "2"}
HELD = {"plans": [PLAN], "plan_measures": [{"name": "m-1", "label": "养殖奖补", "plan": "2026"}]}


def plan(*measures: dict[str, Any], **given: Any) -> dict[str, Any]:
    """The seed's household: four people, an old house of 60 m², 8.1 mu, two labourers, 3030 yuan a head."""
    known = {"head": "张三", "people": "4", "arable": "8.1", "house_area": "60", "house_grade": "D", "labourers": "2"}
    income = {"income_year": "2025", "income_per_head": "3030", "edition": "1", "measures_known": "0"}
    pages: dict[str, Any] = {
        "basics": {"year": "2026", "causes": "illness skill", **given.pop("basics", {})},
        "target": {"income_goal": "6000", **given.pop("target", {})},
        "measures": [{"status": "planned", **each} for each in measures],
        "signing": {"opinion": "同意", "sign_reason": "外出", "posted": "no"},
    }
    return {"household": "h-1", **known, **income, **pages, **given}


def quarter(*progress: dict[str, Any], **answers: str) -> dict[str, Any]:
    asked = {"plan": "plan-1", "which": "q3", "effect": "出栏生猪四头，增收明显", **answers}
    signing = {"signing": {"sign_reason": "外出"}}
    return {"household": "h-1", "plan_year": "2026", "quarter": asked, "progress": list(progress), **signing}


def test_the_plan_tells_the_profile_of_the_household_on_one_line() -> None:
    profile = "张三：4 人，劳动力 2 人，耕地 8.1 亩，住房 60 平方米，D 级，2025 年人均纯收入 3030 元"
    assert computed("plan", plan(MEASURE))["/profile"] == profile


def test_a_new_plan_is_in_force_and_its_measures_belong_to_its_year() -> None:
    assert found("plan", plan(MEASURE)) == set()
    changes = written("plan", plan(MEASURE))
    made = one(changes, "plans")
    assert (made.create, made.label) == (True, "2026 年帮扶计划")
    assert made.changes | {"profile": ""} == {
        "year": "2026",
        "causes": "illness skill",
        "income_goal": "6000",
        "opinion": "同意",
        "posted": "no",
        "edition": "1",
        "profile": "",
        "status": "active",
        "title": "2026 年帮扶计划",
    }
    measure = one(changes, "plan_measures")
    assert measure.changes == {
        "category": "industry",
        "person": "李四",
        "due": "2026-12-31",
        "status": "planned",
        "item": "养殖奖补",
        "plan": "2026",
    }


def test_a_second_plan_of_the_year_is_the_next_edition_of_the_first() -> None:
    again = plan(MEASURE, plan="plan-1", edition="3")
    change = one(written("plan", again, HELD), "plans")
    assert (change.create, change.id, change.changes["edition"]) == (False, "plan-1", "3")


def test_a_measure_fits_its_category_or_is_written_out() -> None:
    wrong = {**MEASURE, "category": "water"}
    assert ("/measures[1]/pick", "choice") in found("plan", plan(wrong))
    own = {**MEASURE, "pick": "other"}
    assert ("/measures[1]/other_item", "required") in found("plan", plan(own))
    told = plan({**own, "other_item": "修蓄水池"})
    assert one(written("plan", told), "plan_measures").changes["item"] == "修蓄水池"


def test_the_measures_are_those_of_the_countys_own_list() -> None:
    own = {"measures": [{"name": "bees", "label": "养蜂补助", "category": "industry"}]}
    chosen = plan({**MEASURE, "pick": "bees"})
    assert found("plan", chosen, own) == set()
    assert one(written("plan", chosen, own), "plan_measures").changes["item"] == "养蜂补助"
    assert ("/measures[1]/pick", "choice") in found("plan", plan(MEASURE), own)


def test_a_cancelled_measure_says_why() -> None:
    dropped = {**MEASURE, "status": "cancelled"}
    assert ("/measures[1]/status_reason", "required") in found("plan", plan(dropped))


@pytest.mark.parametrize(("goal", "doubted"), [("3029.99", True), ("3030", False), ("2000", True)])
def test_a_goal_below_what_the_household_has_is_doubted(goal: str, doubted: bool) -> None:
    assert (("/target/income_goal", "soft") in found("plan", plan(MEASURE, target={"income_goal": goal}))) == doubted


def test_a_plan_without_a_measure_is_doubted() -> None:
    assert found("plan", plan()) == {("/signing/posted", "soft")}


def test_one_main_cause_and_two_others_are_the_most() -> None:
    four = {"causes": "illness skill land money"}
    assert ("/basics/causes", "constraint") in found("plan", plan(MEASURE, basics=four))


def test_a_quarter_adds_its_income_to_the_fen_and_its_result_to_the_plan() -> None:
    answers = quarter({"_id": "1", "measure": "m-1", "status": "under_way"}, wages="1000.10", transfer="0.20")
    assert found("plan_quarter", answers, HELD) == set()
    assert computed("plan_quarter", answers, HELD)["/quarter/total"] == "1000.3"
    changes = written("plan_quarter", answers, HELD)
    result = "三季度：收入 1000.3 元。出栏生猪四头，增收明显"
    assert one(changes, "plans").changes == {"quarter": "q3", "result": result}
    assert one(changes, "plan_measures").changes == {"status": "under_way"}


def test_a_measure_is_told_of_once_a_quarter() -> None:
    twice = [{"_id": str(number), "measure": "m-1", "status": "under_way"} for number in (1, 2)]
    assert ("/progress[2]/measure", "constraint") in found("plan_quarter", quarter(*twice), HELD)


def test_a_finished_measure_has_a_day_and_may_tell_what_it_brought() -> None:
    done = {"_id": "1", "measure": "m-1", "status": "done"}
    assert ("/progress[1]/done_on", "required") in found("plan_quarter", quarter(done), HELD)
    told = quarter({**done, "done_on": "2026-09-20", "gained": "1200.5"})
    assert one(written("plan_quarter", told, HELD), "plan_measures").changes == {
        "status": "done",
        "done_on": "2026-09-20",
        "income": "1200.5",
    }


def test_a_result_in_a_few_signs_is_doubted() -> None:
    assert found("plan_quarter", quarter(effect="好"), HELD) == {("/quarter/effect", "soft")}
