"""What must stay small stays small: bytes, requests and statements, never seconds.

A county's phones sit on 2G: every byte of an empty sync is paid for by every phone, all day.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import text

import fieldsvc
import sync
from fieldsvc.demo import district
from fieldsvc.ids import random_uuid7
from fieldsvc.services import assignments, enrol, setup
from fieldsvc.services.context import Context
from fieldsvc.store import deadlines, entities
from tests.support.app import app_on
from tests.support.demo import NOW, Demo
from tests.support.statements import statements

HOUSEHOLDS = 200
#: Where the code of this project lies.
OURS = tuple(str(Path(package.__file__ or "").parent) for package in (fieldsvc, sync))


class Phone:
    """A phone on the demo district that counts its requests and their bytes."""

    def __init__(self, ctx: Context, token: str) -> None:
        self.client = app_on(ctx).test_client()
        self.headers = {
            "Authorization": f"Bearer {token}",
            "Accept-Encoding": "gzip, deflate, br",
            "Content-Type": "application/json",
        }
        self.cursor: str | None = None
        self.up = self.down = self.requests = 0

    def sync(self, operations: list[dict[str, Any]]) -> dict[str, Any]:
        """One request."""
        body = json.dumps(
            {
                "protocol": 1,
                "install_id": "budget",
                "sent_at": 1_795_406_400_000,
                "app": "0123456789ab",
                "cursor": self.cursor,
                "operations": [{"id": one["id"], "body": json.dumps(one, ensure_ascii=False)} for one in operations],
                "pending": {"operations": 0, "photos": 0},
            },
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()
        packed = gzip.compress(body, mtime=0)
        headers = self.headers
        if len(packed) < len(body):
            body, headers = packed, {**headers, "Content-Encoding": "gzip"}
        answer = self.client.post("/api/v1/sync", data=body, headers=headers)
        assert answer.status_code == 200, answer.data
        self.up, self.down, self.requests = self.up + len(body), self.down + len(answer.data), self.requests + 1
        page: dict[str, Any] = read(answer.data, answer.headers.get("Content-Encoding"))
        self.cursor = page["cursor"]
        return page

    def catch_up(self) -> None:
        """Sync until nothing is left, then count afresh."""
        while self.sync([]).get("more"):
            pass

    def counts_afresh(self) -> None:
        """Forget what was counted."""
        self.up = self.down = self.requests = 0


def read(data: bytes, encoding: str | None) -> dict[str, Any]:
    """The JSON of an answer, however it travelled."""
    import brotli

    plain = {"br": brotli.decompress, "gzip": gzip.decompress}.get(encoding or "", bytes)(data)
    found: dict[str, Any] = json.loads(plain)
    return found


@pytest.fixture(scope="module")
def ctx(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """The demo district, copied, with one person who holds two hundred households."""
    context = demo.context(tmp_path_factory.mktemp("budgets") / "data")
    yield context
    context.db.dispose()


@pytest.fixture(scope="module")
def phone(ctx: Context) -> Phone:
    """That person's phone, which has not synced yet."""
    console = setup.console(ctx)
    # Neighbours of the second town. The first is there to be looked at: all the district's building sites stand in it,
    # on one list in twelve where a county has one in a hundred.
    first_town = district.make(NOW.date()).places.towns[0].id
    with ctx.db.read() as session:
        person = session.execute(
            text("SELECT person_id FROM scope GROUP BY person_id HAVING count(*) = 1 ORDER BY person_id DESC LIMIT 1")
        ).scalar_one()
        homes = session.scalars(
            text(
                "SELECT id FROM entities WHERE dataset = 'households' AND id NOT IN"
                f" (SELECT subject_id FROM scope WHERE person_id = '{person}')"
                f" AND area_id NOT IN (SELECT id FROM areas WHERE path LIKE '%/{first_town}/%')"
                f" ORDER BY id LIMIT {HOUSEHOLDS - 1}"
            )
        ).all()
    for home in homes:
        assignments.assign(ctx, console, person, subject_id=home)
    code = enrol.new_code(ctx, console, person)
    token = enrol.enrol(ctx, code=code, install_id="budget", device_name="budget").token
    phone = Phone(ctx, token)
    phone.catch_up()
    return phone


