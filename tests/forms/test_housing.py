"""危房改造: the case, its steps and payments, the checks of the site, the acceptance."""

from __future__ import annotations

from typing import Any

import pytest

from tests.forms.filled import PHOTO, found, one, written

CASE = {"name": "c-1", "label": "2026 年重建", "kind": "rebuild", "stage": "approved", "subsidy": "20000"}
HELD = {"housing_cases": [CASE]}
SIGNED = {"sign_reason": "外出"}
ITEMS = ("site", "footing", "walls", "roof", "openings", "area", "quake", "living")


def opened(**pages: Any) -> dict[str, Any]:
    """A new case that is in order: grade D, rebuilt on the same place, 54 m² for three people, money that adds up."""
    begin = {
        "task": "open",
        "kind": "rebuild",
        "plan_year": "2026",
        "target_class": "dibao",
        "applied_on": "2026-11-20",
    }
    old = {
        "structure": "earth_timber",
        "old_area": "60",
        "grade": "D",
        "appraiser": "王工",
        "appraised_on": "2026-11-01",
    }
    more = {"damage": "墙体开裂，屋面漏雨", "route": "unsafe", "lives_there": "no"}
    work = {"method": "same_place", "builder_mode": "own_build", "land_area": "80", "new_area": "54"}
    money = {"subsidy": "20000", "own_funds": "10000.10", "gap": "0", "total_cost": "30000.10"}
    answers = {
        "household": "h-1",
        "people": "3",
        "begin": {**begin, **pages.pop("begin", {})},
        "old_house": {**old, **more, **pages.pop("old_house", {})},
        "building": {**work, **money, **pages.pop("building", {})},
        "before": {"before_whole": PHOTO, "before_danger": PHOTO, "head_agrees": "no"},
        "application": SIGNED,
        **pages,
    }
    return answers


def later(task: str, **pages: Any) -> dict[str, Any]:
    known = {"stage_known": "approved", "last_on": "2026-05-01", "subsidy_known": "20000", "paid_before_fen": "0"}
    begin = {"task": task, "case": "c-1"}
    return {"household": "h-1", "people": "3", "cases_known": "1", **known, "reached": "5", "begin": begin, **pages}


def site(*defects: dict[str, Any], **answers: Any) -> dict[str, Any]:
    page = {"case": "c-1", "inspected_on": "2026-11-22", "part": "main", "result": "pass", "during": PHOTO, **answers}
    known = {"started_known": "2026-05-10", "approved_known": "2026-05-01", "stage_known": "building"}
    listed = {"defects": list(defects)} if defects else {}
    return {"household": "h-1", "check": page, **known, "building_known": "2026-06-01", **listed, "signing": SIGNED}


def accepted(**given: Any) -> dict[str, Any]:
    """An acceptance where everything is right and the family lives in the new house, but for what is given."""
    team = {"case": "c-1", "accepted_on": "2026-11-20", "checker_1": "甲", "checker_2": "乙", **given.pop("team", {})}
    items = {**dict.fromkeys(ITEMS, "pass"), "new_area": "54", **given.pop("items", {})}
    after = {"after_whole": PHOTO, "plaque": "yes", "plaque_photo": PHOTO}
    family = {
        "fee_charged": "no",
        "moved_in": "yes",
        "moved_in_on": "2026-11-21",
        "old_house_gone": "yes",
        "pay_now": "no",
    }
    known = {"people": "3", "completed_known": "2026-11-01", "last_on": "2026-11-01", "subsidy_known": "20000"}
    pages = {"team": team, "items": items, "after": after, "family": {**family, **given.pop("family", {})}}
    return {"household": "h-1", **known, "paid_before_fen": "1200000", **pages, "signing": SIGNED, **given}


def test_a_case_opens_with_the_house_as_it_stands_and_the_application() -> None:
    assert found("housing_case", opened()) == set()
    changes = written("housing_case", opened())
    case = one(changes, "housing_cases")
    assert (case.create, case.label) == (True, "2026 年重建")
    assert case.changes == {
        "kind": "rebuild",
        "plan_year": "2026",
        "target_class": "dibao",
        "applied_on": "2026-11-20",
        "structure": "earth_timber",
        "old_area": "60",
        "grade": "D",
        "appraiser": "王工",
        "appraised_on": "2026-11-01",
        "damage": "墙体开裂，屋面漏雨",
        "method": "same_place",
        "builder_mode": "own_build",
        "land_area": "80",
        "new_area": "54",
        "subsidy": "20000",
        "own_funds": "10000.10",
        "gap": "0",
        "total_cost": "30000.10",
        "stage": "applied",
        "title": "2026 年重建",
    }
    assert one(changes, "households").changes == {"house_grade": "D", "house_route": "unsafe"}


