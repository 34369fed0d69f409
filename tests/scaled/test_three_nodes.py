"""Three servers, a PostgreSQL and an object store serve one county, and any of them may die while phones send."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from fieldsvc.services import fsck
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.services.jobs import LEASE_MS, run_due
from fieldsvc.store import pulse
from tests.scaled.nodes import FAULTS, Nodes, nodes
from tests.scaled.phones import town
from tests.simulation.plan import Plan
from tests.simulation.run import run
from tests.support.postgres import MORTAL, cluster, fresh_database
from tests.support.seaweed import Seaweed
from tests.uploads.line import Line, bytes_of

pytestmark = pytest.mark.proof


@pytest.fixture
def province(tmp_path: Path, object_store: Seaweed) -> Iterator[Nodes]:
    """Everything but the county: that is begun by who needs it."""
    with ExitStack() as stack:
        postgres = stack.enter_context(cluster())
        postgres.stop()
        postgres.settings = MORTAL
        postgres.start()
        url = stack.enter_context(fresh_database(postgres.url))
        yield stack.enter_context(nodes(tmp_path, postgres, url, object_store))


def test_one_story_on_three_machines_of_which_one_dies(province: Nodes) -> None:
    """Two cadres correct the same number, a photo goes up in pieces, and each request goes to the next machine."""
    with town(province) as world:
        province.start()
        home = world.household(phone="13900000001")
        east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
        photo = bytes_of(1, 600_000)
        digest = hashlib.sha256(photo).hexdigest()
        east.visits(home, phone="13900000002", door={"sha256": digest, "bytes": len(photo), "type": "image/jpeg"})
        west.corrects(home, phone="13900000003")
        assert [receipt["status"] for receipt in east.syncs()] == ["applied"]
        line = Line(province.port, east.phone.token)
        where = line.begins(photo).location
        first = line.sends(where, 0, photo[:200_000])
        assert first.offset == 200_000
        province.kills(province.which_served(first))
        assert line.stands(where) == 200_000
        second = line.sends(where, 200_000, photo[200_000:400_000])
        assert second.offset == 400_000
        assert province.which_served(first) != province.which_served(second)
        assert [receipt["status"] for receipt in west.syncs()] == ["conflict"]
        assert line.sends(where, 400_000, photo[400_000:]).offset == 600_000
        shown = f"/api/v1/photos/{digest}"
        assert line.asks("GET", shown).body == photo
        west.syncs()
        east.syncs()
        world.assert_laws_hold()
        assert list(fsck.check(world.server.ctx)) == []


def test_the_object_store_goes_away_and_comes_back_while_text_goes_on(province: Nodes) -> None:
    """A photo stops where the store left it and goes on from there; the visit it belongs to does not wait for it."""
    with town(province) as world:
        province.start()
        home = world.household(phone="13900000001")
        east = world.cadre("East", visits=[home])
        photo = bytes_of(2, 600_000)
        digest = hashlib.sha256(photo).hexdigest()
        line = Line(province.port, east.phone.token)
        where = line.begins(photo).location
        assert line.sends(where, 0, photo[:300_000]).offset == 300_000
        province.loses_its_object_store()
        east.visits(home, phone="13900000002", door={"sha256": digest, "bytes": len(photo), "type": "image/jpeg"})
        assert [receipt["status"] for receipt in east.syncs()] == ["applied"]
        away = line.sends(where, 300_000, photo[300_000:])
        assert (away.status, json.loads(away.body)["code"]) == (503, "files-away")
        assert int(away.headers["retry-after"]) > 0
        province.heals()
        stands = line.stands(where)
        assert stands >= 300_000
        assert line.sends(where, stands, photo[stands:]).offset == 600_000
        assert line.asks("GET", f"/api/v1/photos/{digest}").body == photo
        east.syncs()
        world.assert_laws_hold()
        assert list(fsck.check(world.server.ctx)) == []


def test_simulated_phones_lose_nothing_while_machines_volume_servers_and_the_database_die(
    province: Nodes, tmp_path: Path
) -> None:
    seed = int(os.environ.get("SEED", "4"))
    verdict = run(Plan(phones=8, steps=10, seed=seed, cuts=0.3, within=2), tmp_path / "run", province)
    assert verdict.findings == []
    assert verdict.counts["acknowledged"] == verdict.counts["operations"] > 0
    assert set(FAULTS) <= set(verdict.faults), verdict.faults
    province.kill()
    with town(province, begun=True) as world:
        ctx = world.server.ctx
        # A worker that died keeps its jobs for a quarter of an hour; this one comes after that.
        run_due(dataclasses.replace(ctx, now_ms=lambda: ctx.now_ms() + LEASE_MS), HANDLERS)
        assert list(fsck.check(ctx)) == []
        with ctx.db.read() as session:
            assert not {state for _, state in pulse.jobs(session)} & {"waiting", "running"}
            assert pulse.blobs(session)[0] > 0
