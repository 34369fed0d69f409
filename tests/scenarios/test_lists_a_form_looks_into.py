"""A form looks things up in the records its phone holds; the server judges it by the very same rows."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from fieldsvc.services import published
from fieldsvc.store.tables import SubmissionRow
from fieldsvc.xlsform import compile_form
from tests.forms.forms import markdown
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.outbox import Entry
from tests.world.places import Household

ROLL = [
    {"type": "hidden", "name": "home", "bind::fs:prefill": "__id"},
    {"type": "select_one_from_file members.csv", "name": "who"},
    {"type": "calculate", "name": "name", "calculation": "instance('members')/root/item[name = ${who}]/label"},
    {"type": "calculate", "name": "phone", "calculation": "instance('households')/root/item/phone"},
]
SETTINGS = {
    "form_title": "点名",
    "form_id": "roll",
    "version": "1",
    "subject_dataset": "households",
    "namespaces": 'fs="urn:fieldsvc:forms"',
}


@pytest.fixture
def roll(world: World) -> World:
    """The world with one more form, which looks into the members and the household."""
    compiled = compile_form(markdown(ROLL, settings=[SETTINGS]), "roll.md")
    published.publish_form(world.server.ctx, world.county.who(), compiled.definition, digest=compiled.digest)
    return world


def calls(cadre: Cadre, home: Household, rows: Any, **answers: str | None) -> Entry:
    """Finish the form with these rows in front of the cadre."""
    context = {"now": 1_795_327_200_000, "utc_offset": 480, "seed": 7, "rows": rows}
    stated = {"home": home.id, **answers}
    return cadre.phone.freeze(
        "submission",
        home.id,
        (),
        form="roll",
        version="1",
        subject=home.id,
        answers=stated,
        context=context,
        entities=[],
    )


def found(world: World, entry: Entry) -> set[tuple[str, str]]:
    """What the server found wrong with it."""
    with world.server.ctx.db.read() as session:
        row = session.execute(select(SubmissionRow).where(SubmissionRow.id == entry.id)).scalar_one()
    return {(each["ref"], each["kind"]) for each in (row.flags or {}).get("violations", [])}


def member(cadre: Cadre, name: str) -> Any:
    """A member as the phone holds them."""
    return next(row for row in cadre.phone.replica.entities.values() if row["label"] == name)


def test_the_server_sees_the_version_the_phone_saw_although_the_record_has_moved_on(roll: World) -> None:
    home = roll.household(members=["甲", "乙"], phone="09990000001")
    east = roll.cadre("East", visits=[home])
    rows = {"members": [[member(east, "乙")["id"], 1]], "households": [[home.id, 1]]}
    entry = calls(east, home, rows, who=member(east, "乙")["id"], name="乙", phone="09990000001")
    roll.county.corrects(home, phone="09990000002")

    east.syncs()

    assert entry.status == "applied"
    assert found(roll, entry) == set()


def test_what_is_not_among_the_rows_may_not_be_chosen(roll: World) -> None:
    home = roll.household(members=["甲", "乙"])
    east = roll.cadre("East", visits=[home])
    entry = calls(east, home, {"members": [[member(east, "甲")["id"], 1]]}, who=member(east, "乙")["id"])

    east.syncs()

    assert found(roll, entry) == {("/data/who", "choice")}


def test_what_the_phone_has_not_sent_yet_lies_over_the_version_it_stands_on(roll: World) -> None:
    home = roll.household(members=["甲"], phone="09990000001")
    east = roll.cadre("East", visits=[home])
    east.corrects(home, phone="09990000002")
    rows = {"households": [[home.id, 1, {"phone": "09990000002"}]], "members": [["new-one", 0, {"label": "新生儿"}]]}
    entry = calls(east, home, rows, who="new-one", name="新生儿", phone="09990000002")

    east.syncs()

    assert found(roll, entry) == set()


def test_a_phone_cannot_have_another_household_read_to_it(roll: World) -> None:
    home, other = roll.household(), roll.household(phone="09990000009")
    east = roll.cadre("East", visits=[home])
    entry = calls(east, home, {"households": [[other.id, 1]]}, phone="09990000009")

    east.syncs()

    # The server computes a blank where the phone claims to have seen the other household's number.
    assert found(roll, entry) == {("/data/phone", "calculate")}


@pytest.mark.parametrize(
    "rows",
    [
        None,
        [],
        {"members": None},
        {"members": [["x"]]},
        {"members": [["x", -1], ["y", "1"]]},
        {"members": [["no-such", 3]]},
        {"members": [[{"a": 1}, 1, {"label": 3}]]},
        {"members": [["x", 0]] * 501},
    ],
)
def test_rows_the_server_cannot_follow_are_not_held_against_the_phone(roll: World, rows: Any) -> None:
    home = roll.household(members=["甲"])
    east = roll.cadre("East", visits=[home])
    entry = calls(east, home, rows, who=member(east, "甲")["id"])

    east.syncs()

    assert entry.status == "applied"
    assert found(roll, entry) == set()


def test_lists_a_phone_brings_itself_are_not_believed(roll: World) -> None:
    home = roll.household()
    east = roll.cadre("East", visits=[home])
    context = {"now": 1, "instances": {"households": [{"name": home.id, "phone": "1"}]}}
    entry = east.phone.freeze(
        "submission", home.id, (), form="roll", version="1", subject=home.id, context=context, entities=[],
        answers={"home": home.id, "phone": "1"},
    )  # fmt: skip

    east.syncs()

    assert found(roll, entry) == {("/data/phone", "calculate")}


def test_members_of_a_household_that_was_merged_away_are_still_known(roll: World) -> None:
    home, into = roll.household(members=["甲"]), roll.household()
    east = roll.cadre("East", visits=[home, into])
    chosen = member(east, "甲")["id"]
    entry = calls(east, home, {"members": [[chosen, 1]]}, who=chosen, name="甲")
    roll.county.merges(home, into)

    east.syncs()

    assert found(roll, entry) == set()
