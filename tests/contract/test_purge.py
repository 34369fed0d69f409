"""Who looked and what deleted records held goes after its days, on either database, and nothing else does."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import select, text

from fieldsvc.services import fsck, purge
from fieldsvc.store.purging.views import EMPTIED
from fieldsvc.store.tables import (
    AuditRow,
    EntityRow,
    EntityVersionRow,
    OperationRow,
)
from tests.contract.later import NOTHING, deleted, later, looks, whole
from tests.contract.place import Place


def test_who_looked_goes_after_its_days_and_the_log_stays_whole(place: Place) -> None:
    home = place.household(phone="09990000001")
    east = place.cadre(home)
    looks(place, home)
    place.push(east, place.edit(east, home, {"phone": "09990000002"}))
    assert purge.look(later(place, 999).ctx, place.office) == NOTHING
    old = later(place, 1001, keep_views_days=1000)
    looks(old, home)

    assert purge.look(old.ctx, old.office) == dataclasses.replace(NOTHING, views=1)
    assert purge.carry_out(old.ctx, old.office) == dataclasses.replace(NOTHING, views=1)

    assert purge.look(old.ctx, old.office) == NOTHING
    with place.ctx.db.read() as session:
        acts = session.scalars(select(AuditRow).order_by(AuditRow.position)).all()
    [emptied] = [row for row in acts if row.action == EMPTIED]
    assert (emptied.actor_id, emptied.device_id, emptied.thing, emptied.detail) == (None, None, "", None)
    assert {"push", "view", "purge"} <= {row.action for row in acts}, "what was written, and who looked since, stays"
    assert whole(place)


def test_what_phones_sent_of_looking_goes_with_it_and_nothing_else_they_sent(place: Place) -> None:
    home = place.household()
    east = place.cadre(home)
    shown = {"kind": "view", "entity": home, "properties": ["phone"]}
    place.push(east, place.edit(east, home, {}, **shown), place.edit(east, home, {"phone": "09990000002"}))
    old = later(place, 2000)
    purge.carry_out(old.ctx, old.office)
    with place.ctx.db.read() as session:
        assert set(session.scalars(select(OperationRow.kind).where(OperationRow.author_id == east.person_id))) == {
            "edit"
        }
    assert whole(place)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit SET action = 'emptied', thing = '', actor_id = NULL WHERE action = 'push'",
        "UPDATE audit SET hash = 'another' WHERE action = 'emptied'",
        "UPDATE audit SET action = 'view' WHERE action = 'emptied'",
    ],
)
def test_a_line_that_no_purge_has_emptied_is_named(place: Place, tampering: str) -> None:
    home = place.household()
    east = place.cadre(home)
    looks(place, home)
    place.push(east, place.edit(east, home, {"phone": "09990000002"}))
    old = later(place, 2000)
    purge.carry_out(old.ctx, old.office)
    assert whole(place)
    with place.ctx.db.write() as session:
        session.execute(text(tampering))
    assert {broken.kind for broken in fsck.check(place.ctx)} == {"log"}


def test_a_second_purge_seals_what_the_first_had_emptied_too(place: Place) -> None:
    home = place.household()
    for days in (2000, 4000):
        looks(later(place, days - 2000), home)
        old = later(place, days)
        assert purge.carry_out(old.ctx, old.office).views == 1
    assert whole(place)


def test_a_deleted_record_loses_its_values_in_every_version_and_keeps_its_place(place: Place) -> None:
    home, kept = place.household(phone="09990000001"), place.household(phone="09990000003")
    east = place.cadre(home)
    place.push(east, place.edit(east, home, {"phone": "09990000002"}))
    deleted(place, home)
    old = later(place, 2000)
    assert purge.carry_out(old.ctx, old.office).tombstones == 1
    with place.ctx.db.read() as session:
        values = session.scalars(select(EntityVersionRow.properties).where(EntityVersionRow.entity_id == home)).all()
        row = session.scalars(select(EntityRow).where(EntityRow.id == home)).one()
    assert (values, row.properties, row.label, row.deleted) == ([{}, {}], {}, "", True)
    assert place.record(kept)[1]["phone"] == "09990000003"
    assert whole(place)


def test_where_nothing_is_over_nothing_is_written(place: Place) -> None:
    with place.ctx.db.read() as session:
        before = session.scalars(select(AuditRow.position)).all()
    assert purge.carry_out(place.ctx, place.office) == NOTHING
    with place.ctx.db.read() as session:
        assert session.scalars(select(AuditRow.position)).all() == before
