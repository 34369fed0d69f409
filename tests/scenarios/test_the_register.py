"""What the office does to the register, and how it reaches the phones."""

import pytest

from fieldsvc.problems import PreconditionFailed
from fieldsvc.services import assignments, imports, published, register
from tests.world import World
from tests.world.forms import property_, text_of


def test_an_imported_household_and_its_people_reach_the_phone_of_its_village(world: World) -> None:
    village = world.village("Upper")
    east = world.cadre("East", of_area=village)
    ctx, by = world.server.ctx, world.county.who()
    sheet = [imports.Row("77-1", {"hh_no": "77-1", "phone": "09990000001"}, "Wang", area_code=village[-12:])]
    people = [imports.Row("77-1-1", {"name": "Ming"}, subject_key="77-1")]

    homes = imports.apply(ctx, by, sheet, source="census", dataset="households", key_property="hh_no")
    members = imports.apply(ctx, by, people, source="census", dataset="members")
    east.syncs()

    assert (homes.created, members.created) == (1, 1)
    shown = {row["properties"].get("name") or row["label"] for row in east.phone.replica.entities.values()}
    assert shown == {"Wang", "Ming"}
    world.assert_replica_is_whole(east)


def test_rows_that_cannot_be_placed_are_named_and_the_others_are_imported(world: World) -> None:
    home = world.household(phone="09990000001")
    number = world.record(home).hh_no
    rows = [
        imports.Row(number, {"water": "tap"}),
        imports.Row(number, {"water": "well"}),
        imports.Row("nowhere", {"hh_no": "nowhere"}, area_code="000"),
    ]

    report = imports.apply(
        world.server.ctx, world.county.who(), rows, source="s", dataset="households", key_property="hh_no"
    )

    assert sorted(report.refused) == sorted([(number, "key-twice"), ("nowhere", "place-unknown")])
    assert world.record(home).water == "tap"


def test_a_cross_check_ends_by_itself_and_the_checkers_phone_forgets_the_village(world: World) -> None:
    village = world.village("Upper")
    home = world.household(in_village=village)
    checker = world.cadre("Checker")
    until = world.clock.now_ms + 10 * 86_400_000
    assignments.assign(
        world.server.ctx, world.county.who(), checker.person_id, area_id=village, role="checker", until=until
    )
    checker.syncs()
    assert checker.holds(home)

    world.days_pass(11)
    checker.syncs()

    assert not checker.holds(home)
    assert [notice["subject"] for notice in checker.notices("handover")] == [home.id]


def test_a_page_drawn_before_a_phone_wrote_does_not_overwrite_it(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east = world.cadre("East", visits=[home])
    seen = world.record(home).version
    east.corrects(home, phone="09990000002")
    east.syncs()
    ctx, by = world.server.ctx, world.supervisor.who()

    with pytest.raises(PreconditionFailed) as moved_on:
        register.edit(ctx, by, home.id, {"phone": "09990000003"}, seen_version=seen)
    assert moved_on.value.details["names"] == ["phone"]
    register.edit(ctx, by, home.id, {"water": "tap"}, seen_version=seen)

    assert (world.record(home).phone, world.record(home).water) == ("09990000002", "tap")
    east.syncs()
    assert east.sees(home).water == "tap"


def test_a_second_end_of_an_assignment_changes_nothing(world: World) -> None:
    home = world.household()
    east = world.cadre("East")
    ctx, by = world.server.ctx, world.county.who()
    given = assignments.assign(ctx, by, east.person_id, subject_id=home.id)
    again = assignments.assign(ctx, by, east.person_id, subject_id=home.id)

    assignments.end(ctx, by, given)
    assignments.end(ctx, by, given)
    east.syncs()
    assert east.holds(home), "another assignment still gives it"

    assignments.end(ctx, by, again)
    east.syncs()
    assert not east.holds(home)


def test_an_import_that_would_write_a_second_of_what_there_may_be_one_says_so_at_that_row(world: World) -> None:
    ctx, by = world.server.ctx, world.county.who()
    only_once = {
        "name": "cards",
        "label": text_of("card"),
        "unique": [["number"]],
        "properties": [property_(name, "review") for name in ("number", "holder")],
    }
    published.publish_dataset(ctx, by, only_once, digest="cards")
    homes = [world.household(hh_no=f"88-{n}") for n in range(3)]
    register.create(ctx, by, "cards", {"number": "7", "holder": "first"}, subject_id=homes[0].id)
    rows = [
        imports.Row("a", {"number": "7", "holder": "second"}, subject_key="88-1"),
        imports.Row("b", {"number": "8", "holder": "third"}, subject_key="88-1"),
        imports.Row("c", {"number": "8", "holder": "fourth"}, subject_key="88-2"),
    ]
    report = imports.apply(ctx, by, rows, source="bank", dataset="cards")
    assert (report.created, report.refused) == (1, [("a", "not-unique"), ("c", "not-unique")])
    again = imports.apply(ctx, by, rows, source="bank", dataset="cards")
    assert (again.unchanged, again.refused) == (1, [("a", "not-unique"), ("c", "not-unique")])