@pytest.mark.parametrize(("grade", "refused"), [("A", True), ("B", True), ("C", False), ("D", False)])
def test_only_a_dangerous_house_opens_a_case(grade: str, refused: bool) -> None:
    answers = opened(old_house={"grade": grade})
    assert (("/old_house/grade", "constraint") in found("housing_case", answers)) == refused


def test_a_family_without_a_house_has_no_grade_to_show_and_no_photos_to_take() -> None:
    homeless = opened(old_house={"old_area": "0"})
    homeless["old_house"] = {"old_area": "0", "route": "provided"}
    del homeless["before"]
    assert found("housing_case", homeless) == set()


def test_a_house_of_grade_c_or_d_is_not_appraised_safe() -> None:
    answers = opened(old_house={"route": "appraised"})
    assert ("/old_house/route", "constraint") in found("housing_case", answers)


@pytest.mark.parametrize(
    ("given", "doubt"),
    [
        ({"building": {"method": "reinforce"}}, "/building/method"),
        ({"building": {"new_area": "60.01"}}, "/building/new_area"),
        ({"building": {"new_area": "54.01"}}, "/building/new_area"),
        ({"building": {"new_area": "60"}, "people": "2"}, None),
        ({"building": {"total_cost": "30000.11"}}, "/building/total_cost"),
        ({"building": {"gap": "5000", "total_cost": "35000.10"}}, "/building/gap"),
        ({"building": {"gap": "5000", "gap_by": "镇政府", "total_cost": "35000.10"}}, None),
        ({"begin": {"case_no": "危改12"}}, "/begin/case_no"),
        ({"begin": {"case_no": "高坡镇危改字[2026]12号"}}, None),
        ({"old_house": {"lives_there": "yes"}}, "/old_house/route"),
        ({"old_house": {"appraised_on": "2025-01-01"}}, "/old_house/appraised_on"),
    ],
)
def test_what_the_rules_of_renovation_doubt(given: dict[str, Any], doubt: str | None) -> None:
    soft = {ref for ref, kind in found("housing_case", opened(**given)) if kind == "soft"}
    assert soft == ({doubt} if doubt else set())


def test_the_same_help_twice_is_doubted() -> None:
    assert ("/begin/kind", "soft") in found("housing_case", opened(), HELD)


def test_a_missing_photo_of_the_old_house_needs_a_reason_and_stops_nobody() -> None:
    answers = opened(before={"head_agrees": "yes"})
    assert found("housing_case", answers) == {("/before/before_whole", "soft"), ("/before/before_danger", "soft")}


def test_a_photo_of_before_taken_after_the_work_began_is_doubted_and_so_is_one_of_during_after_the_end() -> None:
    late = opened(begin={"task": "correct", "case": "c-1"}) | {"cases_known": "1", "started_known": "2026-05-10"}
    for name in ("kind", "applied_on"):
        del late["begin"][name]
    del late["application"]
    assert found("housing_case", late, HELD) == {("/before/before_whole", "soft")}
    done = {**site(), "completed_known": "2026-11-01"}
    assert found("housing_inspection", done, HELD) == {("/check/during", "soft")}


def test_a_step_is_later_than_the_one_before_in_order_and_in_time() -> None:
    begun = {"which": "started", "on": "2026-05-10"}
    assert found("housing_case", later("step", step=begun), HELD) == set()
    assert ("/step/which", "choice") in found("housing_case", later("step", step={**begun, "which": "noticed"}), HELD)
    early = later("step", step={**begun, "on": "2026-04-30"})
    assert ("/step/on", "constraint") in found("housing_case", early, HELD)
    change = one(written("housing_case", later("step", step=begun), HELD), "housing_cases")
    assert (change.id, change.changes) == ("c-1", {"stage": "started", "started_on": "2026-05-10"})


