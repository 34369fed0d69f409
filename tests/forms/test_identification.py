"""新识别 and 易地搬迁: an application, the clause it fulfils, and the steps that follow, each with its own date."""

from __future__ import annotations

from typing import Any

import pytest

from tests.forms.filled import PHOTO, computed, found, one, written

REQUEST = {"name": "i-1", "label": "2026-11-01 申请", "stage": "represented"}
FAMILY = {
    "people": "4",
    "income_total": "11979.99",
    "dropout": "no",
    "grade": "B",
    "illness": "no",
    "support": "none",
    "unsolved": "none",
    "seven_nos": "none",
}


def application(**family: str) -> dict[str, Any]:
    return {
        "household": "h-1",
        "known": "0",
        "begin": {"task": "apply", "applied_on": "2026-11-20"},
        "family": {**FAMILY, **family},
    }


def step(which: str, **more: Any) -> dict[str, Any]:
    known = {"household": "h-1", "known": "1", "stage_known": "represented"}
    return {**known, "begin": {"task": "step", "request": "i-1"}, "step": {"which": which, "on": "2026-11-21", **more}}


def test_an_application_begins_a_record_at_its_first_stage() -> None:
    assert found("identification", application()) == set()
    made = one(written("identification", application()), "identifications")
    assert made.create
    assert made.changes["stage"] == "applied"
    assert made.changes["title"] == "2026-11-20 申请"
    assert made.changes["income_total"] == "11979.99"
    assert "discussed_on" not in made.changes


@pytest.mark.parametrize(
    ("family", "grounds"),
    [
        ({}, "A"),
        ({"income_total": "11980"}, ""),
        ({"income_total": "15999.99", "grade": "D"}, "B"),
        ({"income_total": "16000", "grade": "D"}, ""),
        ({"income_total": "11979.99", "dropout": "yes", "support": "tekun", "unsolved": "house medical"}, "A B C"),
        ({"income_total": "90000", "support": "dibao_3", "unsolved": "house"}, ""),
    ],
)
def test_the_form_says_the_same_clauses_as_the_process(family: dict[str, str], grounds: str) -> None:
    assert (computed("identification", application(**family))["/grounds"] or "") == grounds


@pytest.mark.parametrize("name", ["unsolved", "seven_nos"])
def test_none_of_them_stands_alone(name: str) -> None:
    other = {"unsolved": "house", "seven_nos": "vehicle"}[name]
    assert f"/family/{name}" in {ref for ref, *_ in found("identification", application(**{name: f"none {other}"}))}


def test_a_step_writes_its_stage_and_its_date_and_no_other() -> None:
    held = {"identifications": [REQUEST]}
    answers = step("noticed", village_photo=PHOTO)
    assert found("identification", answers, held) == set()
    changes = one(written("identification", answers, held), "identifications").changes
    assert changes == {"stage": "noticed", "noticed_on": "2026-11-21"}


def test_one_of_the_seven_reasons_against_is_explained_and_stops_nobody() -> None:
    assert found("identification", application(seven_nos="vehicle")) == {("/family/seven_nos", "soft")}


@pytest.mark.parametrize(("form", "which"), [("identification", "noticed"), ("relocation", "agreed")])
def test_a_step_is_not_dated_before_the_one_before_it(form: str, which: str) -> None:
    known = {"household": "h-1", "known": "1", "stage_known": "decided", "last_on": "2026-11-20"}
    begin = {"task": "step", "request": "i-1"}
    late = {**known, "begin": begin, "step": {"which": which, "on": "2026-11-20"}}
    early = {**late, "step": {"which": which, "on": "2026-11-19"}}
    held = {f"{form}s": [{"name": "i-1", "label": "x"}]}
    assert found(form, late, held) == set()
    assert found(form, early, held) == {("/step/on", "constraint")}


def test_a_rejection_needs_its_reason() -> None:
    held = {"identifications": [REQUEST]}
    assert "/step/reason" in {ref for ref, *_ in found("identification", step("rejected"), held)}


def test_a_relocation_is_applied_for_and_agreed() -> None:
    asked = {
        "household": "h-1",
        "known": "0",
        "begin": {"task": "apply", "applied_on": "2026-11-20", "kind": "together", "people": "4"},
    }
    assert found("relocation", asked) == set()
    assert one(written("relocation", asked), "relocations").changes["stage"] == "applied"
    known = {"household": "h-1", "known": "1", "stage_known": "town_noticed"}
    agreed = {**known, "begin": {"task": "step", "request": "r-1"}, "step": {"which": "agreed", "on": "2026-11-21"}}
    held = {"relocations": [{"name": "r-1", "label": "x", "stage": "town_noticed"}]}
    assert one(written("relocation", agreed, held), "relocations").changes == {
        "stage": "agreed",
        "agreed_on": "2026-11-21",
    }
