"""PostgreSQL's disk is full, at its quota, or may only be read: phones wait, nothing is half done, and all arrives."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.conftest import county_on
from tests.faults.room import small_disk
from tests.faults.test_crash_matrix import is_whole
from tests.faults.test_postgres_disks import is_told_that_it_is_away
from tests.support.postgres import DURABLE, Cluster, cluster, fresh_database
from tests.world import World
from tests.world.cadre import Cadre
from tests.world.places import Household

pytestmark = pytest.mark.proof

#: What does not get smaller when it is compressed: the tables cannot take it into a page that they have.
_LONG = random.Random(1).randbytes(100_000).hex()


@contextmanager
def _disk_of_everybody() -> Iterator[Path]:
    """A folder that PostgreSQL's user can reach, which those of the tests are not."""
    with tempfile.TemporaryDirectory(prefix="fieldsvc-disk-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "small"


def _works(county: World) -> tuple[Household, Cadre]:
    """A cadre whose first visit has arrived; from now on the server answers as it would, instead of raising."""
    home = county.household(phone="13900000001")
    east = county.cadre("East", visits=[home])
    east.visits(home, phone="13900000002")
    east.syncs()
    county.server.app.testing = False
    return home, east


def _all_arrives(county: World, east: Cadre, home: Household, phone: str) -> None:
    receipts = east.syncs()
    assert {(each["status"], each.get("duplicate")) for each in receipts} == {("applied", None)}
    assert (east.waiting(), county.record(home).properties["phone"]) == (0, phone)
    is_whole(county, east)


def test_tables_on_a_full_disk_and_on_one_that_may_only_be_read_take_nothing_by_halves() -> None:
    with (
        _disk_of_everybody() as place,
        small_disk(place) as disk,
        cluster() as postgres,
        fresh_database(postgres.url) as url,
        tempfile.TemporaryDirectory() as folder,
    ):
        postgres.asks(f"CREATE TABLESPACE small LOCATION '{disk.folder}'")
        with county_on(Path(folder), url) as county:
            county.server.stop()
            postgres.asks(f'ALTER DATABASE "{url.rpartition("/")[2]}" SET TABLESPACE small')
            county.server.start()
            home, east = _works(county)
            phone = _until_there_is_no_room(east, home, disk.fills)
            is_told_that_it_is_away(east)
            assert east.waiting() == 1
            assert county.server.app.test_client().get("/readyz").status_code == 200, "what is there can be read"
            disk.empties()
            _all_arrives(county, east, home, phone)

            east.corrects(home, phone="13900000004")
            postgres.stop()
            disk.may_only_be_read()
            postgres.start()
            is_told_that_it_is_away(east)
            postgres.stop()
            disk.may_only_be_read(only=False)
            postgres.start()
            _all_arrives(county, east, home, "13900000004")


def test_a_log_on_a_full_disk_stops_postgresql_and_no_receipt_has_left() -> None:
    with (
        _disk_of_everybody() as place,
        small_disk(place) as disk,
        cluster(begun=["--wal-segsize=1", f"--waldir={disk.folder / 'log'}"]) as postgres,
        fresh_database(postgres.url) as url,
        tempfile.TemporaryDirectory() as folder,
        county_on(Path(folder), url) as county,
    ):
        _restarts(postgres)
        home, east = _works(county)
        phone = _until_there_is_no_room(east, home, disk.fills)
        is_told_that_it_is_away(east)
        assert east.waiting() == 1
        disk.empties()
        _restarts(postgres)
        _all_arrives(county, east, home, phone)


def _restarts(postgres: Cluster) -> None:
    postgres.stop()
    postgres.settings = DURABLE
    postgres.start()


def test_a_quota_under_postgresql_is_no_fault_of_the_visit_that_meets_it(tmp_path: Path) -> None:
    """As a limit of its files, which needs no mounting. PostgreSQL tells it with the state of a bug of its own."""
    with (
        cluster(begun=["--wal-segsize=1"]) as postgres,
        fresh_database(postgres.url) as url,
        county_on(tmp_path, url) as county,
    ):
        home, east = _works(county)
        postgres.stop()
        postgres.quota = 1_024
        postgres.start()
        phone = _until_there_is_no_room(east, home, lambda: None)
        is_told_that_it_is_away(east)
        assert east.waiting() == 1
        postgres.stop()
        postgres.quota = None
        postgres.start()
        _all_arrives(county, east, home, phone)


def _until_there_is_no_room(east: Cadre, home: Household, fills: Callable[[], None]) -> str:
    """Send long visits one by one, and say which number the first has that is not taken.

    What PostgreSQL has in reserve, or gives back by itself, goes with those before it.
    """
    for number in range(20):
        fills()
        phone = f"139000001{number:02}"
        east.visits(home, phone=phone, remark=_LONG)
        reply = east.link.ask("POST", "/api/v1/sync", east.phone.request(), east.phone.token)
        if reply.status != 200:
            return phone
        east.phone.take(reply.body)
    raise AssertionError("there is always room")
