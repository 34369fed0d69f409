"""The server's secret is changed, because it leaked or somebody left: phones turn to the new one, nothing is lost."""

from __future__ import annotations

import io
from typing import Any

import pytest

from fieldsvc.problems import RescueUnreadable
from fieldsvc.services import envelope, rescue
from tests.scenarios.rescue_file import backup_of
from tests.support.letters import letter
from tests.world import World
from tests.world.cadre import Cadre

OLD, NEW, OTHER = "0123456789abcdef" * 4, "fedcba9876543210" * 4, "00112233445566778899" * 3


def set_to(world: World, secret: str, *before: str, **more: Any) -> None:
    world.server.settings |= {"secret_key": secret, "old_secret_keys": " ".join(before), **more}
    world.server.restart()


def takes_in(world: World, file: bytes) -> rescue.Taken:
    return rescue.take_in(world.server.ctx, world.supervisor.who(), io.BytesIO(file))


def page_for(world: World, cadre: Cadre, **said: Any) -> dict[str, Any]:
    asked = {**cadre.phone.request(), **said}
    return world.server.send("POST", "/api/v1/sync", asked, cadre.phone.token).body


def test_a_phone_that_sealed_to_the_key_of_before_is_rescued_and_without_that_key_is_told_to_be_unreadable(
    world: World,
) -> None:
    set_to(world, OLD)
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    east.loses_signal()
    visit = east.visits(home, phone="09990000002")
    file = backup_of(east, envelope.public_key(OLD))
    set_to(world, NEW)
    with pytest.raises(RescueUnreadable):
        takes_in(world, file)
    set_to(world, NEW, OTHER, OLD)
    taken = takes_in(world, file)
    assert (taken.proven, [one.status for one in taken.receipts]) == (True, ["applied"])
    assert world.has_visit(visit)


def test_what_left_a_locked_phone_as_a_letter_to_the_key_of_before_is_the_visit(world: World) -> None:
    set_to(world, OLD)
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002")
    sealed = {"id": visit.id, "body": letter(envelope.public_key(OLD), visit.wire["body"])}
    set_to(world, NEW)
    [held] = page_for(world, east, operations=[sealed])["receipts"]
    set_to(world, NEW, OLD)
    [taken] = page_for(world, east, operations=[sealed])["receipts"]
    assert (held["problem"]["code"], taken["status"]) == ("letter-unreadable", "applied")
    assert world.record(home).phone == "09990000002"


def test_a_phone_hears_of_the_new_key_and_of_a_pin_once_and_one_that_cannot_say_what_it_knows_never(
    world: World,
) -> None:
    set_to(world, OLD)
    east = world.cadre("East", visits=[world.household()])
    east.syncs()
    set_to(world, NEW, OLD, phone_pin=2)
    told = page_for(world, east, told="")["feed"]
    assert (told["rescue_key"], told["pin_required"]) == (envelope.public_key(NEW), True)
    assert "feed" not in page_for(world, east, told=told["told"])
    assert "feed" not in page_for(world, east)
    set_to(world, NEW, OLD, phone_pin=0)
    assert "pin" not in page_for(world, east, told=told["told"])["feed"]
