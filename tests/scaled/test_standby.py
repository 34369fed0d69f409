"""Files that were ordered are read from a standby of PostgreSQL, if it is as fresh as the moment they are made in."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from fieldsvc.config import SettingProblem, Settings
from fieldsvc.office.exporting import job
from fieldsvc.services import doctor, jobs
from fieldsvc.services.exporting import orders, points
from fieldsvc.services.exporting.orders import Order
from fieldsvc.services.exporting.work import Making
from fieldsvc.store import standby
from fieldsvc.store.engine import Database
from fieldsvc.store.tables import ExportRow
from tests.faults.conftest import county_on
from tests.support.postgres import Cluster, cluster, fresh_database, standby_of
from tests.world import World

pytestmark = pytest.mark.proof


@dataclass
class Two:
    """A county on a database with a standby, and where each of its files was read."""

    county: World
    standby: Cluster
    read: list[str] = field(default_factory=list)

    @property
    def db(self) -> Database:
        return self.county.server.ctx.db

    def is_followed(self) -> None:
        """Wait for the standby: a database that was made a moment ago is not there at once, nor is one that starts."""
        until = time.monotonic() + 60
        while self.db.standby() != "level":
            assert time.monotonic() < until

    def orders(self) -> str:
        """Somebody in the office orders a table of all households."""
        return orders.order(self.county.server.ctx, self.county.county.who(), Order("households"), reason="")

    def works(self, export_id: str) -> ExportRow:
        """What the worker has made of it when it has looked."""
        ctx = self.county.server.ctx
        jobs.run_due(ctx, job.handlers(lambda _: None))
        with ctx.db.read() as session:
            return session.get_one(ExportRow, export_id)

    def telephones(self, export_id: str) -> set[str]:
        """The telephone numbers in a file that is ready."""
        bytes_ = b"".join(self.county.server.ctx.blobs.stream(orders.key_of(export_id)))
        rows = list(load_workbook(io.BytesIO(bytes_)).worksheets[0].iter_rows(values_only=True))
        column = rows[0].index("phone")
        return {str(row[column]) for row in rows[1:]}


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Two]:
    """Both run, and the one follows the other."""
    with ExitStack() as stack:
        primary = stack.enter_context(cluster())
        url = stack.enter_context(fresh_database(primary.url))
        second = stack.enter_context(standby_of(primary))
        address = f"{second.url}/{url.rpartition('/')[2]}"
        made = Two(stack.enter_context(county_on(tmp_path, url, standby_url=address)), second)

        def noting(making: Making) -> None:
            made.read.append(where(making.ctx.db))
            points.table(making)

        monkeypatch.setitem(job._MAKERS, "households", noting)
        # It follows as fast as the machine lets it, and that is not what is asked here.
        monkeypatch.setattr(standby, "PATIENCE_SECONDS", 60)
        made.is_followed()
        yield made


def where(db: Database) -> str:
    """Which of the two answers there."""
    with db.read() as session:
        return "standby" if session.scalar(text("SELECT pg_is_in_recovery()")) else "primary"


def test_a_file_is_read_from_the_standby_and_holds_what_was_committed_a_moment_ago(two: Two) -> None:
    for number in range(20):
        two.county.household(phone=f"1380000{number:04}")
        export = two.orders()
        assert two.works(export).state == "ready"
        assert f"1380000{number:04}" in two.telephones(export)
    assert two.read == ["standby"] * 20
    assert where(two.db) == "primary", "whoever asks for a page or syncs reads where it is written"


def test_a_standby_that_is_behind_or_away_or_no_standby_any_more_is_not_asked(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standby, "PATIENCE_SECONDS", 0.3)
    two.standby.asks("SELECT pg_wal_replay_pause()")
    two.county.household(phone="13900000001")
    export = two.orders()
    assert two.works(export).state == "ready"
    assert "13900000001" in two.telephones(export)
    assert said(two) == ("behind", "doubtful")
    monkeypatch.setattr(standby, "PATIENCE_SECONDS", 60)
    two.standby.asks("SELECT pg_wal_replay_resume()")
    assert said(two) == ("level", "good")

    two.standby.stop()
    assert said(two) == ("away", "doubtful")
    assert two.works(two.orders()).state == "ready"
    two.standby.start()
    two.is_followed()
    assert two.works(two.orders()).state == "ready"

    two.standby.asks("SELECT pg_promote()")
    two.county.household(phone="13900000002")
    assert said(two) == ("another", "doubtful")
    export = two.orders()
    assert two.works(export).state == "ready"
    assert "13900000002" in two.telephones(export)
    assert two.read == ["primary", "primary", "standby", "primary"]


def said(two: Two) -> tuple[str | None, str]:
    """How far the standby is, and what level of trouble the doctor makes of it."""
    found = doctor.examine(two.county.server.ctx, datetime.now(UTC))
    [level] = [one.level for one in found if "standby" in one.en]
    return two.db.standby(), level


def test_a_standby_that_dies_over_a_file_costs_an_attempt_and_the_next_one_reads_where_it_is_written(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = job._MAKERS["households"]

    def dying(making: Making) -> None:
        two.standby.stop()
        table(making)

    export = two.orders()
    monkeypatch.setitem(job._MAKERS, "households", dying)
    assert two.works(export).state == "making"
    monkeypatch.setitem(job._MAKERS, "households", table)
    two.county.clock.passes(hours=1)
    assert two.works(export).state == "ready"
    assert two.read == ["primary"]


def test_a_standby_is_one_of_postgresql(tmp_path: Path) -> None:
    with pytest.raises(SettingProblem, match="FIELDSVC_STANDBY_URL"):
        Settings(mode="test", data_folder=tmp_path, standby_url="postgresql://127.0.0.1/county")