def test_start_up_money_may_be_paid_before_the_work_and_all_payments_stay_within_the_subsidy() -> None:
    start = {"_id": "p-1", "purpose": "start", "paid": "12000", "paid_on": "2026-05-02", "voucher": PHOTO}
    rest = {**start, "_id": "p-2", "purpose": "progress", "paid": "8000"}
    assert found("housing_case", later("payment", payments=[start, rest]), HELD) == set()
    payment = written("housing_case", later("payment", payments=[start]), HELD)[0]
    assert payment.changes == {
        "case": "c-1",
        "purpose": "start",
        "amount": "12000",
        "paid_on": "2026-05-02",
        "stage": "approved",
    }
    over = later("payment", payments=[start, {**rest, "paid": "8000.01"}])
    assert ("/payments[2]/paid", "constraint") in found("housing_case", over, HELD)
    before = {**later("payment", payments=[rest]), "paid_before_fen": "1200001"}
    assert ("/payments[1]/paid", "constraint") in found("housing_case", before, HELD)


def test_money_for_the_gap_is_held_against_the_gap_and_not_against_the_subsidy() -> None:
    gap = {"_id": "p-1", "purpose": "gap", "paid": "5000", "paid_on": "2026-05-02", "voucher": PHOTO}
    known = {"paid_before_fen": "2000000", "gap_known": "5000", "gap_before_fen": "0"}
    assert found("housing_case", later("payment", payments=[gap]) | known, HELD) == set()
    over = later("payment", payments=[{**gap, "paid": "5000.01"}]) | known
    assert found("housing_case", over, HELD) == {("/payments[1]/paid", "constraint")}
    before = later("payment", payments=[gap]) | known | {"gap_before_fen": "1"}
    assert found("housing_case", before, HELD) == {("/payments[1]/paid", "constraint")}


@pytest.mark.parametrize(("purpose", "lacks"), [("start", "subsidy_known"), ("gap", "gap_known")])
def test_a_payment_for_a_case_without_the_money_it_is_of_is_doubted_at_the_door(purpose: str, lacks: str) -> None:
    paid = {"_id": "p-1", "purpose": purpose, "paid": "5000", "paid_on": "2026-05-02", "voucher": PHOTO}
    known = {"subsidy_known": "20000", "gap_known": "20000", "gap_before_fen": "0", "paid_before_fen": "0"}
    held = {**HELD, "housing_cases": [{**CASE, "gap": "20000"}]}
    bare = {**CASE, "gap": "20000", lacks.removesuffix("_known"): ""}
    assert found("housing_case", later("payment", payments=[paid]) | known, held) == set()
    answers = later("payment", payments=[paid]) | {name: value for name, value in known.items() if name != lacks}
    assert found("housing_case", answers | {lacks: None}, {**HELD, "housing_cases": [bare]}) == {
        ("/payments[1]/paid", "soft")
    }
    if purpose == "start":
        answers = accepted(family={"pay_now": "yes"}, payments=[paid]) | {lacks: None}
        assert ("/payments[1]/paid", "soft") in found("housing_acceptance", answers, {**HELD, "housing_cases": [bare]})


def test_much_start_up_money_and_a_final_payment_before_the_acceptance_are_doubted() -> None:
    start = {"_id": "p-1", "purpose": "start", "paid": "20000", "paid_on": "2026-05-02", "voucher": PHOTO}
    much = later("payment", payments=[{**start, "paid": "20000.01"}]) | {"subsidy_known": "40000"}
    assert found("housing_case", later("payment", payments=[start]), HELD) == set()
    assert found("housing_case", much, HELD) == {("/payments[1]/paid", "soft")}
    final = later("payment", payments=[{**start, "purpose": "final"}])
    assert found("housing_case", final, HELD) == {("/payments[1]/purpose", "soft")}
    assert found("housing_case", final | {"stage_known": "accepted"}, HELD) == set()


def test_a_site_check_moves_the_case_on_but_never_back() -> None:
    first = {**site(part="footing"), "stage_known": "started", "building_known": ""}
    assert found("housing_inspection", first, HELD) == set()
    changes = written("housing_inspection", first, HELD)
    assert one(changes, "housing_cases").changes == {
        "stage": "building",
        "building_on": "2026-11-22",
        "inspected_on": "2026-11-22",
    }
    check = one(changes, "housing_inspections")
    assert check.label == "2026-11-22 基础 合格"
    assert check.changes == {"case": "c-1", "inspected_on": "2026-11-22", "part": "footing", "result": "pass"}
    late = {**site(), "stage_known": "accepted"}
    assert "stage" not in one(written("housing_inspection", late, HELD), "housing_cases").changes


