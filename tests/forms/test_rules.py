"""The rules of the register, each where it holds and where it does not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fieldsvc.xlsform import compile_form
from tests.forms.both import recalculated, validate

CONTEXT: dict[str, Any] = {"now": 1_795_327_200_000, "utc_offset": 480, "seed": 7}  # 2026-11-22
KINDS = {"health": "select_multiple health", "sex": "select_one sex", "relation": "select_one relation"}


def kept(rule: str, answer: str, kind: str = "text") -> bool:
    """Whether `answer` keeps the rule, tried as a hard one."""
    form = (
        "| survey |\n| | type | name | label | constraint |\n"
        f"| | {kind} | it | 题 | {rule.replace('|', chr(92) + '|')} |\n"
        "| | select_one relation | other | 题 | |\n"
        "| settings |\n| | form_title | form_id | version |\n| | 试 | try | 1 |\n"
    )
    definition = compile_form(form, "try.md").definition
    found = {each.kind for each in validate(definition, {"it": answer}, CONTEXT)}
    assert found <= {"constraint"}, json.dumps(sorted(found))
    return not found


@pytest.mark.parametrize(
    ("number", "fine"),
    [
        ("99000020000229001X", True),
        ("99000020000229001x", True),
        ("990000195210142325", True),
        ("990000195210142324", False),  # the last digit
        ("990000200102290019", False),  # no such day
        ("99000019521014232", False),
        ("990000521014232", True),  # fifteen digits: a doubt, another rule's
        ("99000019521014232544", True),  # a disability card
        ("9900001952101423254401", True),
        ("99000019521014232584", False),  # no such kind of disability
    ],
)
def test_an_identity_number_has_a_real_day_and_the_right_last_character(number: str, fine: bool) -> None:
    assert kept("@identity_number", number) is fine


def test_a_day_that_is_in_no_calendar_is_no_birth_date() -> None:
    real = ["20000229", "20041231", "20240229", "20261122"]
    none = ["19000229", "20010229", "20010431", "20010010", "20011301", "20010100", "18991231", "20261123"]
    assert [day for day in (*real, *none) if kept("@real_day(.)", day)] == real


@pytest.mark.parametrize(
    ("number", "born", "age"),
    [
        ("990000195210142325", "", "74"),
        ("990000195211232325", "", "73"),
        ("990000521014232", "", "74"),
        ("", "2026-03-01", "0"),
        ("", "2020-11-22", "6"),
    ],
)
def test_the_age_is_counted_in_whole_years_by_number_or_birth_date(number: str, born: str, age: str) -> None:
    form = (
        "| survey |\n| | type | name | label | calculation |\n| | text | number | 号 | |\n| | text | born | 日 | |\n"
        "| | calculate | age | | @age_of(${number}, ${born}) |\n"
        "| settings |\n| | form_title | form_id | version |\n| | 试 | try | 1 |\n"
    )
    definition = compile_form(form, "try.md").definition
    given = {key: value for key, value in {"number": number, "born": born}.items() if value}
    assert recalculated(definition, given, CONTEXT)["/data/age"] == age


@pytest.mark.parametrize(
    ("rule", "answer", "fine"),
    [
        ("@number_of_18", "990000521014232", False),
        ("@number_fits_sex('female')", "990000195210142325", True),
        ("@number_fits_sex('male')", "990000195210142325", False),
        ("@disability_card('990000195210142325')", "99000019521014232544", True),
        ("@disability_card('990000195210142325')", "99000020000229001X44", False),
        ("@disability_card('')", "990000195210142325", False),
        ("@phone", "13911110001", True),
        ("@phone", "1391111000", False),
        ("@student_fits_age(12, 15, 19)", "senior1", False),
        ("@student_fits_age(15, 15, 19)", "senior1", True),
        ("@student_fits_age(20, 15, 19)", "primary", False),
        ("@student_fits_age(20, 15, 19)", "bachelor2", True),
        ("@education_fits_age(14, 15)", "college", False),
        ("@education_fits_age(15, 15)", "senior", True),
        ("@labour_fits(30, 16, 59, 'healthy', '')", "none", False),
        ("@labour_fits(60, 16, 59, 'healthy', '')", "none", True),
        ("@labour_fits(30, 16, 59, 'chronic', '')", "weak", True),
        ("@labour_fits(18, 16, 59, 'healthy', 'senior3')", "none", True),
        ("@months_of_work", "13", False),
        ("@work_fits_labour('none')", "6", False),
        ("@work_fits_labour('weak')", "6", True),
        ("@one_insurance('yes')", "yes", False),
        ("@one_insurance('no')", "no", False),
        ("@one_insurance('no')", "yes", True),
        ("@one_main_cause('illness')", "illness", False),
        ("@one_main_cause('illness')", "land water skill", False),
        ("@one_main_cause('illness')", "land water", True),
        ("@grade_fits_route('C')", "appraised", False),
        ("@grade_fits_route('C')", "renovated", True),
        ("@grade_fits_route('B')", "appraised", True),
        ("@near_home('27.72 114.86 0 5', 500)", "27.7201 114.86 0 5", True),
        ("@near_home('27.72 114.86 0 5', 500)", "27.73 114.86 0 5", False),
        ("@exact_position(50)", "27.73 114.86 0 51", False),
        ("@one_support('yes')", "yes", False),
        ("@one_support('no')", "yes", True),
    ],
)
def test_a_rule_holds_where_it_should(rule: str, answer: str, fine: bool) -> None:
    assert kept(rule, answer) is fine


def test_sex_and_relation_agree() -> None:
    assert kept("@sex_fits_relation('mother')", "female", "select_one sex")
    assert not kept("@sex_fits_relation('mother')", "male", "select_one sex")
    assert kept("@sex_fits_relation('sibling')", "male", "select_one sex")


def test_healthy_excludes_all_others() -> None:
    assert kept("@health_alone", "chronic disabled", "select_multiple health")
    assert not kept("@health_alone", "healthy chronic", "select_multiple health")
