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
