"""A phone that cannot send is carried to the office as a file, by whoever comes past."""

import io

import pytest

from fieldsvc.problems import NotAllowed, RescueForeign, RescueUnreadable
from fieldsvc.services import enrol, envelope, rescue
from fieldsvc.services.access import Actor
from fieldsvc.services.rescue import Taken
from tests.scenarios.rescue_file import backup_of, sealed
from tests.scenarios.support import actions_in_audit
from tests.support.letters import letter
from tests.world import World
from tests.world.cadre import Cadre


def key(world: World) -> str:
    return envelope.public_key(world.server.ctx.settings.secret_key)


def takes_in(world: World, file: bytes) -> Taken:
    return rescue.take_in(world.server.ctx, world.supervisor.who(), io.BytesIO(file))


def a_phone_without_signal(world: World) -> Cadre:
    east = world.cadre("East", visits=[world.household(phone="09990000001")])
    east.loses_signal()
    return east


def test_what_a_backup_holds_counts_as_if_the_phone_had_sent_it(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    east.loses_signal()
    visit = east.visits(home, phone="09990000002")

    taken = takes_in(world, backup_of(east, key(world)))

    assert (taken.author, taken.proven, taken.drafts) == ("East", True, 1)
    assert [(one.id, one.status) for one in taken.receipts] == [(visit.id, "applied")]
    assert world.record(home).phone == "09990000002"
    # The phone finds a signal after all, and hears of the receipt it never got.
    east.finds_signal_and_syncs()
    assert visit.status == "applied"
    assert world.has_visit(visit)
    world.assert_laws_hold()


def test_author_and_carrier_are_kept_apart(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    east.loses_signal()
    visit = east.visits(home, phone="09990000002")
    takes_in(world, backup_of(east, key(world)))

    carried = [detail for action, _, detail in actions_in_audit(world, details=True) if action == "carry"]
    assert [(each["author"], each["operations"][0][0]) for each in carried] == [(east.person_id, visit.id)]
    pushed = [detail for action, _, detail in actions_in_audit(world, details=True) if action == "push"]
    assert any(one[0] == visit.id for each in pushed for one in each["operations"])


def test_the_same_file_twice_gives_the_same_receipts_and_doubles_nothing(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    east.loses_signal()
    east.visits(home, phone="09990000002")
    file = backup_of(east, key(world))
    first, second = takes_in(world, file), takes_in(world, file)
    assert [one.status for one in first.receipts] == [one.status for one in second.receipts]
    assert [one.duplicate for one in second.receipts] == [True]


def test_a_phone_that_was_signed_out_can_still_be_carried(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    east.loses_signal()
    visit = east.visits(home, phone="09990000002")
    world.server.send("DELETE", "/api/v1/session", None, east.phone.token)
    assert takes_in(world, backup_of(east, key(world))).proven
    assert world.has_visit(visit)


def test_what_is_carried_from_a_phone_that_was_lost_waits_for_a_person(world: World) -> None:
    """Whoever finds the phone has its token, and may have written such a file."""
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    east.loses_signal()
    visit = east.visits(home, phone="09990000002")
    file = backup_of(east, key(world))
    world.revokes(east)
    taken = takes_in(world, file)
    [receipt] = taken.receipts
    assert (taken.lost, taken.kept) == (True, 1)
    assert (receipt.status, (receipt.problem or {})["code"]) == ("review", "from-lost-phone")
    assert world.record(home).phone == "09990000001"
    world.supervisor.accepts(visit)
    assert world.record(home).phone == "09990000002"


def test_what_could_not_be_taken_in_is_not_counted_as_received(world: World) -> None:
    """A letter to another server stays on the phone, which nobody may throw away for it."""
    east = a_phone_without_signal(world)
    sealed_elsewhere = letter(envelope.public_key("another server's secret"), "{}")
    taken = takes_in(world, backup_of(east, key(world), operations=[{"id": world.new_id(), "body": sealed_elsewhere}]))
    assert (len(taken.receipts), taken.kept, taken.lost) == (1, 0, False)


def test_a_file_without_proof_waits_for_a_person_and_changes_nothing(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    east.loses_signal()
    visit = east.visits(home, phone="09990000002")
    for file in (backup_of(east, None), backup_of(east, key(world), token="guessed")):
        taken = takes_in(world, file)
        assert not taken.proven
        assert [(one.status, (one.problem or {})["code"]) for one in taken.receipts] == [("review", "carried-unproven")]
    assert world.record(home).phone == "09990000001"
    # Its author says: yes, that is mine.
    world.supervisor.accepts(visit)
    assert world.record(home).phone == "09990000002"


def test_what_a_file_without_proof_said_lies_under_what_its_author_said_later(world: World) -> None:
    home = world.household(water="well")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    west.corrects(home, water="tap")
    west.syncs()
    first = east.corrects(home, water="spring")
    east.checks_for_news()
    file = backup_of(east, None)
    assert not rescue.take_in(world.server.ctx, world.supervisor.who(), io.BytesIO(file)).proven
    later = east.corrects(home, water="rain")
    east.syncs()
    world.supervisor.answers(first.id, accepted=False)
    world.days_pass(10)

    # Her own word hid West's from her: she is not taken for somebody who has seen it.
    assert (later.status, world.record(home).water) == ("conflict", "tap")
    world.assert_laws_hold()


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_file_altered_anywhere_is_refused_whole(world: World, at: int) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    east.loses_signal()
    east.visits(home, phone="09990000002")
    file = bytearray(backup_of(east, key(world), photos=(b"\xff\xd8\xff" + bytes(2000),)))
    place = (20, len(file) // 2, len(file) - 5)[at]
    file[place] ^= 1
    with pytest.raises(RescueUnreadable):
        takes_in(world, bytes(file))
    with pytest.raises(RescueUnreadable):
        takes_in(world, backup_of(east, key(world), photos=(bytes(2000),))[:-1200])
    assert world.record(home).phone == "09990000001"


def test_a_file_cut_between_two_pieces_is_noticed(world: World) -> None:
    east = a_phone_without_signal(world)
    whole = backup_of(east, key(world), photos=(bytes(3000),))
    with pytest.raises(RescueUnreadable):
        takes_in(world, whole[: -(4 + 1500 + 16)])


@pytest.mark.parametrize(
    "file", [b"", b"PK\x03\x04", b'{"format":"fieldsvc-rescue","version":1}\n', b"[]\n", b"\n" * 9000]
)
def test_what_is_no_backup_is_refused_in_words(world: World, file: bytes) -> None:
    with pytest.raises(RescueUnreadable):
        takes_in(world, file)


def test_a_backup_for_another_server_and_one_of_a_stranger_are_refused(world: World) -> None:
    east = a_phone_without_signal(world)
    with pytest.raises(RescueUnreadable):
        takes_in(world, backup_of(east, envelope.public_key("the secret of another county's server")))
    with pytest.raises(RescueForeign):
        takes_in(world, backup_of(east, key(world), person={"id": "nobody", "name": "Nobody"}))
    with pytest.raises(RescueUnreadable):
        takes_in(world, sealed([b"not json"], key(world)))


def test_a_cadre_may_not_take_in_anybodys_backup(world: World) -> None:
    east = a_phone_without_signal(world)
    with pytest.raises(NotAllowed):
        rescue.take_in(world.server.ctx, east_as_actor(world, east), io.BytesIO(backup_of(east, key(world))))


def east_as_actor(world: World, east: Cadre) -> Actor:

    found = enrol.actor_of(world.server.ctx, east.person_id)
    assert found is not None
    return found
