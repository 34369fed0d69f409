"""The eye on every answer (`tests/support/eye.py`) sees what is told to the wrong person, at a desk and on a phone.

Each test breaks the rule that keeps something in, and takes from the eye what it saw, so that it does not fail for it.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fieldsvc.services import access, wire
from tests.office.desk import Desk
from tests.office.district import District
from tests.support.eye import Eye
from tests.world import World


def test_a_household_of_another_town_on_an_office_page_is_seen(
    district: District, desk_of: Callable[[str], Desk], eye: Eye, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, home = desk_of("S02"), district.household("王家", district.upper)
    assert home not in desk.client.get("/office/households").text
    assert eye.forget() == []
    monkeypatch.setattr(access, "area_paths", lambda _by, _action: ("/",))
    assert home in desk.client.get("/office/households").text
    assert [line.split()[-1] for line in eye.forget()] == [home]


def test_a_record_that_left_a_phones_households_is_seen_unless_all_it_says_is_that(
    world: World, eye: Eye, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, other = world.household(members=["Ming"]), world.household()
    east = world.cadre("East", visits=[home])
    [ming] = world.members_of(home)
    world.moves(ming, to=other)
    monkeypatch.setattr(wire, "gone", lambda item, subject: {**item, "subject": subject, "properties": {}})
    east.exchanges()
    assert [line.split()[-1] for line in eye.forget()] == [ming.id]


def test_an_identity_number_of_a_strangers_record_is_seen(
    world: World, eye: Eye, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = "99990119500101001X"
    world.household(phone=number)
    told = wire._entity
    monkeypatch.setattr(wire, "_entity", lambda *given: {**told(*given), "label": f"like {number}"})
    world.cadre("East", visits=[world.household()])
    assert [line.split()[-1] for line in eye.forget()] == [number]