def edits(ctx: Context, number: int) -> list[dict[str, Any]]:
    """Corrections of a note, each of another household."""
    author, homes = _holder(ctx, number)
    return [
        {
            "id": random_uuid7(1_795_406_400_000 + place),
            "schema": 1,
            "kind": "edit",
            "author": author,
            "install_id": "budget",
            "cursor": None,
            "created_at": 1_795_406_400_000,
            "dataset": "households",
            "entity": home.entity.id,
            "subject": home.entity.id,
            "base_version": home.entity.version,
            "trunk_version": home.entity.version,
            "branch_id": random_uuid7(1_795_406_400_000),
            "changes": {"note": f"第 {place} 户"},
        }
        for place, home in enumerate(homes)
    ]


def _holder(ctx: Context, number: int) -> tuple[str, list[entities.Stored]]:
    with ctx.db.read() as session:
        device = session.execute(text("SELECT person_id, feed_id FROM devices WHERE install_id = 'budget'")).one()
        held = session.scalars(
            text(f"SELECT subject_id FROM scope WHERE person_id = '{device.person_id}' ORDER BY 1 LIMIT {number}")
        ).all()
        return device.person_id, list(entities.load(session, device.feed_id, held).values())


def test_the_first_sync_of_two_hundred_households_is_sixty_kilobytes(phone: Phone) -> None:
    assert phone.down <= 60 * 1024
    assert phone.requests <= 4


def test_a_sync_with_nothing_new_is_one_small_request(phone: Phone, ctx: Context) -> None:
    phone.counts_afresh()
    with statements(ctx) as sent:
        page = phone.sync([])
    assert (phone.requests, "more" in page, "changes" in page) == (1, False, False)
    assert phone.up <= 300
    assert phone.down <= 300
    assert len(sent) <= 2, "\n".join(sent)


def test_a_sync_asks_for_its_own_news_alone_when_others_have_written(phone: Phone, ctx: Context) -> None:
    console = setup.console(ctx)
    with ctx.db.read() as session:
        [[person, home]] = session.execute(
            text(
                "SELECT scope.person_id, subject_id FROM scope JOIN devices ON devices.person_id <> scope.person_id"
                " WHERE install_id = 'budget' AND subject_id NOT IN"
                " (SELECT subject_id FROM scope WHERE person_id = devices.person_id) LIMIT 1"
            )
        )
    assignments.assign(ctx, console, person, subject_id=home, role="checker")
    with statements(ctx) as sent:
        page = phone.sync([])
    assert ("changes" in page, "scope" in page) == (False, False)
    assert len(sent) <= 4, "\n".join(sent)


def test_a_sync_with_nothing_new_costs_the_processor_little(phone: Phone) -> None:
    calls: list[str] = []

    def count(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(OURS):
            calls.append(frame.f_code.co_qualname)

    body = json.dumps({"install_id": "budget", "cursor": phone.cursor, "operations": []})
    ask = partial(phone.client.post, "/api/v1/sync", data=body, headers=phone.headers)
    ask()
    sys.setprofile(count)
    try:
        answer = ask()
    finally:
        sys.setprofile(None)
    assert answer.status_code == 200
    # Calls of functions that are written here, seventy: those of Flask or SQLAlchemy change with any of their releases.
    assert len(calls) <= 84, calls


def test_whoever_has_no_desk_is_given_no_cookie(phone: Phone) -> None:
    answer = phone.client.post("/api/v1/sync", data="{}", headers=phone.headers)
    assert (answer.status_code, "Set-Cookie" in answer.headers, answer.headers["Vary"]) == (
        200,
        False,
        "Accept-Encoding",
    )


def test_a_push_of_twenty_costs_hardly_more_statements_than_one(phone: Phone, ctx: Context) -> None:
    with statements(ctx) as one:
        phone.sync(edits(ctx, 1))
    with statements(ctx) as twenty:
        page = phone.sync(edits(ctx, 20)[-19:])
    assert {receipt["status"] for receipt in page["receipts"]} == {"applied"}
    assert len(twenty) <= 2 * len(one), f"{len(one)} for one, {len(twenty)} for nineteen"


def test_what_is_overdue_is_counted_from_an_index_alone(ctx: Context) -> None:
    with statements(ctx) as seen, ctx.db.read() as session:
        deadlines.number(session, "feed", ["area"], "0000-01-01", "2026-11-24")
    [query] = [one for one in seen if "deadlines" in one]
    with ctx.db.read() as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", ("feed", "a", "b", "area")).all()
    assert [row for row in plan if "deadlines" in str(row)] != []
    assert all("USING INDEX ix_deadlines_feed_id_due" in str(row) for row in plan if "deadlines" in str(row))
