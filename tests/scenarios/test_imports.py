"""The county sends its spreadsheet again. Only what the county itself changed counts."""

from tests.world import World


def test_a_reimport_that_changes_one_cell_makes_one_edit_and_reverts_no_phone(world: World) -> None:
    homes = [world.household(phone=f"0999000000{n}", water="well", people="4") for n in range(3)]
    east = world.cadre("East", visits=homes)
    sheet = {home: {"phone": f"0999000000{n}", "water": "well", "people": "4"} for n, home in enumerate(homes)}
    world.imports(sheet)
    for number, home in enumerate(homes):
        east.corrects(home, phone=f"0999000010{number}", people="5")
    east.syncs()
    before = world.versions_written()

    sheet[homes[1]]["water"] = "tap"
    world.imports(sheet)

    assert world.versions_written() == before + 1
    assert [world.record(home).phone for home in homes] == [f"0999000010{n}" for n in range(3)]
    assert [world.record(home).people for home in homes] == ["5", "5", "5"]
    assert [world.record(home).water for home in homes] == ["well", "tap", "well"]


def test_a_first_import_fills_gaps_and_lists_the_differences(world: World) -> None:
    home = world.household(phone="09990000001", water=None)

    world.imports({home: {"phone": "09990000009", "water": "tap"}})

    assert world.record(home).phone == "09990000001"
    assert world.record(home).water == "tap"


def test_the_same_sheet_twice_changes_nothing(world: World) -> None:
    home = world.household(phone="09990000001")
    sheet = {home: {"phone": "09990000001", "water": "tap"}}
    world.imports(sheet)
    before = world.versions_written()

    world.imports(sheet)

    assert world.versions_written() == before


def test_a_cell_both_the_county_and_a_cadre_changed_goes_to_a_person(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    world.imports({home: {"phone": "09990000001"}})
    east.corrects(home, phone="09990000002")
    east.syncs()

    world.imports({home: {"phone": "09990000003"}})

    assert world.record(home).phone == "09990000002"
    [conflict] = world.supervisor.open_conflicts()
    assert conflict.candidate == {"phone": "09990000003"}


def test_a_correction_made_before_an_import_reached_the_phone_is_merged_with_it(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east = world.cadre("East", visits=[home])
    world.imports({home: {"phone": "09990000001", "water": "well"}})
    east.syncs()
    entry = east.corrects(home, phone="09990000002")
    world.imports({home: {"phone": "09990000001", "water": "tap"}})

    east.syncs()

    assert entry.status == "merged"
    assert (east.sees(home).phone, east.sees(home).water) == ("09990000002", "tap")


def test_two_rows_of_a_sheet_that_became_one_household_are_read_one_after_the_other(world: World) -> None:
    twin, home = world.household(phone="09990000001", water="well"), world.household(phone="09990000009")
    sheet = {twin: {"phone": "09990000001", "water": "well"}, home: {"phone": "09990000009", "water": "well"}}
    world.imports(sheet)
    world.supervisor.merges(twin, into=home)

    sheet[twin]["people"] = "4"
    sheet[home]["tags"] = "elderly"
    world.imports(sheet)

    assert (world.record(home).people, world.record(home).tags) == ("4", "elderly")
    assert world.record(home).phone == "09990000009"
    world.assert_laws_hold()
