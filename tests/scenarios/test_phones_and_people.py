"""Phones get lost, tokens end, two people share one phone, and one person carries two."""

import pytest
from sqlalchemy import select

from fieldsvc.services.intake import last_words
from fieldsvc.store.tables import OperationRow
from tests.world import World


def test_a_revoked_phone_is_turned_away_and_keeps_its_queue(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002")

    world.revokes(east)
    east.syncs()

    assert east.turned_away == ["device-revoked"]
    assert east.waiting() == 1
    assert world.record(home).phone == "09990000001"
    east.enrols()
    east.syncs()
    assert visit.status == "applied"


def test_where_the_county_drains_lost_phones_their_queue_waits_for_a_person_and_the_next_request_is_refused(
    world: World,
) -> None:
    world.server.settings["lost_phones"] = "drain"
    world.server.restart()
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    visit = east.visits(home, phone="09990000002")
    world.revokes(east)
    west.visits(home, phone="09990000009")
    west.syncs()

    page = east.exchanges()
    assert page is not None
    [receipt] = page["receipts"]
    assert (receipt["status"], receipt["problem"]["code"]) == ("review", "from-lost-phone")
    assert not page.keys() & {"changes", "scope", "notices"}, "it is told nothing more"
    east.syncs()

    assert east.turned_away == ["device-revoked"]
    assert east.waiting() == 0
    assert world.record(home).phone == "09990000009"
    # Its owner signs in there again: nothing is sent twice.
    east.enrols()
    east.syncs()
    assert visit.status == "review"
    world.assert_laws_hold()


def test_what_is_declined_of_a_lost_phone_was_on_the_screen_of_what_came_after_it_all_the_same(world: World) -> None:
    world.server.settings["lost_phones"] = "drain"
    world.server.restart()
    home = world.household(phone="09990000001", visits_made="3")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    first = east.corrects(home, visits_made="5", phone="09990000002")
    second = east.corrects(home, visits_made="6", phone="09990000003")
    world.revokes(east)
    west.corrects(home, phone="09990000009")
    west.syncs()
    east.syncs()
    assert (first.status, second.status) == ("review", "review")

    world.supervisor.answers(first.id, accepted=False)
    world.supervisor.accepts(second)

    assert world.record(home).visits_made == "4", "the declined two are in no count"
    world.assert_laws_hold()


def test_a_lost_phone_with_nothing_to_send_is_refused_at_once_and_so_is_one_its_owner_signed_out(world: World) -> None:
    world.server.settings["lost_phones"] = "drain"
    world.server.restart()
    home = world.household()
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    world.revokes(east)
    east.syncs()
    assert east.turned_away == ["device-revoked"]
    west.visits(home, water="tap")
    asked = west.phone.request()
    world.server.send("DELETE", "/api/v1/session", None, west.phone.token)
    assert world.server.send("POST", "/api/v1/sync", asked, west.phone.token).body["code"] == "token-expired"


def test_what_a_lost_phone_may_still_hand_in_ends_by_number_by_bytes_and_by_days(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever found the phone has its session, and would go on for ever."""
    world.server.settings["lost_phones"] = "drain"
    world.server.restart()
    monkeypatch.setattr(last_words, "MOST_OPERATIONS", 3)
    monkeypatch.setattr(last_words, "MOST_BYTES", 5_000)
    home = world.household()

    def finds_a_phone_with(*remarks: str) -> tuple[str, list[dict[str, str]]]:
        cadre = world.cadre("East", visits=[home])
        visits = [cadre.visits(home, remark=remark).wire for remark in remarks]
        world.revokes(cadre)
        return cadre.phone.token or "", visits

    def hands_in(token: str, visits: list[dict[str, str]]) -> int:
        return world.server.send("POST", "/api/v1/sync", {"cursor": None, "operations": visits}, token).status

    token, visits = finds_a_phone_with("1", "2", "3", "4")
    assert hands_in(token, visits[:2]) == 200
    assert hands_in(token, visits[:2]) == 200, "what is here already costs nothing: the answer was lost"
    assert hands_in(token, visits[2:]) == 401, "more than such a phone may hold"
    assert hands_in(token, visits[2:3]) == 200
    assert hands_in(token, visits[3:]) == 401
    token, visits = finds_a_phone_with("long " * 800, "long " * 800)
    assert [hands_in(token, [one]) for one in visits] == [200, 401]
    token, visits = finds_a_phone_with("1")
    world.clock.passes(days=last_words.MOST_DAYS + 1)
    assert hands_in(token, visits) == 401
    with world.server.ctx.db.read() as session:
        stored = session.scalars(select(OperationRow.status).where(OperationRow.kind == "submission")).all()
    assert stored == ["review"] * 4, "of a request that was refused nothing is kept"


def test_signing_in_again_continues_at_the_same_operation(world: World) -> None:
    homes = [world.household() for _ in range(6)]
    east = world.cadre("East", visits=homes)
    visits = [east.visits(home, water="tap") for home in homes]
    east.exchanges(limit=2)
    world.server.send("DELETE", "/api/v1/session", None, east.phone.token)
    east.syncs()
    assert (east.turned_away, east.waiting()) == (["token-expired"], 4)

    east.enrols()
    east.syncs()

    assert {visit.status for visit in visits} == {"applied"}
    assert all(world.record(home).version == 2 for home in homes)


def test_a_phone_nobody_knows_learns_nothing(world: World) -> None:
    world.household()
    east = world.cadre("East", enrolled=False)

    east.syncs()

    assert east.turned_away == ["token-unknown"]
    assert east.phone.replica.entities == {}


def test_two_people_on_one_phone_never_send_or_see_each_others_work(world: World) -> None:
    home, other = world.household(phone="09990000001"), world.household()
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[other], enrolled=False)
    visit = east.visits(home, phone="09990000002")

    west.borrows_phone_of(east)
    west.syncs()
    assert not west.holds(home)
    assert west.holds(other)
    assert visit.status is None, "West's session sends West's work only"

    east.syncs()
    assert visit.status == "applied"


def test_work_sent_under_another_persons_name_is_refused_and_stays_with_its_author(world: World) -> None:
    home = world.household(phone="09990000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    visit = east.visits(home, phone="09990000002")

    west.sends_for(visit)
    assert visit.status is None
    assert west.last_receipts[0]["status"] == "refused"
    assert west.last_receipts[0]["problem"]["code"] == "author-mismatch"
    assert world.record(home).phone == "09990000001"

    east.syncs()
    assert visit.status == "applied"


def test_one_person_with_two_phones_sees_the_same_on_both(world: World) -> None:
    home = world.household(phone="09990000001", water="well")
    east = world.cadre("East", visits=[home])
    tablet = east.takes_a_second_phone()
    on_phone = east.corrects(home, phone="09990000002")
    on_tablet = tablet.corrects(home, water="tap")

    east.syncs()
    tablet.syncs()
    east.syncs()

    assert (on_phone.status, on_tablet.status) == ("applied", "merged")
    assert east.sees(home).properties == tablet.sees(home).properties == world.record(home).properties


def test_revoking_one_phone_leaves_the_persons_other_phone_alone(world: World) -> None:
    home = world.household(water="well")
    east = world.cadre("East", visits=[home])
    tablet = east.takes_a_second_phone()

    world.revokes(east)
    tablet.visits(home, water="tap")
    tablet.syncs()
    east.syncs()

    assert world.record(home).water == "tap"
    assert east.turned_away
    assert not tablet.turned_away


def test_a_person_who_left_is_turned_away(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])

    world.dismisses(east)
    east.syncs()

    assert east.turned_away


def test_a_new_phone_receives_everything_the_old_one_had(world: World) -> None:
    homes = [world.household(members=["Ming"]) for _ in range(3)]
    east = world.cadre("East", visits=homes)
    for home in homes:
        east.visits(home, water="tap")
    east.syncs()

    tablet = east.takes_a_second_phone()
    tablet.syncs()

    assert tablet.phone.replica.entities.keys() == east.phone.replica.entities.keys()
    assert all(tablet.sees(home).water == "tap" for home in homes)
