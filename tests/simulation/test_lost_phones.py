"""Phones are lost, signed out and saved in files while they are written on: played, and judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from fieldsvc.store.tables import OperationRow
from tests.simulation import office
from tests.simulation.judge import Evidence, arrived
from tests.simulation.plan import Plan
from tests.simulation.run import run
from tests.simulation.verdict import Verdict
from tests.world import World

DEEDS = {"has_a_file_made": 4, "takes_a_file_in": 2, "hears_of_a_lost_phone": 2, "signs_a_phone_out": 2}
ABSENT = {"id": "01a21ab1-0000-7000-8000-000000000001", "kind": "visit", "entity": "h1", "phone": "east"}
ABSENT |= {"shown": {}, "typed": {"water": "tap"}, "births": []}


@pytest.mark.slow
def test_a_run_in_which_phones_are_lost_and_their_files_carried_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "DEEDS", DEEDS)
    verdict = run(Plan(phones=8, steps=10, seed=5, restored=0), tmp_path)
    assert verdict.findings == []
    assert all(verdict.office[deed.replace("_", " ")] for deed in DEEDS), verdict.office


def _findings(world: World, *lines: dict[str, Any], **more: Any) -> list[str]:
    verdict = Verdict()
    with world.server.ctx.db.read() as session:
        reports = [{"phone": "east", "promised": list(lines)}]
        arrived.look(Evidence(session, reports, {}, set(), more.pop("refused", set()), **more), verdict)
    return verdict.findings


@pytest.mark.parametrize(
    ("stood", "forgotten", "findings"),
    [
        ({"lost": "unsent"}, 0, 0),
        ({"lost": "sent"}, 1, 0),
        ({"lost": "sent"}, 0, 1),
        ({"lost": "unsent", "carried": True}, 0, 1),
        ({"lost": "sent", "carried": True}, 1, 1),
        ({"wiped": 0}, 1, 0),
        ({"wiped": 0}, 0, 1),
        ({"wiped": 0, "carried": True}, 1, 1),
        ({"wiped": 1}, 2, 0),
        ({"wiped": 1}, 1, 1),
        ({}, 1, 1),
    ],
)
def test_what_is_nowhere_went_with_its_phone_only_where_nothing_else_had_it(
    world: World, stood: dict[str, Any], forgotten: int, findings: int
) -> None:
    """Also not what a phone removed of which the server had been put back already: it could have sent that again."""
    once = {ABSENT["id"]: forgotten} if forgotten else {}
    assert len(_findings(world, {**ABSENT, **stood}, forgotten=once)) == findings


def test_only_what_was_turned_down_unread_may_be_no_visit(world: World) -> None:
    home = world.household()
    east = world.cadre("East", visits=[home])
    visit = east.visits(home, water="tap")
    east.syncs()
    with world.server.ctx.db.write() as session:
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        session.connection().exec_driver_sql("DELETE FROM submissions")
    said = {**ABSENT, "id": visit.id, "entity": home.id}
    nowhere = f"lost: the visit {visit.id} is not among the submissions"
    assert _findings(world, said) == [nowhere]
    assert _findings(world, said, refused={visit.id}) == [nowhere]
    assert _findings(world, said, unread={visit.id}) == [nowhere], "it was let through, and so read"
    with world.server.ctx.db.write() as session:
        session.execute(update(OperationRow).values(status="refused"))
    assert _findings(world, said, refused={visit.id}) == [nowhere]
    assert _findings(world, said, refused={visit.id}, unread={visit.id}) == []
