"""The shipped processes: each fits its dataset, goes from its beginning to its end, and may be changed by a county."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from fieldsvc.forms import LATEST_YEAR, calendar_entries, datasets, list_sources, processes
from fieldsvc.processes.calendar import Calendar
from fieldsvc.processes.clauses import grounds
from fieldsvc.processes.judge import Facts, Move, Mover, Properties, judge
from fieldsvc.processes.keys import ProcessProblem
from fieldsvc.processes.limits import limits_of
from fieldsvc.processes.model import Process
from fieldsvc.processes.read import parse
from fieldsvc.processes.sums import judge_sum
from tests.forms.filled import ALL_ON, definition

CHINA = Calendar.of(calendar_entries())


def figures() -> Mapping[str, Decimal]:
    import csv

    with list_sources()["thresholds"].open(encoding="utf-8", newline="") as file:
        return limits_of(csv.DictReader(file), LATEST_YEAR)


def process(name: str, county: str = ALL_ON) -> Process:
    definitions: Any = datasets(county)
    return parse(name, processes(county)[name], definitions, figures())


NAMES = sorted(processes())


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_process_is_attached_to_its_dataset_with_its_line_as_ranks(name: str) -> None:
    made = process(name)
    definition = datasets(ALL_ON)[made.dataset]
    assert definition["process"]["name"] == name
    assert definition["properties"][made.stage_property]["ranks"] == list(made.line)


@pytest.mark.parametrize("name", NAMES)
def test_every_stage_of_its_property_is_a_stage_of_the_process(name: str) -> None:
    made = process(name)
    codes = {one["value"] for one in datasets(ALL_ON)[made.dataset]["properties"][made.stage_property]["choices"]}
    assert set(made.stages) == codes


#: The form in which the steps of a process are taken, and the list it takes them from.
STEPS = {
    "problems": ("rectification", "problem_status"),
    "identification": ("identification", "identification_stage"),
    "relocation": ("relocation", "relocation_stage"),
    "monitoring": ("clue", "clue_step"),
    "housing": ("housing_case", "case_step"),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_form_offers_a_step_to_the_roles_its_process_lets_take_it(name: str) -> None:
    form, choices = STEPS[name]
    offered = {one["value"]: one.get("by", "") for one in definition(form)["choices"][choices]}
    assert offered == {
        code: " ".join(sorted(stage.by, key=["checker", "supervisor", "administrator"].index))
        for code, stage in process(name).stages.items()
        if code in offered
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_record_that_does_everything_gets_from_the_beginning_to_the_end(name: str) -> None:
    made = process(name)
    people = [Mover(f"p{n}", f"Person {n}", frozenset({"supervisor"})) for n in range(len(made.line))]
    photos = frozenset(slot for stage in made.stages.values() for slot in stage.photos)
    record: dict[str, str | None] = {"income_total": "1", "people": "4", "seven_nos": "none"}
    done_by: dict[str, str] = {}
    day = date(2026, 1, 5)
    for code, who in zip(made.line, people, strict=True):
        stage, before = made.stages[code], dict(record)
        record |= {names[0]: record.get(names[0]) or "x" for names in stage.needs}
        record |= {made.stage_property: code, **({stage.date: day.isoformat()} if stage.date else {})}
        facts = Facts(moved_by=dict(done_by), photos=photos)
        assert judge(made, Move(before or None, record, who, date(2026, 12, 31)), facts, CHINA) == (), code
        done_by[code] = who.id
        day += timedelta(days=20)


def test_leave_is_off_until_a_county_turns_it_on() -> None:
    assert {"leaves", "team_members"}.isdisjoint(datasets())
    assert datasets(ALL_ON)["leaves"]["process"]["name"] == "leave"


def test_a_problem_is_closed_by_somebody_else_and_may_be_opened_again() -> None:
    made = process("problems")
    boss = Mover("p1", "王审核", frozenset({"supervisor"}))
    proposed: Properties = {
        "status": "proposed", "found_on": "2026-11-01", "done_on": "2026-11-10", "measures": "x", "person": "王审核",
    }  # fmt: skip
    closed = {**proposed, "status": "closed", "closed_on": "2026-11-11"}

    def found(before: Properties, after: Properties) -> list[str]:
        move = Move(before, after, boss, date(2026, 11, 25))
        return [one.sentence["zh"] for one in judge(made, move, Facts(), CHINA)]

    assert found(proposed, closed) == ["「已销号」不能由「责任人」本人办理"]
    assert found({**proposed, "person": "李"}, {**closed, "person": "李"}) == []
    assert (
        found(
            {**closed, "person": "李", "unit": "村", "problem": "x"},
            {**closed, "person": "李", "unit": "村", "problem": "x", "status": "under_way"},
        )
        == []
    )
    assert found(proposed, {**proposed, "status": "impossible"}) == ["「无法整改」缺少状态说明"]


def test_start_up_money_before_the_acceptance_is_legal_up_to_its_limit() -> None:
    made = process("housing")
    case: Properties = {"stage": "started", "subsidy": "30000", "gap": "500"}

    def found(*paid: tuple[str, str]) -> list[str]:
        parts = [{"purpose": purpose, "amount": amount} for purpose, amount in paid]
        return [one.sentence["zh"] for rule in made.sums for one in judge_sum(made, rule, case, parts)]

    assert found(("start", "20000"), ("progress", "10000"), ("gap", "500")) == []
    assert found(("start", "20000.01")) == ["「验收」之前最多预付 20000 元"]
    assert found(("final", "1")) == ["「验收」之前不能拨付这类款项"]
    assert found(("gap", "500.01")) == ["合计 500.01 元，超过缺口资金（元） 500 元"]


@pytest.mark.parametrize(
    ("answers", "fired"),
    [
        ({"income_total": "11979", "people": "4"}, "A"),
        ({"income_total": "11980", "people": "4"}, ""),
        ({"income_total": "11980", "people": "4", "house_grade": "C"}, "B"),
        ({"income_total": "16000", "people": "4", "house_grade": "C"}, ""),
        ({"income_total": "15999", "people": "4", "illness": "yes"}, "B"),
        ({"income_total": "99999", "people": "1", "support": "tekun", "unsolved": "house"}, "C"),
        ({"income_total": "99999", "people": "1", "support": "dibao_3", "unsolved": "house"}, ""),
        ({"income_total": "4000", "people": "4", "support": "tekun", "unsolved": "school", "dropout": "yes"}, "ABC"),
    ],
)
def test_the_rule_table_says_which_clause_fired(answers: Properties, fired: str) -> None:
    assert "".join(clause.code for clause in grounds(process("identification"), answers).clauses) == fired


def test_a_county_changes_a_figure_without_touching_the_shipped_file() -> None:
    own = '[housing]\n[[housing.stages]]\ncode = "reviewed"\nnotice = { since = "noticed", days = 10 }\n'
    notice = process("housing", own).stages["reviewed"].notice
    assert notice is not None
    assert notice.days == 10
    assert datasets(own)["housing_cases"]["version"] != datasets()["housing_cases"]["version"]


@pytest.mark.parametrize("own", ["[housing\n", '[housing]\ndataset = "nowhere"\n', '[new]\nzh = "x"\nen = "x"\n'])
def test_a_countys_mistake_is_said_and_nothing_is_published(own: str) -> None:
    with pytest.raises(ProcessProblem):
        datasets(own)
