"""The database goes away under a server that runs, and comes back: phones wait, and nobody restarts anything."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.faults.conftest import county_on
from tests.faults.test_crash_matrix import is_whole
from tests.support.postgres import cluster, fresh_database

pytestmark = pytest.mark.proof


def test_a_database_that_dies_and_comes_back_costs_no_visit_and_no_restart(tmp_path: Path) -> None:
    with cluster() as postgres, fresh_database(postgres.url) as url, county_on(tmp_path, url) as county:
        home = county.household(phone="13900000001")
        east = county.cadre("East", visits=[home])
        county.server.app.testing = False  # answer as a server would, instead of raising
        for number, how in enumerate((signal.SIGINT, signal.SIGQUIT)):
            east.corrects(home, phone=f"1390000010{number}")
            postgres.stop(how)
            reply = east.link.ask("POST", "/api/v1/sync", east.phone.request(), east.phone.token)
            assert (reply.status, reply.body["code"], reply.headers["Retry-After"]) == (503, "database-away", "30")
            client = county.server.app.test_client()
            assert [client.get(path).status_code for path in ("/healthz", "/readyz")] == [503, 503]
            assert east.waiting() == 1
            postgres.start()
            assert client.get("/readyz").status_code == 200
            [receipt] = east.syncs()
            assert (receipt["status"], receipt.get("duplicate")) == ("applied", None)
            assert county.record(home).properties["phone"] == f"1390000010{number}"
        is_whole(county, east)
