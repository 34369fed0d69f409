"""A real Chromium with its real database, killed at any moment of filling in and sending: what its screen said is kept
is kept, arrives, and arrives once."""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from fieldsvc.store.tables import AttachmentRow, OperationRow, SubmissionRow
from tests.browser.hands import Phone
from tests.browser.small_county import SmallCounty, found
from tests.faults.owner import Owner
from tests.support.browser import OpenBrowser
from tests.support.proxy import link_to
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.proof, pytest.mark.timeout(0)]

#: `make soak KILLS=…` sets it.
KILLS = int(os.environ.get("KILLS", "10"))


def test_what_the_screen_said_is_kept_survives_a_browser_killed_at_any_moment(
    open_browser: OpenBrowser, tmp_path: Path
) -> None:
    server = Server(tmp_path / "server")
    county = found(server.environment)
    server.start()
    try:
        with link_to(server.port) as link:
            phone = Phone(open_browser, tmp_path, link, "east")
            phone.opens(county.enrolment_link(phone.base, county.east))
            owner = Owner(phone, tmp_path, random.Random(KILLS))
            for _ in range(KILLS):
                owner.works_until_killed()
                phone.starts_again()
            owner.comes_home()
            phone.waits_until(lambda: set(owner.photos) <= _photos(county, "present").keys(), 120)
        _everything_is_there_once(county, owner)
    finally:
        server.kill()


def _photos(county: SmallCounty, *states: str) -> Counter[str]:
    """How many visits name each photo."""
    with county.ctx.db.read() as session:
        rows = session.execute(select(AttachmentRow.sha256, AttachmentRow.state)).all()
    return Counter(digest for digest, state in rows if not states or state in states)


def _everything_is_there_once(county: SmallCounty, owner: Owner) -> None:
    with county.ctx.db.read() as session:
        edits = session.scalars(select(OperationRow.body).where(OperationRow.kind == "edit")).all()
        visits = len(session.scalars(select(SubmissionRow.id)).all())
    numbers = Counter(json.loads(bytes(body))["changes"].get("phone") for body in edits)
    assert set(owner.promised) - numbers.keys() == set()
    assert numbers.keys() <= set(owner.tried)
    assert set(numbers.values()) == set(_photos(county).values()) == {1}
    assert owner.finished <= visits <= owner.finished + KILLS
    promised = f"{len(owner.promised)} corrections, {owner.finished} visits, {len(owner.photos)} photos"
    print(f"{KILLS} kills; kept, said the screen: {promised}; lost 0, doubled 0")
