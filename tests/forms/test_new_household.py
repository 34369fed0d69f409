"""The form that begins a household: what its settings ask of an author, and what it doubts, keeps and writes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.forms.filled import found, one, written
from tests.forms.forms import SETTINGS, Row, compiled, markdown, refused

VILLAGE = {"type": "text", "name": "village", "save_to": "area_code"}
BEGINS = [{**SETTINGS, "subject_dataset": "households", "new_subject": "yes"}]
HOUSEHOLD = {"list_name": "households", "label": "${village}"}
VILLAGES = [{"name": "990001100201", "label": "岩寺村"}]


def test_a_form_says_in_its_settings_that_it_begins_a_household() -> None:
    made = compiled([VILLAGE], settings=BEGINS, entities=[HOUSEHOLD])
    assert made.get("new_subject") is True
    assert "begin" in made["uses"]
    about = [{**BEGINS[0], "new_subject": "no"}]
    assert compiled([VILLAGE], settings=about, entities=[HOUSEHOLD]).get("new_subject") is None


@pytest.mark.parametrize(
    ("settings", "question", "entity", "cell"),
    [
        ({"new_subject": "perhaps"}, VILLAGE, HOUSEHOLD, ("word-unknown", "settings", 2, "new_subject")),
        ({"subject_dataset": ""}, VILLAGE, HOUSEHOLD, ("new-subject-unmade", "settings", 2, "subject_dataset")),
        ({}, VILLAGE, {**HOUSEHOLD, "list_name": "members"}, ("new-subject-unmade", "entities", 2, "list_name")),
        ({}, VILLAGE, {**HOUSEHOLD, "create_if": "true()"}, ("new-subject-unmade", "entities", 2, "list_name")),
        (
            {},
            {**VILLAGE, "save_to": "hamlet"},
            HOUSEHOLD,
            ("new-subject-unmade", "survey", None, "save_to"),
        ),
    ],
)
def test_a_form_that_would_begin_nothing_is_refused_at_the_cell(
    settings: Row, question: Row, entity: Row, cell: tuple[object, ...]
) -> None:
    source = markdown([question], settings=[{**BEGINS[0], **settings}], entities=[entity])
    assert cell in [(one.code, one.sheet, one.row, one.column) for one in refused(source)]


def family(*people: dict[str, str], **home: str) -> dict[str, Any]:
    """A family of these people; of a man born in 1960 where none are named."""
    head = {"full_name": "赵满仓", "relation": "head", "sex": "male", "birth_date": "1960-02-03"}
    return {
        "home": {"village": "990001100201", "why": "missed", "kind": "general", **home},
        "people": [{"_id": f"p{number}", **(one or head)} for number, one in enumerate(people or ({},))],
        "check": {"checked": "OK"},
    }


def here(**more: str) -> dict[str, list[dict[str, str]]]:
    """What the phone knows: one village, and another household."""
    return {"villages": VILLAGES, "register": [{"name": "h1", "label": "程有福", **more}]}


def test_a_family_becomes_a_household_and_its_people() -> None:
    assert found("household", family(), here()) == set()
    made = written("household", family(), here())
    home, person = one(made, "households"), one(made, "members")
    assert (home.create, home.id, person.create) == (True, None, True)
    assert {name: home.changes[name] for name in ("head_name", "people", "area_code", "hh_type", "new_reason")} == {
        "head_name": "赵满仓",
        "people": "1",
        "area_code": "990001100201",
        "hh_type": "general",
        "new_reason": "missed",
    }


def test_who_is_on_this_phone_already_is_doubted_with_the_name_of_the_household() -> None:
    numbered = {"full_name": "赵满仓", "relation": "head", "sex": "male", "id_no": "990001196503120016"}
    assert ("/people[1]/id_no", "soft") in found("household", family(numbered), here(id_no="990001196503120016"))
    assert ("/people[1]/full_name", "soft") in found("household", family(), here(who="990001100201 赵满仓"))
    assert found("household", family(), here(who="990001100299 赵满仓")) == set()


def test_a_family_has_one_head() -> None:
    wife = {"full_name": "吴秀英", "relation": "spouse", "sex": "female", "birth_date": "1962-02-03"}
    assert ("/check/checked", "constraint") in found("household", family(wife), here())
    assert found("household", family({}, wife), here()) == set()
