"""两不愁三保障核查: what the checkers ask of the children and of the ill."""

from __future__ import annotations

from typing import Any

import pytest

from tests.forms.filled import PHOTO, completed_in, found

CHILD = {"name": "m-2", "label": "程小明", "relation": "grandson", "birth_date": "2017-03-01", "health": "healthy"}
HEAD = {"name": "m-1", "label": "程有福", "relation": "head", "birth_date": "1968-03-01", "health": "chronic"}


def checked(*, child: dict[str, Any] | None = None, head: dict[str, Any] | None = None) -> set[tuple[str, str]]:
    """What is missing or doubtful in a check of an ill head and his grandson where everything else is met."""
    answers = {
        "household": "h-1",
        "team": {"checker1": "李东", "checker2": "赵南", "helper_here": "no", "checked_on": "2026-11-22"},
        "living": {"food": "enough", "protein": "weekly", "clothes": "yes"},
        "supply": {"water": "met", "power": "yes", "road": "concrete", "tv": "yes"},
        "schools": {"children": [{"_id": "c-1", "schooling": "at_school", **(child or {})}]},
        "medicine": {
            "persons": [
                {"_id": "p-1", "insured": "resident", "treated": "yes", "doctor": "yes", **(head or {})},
                {"_id": "p-2", "insured": "resident"},
            ]
        },
        "house": {"house_grade": "B", "house_route": "appraised", "house_photo": PHOTO},
        "income": {"per_head_told": "6120", "accepts": "yes"},
        "signing": {"sign_reason": "外出"},
    }
    held = {"members": [HEAD, CHILD]}
    return found("check", completed_in("check", answers, held), held)


def test_a_household_where_everything_is_met_is_done_with_few_words() -> None:
    assert checked() == set()


@pytest.mark.parametrize("found_there", ["dropped_out", "unable"])
def test_a_child_who_does_not_learn_is_shown_by_a_paper_and_explained(found_there: str) -> None:
    missing = {("/schools/children[1]/dropout_why", "required"), ("/schools/children[1]/dropout_proof", "required")}
    assert missing <= checked(child={"schooling": found_there})


def test_treatment_and_the_family_doctor_are_two_questions_and_the_second_is_only_a_doubt() -> None:
    assert checked(head={"doctor": "no"}) == {("/medicine/persons[1]/doctor", "soft")}
