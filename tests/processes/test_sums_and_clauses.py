"""Money across records, exact in fen, and the rule table that says on which ground somebody qualifies."""

from __future__ import annotations

import tomllib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fieldsvc.processes.clauses import grounds
from fieldsvc.processes.limits import limits_of
from fieldsvc.processes.money import fen, yuan
from fieldsvc.processes.read import parse
from fieldsvc.processes.sums import judge_sum
from tests.processes.house import DATASETS, TEXT, house, kinds, moved

CASE = {"stage": "accepted", "subsidy": "30000"}


def paid(case: dict[str, str | None], *parts: tuple[str, str]) -> list[str]:
    process = house()
    records = [{"amount": amount, "kind": kind} for amount, kind in parts]
    return [one.sentence["en"] for one in judge_sum(process, process.sums[0], case, records)]


def test_payments_up_to_the_subsidy_are_fine_to_the_last_fen() -> None:
    assert paid(CASE, ("20000", "start"), ("9999.99", "rest"), ("0.01", "rest")) == []
    assert paid(CASE, ("20000", "start"), ("10000.01", "rest")) == [
        "30000.01 yuan in all, more than subsidy: 30000 yuan"
    ]


@pytest.mark.parametrize("subsidy", [None, "", "many"])
def test_nothing_is_paid_out_of_a_subsidy_nobody_entered(subsidy: str | None) -> None:
    case = {**CASE, "subsidy": subsidy}
    assert paid(case, ("0.01", "rest")) == ["0.01 yuan paid, and nobody entered: subsidy"]
    assert paid(case) == paid(case, ("0", "rest")) == []


def test_an_advance_is_legal_before_acceptance_as_far_as_it_is_allowed() -> None:
    begun = {**CASE, "stage": "begun"}
    assert paid(begun, ("20000", "start")) == []
    assert paid(begun, ("20000.01", "start")) == ["at most 20000 yuan before “accepted”"]
    assert paid(begun, ("5000", "rest")) == ["this kind of payment follows “accepted”"]


def test_an_amount_with_a_part_of_a_fen_is_none() -> None:
    assert paid(CASE, ("10.005", "start")) == ["“10.005” is no amount in whole fen"]


@given(st.lists(st.integers(0, 10**9), max_size=12))
def test_a_sum_is_exact_whatever_the_amounts(amounts: list[int]) -> None:
    parts = [(yuan(amount), "rest") for amount in amounts]
    limit = {"stage": "accepted", "subsidy": yuan(sum(amounts))}
    assert paid(limit, *parts) == []
    less = {"stage": "accepted", "subsidy": yuan(sum(amounts) - 1)}
    assert not amounts or len(paid(less, *parts)) == 1


@pytest.mark.parametrize(
    ("text", "amount"), [("20000", 2_000_000), ("0.1", 10), ("-3.05", -305), ("x", None), ("", None)]
)
def test_yuan_become_fen(text: str, amount: int | None) -> None:
    assert fen(text) == amount


@pytest.mark.parametrize(
    ("income", "people", "qualified"),
    [
        ("11979.99", "4", True),
        ("11980", "4", False),  # 2995.00 a head is not below 2995
        ("8984.99", "3", True),
        ("", "4", False),
        ("1000", "0", False),
        ("1000", "", False),
    ],
)
def test_a_total_is_compared_with_the_line_times_the_heads(income: str, people: str, qualified: bool) -> None:
    found = grounds(house(), {"income": income, "people": people})
    assert [clause.code for clause in found.clauses] == (["A"] if qualified else [])


def test_a_reason_against_stands_whatever_the_ground() -> None:
    found = grounds(house(), {"income": "1", "people": "4", "seven": "car none"})
    assert (found.qualified, found.against) == (False, ("seven=car",))
    assert grounds(house(), {"income": "1", "people": "4", "seven": "none"}).qualified


def test_a_limit_nobody_entered_is_named_instead_of_guessed() -> None:
    process = parse("house", tomllib.loads(TEXT), DATASETS, {"notice_days": Decimal(7)})
    found = grounds(process, {"income": "1", "people": "4"})
    assert (found.clauses, found.limits_missing) == ((), ("line",))


def test_a_stage_that_asks_for_a_ground_finds_none_or_finds_what_is_against_it() -> None:
    stages = [{"code": "applied", "clause": True}]
    process = house(stages=stages, clocks=[], sums=[])
    poor = {"stage": "applied", "income": "1", "people": "4"}
    assert moved(None, poor, process=process) == ()
    against = moved(None, {**poor, "seven": "car"}, process=process)
    assert kinds(against) == [("clause", "applied")]
    assert kinds(moved(None, {"stage": "applied"}, process=process)) == [("clause", "applied")]


def test_the_figure_of_the_year_and_of_the_place_counts() -> None:
    rows = [
        {"name": "line", "area": "", "year": "2017", "value": "2995"},
        {"name": "line", "area": "", "year": "2020", "value": "4000"},
        {"name": "line", "area": "990100000000", "year": "2018", "value": "3300"},
        {"name": "odd", "area": "", "year": "", "value": "many"},
    ]
    assert limits_of(rows, 2016) == {}
    assert limits_of(rows, 2019) == {"line": Decimal("2995")}
    assert limits_of(rows, 2026) == {"line": Decimal("4000")}
    assert limits_of(rows, 2026, "990202103204") == {"line": Decimal("4000")}
    assert limits_of(rows, 2026, "990102103204") == {"line": Decimal("3300")}
    assert limits_of(rows, 2026, "990100000000") == {"line": Decimal("3300")}


def test_only_some_kinds_of_payment_may_be_counted() -> None:
    sums = [
        {
            "dataset": "payments",
            "amount": "amount",
            "link": "case_id",
            "most": "subsidy",
            "where": {"property": "kind", "in": ["rest"]},
        }
    ]
    process = house(sums=sums)
    parts = [{"amount": "30000", "kind": "rest"}, {"amount": "9000", "kind": "gap"}]
    assert list(judge_sum(process, process.sums[0], CASE, parts)) == []
