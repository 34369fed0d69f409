"""People change households and households leave the register while phones write about them: played, and judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from fieldsvc.services import closing
from fieldsvc.store.tables import ScopeRow
from tests.simulation import office
from tests.simulation.judge import Evidence, arrived, phones
from tests.simulation.plan import Plan
from tests.simulation.run import run
from tests.simulation.verdict import Verdict
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.outbox import Entry
from tests.world.places import Household


@pytest.mark.slow
def test_a_run_in_which_people_move_and_households_close_all_the_time_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "DEEDS", {"closes": 1, "moves_somebody": 3, "lets_through": 1})
    verdict = run(Plan(phones=8, steps=10, seed=5, restored=0), tmp_path)
    assert verdict.findings == []
    assert verdict.office["moves somebody"] > 0 < verdict.office["closes"]


def _line(entry: Entry, entity: str, typed: dict[str, str]) -> dict[str, Any]:
    kind = "edit" if entry.kind == "edit" else "visit"
    said = {"id": entry.id, "kind": kind, "subject": entry.subject, "entity": entity}
    return {**said, "shown": {}, "typed": typed, "births": []}


def _findings(world: World, refused: set[str], *lines: dict[str, Any]) -> list[str]:
    verdict = Verdict()
    with world.server.ctx.db.read() as session:
        arrived.look(Evidence(session, [{"phone": "east", "promised": list(lines)}], {}, set(), refused), verdict)
    return verdict.findings


def test_what_was_typed_of_somebody_who_was_moved_meanwhile_is_a_loss_where_nobody_finds_it(world: World) -> None:
    home, other = world.household(members=["Ming"]), world.household()
    east = world.cadre("East", visits=[home])
    [ming] = world.members_of(home)
    east.loses_signal()
    word = east.corrects(ming, health="weak")
    world.moves(ming, to=other)
    east.finds_signal_and_syncs()
    said = _line(word, ming.id, {"health": "weak"})
    if word.status == "review":  # a word about somebody who is out of reach waits for a person
        world.supervisor.accepts(word)
    assert _findings(world, set(), said) == []
    with world.server.ctx.db.write() as session:
        session.connection().exec_driver_sql("UPDATE entity_versions SET properties = '{}'")
    assert _findings(world, set(), said) == [f"lost: health = weak of {word.id} is nowhere"]


def test_what_comes_about_a_closed_household_is_lost_unless_a_person_declined_it(world: World) -> None:
    home, _, visit = _closed(world)
    world.supervisor.answers(visit.id, accepted=False)
    said = _line(visit, home.id, {"water": "tap"})
    assert _findings(world, {visit.id}, said) == []
    [found] = _findings(world, set(), said)
    assert found.startswith(f"lost: visit {visit.id} was refused")


def test_a_closed_household_that_stays_on_a_phone_is_found(world: World) -> None:
    home, east, _ = _closed(world)
    report = {"phone": "east", "promised": [], "outbox": [], "drafts": [], "photos": [], "problem": None}
    report |= {"subjects": [], "entities": []}
    with world.server.ctx.db.read() as session:
        held = session.scalars(select(ScopeRow.subject_id).where(ScopeRow.revoked_pos.is_(None))).all()
        assert home.id not in held
        for there in ([], [home.id]):
            verdict = Verdict()
            row = {**report, "subjects": there}
            phones.look(Evidence(session, [row], {"east": east.person_id}, set(), set()), verdict)
            assert len(verdict.findings) == len(there)


def _closed(world: World) -> tuple[Household, Cadre, Entry]:
    """A household that was closed while a phone without signal had a visit of it, that phone's owner, and the visit."""
    home = world.household()
    east = world.cadre("East", visits=[home])
    east.loses_signal()
    visit = east.visits(home, water="tap")
    seen = [(home.id, world.record(home).version)]
    assert closing.close(world.server.ctx, seen, by=world.supervisor.who(), reason="moved").done
    east.finds_signal_and_syncs()
    return home, east, visit
