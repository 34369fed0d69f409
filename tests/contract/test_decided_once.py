"""What waits is decided once, whoever presses at the same moment: two desks, or a desk and the night."""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from fieldsvc.problems import PreconditionFailed
from fieldsvc.services import register
from fieldsvc.services.intake import reprocess
from fieldsvc.services.intake.plan import Plan
from fieldsvc.store.tables import OperationRow
from tests.contract.place import Place, at_once


def _waiting(place: Place) -> tuple[str, str]:
    """A visit more that somebody counted who does not help this household: its household, and the operation."""
    home, other = place.household(visits_made="4"), place.household()
    stranger = place.cadre(other, name="Stranger")
    operation = place.edit(stranger, home, {"visits_made": "5"})
    assert place.push(stranger, operation)[0].status == "review"
    return home, operation[0]


def _accepts(place: Place, id_: str) -> str:
    try:
        return reprocess.accept_reviewed(place.ctx, id_, by=place.office)
    except PreconditionFailed:
        return "decided before"


def _declines(place: Place, id_: str) -> str:
    try:
        reprocess.refuse_reviewed(place.ctx, id_, by=place.office, reason="not this household")
    except PreconditionFailed:
        return "decided before"
    return "refused"


def test_what_eight_desks_let_through_at_once_counts_once(place: Place) -> None:
    for _ in range(2):
        home, id_ = _waiting(place)
        told = at_once([partial(_accepts, place, id_)] * 8)
        assert place.record(home)[1]["visits_made"] == "5"
        assert Counter(told)["decided before"] == 7


def test_of_a_desk_that_lets_something_through_and_one_that_declines_it_one_is_too_late(place: Place) -> None:
    for _ in range(4):
        home, id_ = _waiting(place)
        told = at_once([partial(_accepts, place, id_), partial(_declines, place, id_)])
        with place.ctx.db.read() as session:
            status = session.scalar(select(OperationRow.status).where(OperationRow.id == id_))
        assert told.count("decided before") == 1
        assert status in told
        assert place.record(home)[1]["visits_made"] == ("4" if status == "refused" else "5")


def test_what_the_night_lets_go_on_while_a_desk_lets_it_through_counts_once(place: Place) -> None:
    for _ in range(4):
        home = place.household(visits_made="4")
        east = place.cadre(home)
        id_, body = place.edit(east, home, {"visits_made": "5"}, base_version=2)
        assert place.push(east, (id_, body))[0].status == "held"

        night = partial(reprocess._decide_again, place.ctx, place.feed_id, [id_], forced=True)
        both: list[Callable[[], object]] = [partial(_accepts, place, id_), night]
        at_once(both)

        assert place.record(home)[1]["visits_made"] == "5"
        assert place.versions(home) == [1, 2]


_DESKS = {"phone": "09990000001", "water": "tap", "kind": "poor"}


def _desks_write(place: Place, home: str) -> list[Callable[[], object]]:
    """Desks that each correct something else of a household at the same moment."""
    edit = partial(register.edit, place.ctx, place.office, home, seen_version=1)
    return [partial(edit, {name: value}) for name, value in _DESKS.items()]


def test_what_a_desk_lets_through_while_others_write_that_record_is_in_effect_beside_theirs(place: Place) -> None:
    for _ in range(6):
        home, id_ = _waiting(place)
        told = at_once([partial(_accepts, place, id_), *_desks_write(place, home)])
        assert told[0] in ("applied", "merged")
        assert place.record(home)[1] == {**place.record(home)[1], **_DESKS, "visits_made": "5"}


def test_what_the_night_lets_go_on_while_desks_write_that_record_waits_for_nobody(place: Place) -> None:
    for _ in range(6):
        home = place.household(visits_made="4")
        east = place.cadre(home)
        id_, body = place.edit(east, home, {"visits_made": "5"}, base_version=2)
        assert place.push(east, (id_, body))[0].status == "held"

        night = partial(reprocess._decide_again, place.ctx, place.feed_id, [id_], forced=True)
        assert at_once([night, *_desks_write(place, home)])[0] == 1

        assert place.record(home)[1] == {**place.record(home)[1], **_DESKS, "visits_made": "5"}


def test_what_goes_on_when_a_desk_declines_a_held_link_while_others_write_that_record_is_in_effect(
    place: Place,
) -> None:
    for _ in range(6):
        home = place.household(visits_made="4")
        east, branch = place.cadre(home), place.ctx.new_id()
        held = place.edit(east, home, {"address": "No. 3"}, base_version=2, branch_id=branch)
        later = place.edit(east, home, {"visits_made": "5"}, base_version=3, branch_id=branch)
        assert [each.status for each in place.push(east, held, later)] == ["held", "held"]

        assert at_once([partial(_declines, place, held[0]), *_desks_write(place, home)])[0] == "refused"

        assert place.record(home)[1] == {**place.record(home)[1], **_DESKS, "visits_made": "5"}


_TWO_AT_ONCE = ["INSERT INTO feeds DEFAULT VALUES"]
_POSTGRESQL = [f"DO $$ BEGIN RAISE EXCEPTION 'raced' USING ERRCODE = '{state}'; END $$" for state in ("40P01", "40001")]


def _races(place: Place) -> list[str]:
    """What a database says to one of two that meet: a key that is there already, or that it ends one of both."""
    return _TWO_AT_ONCE if place.ctx.db.is_sqlite else _TWO_AT_ONCE + _POSTGRESQL


def _first_meets(monkeypatch: pytest.MonkeyPatch, statement: str) -> list[str]:
    """Let whoever writes next lose such a race; answers a list that is empty once it has been lost."""
    left, write = [statement], Plan.write

    def races(plan: Plan, session: Session) -> None:
        if left:
            session.execute(text(left.pop()))
        write(plan, session)

    monkeypatch.setattr(Plan, "write", races)
    return left


def test_what_a_desk_decides_while_the_database_ends_one_of_two_is_decided(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for statement in _races(place):
        for decides, told in ((_accepts, "applied"), (_declines, "refused")):
            _, id_ = _waiting(place)
            with monkeypatch.context() as meets:
                left = _first_meets(meets, statement)
                assert decides(place, id_) == told
                assert not left


def test_what_the_night_lets_go_on_while_the_database_ends_one_of_two_waits_for_nobody(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    for statement in _races(place):
        home = place.household(visits_made="4")
        east = place.cadre(home)
        id_, body = place.edit(east, home, {"visits_made": "5"}, base_version=2)
        assert place.push(east, (id_, body))[0].status == "held"
        with monkeypatch.context() as meets:
            left = _first_meets(meets, statement)
            assert reprocess._decide_again(place.ctx, place.feed_id, [id_], forced=True) == 1
            assert not left
        assert place.record(home)[1]["visits_made"] == "5"
