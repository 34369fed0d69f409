"""A phone that is locked by a PIN sends what it cannot read itself, and gets its key back from the server."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from fieldsvc.services import envelope
from tests.scenarios.support import actions_in_audit
from tests.support.letters import letter
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.signal import Reply, Row

OTHER_SERVER = envelope.public_key("another server's secret")


def key(world: World) -> str:
    return envelope.public_key(world.server.ctx.settings.secret_key)


def locks(cadre: Cadre, server_key: str) -> None:
    """From now on every operation leaves this phone as a letter."""
    send = cadre.link.send

    def sealing(method: str, path: str, body: Row | None, token: str | None) -> Reply:
        sent = [{**each, "body": letter(server_key, each["body"])} for each in (body or {}).get("operations", [])]
        return send(method, path, body and {**body, "operations": sent}, token)

    cadre.link.send = sealing


def test_a_visit_that_left_as_a_letter_is_the_visit_and_its_receipt_is_for_the_text(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    locks(east, key(world))
    visit = east.visits(home, phone="09990000002")
    [receipt] = east.syncs()
    assert receipt["sha256"] == hashlib.sha256(visit.wire["body"].encode()).hexdigest()
    assert visit.status == "applied"
    assert world.record(home).phone == "09990000002"
    world.assert_laws_hold()


def test_a_letter_and_its_text_are_the_same_operation_whichever_comes_first(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    first, second = east.visits(home, phone="09990000002"), east.visits(home, phone="09990000003")
    plain = east.phone.request()
    for one, other in ((first, True), (second, False)):
        for sealed in (other, not other):
            body = letter(key(world), one.wire["body"]) if sealed else one.wire["body"]
            asked = {**plain, "operations": [{"id": one.id, "body": body}]}
            [receipt] = world.server.send("POST", "/api/v1/sync", asked, east.phone.token).body["receipts"]
            assert receipt["status"] == "applied"
    assert world.record(home).version == 3


def test_a_letter_to_another_server_is_not_kept_and_holds_up_nothing(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit, other = east.visits(home, phone="09990000002"), east.visits(world.household(), water="tap")
    sealed = letter(OTHER_SERVER, visit.wire["body"])
    asked = {**east.phone.request(), "operations": [{"id": visit.id, "body": sealed}, other.wire]}
    lost, kept = world.server.send("POST", "/api/v1/sync", asked, east.phone.token).body["receipts"]
    assert (lost["status"], lost["problem"]["code"]) == ("held", "letter-unreadable")
    # By this digest the phone knows that nothing of its own was received (`settle` in core/outbox.js).
    assert lost["sha256"] == hashlib.sha256(sealed.encode()).hexdigest()
    assert kept["id"] == other.id
    assert not world.has_visit(visit)
    east.syncs()
    assert visit.status == "applied"


@pytest.mark.parametrize("spoiled", ["", " x", " AA== AA== AA==", " AAAA AAAA AAAA AAAA", " 你 好 吗"])
def test_a_letter_that_is_none_is_said_to_be_unreadable(world: World, spoiled: str) -> None:
    east = world.cadre("East")
    asked = {**east.phone.request(), "operations": [{"id": world.new_id(), "body": f"fieldsvc-letter/1{spoiled}"}]}
    [receipt] = world.server.send("POST", "/api/v1/sync", asked, east.phone.token).body["receipts"]
    assert receipt["problem"]["code"] == "letter-unreadable"


def test_a_letter_of_another_operation_or_another_person_is_not_kept_and_its_content_not_told(world: World) -> None:
    homes = [world.household(phone="09990000001") for _ in range(2)]
    east, west = world.cadre("East", visits=homes), world.cadre("West", visits=homes)
    first, second = (east.visits(home, phone="09990000002") for home in homes)
    sealed = letter(key(world), first.wire["body"])
    for cadre, named in ((east, second), (west, first)):
        asked = {**cadre.phone.request(), "operations": [{"id": named.id, "body": sealed}]}
        [receipt] = world.server.send("POST", "/api/v1/sync", asked, cadre.phone.token).body["receipts"]
        assert (receipt["status"], receipt["problem"]["code"]) == ("held", "letter-unreadable")
        assert receipt["sha256"] == hashlib.sha256(sealed.encode()).hexdigest()
    # Neither took the id that its owner had still to send.
    east.syncs()
    assert {first.status, second.status} == {"applied"}


@pytest.mark.parametrize("text", ["no JSON", "[]"])
def test_a_letter_in_which_no_operation_stands_is_said_to_be_unreadable(world: World, text: str) -> None:
    east = world.cadre("East")
    asked = {**east.phone.request(), "operations": [{"id": world.new_id(), "body": letter(key(world), text)}]}
    [receipt] = world.server.send("POST", "/api/v1/sync", asked, east.phone.token).body["receipts"]
    assert receipt["problem"]["code"] == "letter-unreadable"


def asks_for_key(world: World, cadre: Cadre, content: Any, purpose: str = "key", server: str = "") -> Reply:
    sealed = letter(server or key(world), json.dumps(content), purpose)
    return world.server.send("POST", "/api/v1/session/key", {"letter": sealed}, cadre.phone.token)


def test_who_forgot_the_pin_gets_its_key_after_signing_in_and_that_is_on_record(world: World) -> None:
    east = world.cadre("East")
    content = {"person": east.person_id, "key": {"kty": "EC", "d": "secret"}}
    world.clock.passes(hours=1)
    # Whoever carries the phone has its old session, and may not open it with that.
    assert asks_for_key(world, east, content).body["code"] == "token-expired"
    east.enrols()
    assert asks_for_key(world, east, content).body == {"key": content["key"]}
    assert actions_in_audit(world).count("forgot-pin") == 1


@pytest.mark.parametrize("wrong", ["person", "purpose", "server", "content"])
def test_no_other_letter_tells_a_key(world: World, wrong: str) -> None:
    east, west = world.cadre("East"), world.cadre("West")
    who = west if wrong == "person" else east
    content: Any = [1] if wrong == "content" else {"person": who.person_id, "key": {"d": "secret"}}
    purpose = "operation" if wrong == "purpose" else "key"
    answer = asks_for_key(world, east, content, purpose, OTHER_SERVER if wrong == "server" else "")
    assert (answer.status, answer.body["code"]) == (422, "letter-unreadable")


def test_a_session_that_is_not_fresh_is_not_told_that_a_letter_cannot_be_read(world: World) -> None:
    east = world.cadre("East", visits=[world.household()])
    world.clock.passes(hours=1)
    assert asks_for_key(world, east, {}, server=OTHER_SERVER).body["code"] == "token-expired"


def test_a_lost_phone_whose_letters_nobody_reads_hears_that_it_was_signed_out(world: World) -> None:
    world.server.settings["lost_phones"] = "drain"
    world.server.restart()
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    locks(east, OTHER_SERVER)
    east.visits(home, phone="09990000002")
    world.revokes(east)
    west.syncs()
    east.syncs()
    assert east.turned_away == ["device-revoked"]
    assert east.waiting() == 1