def test_a_defect_found_on_the_site_becomes_a_problem_with_a_person_and_a_day() -> None:
    defect = {"_id": "d-1", "defect": "圈梁钢筋不足", "severity": "severe", "defect_photo": PHOTO, "measure": "返工"}
    answers = site({**defect, "person": "施工队长", "due": "2026-11-29"}, result="fail")
    assert found("housing_inspection", answers, HELD) == set()
    assert one(written("housing_inspection", answers, HELD), "problems").changes == {
        "problem": "圈梁钢筋不足",
        "measures": "返工",
        "person": "施工队长",
        "due": "2026-11-29",
        "item": "main",
        "source": "supervision",
        "scope": "household",
        "category": "house",
        "found_on": "2026-11-22",
        "urgent": "yes",
        "status": "under_way",
    }


def test_a_failed_check_names_what_failed() -> None:
    assert found("housing_inspection", site(result="fail"), HELD) == {("/check/findings", "soft")}


def test_work_that_was_never_noted_as_begun_is_dated_and_explained() -> None:
    unknown = {**site(), "started_known": "", "approved_known": ""}
    assert ("/check/started_on", "required") in found("housing_inspection", unknown, HELD)
    unknown["check"]["started_on"] = "2026-05-10"
    assert found("housing_inspection", unknown, HELD) == {("/check/started_on", "soft")}
    assert one(written("housing_inspection", unknown, HELD), "housing_cases").changes["started_on"] == "2026-05-10"


def test_a_roof_that_passed_may_complete_the_work() -> None:
    done = site(part="roof", completed="yes", completed_on="2026-11-20")
    change = one(written("housing_inspection", done, HELD), "housing_cases")
    assert (change.changes["stage"], change.changes["completed_on"]) == ("completed", "2026-11-20")


def test_an_accepted_house_is_safe_by_renovation_and_the_family_has_moved_in() -> None:
    assert found("housing_acceptance", accepted(), HELD) == set()
    changes = written("housing_acceptance", accepted(), HELD)
    assert one(changes, "housing_cases").changes == {
        "new_area": "54",
        "acceptance": "pass",
        "plaque": "yes",
        "fee_charged": "no",
        "stage": "moved_in",
        "accepted_on": "2026-11-20",
        "moved_in_on": "2026-11-21",
    }
    assert one(changes, "households").changes == {"house_grade": "A", "house_route": "renovated", "house_area": "54"}


def test_each_failed_item_and_a_charged_fee_become_problems_and_nothing_is_accepted() -> None:
    fee = {"fee_charged": "yes", "fee_what": "照相", "fee_amount": "50", "moved_in": "no"}
    answers = accepted(items={"roof": "fail", "quake": "fail"}, family=fee)
    answers["problems"] = [{"_id": f"p-{number}"} for number in (1, 2, 3)]
    del answers["family"]["moved_in_on"]
    assert ("/family/fee_charged", "soft") in found("housing_acceptance", answers, HELD)
    changes = written("housing_acceptance", answers, HELD)
    problems = [each.changes for each in changes if each.dataset == "problems"]
    assert [(each["item"], each["category"], each["problem"]) for each in problems] == [
        ("roof", "house", "竣工验收不合格：屋面"),
        ("quake", "house", "竣工验收不合格：抗震"),
        ("fee", "money", "危房改造被收费：照相 50 元"),
    ]
    case = one(changes, "housing_cases").changes
    assert (case["acceptance"], "stage" in case, "accepted_on" in case) == ("fail", False, False)
    assert [each for each in changes if each.dataset == "households"] == []


def test_two_people_accept_a_house() -> None:
    assert ("/team/checker_2", "constraint") in found("housing_acceptance", accepted(team={"checker_2": "甲"}), HELD)


def test_the_last_payment_counts_what_was_paid_before() -> None:
    paid = {"_id": "p-1", "purpose": "final", "paid": "8000.01", "paid_on": "2026-11-22", "voucher": PHOTO}
    answers = accepted(family={"pay_now": "yes"}, payments=[paid])
    assert found("housing_acceptance", answers, HELD) == {("/payments[1]/paid", "constraint")}


def test_a_house_is_not_accepted_before_it_was_completed() -> None:
    early = accepted(team={"accepted_on": "2026-10-31"})
    assert ("/team/accepted_on", "constraint") in found("housing_acceptance", early, HELD)


def test_a_family_moves_in_on_the_day_of_the_acceptance_or_later() -> None:
    early = accepted(family={"moved_in_on": "2026-11-19"})
    assert found("housing_acceptance", early, HELD) == {("/family/moved_in_on", "constraint")}
    assert found("housing_acceptance", accepted(family={"moved_in_on": "2026-11-20"}), HELD) == set()
