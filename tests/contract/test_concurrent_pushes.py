"""Many phones, or one phone's retries, arriving in the same moment."""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fieldsvc.services import closing
from fieldsvc.services.access import Actor
from fieldsvc.services.context import open_context
from fieldsvc.services.intake import Receipt, turns
from fieldsvc.services.intake.line import Line
from fieldsvc.store import audit, entities
from fieldsvc.store.locks import lock_things
from fieldsvc.store.tables import ConflictRow, OperationRow
from tests.contract.place import Place, at_once


def test_one_operation_from_sixteen_connections_takes_effect_once(place: Place) -> None:
    home = place.household(visits_made="1")
    east = place.cadre(home)
    operation = place.edit(east, home, {"visits_made": "2"})

    receipts = [receipt for [receipt] in at_once([lambda: place.push(east, operation)] * 16)]

    assert {receipt.status for receipt in receipts} == {"applied"}
    assert {receipt.position for receipt in receipts} == {receipts[0].position}
    assert Counter(receipt.duplicate for receipt in receipts) == {False: 1, True: 15}
    assert place.record(home)[1]["visits_made"] == "2"
    assert place.versions(home) == [1, 2]


def _just_before(
    monkeypatch: pytest.MonkeyPatch, of: Any, deed: str, happens: Callable[[], list[Receipt]]
) -> list[Receipt]:
    """Have this happen the next time before a deed of the server; what came of it is in the list by then."""
    found, does = list[Receipt](), getattr(of, deed)

    def before(*said: Any) -> Any:
        monkeypatch.setattr(of, deed, does)
        found.extend(happens())
        return does(*said)

    monkeypatch.setattr(of, deed, before)
    return found


