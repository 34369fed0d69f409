"""A household's home point lies in its county, whichever way it comes in."""

from __future__ import annotations

import pytest

from fieldsvc.problems import OutsideCounty
from tests.world import World


@pytest.mark.parametrize(
    ("point", "status"),
    [("29.71 118.31 200 5", "applied"), ("0 0 0 5", "review"), ("39.90 -77.03 20 5", "review"), ("", "applied")],
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
