"""A process is read strictly: whatever is wrong with it is said with the name of the process and the stage."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from fieldsvc.processes.keys import ProcessProblem
from fieldsvc.processes.read import overlay, parse
from tests.processes.house import DATASETS, LIMITS, TEXT, house


def read(**changes: Any) -> None:
    parse("house", {**tomllib.loads(TEXT), **changes}, DATASETS, LIMITS)


def stage(**keys: Any) -> dict[str, Any]:
    return {"stages": [{"code": "applied", **keys}], "clocks": [], "sums": [], "clauses": []}


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"dataset": "nowhere"}, "house: there is no dataset nowhere"),
        ({"stage": "grade"}, "house: cases.grade must have the policy ordered"),
        ({"stage": "nothing"}, "house: cases has no property nothing"),
        ({"colour": "red"}, "house: there is no key colour"),
        ({"zh": ""}, "house: labels in zh and en are needed"),
        ({"blocks": ["eight"]}, "house: blocks names eight, which there is not"),
        ({"stages": []}, "house: has no stages"),
        (stage(code="gone"), "house, stage gone: the stage's property has no such code"),
        (stage(date="grade"), "house, stage applied: grade is no property with a date"),
        (stage(needs=["grade|colour"]), "house, stage applied: needs names colour"),
        (stage(other_than=["stage:gone"]), "house, stage applied: other_than names gone"),
        (stage(side=True), "house, stage applied: a stage beside the line needs from"),
        (stage(notice={"since": "applied"}), "house, stage applied, notice: days is missing"),
        (stage(notice={"since": "applied", "days": -1}), "notice: days must be a whole number"),
        (stage(notice={"since": "applied", "days": "soon"}), "notice: days names the limit soon, which there is not"),
        (stage(photos=["front"]), "house, stage applied: photos names front"),
        (stage(optional="yes"), "house, stage applied: optional must be a bool"),
        (stage(clause=True), "house: a stage asks for a clause, and there is none"),
        ({"clocks": [{"name": "x", "zh": "x", "en": "x", "until": ["paid"]}]}, "clock x: needs either since and days"),
        ({"clocks": [{"name": "x", "until": ["gone"], "due": "due"}]}, "house, clock x: until names gone"),
        ({"sums": [{"dataset": "gone"}]}, "house, sum of gone: there is no dataset gone"),
        ({"clauses": [{"code": "B", "zh": "x", "en": "x"}]}, "house, clause B: all must hold a condition"),
        (
            {"clauses": [{"code": "B", "zh": "x", "en": "x", "all": [{"property": "income"}]}]},
            "needs either in or below",
        ),
    ],
)
def test_a_mistake_names_the_process_and_the_stage(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ProcessProblem, match=complaint.replace("(", r"\(")):
        read(**changes)


def test_two_stages_of_one_code_are_refused() -> None:
    with pytest.raises(ProcessProblem, match="stage applied: stands there twice"):
        read(**{**stage(), "stages": [{"code": "applied"}, {"code": "applied"}]})


def test_a_stage_is_called_what_its_choice_is_called_unless_the_process_says_otherwise() -> None:
    assert house().stages["applied"].label == {"zh": "中applied", "en": "applied"}
    assert house(**stage(zh="受理", en="Taken in")).stages["applied"].label["zh"] == "受理"


def test_a_county_lays_its_own_deadlines_over_the_shipped_ones() -> None:
    own = tomllib.loads(
        '[[stages]]\ncode = "granted"\nnotice = { since = "posted", days = 5 }\n[[clocks]]\nname = "grant"\ndays = 15\n'
    )
    content = overlay(tomllib.loads(TEXT), own)
    process = parse("house", content, DATASETS, LIMITS)
    notice = process.stages["granted"].notice
    assert notice is not None
    assert (notice.days, process.stages["granted"].by) == (5, frozenset({"supervisor"}))
    assert (process.clocks[0].days, process.clocks[0].working) == (15, True)
    assert process.line == house().line


def test_a_process_that_a_county_turns_off_keeps_its_stages_and_alarms_nobody() -> None:
    process = parse("house", overlay(tomllib.loads(TEXT), {"off": True}), DATASETS, LIMITS)
    assert (process.line, process.clocks) == (house().line, ())
