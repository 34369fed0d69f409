"""What a sync reads grows neither with the county nor with what is sent: see also `tests/world/plans.py`."""

import pytest
from sqlalchemy import select

from fieldsvc.services import scrutiny
from fieldsvc.store.tables import EntityRow
from tests.support.statements import statements
from tests.world import World, plans
from tests.world.places import Household

HOMES = 5


def test_a_week_of_visits_to_records_that_others_changed_reads_only_those(world: World) -> None:
    homes = [world.household(phone=f"0999000000{number}", water="well") for number in range(HOMES)]
    east, west = world.cadre("East", visits=homes), world.cadre("West", visits=homes)
    for home in homes:
        west.corrects(home, phone=f"{home.id}-west")
        west.visits(home, water="tap")
    west.syncs()

    for home in homes:
        east.visits(home, remark="again")
        east.corrects(home, phone=f"{home.id}-east")
    east.syncs()
    west.syncs()

    assert len(world.supervisor.open_conflicts()) == HOMES
    assert west.waiting() == east.waiting() == 0


def test_a_push_of_five_visits_asks_the_database_no_more_often_than_one_of_three(world: World) -> None:
    homes = [world.household(water="well") for _ in range(8)]
    east = world.cadre("East", visits=homes)

    def asked_for(some: list[Household]) -> int:
        for home in some:
            east.visits(home, water=f"{len(some)}")
        with statements(world.server.ctx) as sent:
            east.syncs()
        return sum(statement.startswith("SELECT") for statement in sent)

    asked_for(homes)  # what is read once in the life of a process
    assert asked_for(homes[:5]) == asked_for(homes[5:])


def test_looking_at_five_visits_to_a_household_asks_the_database_no_more_often_than_at_two(world: World) -> None:
    home = world.household(water="well")
    east = world.cadre("East", visits=[home])

    def asked_for(visits: int) -> int:
        for number in range(visits):
            east.visits(home, remark=f"{visits}/{number}")
        east.syncs()
        with statements(world.server.ctx) as sent:
            assert scrutiny.sweep(world.server.ctx) == visits
        return sum(statement.startswith("SELECT") for statement in sent)

    asked_for(1)  # what is read once in the life of a process
    assert asked_for(5) == asked_for(2)


def test_a_statement_that_reads_the_whole_county_is_noticed(world: World) -> None:
    ctx = world.server.ctx
    query = select(EntityRow.id).order_by(EntityRow.subject_id).where(EntityRow.feed_id == "f", EntityRow.version == 1)
    with pytest.raises(AssertionError, match="SEARCH entities"), plans.watched(ctx.db), ctx.db.read() as session:
        session.execute(query)
