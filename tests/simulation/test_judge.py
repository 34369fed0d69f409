"""What the judge of the simulator takes for a loss, on runs of a few operations that are written down by hand."""

from typing import Any

import pytest
from sqlalchemy import update

from fieldsvc.store.tables import OperationRow
from tests.scenarios.test_amendments_that_come_to_nothing import _ahead_of_a_lost_visit as ahead
from tests.scenarios.test_what_an_amendment_repeats import _all_wait_for_a_person as waiting
from tests.simulation.judge import Evidence, arrived
from tests.simulation.verdict import Verdict
from tests.world import World
from tests.world.outbox import Entry


def _line(entry: Entry, typed: dict[str, str]) -> dict[str, Any]:
    document = entry.document
    line = {"id": entry.id, "kind": "visit", "entity": entry.subject, "shown": {}, "typed": typed, "births": []}
    return {**line, **({"replaces": document["replaces"]} if "replaces" in document else {})}


def _findings(world: World, *lines: dict[str, Any]) -> list[str]:
    with world.server.ctx.db.read() as session:
        reports = [{"phone": "east", "promised": list(lines)}]
        verdict = Verdict()
        arrived.look(Evidence(session, reports, {}, set(), set()), verdict)
        return verdict.findings


def test_a_visit_that_its_amendment_ended_is_no_loss_and_the_amendment_answers_for_its_values(world: World) -> None:
    _, _, visit, amended = waiting(world)
    world.supervisor.accepts(amended)
    said = _line(visit, {"water": "tap"}), _line(amended, {"water": "tap", "phone": "09990000002"})
    assert _findings(world, *said) == []
    with world.server.ctx.db.write() as session:
        session.connection().exec_driver_sql("UPDATE entity_versions SET properties = '{}'")
    nowhere = [f"lost: {name} of {amended.id} is nowhere" for name in ("phone = 09990000002", "water = tap")]
    assert sorted(_findings(world, *said)) == nowhere


def test_a_visit_that_was_taken_back_with_its_amendment_is_no_loss(world: World) -> None:
    home = world.household(phone="09990000001")
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, phone="09990000002", met="")
    east.syncs()
    amended = east.amends(visit, home, phone="09990000003", met="")
    withdrawal = east.withdraws(amended)
    east.syncs()
    assert (visit.status, amended.status) == ("refused", "refused")
    said = _line(visit, {"phone": "09990000002"}), _line(amended, {"phone": "09990000003"})
    taken = {**_line(withdrawal, {}), "kind": "withdrawal", "of": amended.id}
    assert _findings(world, *said, taken) == []
    assert len(_findings(world, *said)) == 2, "nobody took anything back"


def test_a_visit_called_replaced_by_nothing_that_took_effect_is_a_loss(world: World) -> None:
    _, _, visit, amended = waiting(world)
    world.supervisor.accepts(amended)
    [found] = _findings(world, _line(visit, {"water": "tap"}))
    assert found.startswith(f"lost: visit {visit.id} was refused")


@pytest.mark.parametrize("let_through", [True, False])
def test_a_visit_is_replaced_by_the_last_of_its_amendments_though_the_one_between_was_declined(
    world: World, let_through: bool
) -> None:
    _, east, chain = ahead(world, deleted=True)
    east.syncs()
    visit, first, last = chain
    for each in (first, last):
        world.supervisor.answers(each.id, accepted=let_through and each is last)
    if not let_through:  # and the server has ended it all the same
        with world.server.ctx.db.write() as session:
            values = {"status": "refused", "problem": {"code": "replaced"}}
            session.execute(update(OperationRow).where(OperationRow.id == visit.id).values(**values))
    said = [_line(each, {"phone": "09990000004"}) for each in chain]
    ended = [each for each in _findings(world, *said) if f"visit {visit.id} was refused: {{'code': 'replaced'" in each]
    assert len(ended) == (0 if let_through else 1)


def test_what_was_typed_of_a_record_that_was_merged_is_looked_for_in_the_one_that_stays(world: World) -> None:
    twin, home = world.household(), world.household(water="well")
    east = world.cadre("East", visits=[twin, home])
    visit = east.visits(twin, phone="09990000002")
    world.supervisor.merges(twin, into=home)
    east.syncs()
    said = _line(visit, {"phone": "09990000002"})
    assert said["entity"] == twin.id
    assert _findings(world, said) == []
    with world.server.ctx.db.write() as session:
        session.connection().exec_driver_sql("UPDATE entity_versions SET properties = '{}'")
    assert _findings(world, said) == [f"lost: phone = 09990000002 of {visit.id} is nowhere"]
