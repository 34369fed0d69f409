"""Handovers at once on each database: a household goes to one taker, and a plan is carried out once or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import select

from fieldsvc.problems import NotFound
from fieldsvc.services import assignments
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.handover import plan
from fieldsvc.services.workdays import day_of
from fieldsvc.store import staff
from fieldsvc.store.tables import AssignmentRow, AuditRow, HandoverRow
from tests.contract.place import Place, at_once

DAY = 86_400_000


def numbered(place: Place, person: Actor) -> str:
    """A staff number for this person, to hand over to."""
    with place.ctx.db.write() as session:
        staff.change(session, person.person_id, {"staff_no": f"N-{person.name}"})
    return f"N-{person.name}"


def holders(place: Place, homes: list[str]) -> dict[str, list[str]]:
    """Who has each household now."""
    found: dict[str, list[str]] = {home: [] for home in homes}
    with place.ctx.db.read() as session:
        rows = session.scalars(select(AssignmentRow).where(AssignmentRow.to_pos.is_(None)))
        for row in rows:
            found[row.subject_id or ""].append(row.person_id)
    return found


def tomorrow(place: Place) -> tuple[Context, date]:
    now = place.ctx.now_ms() + DAY
    return replace(place.ctx, now_ms=lambda: now), day_of(now, place.ctx.settings.time_zone)


def test_of_two_handovers_of_one_cadre_at_once_each_household_goes_one_way(place: Place) -> None:
    homes = [place.household(hh_no=f"H{n}") for n in range(3)]
    giver, takers = place.cadre(*homes, name="Giver"), [place.cadre(name=name) for name in ("Anna", "Berta")]
    by, numbers = place.office, [numbered(place, taker) for taker in takers]
    moved = at_once(
        [
            lambda number=number: plan.hand_over(place.ctx, by, giver=giver.person_id, taker=number, subjects=None)
            for number in numbers
        ]
    )
    assert sorted(moved) == [0, 3]
    winner = takers[moved.index(3)].person_id
    assert holders(place, homes) == {home: [winner] for home in homes}


def test_a_household_that_two_desks_hand_over_at_once_goes_one_way(place: Place) -> None:
    home = place.household(hh_no="H0")
    giver, takers = place.cadre(home, name="Giver"), [place.cadre(name=name) for name in ("Anna", "Berta")]

    def hands_over(taker: Actor) -> bool:
        try:
            assignments.hand_over(place.ctx, place.office, home, giver=giver.person_id, taker=taker.person_id)
        except NotFound:
            return False
        return True

    went = at_once([lambda taker=taker: hands_over(taker) for taker in takers])
    assert sorted(went) == [False, True]
    assert holders(place, [home]) == {home: [takers[went.index(True)].person_id]}


def test_a_plan_that_sweeps_and_a_desk_find_at_once_is_carried_out_once_or_taken_back(place: Place) -> None:
    home = place.household(hh_no="H0")
    giver, taker = place.cadre(home, name="Giver"), place.cadre(name="Anna")
    by, (then, day) = place.office, tomorrow(place)
    plan.hand_over(place.ctx, by, giver=giver.person_id, taker=numbered(place, taker), subjects=None, day=day)
    with place.ctx.db.read() as session:
        [row] = session.scalars(select(HandoverRow))
    *_, cancelled = at_once([lambda: bool(plan.carry_out_due(then))] * 2 + [lambda: plan.cancel(then, by, row.id)])
    expected = giver if cancelled else taker
    assert holders(place, [home]) == {home: [expected.person_id]}
    with place.ctx.db.read() as session:
        [row] = session.scalars(select(HandoverRow))
        ends = list(
            session.scalars(select(AuditRow.action).where(AuditRow.action.in_(("hand-over", "cancel-handover"))))
        )
    assert (row.state, row.moved) == (("cancelled", None) if cancelled else ("done", 1))
    assert ends == ["cancel-handover" if cancelled else "hand-over"]
