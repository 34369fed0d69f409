"""The shipped renovation through two phones: one case a household and kind of work, and money before the acceptance."""

from __future__ import annotations

import pytest

from fieldsvc import forms
from fieldsvc.problems import NotUnique, ProcessMoney
from fieldsvc.services import published, reference_lists
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.cases import Record, day, new
from tests.world.outbox import Entry
from tests.world.places import Household

#: Advances are not allowed here: what the county lays over the shipped file.
NO_ADVANCE = """
[[housing.sums]]
dataset = "housing_payments"
amount = "amount"
link = "case"
most = "subsidy"
early = { until = "accepted", property = "purpose", values = [] }
"""


@pytest.fixture
def home(world: World) -> Household:
    """A household of a county that renovates as shipped."""
    keeps(world, "")
    return world.household()


def keeps(world: World, own: str) -> None:
    """Let the county renovate by the shipped process, with its own text over it."""
    ctx, by = world.server.ctx, world.county.who()
    known = forms.datasets(own)
    for name in ("housing_cases", "housing_payments"):
        published.publish_dataset(ctx, by, known[name], digest=known[name]["version"])
    reference_lists.publish_list(ctx, by, forms.lists()["thresholds"])


def applies(
    world: World, by: Cadre, home: Household, kind: str = "rebuild", **money: str | None
) -> tuple[Record, Entry]:
    """Open a case with a subsidy of 40,000 yuan, unless `money` has another."""
    case = new(world, home, "housing_cases")
    said = {
        "kind": kind,
        "title": by.name,
        "stage": "applied",
        "applied_on": day(world),
        "subsidy": "40000",
        "gap": "0",
        **money,
    }
    return case, by.adds(case, **said)


def pays(world: World, by: Cadre, case: Record, home: Household, purpose: str, amount: str) -> Entry:
    """Enter a payment for a case."""
    payment = new(world, home, "housing_payments")
    return by.adds(payment, case=case.id, purpose=purpose, amount=amount, paid_on=day(world))


def verdict(entry: Entry) -> str | None:
    """What the server said: the problem's code, or nothing where it is applied."""
    assert entry.receipt is not None
    return entry.receipt["problem"]["code"] if entry.status == "review" else None


def test_two_phones_that_open_the_same_case_offline_open_one(world: World, home: Household) -> None:
    east, west = (world.cadre(name, visits=[home]) for name in ("East", "West"))
    for each in (east, west):
        each.loses_signal()
    _, first = applies(world, east, home)
    _, second = applies(world, west, home)
    _, other = applies(world, west, home, "improve")
    for each in (east, west):
        each.finds_signal_and_syncs()
    assert [verdict(one) for one in (first, second, other)] == [None, NotUnique.code, None]
    world.assert_laws_hold()


def test_start_up_money_is_paid_before_the_acceptance_as_far_as_the_figure_says_and_the_last_payment_is_not(
    world: World, home: Household
) -> None:
    east, west = (world.cadre(name, visits=[home]) for name in ("East", "West"))
    case, _ = applies(world, east, home)
    east.syncs()
    west.syncs()
    for each in (east, west):
        each.loses_signal()
    paid = pays(world, east, case, home, "start", "20000")
    again = pays(world, west, case, home, "start", "0.01")
    last = pays(world, west, case, home, "final", "20000")
    for each in (east, west):
        each.finds_signal_and_syncs()
    assert [verdict(one) for one in (paid, again, last)] == [None, ProcessMoney.code, ProcessMoney.code]
    world.assert_laws_hold()


def test_a_county_that_pays_nothing_in_advance_lets_start_up_money_wait(world: World, home: Household) -> None:
    keeps(world, NO_ADVANCE)
    east = world.cadre("East", visits=[home])
    case, _ = applies(world, east, home)
    paid = pays(world, east, case, home, "start", "20000")
    east.syncs()
    assert verdict(paid) == ProcessMoney.code


def test_all_payments_together_stay_within_the_subsidy_to_the_fen_and_money_for_the_gap_is_held_against_the_gap(
    world: World, home: Household
) -> None:
    east, west = (world.cadre(name, visits=[home]) for name in ("East", "West"))
    case, _ = applies(world, east, home)
    east.syncs()
    west.syncs()
    for each in (east, west):
        each.loses_signal()
    first = pays(world, east, case, home, "progress", "39999.99")
    second = pays(world, west, case, home, "progress", "0.02")
    gap = pays(world, west, case, home, "gap", "1")
    for each in (east, west):
        each.finds_signal_and_syncs()
    assert [verdict(one) for one in (first, second, gap)] == [None, ProcessMoney.code, ProcessMoney.code]
    world.assert_laws_hold()


def test_a_payment_for_a_case_without_a_subsidy_waits_and_so_does_striking_the_subsidy_out_behind_a_payment(
    world: World, home: Household
) -> None:
    east = world.cadre("East", visits=[home])
    bare, _ = applies(world, east, home, subsidy=None, gap=None)
    paid = pays(world, east, bare, home, "start", "20000")
    gap = pays(world, east, bare, home, "gap", "1")
    known, _ = applies(world, east, home, "improve")
    fine = pays(world, east, known, home, "start", "20000")
    east.syncs()
    assert [verdict(one) for one in (paid, gap, fine)] == [ProcessMoney.code, ProcessMoney.code, None]
    struck = east.corrects(known, subsidy=None)
    east.syncs()
    assert verdict(struck) == ProcessMoney.code
    world.assert_laws_hold()
