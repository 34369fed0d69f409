"""A county in use is upgraded: its rows stay, and every table takes its change with what stands in it."""

from __future__ import annotations

from alembic import command
from sqlalchemy import text

from fieldsvc.services import fsck
from fieldsvc.store.migrate import config_for, upgrade
from tests.contract.place import Place

#: Until here no release was given out.
FIRST_RELEASE = "0024"


def test_a_county_in_use_takes_every_migration_since_the_first_release(place: Place) -> None:
    home = place.household(phone="09990000001")
    east = place.cadre(home)
    place.push(east, place.edit(east, home, {"phone": "09990000002"}))
    engine = place.ctx.db.write_engine
    with engine.begin() as connection:
        command.downgrade(config_for(connection), FIRST_RELEASE)
        archive = "('archive_papers', '{}', 'households', 'open')"
        connection.execute(text(f"INSERT INTO forms (id, title, subject_dataset, state) VALUES {archive}"))
    upgrade(place.ctx.db.url)
    assert list(fsck.check(place.ctx)) == []
    with engine.begin() as connection:
        said = {row.id: bool(row.visit) for row in connection.execute(text("SELECT id, visit FROM forms"))}
        phone = connection.execute(text("SELECT properties FROM entities WHERE id = :id"), {"id": home}).scalar_one()
    assert not said.pop("archive_papers"), "a paper that was filed visits nobody"
    assert list(said.values()) == [True], "what a county published counts as it did"
    assert "09990000002" in str(phone)
