"""A household's home point lies in its county, or its town, also when a record is corrected on a phone."""

from __future__ import annotations

import pytest

from fieldsvc.problems import OutsideCounty
from fieldsvc.services import reference_lists
from fieldsvc.xlsform.reference import ReferenceList
from tests.world import World


@pytest.mark.parametrize(
    ("point", "status"),
    [
        *(("29.71 118.31 200 5", "applied"), ("", "applied"), ("0 0 0 5", "review"), ("39.90 -77.03 20 5", "review")),
        *(("nan nan 0 5", "review"), ("29.71 inf 0 5", "review")),
    ],
)
def test_a_home_point_moved_on_a_phone_to_where_the_county_is_not_waits_for_a_person(
    world: World, point: str, status: str
) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    east.syncs()
    moved = east.corrects(home, home_gps=point or None)
    east.syncs()
    assert moved.status == status
    if status == "review":
        assert moved.receipt is not None
        assert moved.receipt["problem"]["code"] == OutsideCounty.code
        assert world.record(home).home_gps is None
    world.assert_laws_hold()


def test_a_towns_own_bounds_hold_for_its_households_and_for_no_others(world: World) -> None:
    own = {"name": "home_north", "area": "990101102", "year": "2018", "value": "29.9"}
    reference_lists.publish_list(world.server.ctx, world.county.who(), ReferenceList("thresholds", [own], "own"))
    here, elsewhere = world.household(area_code="990101102003"), world.household(area_code="990101103001")
    east = world.cadre("East", visits=[here, elsewhere])
    east.syncs()
    moved = [east.corrects(home, home_gps="30.10 118.31 200 5") for home in (here, elsewhere)]
    east.syncs()
    assert [each.status for each in moved] == ["review", "applied"]
    world.assert_laws_hold()
