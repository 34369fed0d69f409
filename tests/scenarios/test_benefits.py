"""A benefit that a household gets once, filed by two people who cannot ask each other."""

from __future__ import annotations

import pytest

from fieldsvc.services import published, register, waiting
from fieldsvc.services.intake import accept_reviewed
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.cases import Record, new
from tests.world.forms import property_, text_of
from tests.world.places import Household

BENEFITS = {
    "name": "benefits",
    "label": text_of("benefit"),
    "label_property": "title",
    "unique": [["subject", "kind"]],
    "properties": [property_(name, "review") for name in ("title", "kind", "amount")],
}


@pytest.fixture
def home(world: World) -> Household:
    """A household in a county that pays each kind of benefit once."""
    published.publish_dataset(world.server.ctx, world.county.who(), BENEFITS, digest="benefits")
    return world.household()


def filed(world: World, by: Cadre, home: Household, title: str, amount: str) -> Record:
    record = new(world, home, "benefits")
    by.adds(record, kind="stove", title=title, amount=amount)
    return record


def test_two_phones_file_a_once_only_benefit_and_a_person_sees_both(world: World, home: Household) -> None:
    east, west = (world.cadre(name, visits=[home]) for name in ("East", "West"))
    east.loses_signal()
    west.loses_signal()
    first = filed(world, east, home, "East's stove", "800")
    second = filed(world, west, home, "West's stove", "900")
    east.finds_signal_and_syncs()
    [receipt] = west.finds_signal_and_syncs()

    assert (receipt["status"], receipt["problem"]["code"]) == ("review", "not-unique")
    ctx, by = world.server.ctx, world.county.who()
    shown = waiting.operation(ctx, receipt["id"], by=by)
    assert shown.standing is not None
    assert (shown.standing.label, shown.standing.properties["amount"]) == ("East's stove", "800")
    assert [wish.changes["amount"] for wish in shown.wishes] == ["900"]
    assert world.record(first).amount == "800"

    accept_reviewed(ctx, receipt["id"], by=by, reason="two houses")
    for cadre in (east, west):
        cadre.syncs()
        assert (cadre.sees(first).amount, cadre.sees(second).amount) == ("800", "900")
    world.assert_laws_hold()


def test_what_a_desk_wrote_meanwhile_counts_like_what_a_phone_sent(world: World, home: Household) -> None:
    east = world.cadre("East", visits=[home])
    east.loses_signal()
    filed(world, east, home, "East's stove", "800")
    written = {"kind": "stove", "title": "the desk's stove", "amount": "700"}
    register.create(world.server.ctx, world.county.who(), "benefits", written, subject_id=home.id)
    [receipt] = east.finds_signal_and_syncs()
    assert receipt["problem"]["code"] == "not-unique"
    assert receipt["problem"]["record_label"] == "the desk's stove"


def test_who_gave_the_household_up_is_not_told_what_its_new_helper_filed(world: World, home: Household) -> None:
    """The eye on every answer would see West's record."""
    east, west = world.cadre("East", visits=[home]), world.cadre("West")
    east.loses_signal()
    filed(world, east, home, "East's stove", "800")
    world.hands_over(home, east, west)
    west.syncs()
    filed(world, west, home, "West's stove", "900")
    west.syncs()

    [receipt] = east.finds_signal_and_syncs()

    assert (receipt["status"], receipt["problem"]["code"]) == ("review", "not-unique")
    assert "West" not in str(receipt)
    shown = waiting.operation(world.server.ctx, receipt["id"], by=world.county.who())
    assert shown.standing is not None
    assert shown.standing.label == "West's stove"
