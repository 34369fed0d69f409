"""What a phone says where nothing is asked for is kept in its bytes and read by nobody."""

import json
from typing import Any

import pytest

from tests.world import World


@pytest.mark.parametrize("more", [{"entities": 7}, {"entities": ["x"]}, {"entities": [{"unseen": [["x"]]}]}])
def test_an_edit_with_more_than_is_asked_for_keeps_no_earlier_one_out(world: World, more: dict[str, Any]) -> None:
    home = world.household(visits_made="0")
    east = world.cadre("East", visits=[home])
    first, later = east.corrects(home, visits_made="3"), east.corrects(home, visits_made="5")
    later.body = json.dumps({**later.document, **more}, separators=(",", ":"))
    east.sends_only(later)
    world.days_pass(6)
    east.syncs()
    assert (first.status, later.status) == ("applied", "applied")
    assert world.record(home).visits_made == "5"


def test_nor_does_a_visit(world: World) -> None:
    home = world.household(visits_made="0")
    east = world.cadre("East", visits=[home])
    first, later = east.corrects(home, visits_made="3"), east.visits(home, visits_made="5")
    later.body = json.dumps({**later.document, "unseen": 7}, separators=(",", ":"))
    east.sends_only(later)
    world.days_pass(6)
    east.syncs()
    assert (first.status, later.status) == ("applied", "applied")
    assert world.record(home).visits_made == "5"
