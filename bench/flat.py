"""Whether a sync costs the same however much a county holds: `python -m bench.flat 10000 100000 1000000 5000000`.

The demo is filled up to so many records on SQLite, each with a version, an entry in the feed and a helper who holds it;
at each size one phone syncs, in this process. What is counted does not depend on what else the machine does: the
instructions of SQLite's machine, and the statements.
"""

import json
import logging
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from bench.grown import PASSWORDS, ZONE
from fieldsvc.app import create_app
from fieldsvc.config import Settings
from fieldsvc.demo import district
from fieldsvc.demo.load import load
from fieldsvc.ids import random_uuid7
from fieldsvc.services import enrol, setup
from fieldsvc.services.context import Context, open_context
from fieldsvc.store import feeds, pull, scope
from fieldsvc.store.entities import load as load_entities
from fieldsvc.store.migrate import upgrade
from fieldsvc.store.tables import EntityRow

_SERIES = "WITH RECURSIVE n(i) AS (VALUES(:first) UNION ALL SELECT i + 1 FROM n WHERE i < :last)"
_ID = "printf('grown-%09d', i)"
#: A record of a household that somebody else holds, in the tables that a sync reads.
_FILL = (
    "INSERT INTO entities (feed_id, id, dataset, subject_id, version, properties, label, deleted, decided, created_at,"
    f" updated_at, position, practice) {_SERIES}"
    f" SELECT :feed, {_ID}, 'households', {_ID}, 1, '{{}}', '户', 0, '{{}}', 0, 0, i, 0 FROM n",
    "INSERT INTO entity_versions (feed_id, entity_id, version, properties, changed, at, source)"
    f" {_SERIES} SELECT :feed, {_ID}, 1, '{{}}', '[]', 0, 'import' FROM n",
    "INSERT INTO scope (feed_id, person_id, subject_id, role, granted_pos)"
    f" {_SERIES} SELECT :feed, 'helper-' || (i / 8), {_ID}, 'cadre', i FROM n",
    "INSERT INTO changes (feed_id, position, tag, topic, kind, ref_id, version, at)"
    f" {_SERIES} SELECT :feed, i, 'tag', {_ID}, 'entity', {_ID}, 1, 0 FROM n",
    "UPDATE feeds SET position = :last WHERE id = :feed",
)


@dataclass(slots=True)
class Cost:
    """What one request cost."""

    instructions: int = 0
    statements: int = 0

    def __str__(self) -> str:
        """Part of a line."""
        return f"{self.instructions:9,}  {self.statements:4}"


class Phone:
    """A phone on the county, in this process."""

    def __init__(self, ctx: Context, person_id: str) -> None:
        code = enrol.new_code(ctx, setup.console(ctx), person_id)
        self.token = enrol.enrol(ctx, code=code, install_id="flat", device_name="flat").token
        self.client: FlaskClient = create_app(ctx=ctx).test_client()
        self.cursor: str | None = None

    def syncs(self, *operations: dict[str, Any]) -> dict[str, Any]:
        """One request."""
        sent = [{"id": one["id"], "body": json.dumps(one)} for one in operations]
        body = {"install_id": "flat", "cursor": self.cursor, "operations": sent}
        answer = self.client.post("/api/v1/sync", json=body, headers={"Authorization": f"Bearer {self.token}"})
        assert answer.status_code == 200, answer.data
        page: dict[str, Any] = json.loads(answer.data)
        self.cursor = page["cursor"]
        return page


@contextmanager
def counted(ctx: Context) -> Iterator[Cost]:
    """What the database and the interpreter do within the block."""
    cost = Cost()

    def instruction() -> int:
        cost.instructions += 1
        return 0

    def taken(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_progress_handler(instruction, 1)

    def given_back(connection: sqlite3.Connection | None, *_: object) -> None:
        if connection is not None:
            connection.set_progress_handler(None, 1)

    def sent(*_: object) -> None:
        cost.statements += 1

    engines = (ctx.db.read_engine, ctx.db.write_engine)
    listened = (("checkout", taken), ("checkin", given_back), ("before_cursor_execute", sent))
    for engine in engines:
        for name, listener in listened:
            event.listen(engine, name, listener)
    try:
        yield cost
    finally:
        for engine in engines:
            for name, listener in listened:
                event.remove(engine, name, listener)


def fill(ctx: Context, feed_id: str, more: int) -> None:
    """So many records more, written by others."""
    with ctx.db.read() as session:
        first = pull.head(session, feed_id).position + 1
    database = sqlite3.connect(ctx.settings.data_folder / "fieldsvc.db")
    database.execute("PRAGMA synchronous=OFF")
    for statement in _FILL:
        database.execute(statement, {"feed": feed_id, "first": first, "last": first + more - 1})
    database.commit()
    database.close()


def correction(ctx: Context, feed_id: str, person_id: str) -> dict[str, Any]:
    """A correction of a household that this person holds."""
    with ctx.db.read() as session:
        [(home, _), *_] = scope.held_after(session, feed_id, person_id, "", 1)
        version = load_entities(session, feed_id, [home])[home].entity.version
    now = ctx.now_ms()
    about = {"dataset": "households", "entity": home, "subject": home, "changes": {"note": str(now)}}
    versions = {"base_version": version, "trunk_version": version, "branch_id": random_uuid7(now)}
    return {"id": random_uuid7(now), "schema": 1, "kind": "edit", "author": person_id, **about, **versions}


def measure(ctx: Context, feed_id: str, person_id: str, phone: Phone) -> None:
    """One line for each kind of sync."""
    while phone.syncs().get("more"):
        pass
    phone.syncs()
    for what in ("nothing new", "others have written", "a correction"):
        if what == "others have written":
            fill(ctx, feed_id, 50)
        operations = [correction(ctx, feed_id, person_id)] if what == "a correction" else []
        with counted(ctx) as cost:
            phone.syncs(*operations)
        print(f"  {what:22} {cost}")


def main() -> None:
    """Grow, measure, and grow on."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    with tempfile.TemporaryDirectory(prefix="fieldsvc-flat-") as name:
        ctx = open_context(Settings(mode="test", data_folder=Path(name), log_level="error"))
        upgrade(ctx.settings.database_url)
        load(ctx, datetime.now(ZONE), PASSWORDS)
        with ctx.db.read() as session:
            feed_id = feeds.any_feed(session) or ""
        person_id = district.make(datetime.now(ZONE).date()).cadres[0].id
        phone = Phone(ctx, person_id)
        print("                         instructions, statements")
        for size in sizes:
            with ctx.db.read() as session:
                there = session.scalars(select(func.count()).select_from(EntityRow)).one()
            if size > there:
                fill(ctx, feed_id, size - there)
            print(f"{max(size, there):,} records")
            measure(ctx, feed_id, person_id, phone)
        ctx.db.dispose()


if __name__ == "__main__":
    main()
