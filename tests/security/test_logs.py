"""The server's log of a whole story, also of one that fails, tells nobody's name, number, words, place or secret."""

from __future__ import annotations

import dataclasses
import errno
import io
import json
import sqlite3
import sys
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy import text

from fieldsvc import logs
from fieldsvc.services import enrol, people
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.services.jobs import add, run_due
from tests.support.app import app_on
from tests.world import World

NAME, NUMBER, WORDS, PASSWORD = "赵翠花", "13900990099", "家里漏雨，老人卧床", "a long enough password"


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """The log as a server writes it, and afterwards the tests' own again."""
    file = io.StringIO()
    monkeypatch.setattr(sys, "stderr", file)
    logs.configure("debug")
    yield file
    structlog.reset_defaults()


def told(written: io.StringIO) -> list[dict[str, str]]:
    """Every line so far."""
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_a_story_that_goes_well_and_one_that_fails_tell_no_secret_and_nothing_personal(
    world: World, written: io.StringIO
) -> None:
    home = world.household(phone=NUMBER)
    east = world.cadre(NAME, visits=[home])
    people.add_person(world.server.ctx, world.county.who(), name=NAME, staff_no="e-1")
    client = world.server.app.test_client()
    client.post("/api/v1/session", json={"login": "e-1", "password": PASSWORD, "install_id": "i", "device_name": NAME})
    code = enrol.new_code(world.server.ctx, world.county.who(), east.person_id)
    east.visits(home, phone="13900990098", remark=WORDS)
    east.complains(WORDS)
    east.syncs()
    with world.server.ctx.db.write() as session:
        add(session, world.server.ctx, world.county.who().feed_id, "derive", {"sha256": NUMBER})
    run_due(world.server.ctx, HANDLERS)
    # From here on every push fails in the middle, with the visit's values in the statement that does.
    with world.server.ctx.db.write() as session:
        session.execute(text("DROP TABLE submissions"))
    east.visits(home, remark=WORDS)
    token = east.phone.token or ""
    headers = {"Authorization": f"Bearer {token}"}
    request = {**east.phone.request(), "sent_at": world.clock()}
    assert client.post("/api/v1/sync", json=request, headers=headers).status_code == 500

    lines = told(written)
    assert {"job failed", "request failed"} <= {line["event"] for line in lines}
    everything = json.dumps(lines, ensure_ascii=False)
    assert "OperationalError no such table: submissions" in everything, "an operator must see what is wrong"
    for secret in (NAME, NUMBER, "13900990098", WORDS, PASSWORD, token, code, world.server.ctx.settings.secret_key):
        assert secret not in everything


def test_the_office_logs_where_it_failed_and_nothing_that_was_asked(world: World, written: io.StringIO) -> None:
    # A test's app raises its bugs into the test; a server answers them.
    settings = dataclasses.replace(world.server.ctx.settings, mode="development")
    app = app_on(dataclasses.replace(world.server.ctx, settings=settings))
    client = app.test_client()
    token = client.get("/office/sign-in").text.split('name="csrf_token" value="')[1].split('"')[0]
    with world.server.ctx.db.write() as session:
        session.execute(text("DROP TABLE sign_in_failures"))
    sent = {"login": NUMBER, "password": PASSWORD, "csrf_token": token}
    assert client.post(f"/office/sign-in?next=/office/{NAME}", data=sent).status_code == 500
    lines = told(written)
    assert [line["path"] for line in lines] == ["/office/sign-in"]
    everything = json.dumps(lines, ensure_ascii=False)
    assert not [secret for secret in (NUMBER, PASSWORD, NAME) if secret in everything]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError(f"invalid literal: {NUMBER}"), "ValueError"),
        (OSError(errno.ENOSPC, "No space left on device", NAME), "OSError No space left on device"),
        (sqlite3.OperationalError("database is locked"), "OperationalError database is locked"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_errors_own_words_stay_out_of_the_log_unless_they_can_hold_no_value(
    written: io.StringIO, error: Exception, said: str
) -> None:
    try:
        try:
            raise error
        except Exception as cause:
            raise RuntimeError(WORDS) from cause
    except RuntimeError:
        structlog.get_logger().exception("failed")
    [line] = told(written)
    kinds = [each for each in line["exception"].splitlines() if not each.startswith(" ")]
    assert kinds == ["RuntimeError", said]
    assert f"{__file__}:" in line["exception"]


def test_words_with_line_breaks_forge_no_line_of_their_own(written: io.StringIO) -> None:
    forged = 'visits\r\n{"event": "backup made", "level": "info"}\x1b[2J'
    structlog.get_logger().warning("request failed", path=forged)
    [line] = told(written)
    assert (line["event"], line["path"]) == ("request failed", forged)
    assert written.getvalue().removesuffix("\n").isprintable()
