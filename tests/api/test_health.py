"""What whoever starts a server and whoever stands before it may ask: does it live, is it ready, how much waits."""

from __future__ import annotations

import dataclasses
import json
import os
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from fieldsvc import logs
from fieldsvc.app import create_app
from fieldsvc.blobs.folder import FolderStore
from fieldsvc.services.context import open_context
from tests.support.ports import free_port
from tests.world import World

KEY = "a key for the tests alone"


def client_of(world: World, **settings: Any) -> FlaskClient:
    """The same county behind an app with other settings."""
    ctx = world.server.ctx
    return create_app(
        ctx=dataclasses.replace(ctx, settings=dataclasses.replace(ctx.settings, **settings))
    ).test_client()


def test_a_server_with_its_tables_and_a_place_for_photos_is_ready(world: World) -> None:
    client = client_of(world)
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ready"}


def test_a_server_whose_connections_are_all_taken_lives(world: World) -> None:
    db = world.server.ctx.db
    pool: Any = db.read_engine.pool
    with ExitStack() as taken:
        for _ in range(pool.size() + pool._max_overflow):
            taken.enter_context(db.read())
        assert client_of(world).get("/healthz").json == {"status": "ok"}


@pytest.mark.parametrize(("release", "status"), [("0001", 503), ("9999", 200)])
def test_older_tables_are_not_ready_and_those_of_a_newer_release_are(world: World, release: str, status: int) -> None:
    """Migrations add: in an upgrade node by node the old nodes go on until each is replaced."""
    with world.server.ctx.db.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": release})
    reply = client_of(world).get("/readyz")
    assert reply.status_code == status
    if status == 503:
        assert (reply.json["code"], reply.json["missing"]) == ("not-ready", ["release"])  # type: ignore[index]
        assert reply.headers["Retry-After"] == "10"


def test_a_disk_without_room_for_photos_is_not_ready(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.statvfs

    def full(path: Path) -> os.statvfs_result:
        found = list(real(path))
        found[4] = 10  # free blocks
        return os.statvfs_result(found)

    monkeypatch.setattr(os, "statvfs", full)
    client = client_of(world)
    reply = client.get("/readyz")
    assert (reply.status_code, reply.json["missing"]) == (503, ["files"])  # type: ignore[index]
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("release", "status", "missing"), [("9999", 200, ["files"]), ("0001", 503, ["release", "files"])]
)
def test_an_object_store_that_is_away_takes_no_server_out(
    world: World, release: str, status: int, missing: list[str]
) -> None:
    """It is away from all of them at once: a proxy would be left with nowhere to send the text that goes on."""
    nowhere = f"s3://key:secret@photos?region=cn&endpoint=http://127.0.0.1:{free_port()}"
    with world.server.ctx.db.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": release})
    ctx = open_context(dataclasses.replace(world.server.ctx.settings, blobs_url=nowhere))
    reply = create_app(ctx=ctx).test_client().get("/readyz")
    ctx.db.dispose()
    assert (reply.status_code, reply.json["missing"]) == (status, missing)  # type: ignore[index]


@pytest.mark.parametrize("given", [None, "Bearer ", "Bearer wrong", f"Basic {KEY}", "Bearer 钥匙"])
def test_without_the_key_there_are_no_metrics(world: World, given: str | None) -> None:
    """A proxy on the same machine makes everyone look local, so that only the key tells who may."""
    headers = {"Authorization": given} if given else {}
    for key in ("", KEY):
        reply = client_of(world, metrics_key=key).get("/metrics", headers=headers)
        assert (reply.status_code, reply.json["code"]) == (404, "not-found")  # type: ignore[index]


def test_metrics_count_what_waits_and_what_came_and_name_nobody(world: World) -> None:
    home = world.household(name="王家", phone="13900000001")
    east, west = world.cadre("East", visits=[home]), world.cadre("West", visits=[home])
    east.corrects(home, phone="13900000002")
    west.corrects(home, phone="13900000003")
    east.syncs()
    west.syncs()
    reply = client_of(world, metrics_key=KEY).get("/metrics", headers={"Authorization": f"Bearer {KEY}"})
    assert reply.status_code == 200
    said = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(reply.text)
        for sample in family.samples
    }
    assert said["fieldsvc_receipts", "applied"] == 1
    assert said["fieldsvc_receipts", "conflict"] == 1
    assert said["fieldsvc_conflicts_open",] == 1
    assert said["fieldsvc_feed_position", world.county.who().feed_id] > 0
    assert said["fieldsvc_jobs_waiting_for_store",] == 0
    assert {"fieldsvc_blobs", "fieldsvc_job_lag_seconds", "fieldsvc_feed_lag_seconds"} <= {name for name, *_ in said}
    for secret in ("王家", "East", "13900000002", home.id):
        assert secret not in reply.text


def test_a_line_of_the_log_carries_the_id_its_caller_was_told(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_store: FolderStore) -> bool:
        raise RuntimeError("a bug")

    monkeypatch.setattr(FolderStore, "is_writable", fails)
    client = client_of(world)
    client.application.testing = False  # answer as a server would, instead of raising
    logs.configure("error")
    try:
        reply = client.get("/readyz")
    finally:
        structlog.reset_defaults()
    [line] = capsys.readouterr().err.splitlines()
    assert json.loads(line)["request"] == reply.json["request_id"]  # type: ignore[index]
    assert reply.json["code"] == "server-failed"  # type: ignore[index]
