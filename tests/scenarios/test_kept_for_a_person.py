"""What the server stores undecided becomes whole the moment a person lets it through, and by nothing else."""

import io

import pytest
from sqlalchemy import select

from fieldsvc.services import envelope, fsck, rescue
from fieldsvc.services.intake import batch, judge
from fieldsvc.store import visit_record
from fieldsvc.store.tables import OperationRow, SubmissionRow
from tests.api.photo_world import jpeg
from tests.scenarios.rescue_file import backup_of
from tests.scenarios.test_photo_possession import photo_of
from tests.world import Cadre, Household, World
from tests.world.outbox import Entry


def _carried(world: World, east: Cadre, photos: tuple[bytes, ...] = (), *, lost: bool = True) -> None:
    """The cadre's phone comes to the office as a file: of a phone that was lost, or one that proves nothing."""
    key = envelope.public_key(world.server.ctx.settings.secret_key) if lost else None
    file = backup_of(east, key, photos)
    if lost:
        world.revokes(east)
    rescue.take_in(world.server.ctx, world.supervisor.who(), io.BytesIO(file))


def _slots(world: World, visit: Entry) -> list[tuple[str, str]]:
    with world.server.ctx.db.read() as session:
        feed = world.supervisor.who().feed_id
        return [(each.ref, each.state) for each in visit_record.photos(session, feed, [visit.id]).get(visit.id, [])]


def _waits(world: World) -> dict[str, str]:
    """Every operation in review and why it waits."""
    with world.server.ctx.db.read() as session:
        found = session.scalars(select(OperationRow).where(OperationRow.status == "review"))
        return {row.id: (row.problem or {})["code"] for row in found}


def _lost(world: World) -> list[str]:
    return [each.what for each in fsck.check(world.server.ctx, quick=True) if each.kind == "visit"]


@pytest.mark.parametrize("lost", [True, False])
def test_an_accepted_visit_of_a_carried_phone_is_among_the_visits_with_its_photos(world: World, lost: bool) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    east.loses_signal()
    photo = jpeg()
    visit = east.visits(home, phone="09990000002", door=photo_of(photo))
    _carried(world, east, (photo,), lost=lost)
    assert not world.has_visit(visit)

    world.supervisor.accepts(visit)

    assert world.record(home).phone == "09990000002"
    assert world.has_visit(visit)
    assert [ref for ref, _ in _slots(world, visit)] == ["/data/door"]
    assert _lost(world) == []
    world.assert_laws_hold()


@pytest.mark.parametrize("accepted_first", [False, True])
def test_the_photos_of_a_lost_phones_backup_are_shown_in_whichever_order_they_and_the_yes_come(
    world: World, accepted_first: bool
) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    east.loses_signal()
    photo = jpeg()
    visit = east.visits(home, door=photo_of(photo))
    key = envelope.public_key(world.server.ctx.settings.secret_key)
    alone, whole = backup_of(east, key), backup_of(east, key, (photo,))
    world.revokes(east)
    for file in (alone, whole) if accepted_first else (whole,):
        rescue.take_in(world.server.ctx, world.supervisor.who(), io.BytesIO(file))
        if not world.has_visit(visit):
            world.supervisor.accepts(visit)
    assert _slots(world, visit) == [("/data/door", "present")]


def test_a_visit_that_made_the_server_fail_is_among_the_visits_once_it_is_accepted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit = _fails(world, east, home, monkeypatch)
    assert _waits(world) == {visit.id: "operation-failed"}
    world.supervisor.accepts(visit)
    east.syncs()
    assert (visit.status, world.has_visit(visit)) == ("applied", True)
    world.assert_laws_hold()


def test_a_visit_that_made_the_server_fail_ends_when_its_amendment_takes_effect(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit = _fails(world, east, home, monkeypatch)
    east.amends(visit, home, phone="09990000003")
    east.syncs()
    assert (visit.status, world.record(home).phone, _waits(world)) == ("refused", "09990000003", {})


def _fails(world: World, east: Cadre, home: Household, monkeypatch: pytest.MonkeyPatch) -> Entry:
    def explode(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(batch, "decide", explode)
        visit = east.visits(home, phone="09990000002")
        east.syncs()
    assert batch.decide is judge.decide
    return visit


def test_a_withdrawal_waits_for_a_visit_that_a_person_has_still_to_let_through(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit = _fails(world, east, home, monkeypatch)
    east.withdraws(visit)
    east.syncs()
    world.supervisor.accepts(visit)
    assert world.is_withdrawn(visit)
    assert world.record(home).phone == "09990000001"


def test_accepting_one_thing_of_a_lost_phone_leaves_the_others_waiting_for_the_same_reason(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    east.loses_signal()
    new = Household(world.new_id(), "New", home.area_id)
    first = east.adds(new, label="New", phone="09990000009")
    other = east.corrects(new, phone="09990000666")
    _carried(world, east)

    world.supervisor.accepts(first)

    assert _waits(world) == {other.id: "from-lost-phone"}
    assert world.record(new).phone == "09990000009"


def test_fsck_names_a_visit_that_took_effect_and_is_not_among_the_visits(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002")
    east.syncs()
    assert _lost(world) == []
    with world.server.ctx.db.write() as session:
        session.delete(session.scalars(select(SubmissionRow).where(SubmissionRow.id == visit.id)).one())
    assert _lost(world) == [visit.id]
