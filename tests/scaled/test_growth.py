"""What lets a database grow beyond one machine's disk, and lets servers of two releases work on it at once."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from sqlalchemy import text

from fieldsvc.services import fsck
from fieldsvc.store.engine import Database
from fieldsvc.store.migrate import upgrade
from tests.support.tools import ROOT
from tests.world import World
from tests.world.clock import Clock, Ids
from tests.world.county import begin
from tests.world.server import Server

#: Until here no release was given out, and one migration (0021) took a table of the one before it.
FIRST_RELEASE = "0024"
VERSIONS = sorted((ROOT / "fieldsvc" / "store" / "migrations" / "versions").glob("[0-9]*.py"))
#: What takes away from an older release what it reads or writes.
TAKING = {"drop_table", "drop_column", "rename_table", "drop_constraint"}


def test_tables_split_by_county_feed_serve_the_same_story(tmp_path: Path, postgres_url: str) -> None:
    """`deploy/partition.sql` on a fresh database, and a partition of its own for the county."""
    upgrade(postgres_url)
    operator = Database(postgres_url)
    with operator.write() as session:
        session.execute(text((ROOT / "deploy" / "partition.sql").read_text(encoding="utf-8").replace(":", r"\:")))
    clock = Clock()
    server = Server(tmp_path, clock, Ids(clock), postgres_url)
    world = World(server, clock, Ids(clock, 1_000), begin(server.ctx))
    feed = world.county.who().feed_id
    with operator.write() as session:
        session.execute(text(f"CREATE TABLE operations_county PARTITION OF operations FOR VALUES IN ('{feed}')"))
    home = world.household(phone="13900000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.visits(home, phone="13900000002")
    west.corrects(home, phone="13900000003")
    assert [receipt["status"] for receipt in (*east.syncs(), *east.syncs(), *west.syncs())] == ["applied", "conflict"]
    with operator.read() as session:
        rows = {
            name: session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
            for name in ("operations", "operations_county", "operations_rest", "changes", "changes_rest")
        }
    assert (rows["operations"], rows["operations_county"], rows["operations_rest"]) == (2, 2, 0)
    assert rows["changes"] == rows["changes_rest"] > 0
    world.assert_laws_hold()
    assert list(fsck.check(server.ctx)) == []
    upgrade(postgres_url)
    server.stop()
    operator.dispose()


@pytest.mark.parametrize("file", [each for each in VERSIONS if each.stem >= FIRST_RELEASE], ids=lambda path: path.stem)
def test_a_migration_takes_nothing_away_from_the_release_before(file: Path) -> None:
    """In an upgrade node by node, servers of the older release go on with the newer tables for a while."""
    [grows] = [
        node
        for node in ast.parse(file.read_bytes()).body
        if isinstance(node, ast.FunctionDef) and node.name == "upgrade"
    ]
    called = {node.attr for node in ast.walk(grows) if isinstance(node, ast.Attribute)}
    assert not called & TAKING
