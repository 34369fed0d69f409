"""PostgreSQL's own disk forgets, is full, or may only be read: no receipt is ever untrue, and nobody restarts us."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults import power
from tests.faults.conftest import county_on
from tests.faults.mortal import KILLED, Mortal
from tests.faults.test_crash_matrix import is_whole
from tests.support.postgres import DURABLE, cluster, fresh_database
from tests.world.cadre import Cadre

pytestmark = pytest.mark.proof

CUTS = 3


def test_a_power_cut_under_postgresql_takes_no_receipt_back(tmp_path: Path, dying: Mortal) -> None:
    """Its log is synced before a receipt leaves; pages, and what lies behind in the log, are written as chance will."""
    dice = random.Random(1)
    cuts = []
    with cluster() as postgres, fresh_database(postgres.url) as url, county_on(tmp_path, url) as county:
        home = county.household(phone="0", visits_made="0")
        east = county.cadre("East", visits=[home])
        postgres.stop()
        postgres.settings = DURABLE
        postgres.start()
        for number in range(1, CUTS + 1):
            postgres.asks("CHECKPOINT")
            on_disk = power.pages_of(postgres.data)
            sure = [east.visits(home, phone=f"{number}-{one}", remark=dice.randbytes(2_000).hex()) for one in range(6)]
            assert {receipt["status"] for receipt in east.syncs()} <= {"applied", "merged"}
            synced = int(postgres.asks("SELECT pg_current_wal_flush_lsn() - '0/0'::pg_lsn"))
            unsaid = east.visits(home, phone=f"{number}-unsaid")
            request = east.phone.request()
            end = dying.asks(county, "POST", "/api/v1/sync", east.phone.token, json=request, place="commit.after")
            assert end.code == KILLED
            postgres.kill()
            cuts.append(power.cut(postgres.data, on_disk, synced, dice))
            postgres.start()

            county.server.restart()
            assert all(county.has_operation(visit) for visit in sure)
            [receipt] = east.syncs()
            assert receipt["status"] in ("applied", "merged")
            assert county.has_operation(unsaid)
            assert county.record(home).properties["phone"] == f"{number}-unsaid"
            is_whole(county, east)
    assert all(cut.pages and cut.torn for cut in cuts), cuts
    assert any(cut.log for cut in cuts), cuts


def test_a_standby_is_told_as_away_until_it_is_promoted_and_nobody_restarts_the_server(tmp_path: Path) -> None:
    """The machine of a database is lost and its standby takes over: for a while there is one that may only be read."""
    with cluster() as postgres, fresh_database(postgres.url) as url, county_on(tmp_path, url) as county:
        home = county.household(phone="13900000001")
        east = county.cadre("East", visits=[home])
        county.server.app.testing = False  # answer as a server would, instead of raising
        east.corrects(home, phone="13900000009")
        postgres.stop()
        (postgres.data / "standby.signal").touch()
        postgres.start()
        try:
            is_told_that_it_is_away(east)
        finally:
            postgres.asks("SELECT pg_promote()")
        [receipt] = east.syncs()
        assert (receipt["status"], receipt.get("duplicate")) == ("applied", None)
        is_whole(county, east)


def is_told_that_it_is_away(east: Cadre) -> None:
    """A clear problem, no receipt, and everything still on the phone."""
    reply = east.link.ask("POST", "/api/v1/sync", east.phone.request(), east.phone.token)
    assert reply.status == 503, reply
    assert (reply.status, reply.body["code"], reply.headers["Retry-After"]) == (503, "database-away", "30")
    assert east.waiting() > 0