def test_a_delivery_that_is_overtaken_by_its_own_repetition_takes_no_effect(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken for lost, it has reached one server; the phone tries again, and is answered by another one first."""
    other = Place(open_context(place.ctx.settings), place.county)
    # On SQLite nobody overtakes whom the turn to write has come to.
    for of, deed in ((Line, "ask"), (turns, "lock_things"))[: 1 if place.ctx.db.is_sqlite else 2]:
        home = place.household(visits_made="1")
        east = place.cadre(home)
        operation = place.edit(east, home, {"visits_made": "2"})
        first = _just_before(monkeypatch, of, deed, partial(other.push, east, operation))
        late = place.push(east, operation)
        assert [(each.status, each.duplicate) for each in (*first, *late)] == [("applied", False), ("applied", True)]
        assert place.record(home)[1]["visits_made"] == "2"
        assert place.versions(home) == [1, 2]
    other.ctx.db.dispose()


def test_of_eight_edits_of_one_version_one_is_plain_and_seven_are_conflicts(place: Place) -> None:
    home = place.household(phone="09990000000")
    cadres = [place.cadre(home, name=f"Cadre {number}") for number in range(8)]
    edits = [place.edit(by, home, {"phone": f"0999000000{number + 1}"}) for number, by in enumerate(cadres)]

    receipts = at_once(
        [lambda by=by, edit=edit: place.push(by, edit)[0] for by, edit in zip(cadres, edits, strict=True)]
    )

    assert Counter(receipt.status for receipt in receipts) == {"applied": 1, "conflict": 7}
    assert place.versions(home) == [1, 2]
    with place.ctx.db.read() as session:
        assert session.scalar(select(func.count()).select_from(ConflictRow).where(ConflictRow.state == "open")) == 7


def test_no_update_of_a_counter_is_lost(place: Place) -> None:
    home = place.household(visits_made="0")
    cadres = [place.cadre(home, name=f"Cadre {number}") for number in range(8)]
    edits = [place.edit(by, home, {"visits_made": "1"}) for by in cadres]

    at_once([lambda by=by, edit=edit: place.push(by, edit) for by, edit in zip(cadres, edits, strict=True)])

    assert place.record(home)[1]["visits_made"] == "8"
    assert place.versions(home) == list(range(1, 10))


def test_two_links_of_a_branch_that_arrive_at_once_both_take_effect(place: Place) -> None:
    for _ in range(10):
        home = place.household(phone="09990000000")
        east = place.cadre(home)
        branch = place.ctx.new_id()
        first = place.edit(east, home, {"phone": "09990000001"}, branch_id=branch)
        second = place.edit(east, home, {"phone": "09990000002"}, branch_id=branch, base_version=2)
        at_once([partial(place.push, east, each) for each in (first, second)])
        assert place.record(home)[1]["phone"] == "09990000002"


def test_the_creation_and_the_first_edit_of_a_person_may_arrive_at_once(place: Place) -> None:
    home = place.household()
    east = place.cadre(home)
    for _ in range(10):
        person, branch = place.ctx.new_id(), place.ctx.new_id()
        new = {"dataset": "members", "entity": person, "branch_id": branch, "trunk_version": 0}
        creation = place.edit(east, home, {"name": "Ming"}, create=True, base_version=0, **new)
        edit = place.edit(east, home, {"name": "Hua"}, base_version=1, **new)
        at_once([partial(place.push, east, each) for each in (edit, creation)])
        assert place.record(person)[1]["name"] == "Hua"


def test_everything_pushed_at_once_is_on_record_and_the_audit_log_is_whole(place: Place) -> None:
    homes = [place.household() for _ in range(8)]
    cadres = [place.cadre(home, name=f"Cadre {number}") for number, home in enumerate(homes)]

    def work(number: int) -> list[str]:
        by, home = cadres[number], homes[number]
        edits = [place.edit(by, home, {"remark": f"note {number}.{n}"}) for n in range(5)]
        return [receipt.id for edit in edits for receipt in place.push(by, edit)]

    sent = {id_ for ids in at_once([lambda n=n: work(n) for n in range(8)]) for id_ in ids}
    with place.ctx.db.read() as session:
        assert sent == set(session.scalars(select(OperationRow.id)))
        assert list(audit.broken(session, place.feed_id)) == []


def _locked(place: Place, monkeypatch: pytest.MonkeyPatch, by: Actor, *sent: tuple[str, str]) -> list[set[str]]:
    """What a push waits for others at, one round after the other."""
    rounds: list[set[str]] = []

    def lock(session: Session, names: Iterable[str]) -> None:
        rounds.append(set(names))
        lock_things(session, rounds[-1])

    with monkeypatch.context() as patch:
        patch.setattr(turns, "lock_things", lock)
        place.push(by, *sent)
    return [each for each in rounds if each]


@pytest.mark.parametrize("kind", ["withdrawal", "amendment"])
def test_whoever_amends_or_takes_back_a_visit_waits_for_others_at_it_before_any_record(
    place: Place, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    home = place.household()
    east = place.cadre(home)
    visit = place.ctx.new_id()
    more = {"kind": "withdrawal", "submission": visit} if kind == "withdrawal" else {"replaces": visit}
    id_, body = place.edit(east, home, {"phone": "09990000001"}, **more)
    operations, records = _locked(place, monkeypatch, east, (id_, body))
    assert operations == {id_, visit}
    assert records == {home}


def test_whoever_closes_a_household_waits_for_a_push_about_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    home, person = place.household(), place.ctx.new_id()
    east = place.cadre(home)
    new = place.edit(east, home, {"name": "Ming"}, dataset="members", entity=person, create=True, base_version=0)
    held: list[str] = []

    def lock(session: Session, names: Iterable[str]) -> None:
        held.extend(names)
        if not place.ctx.db.is_sqlite:  # which lets nobody else write from here on anyway
            place.push(east, new)
        lock_things(session, held)

    monkeypatch.setattr(closing, "lock_things", lock)
    found = closing.close(place.ctx, [(home, 1)], by=place.office, reason="moved")
    assert ([one.id for one in found.done], held) == ([home], [home])
    place.push(east, new)
    with place.ctx.db.read() as session:
        assert all(each.entity.deleted for each in entities.of_subject(session, place.feed_id, home))
