"""What waited is decided again by the worker, on each database: one on which the server fails holds up no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from fieldsvc.services import published
from fieldsvc.services.context import Context
from fieldsvc.services.intake import batch, force_overdue, judge, refuse_reviewed, take_up
from fieldsvc.services.intake.arrival import Arrival
from fieldsvc.services.intake.known import Known
from fieldsvc.store.tables import EntityRow, OperationRow
from tests.contract.place import Place
from tests.world.forms import VISIT, VISIT_DEFINITION

_DAYS = 6 * 86_400_000


def visit(place: Place, by: Any, home: str, phone: str) -> tuple[str, str]:
    """A visit by a version of the form that this server does not have."""
    entity = {"dataset": "households", "path": "/data", "id": home, "base_version": 1, "trunk_version": 1}
    answers = {"household": home, "met": "head", "phone": phone}
    form: dict[str, Any] = {"form": VISIT.form, "version": "2", "answers": answers, "entities": [entity]}
    return place.edit(by, home, {}, kind="submission", **form)


def status(place: Place, *ids: str) -> list[tuple[str, str | None]]:
    with place.ctx.db.read() as session:
        rows = {row.id: row for row in session.scalars(select(OperationRow).where(OperationRow.id.in_(ids)))}
        return [(rows[id_].status, (rows[id_].problem or {}).get("code")) for id_ in ids]


def phones(place: Place, *homes: str) -> list[str | None]:
    with place.ctx.db.read() as session:
        rows = {row.id: row for row in session.scalars(select(EntityRow).where(EntityRow.id.in_(homes)))}
        return [rows[home].properties.get("phone") for home in homes]


def poisoned(monkeypatch: pytest.MonkeyPatch, id_: str) -> None:
    """Let the server fail whenever it decides this one."""

    def decide(known: Any, plan: Any, arrival: Any, subject_id: str) -> Any:
        assert arrival.operation.id != id_
        return judge.decide(known, plan, arrival, subject_id)

    monkeypatch.setattr(batch, "decide", decide)


def unloadable(monkeypatch: pytest.MonkeyPatch, id_: str, error: Callable[[Session], object]) -> None:
    """Let the server fail whenever it reads what this one needs."""
    load = Known.load

    def loads(known: Known, arrivals: Sequence[Arrival]) -> None:
        if any(each.operation.id == id_ for each in arrivals):
            error(known.session)
        load(known, arrivals)

    monkeypatch.setattr(Known, "load", loads)


def a_bug(session: Session) -> object:
    """An assertion that fails."""
    raise AssertionError


def a_bad_query(session: Session) -> object:
    """A query that fails, which ends the whole transaction on PostgreSQL."""
    return session.execute(text("INSERT INTO feeds DEFAULT VALUES"))


def later(ctx: Context) -> Context:
    """The same server days later."""
    at = ctx.now_ms() + _DAYS
    return replace(ctx, now_ms=lambda: at)


def test_of_three_visits_that_waited_for_their_form_the_one_that_fails_is_left_to_a_person(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = [place.household() for _ in range(3)]
    by = place.cadre(*homes)
    sent = [visit(place, by, home, f"0999000000{n}") for n, home in enumerate(homes)]
    ids = [id_ for id_, _ in sent]
    place.push(by, *sent)
    assert status(place, *ids) == [("review", "form-version-unknown")] * 3

    published.publish_form(place.ctx, place.office, {**VISIT_DEFINITION, "version": "2"}, digest="2")
    with monkeypatch.context() as broken:
        poisoned(broken, ids[1])
        assert take_up(place.ctx) == 2
        assert take_up(place.ctx) == 0, "it is tried by itself no more"
    assert status(place, *ids) == [("applied", None), ("review", "operation-failed"), ("applied", None)]
    assert phones(place, *homes) == ["09990000000", None, "09990000002"]


def test_of_two_links_that_waited_too_long_the_one_that_fails_holds_the_other_not_up(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    homes = [place.household() for _ in range(2)]
    by = place.cadre(*homes)
    held = [
        place.edit(by, home, {"phone": "09990000001"}, base_version=2, trunk_version=1, branch_id=place.ctx.new_id())
        for home in homes
    ]
    ids = [id_ for id_, _ in held]
    place.push(by, *held)
    assert status(place, *ids) == [("held", None)] * 2
    with monkeypatch.context() as broken:
        poisoned(broken, ids[0])
        assert force_overdue(later(place.ctx)) == 1
    assert status(place, *ids) == [("review", "operation-failed"), ("applied", None)]
    assert phones(place, *homes) == [None, "09990000001"]


@pytest.mark.parametrize("fails", [a_bug, a_bad_query])
def test_one_that_cannot_even_be_loaded_is_left_to_a_person_who_may_decline_it(
    place: Place, monkeypatch: pytest.MonkeyPatch, fails: Callable[[Session], object]
) -> None:
    homes = [place.household() for _ in range(2)]
    by = place.cadre(*homes)
    sent = [visit(place, by, home, f"0999000000{n}") for n, home in enumerate(homes)]
    ids = [id_ for id_, _ in sent]
    place.push(by, *sent)

    published.publish_form(place.ctx, place.office, {**VISIT_DEFINITION, "version": "2"}, digest="2")
    unloadable(monkeypatch, ids[0], fails)
    assert take_up(place.ctx) == 1
    assert status(place, *ids) == [("review", "operation-failed"), ("applied", None)]
    refuse_reviewed(place.ctx, ids[0], by=place.office, reason="not readable")
    assert status(place, ids[0]) == [("refused", "declined")]
