"""安全用电检查: every hazard is filed with its photos; what was mended on the spot waits for other eyes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.forms.filled import PHOTO, computed, found, one, written

HAZARD = {"_id": "p-1", "item": "leakage", "what": "按下不跳闸", "severity": "ordinary", "before_photo": PHOTO}


def check(*hazards: dict[str, Any], **answers: str) -> dict[str, Any]:
    """A check by the power company; nothing is wrong but what is given."""
    fine = {"meter": "fine", "leakage": "fine", "wires": "none", "switches": "none", "fuse": "fine", "heater": "none"}
    told = {"living_power": "yes", "work_power": "yes", "told": "yes"}
    signing = {"checker": "王五", "checker_unit": "power", "sign_reason": "外出"}
    page = {**fine, **told, **answers}
    listed = {"hazards": list(hazards)} if hazards else {}
    return {"household": "h-1", "check": page, **listed, "signing": signing}


def open_hazard(**answers: Any) -> dict[str, Any]:
    return {**HAZARD, "fixed": "no", "due": "2026-12-10", **answers}


def mended(**answers: Any) -> dict[str, Any]:
    return {**HAZARD, "fixed": "yes", "done": "换了保护器", "after_photo": PHOTO, **answers}


def test_a_house_without_a_hazard_is_safe_and_files_nothing() -> None:
    assert found("power", check()) == set()
    changes = written("power", check())
    assert one(changes, "households").changes == {"power_safe": "yes"}
    assert one(changes, "power_checks").changes["hazards"] == "0"
    assert [each for each in changes if each.dataset == "problems"] == []


def test_a_meter_that_moves_with_its_house_names_the_housing_case() -> None:
    held = {"housing_cases": [{"name": "c-1", "label": "2026 年重建"}]}
    moved = check(moved="yes", case="c-1")
    moved["cases_known"] = "1"
    assert found("power", moved, held) == set()
    assert one(written("power", moved, held), "power_checks").changes["case"] == "c-1"
    assert "case" not in one(written("power", check()), "power_checks").changes


def test_a_hazard_that_stays_becomes_a_problem_with_a_day_it_is_due() -> None:
    answers = check(open_hazard(), leakage="inert")
    assert found("power", answers) == set()
    changes = written("power", answers)
    assert one(changes, "households").changes == {"power_safe": "no"}
    problem = one(changes, "problems")
    assert (problem.create, problem.id, problem.label) == (True, "p-1", "漏电保护器：按下不跳闸")
    assert problem.changes == {
        "item": "leakage",
        "problem": "漏电保护器：按下不跳闸",
        "source": "own",
        "scope": "household",
        "category": "power",
        "found_on": "2026-11-22",
        "urgent": "no",
        "status": "to_verify",
        "due": "2026-12-10",
    }


def test_what_was_mended_on_the_spot_is_proposed_for_closure_and_the_house_is_safe() -> None:
    changes = written("power", check(mended(), leakage="inert"))
    assert one(changes, "households").changes == {"power_safe": "yes"}
    problem = one(changes, "problems").changes
    assert (problem["status"], problem["done_on"]) == ("proposed", "2026-11-22")
    assert (problem["measures"], problem["person"], problem["unit"]) == ("换了保护器", "王五", "供电公司")
    assert "due" not in problem


def test_what_is_ticked_above_has_to_be_entered_below() -> None:
    answers = check(open_hazard(), leakage="inert", wires="old bare")
    assert found("power", answers) == {("/check/told", "soft")}
    wires = open_hazard(_id="p-2", item="wires", what="线头裸露")
    assert found("power", check(open_hazard(), wires, leakage="inert", wires="old bare")) == set()


def test_a_severe_hazard_is_mended_at_once_or_the_people_are_kept_safe() -> None:
    severe = open_hazard(severity="severe")
    assert found("power", check(severe, leakage="inert")) == {
        ("/hazards[1]/fixed", "soft"),
        ("/hazards[1]/due", "soft"),
    }
    soon = open_hazard(severity="severe", due="2026-11-25")
    assert found("power", check(soon, leakage="inert")) == {("/hazards[1]/fixed", "soft")}


def test_photos_before_and_after_are_wanted_and_a_reason_does_too() -> None:
    bare = {key: value for key, value in mended().items() if not key.endswith("photo")}
    assert found("power", check(bare, leakage="inert")) == {
        ("/hazards[1]/before_photo", "soft"),
        ("/hazards[1]/after_photo", "soft"),
    }


@pytest.mark.parametrize("question", ["wires", "switches", "heater"])
def test_no_hazard_excludes_every_hazard(question: str) -> None:
    choice = {"wires": "old", "switches": "broken", "heater": "immersion"}[question]
    assert (f"/check/{question}", "constraint") in found("power", check(**{question: f"none {choice}"}))


def test_a_house_without_power_is_explained() -> None:
    assert found("power", check(living_power="no")) == {("/check/living_power", "soft")}


def test_a_hazard_cannot_be_due_before_today() -> None:
    late = check(open_hazard(due="2026-11-21"), leakage="inert")
    assert ("/hazards[1]/due", "constraint") in found("power", late)
    assert computed("power", late)["/check/open_hazards"] == "1"
