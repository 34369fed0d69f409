"""A browser killed between the two halves of one write to its database leaves a torn record behind. Chromium goes on
behind it (google/leveldb issue 1287), and at the start after that takes all there is for broken and empties it: for one
form that nobody had promised, every one that was."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from fieldsvc.store.tables import OperationRow
from tests.browser.hands import SECONDS, Phone
from tests.browser.small_county import found
from tests.support.browser import OpenBrowser
from tests.support.proxy import link_to
from tests.support.server import Server

pytestmark = pytest.mark.browser

#: What LevelDB writes first of a record: its sum, how long it is, and that it is whole. Then it writes the record.
HEADER_WITHOUT_RECORD = struct.pack("<IHB", 0, 300, 1)


def test_what_was_kept_before_and_after_a_torn_write_is_on_the_phone_and_arrives(
    open_browser: OpenBrowser, tmp_path: Path
) -> None:
    server = Server(tmp_path / "server")
    county = found(server.environment)
    server.start()
    try:
        with link_to(server.port) as link:
            phone = Phone(open_browser, tmp_path, link, "east")
            phone.opens(county.enrolment_link(phone.base, county.east))
            phone.loses_signal()
            phone.corrects("联系电话", "13700000001")
            phone.dies()
            torn = _tear(phone.profile)
            phone.starts_again()
            # Chromium deletes at once and compacts a moment later, in a thread of its own.
            phone.waits_until(lambda: not torn.exists())
            phone.corrects("联系电话", "13700000002")
            phone.dies()
            phone.starts_again()
            phone.goes_to_household()
            expect(phone.line("联系电话")).to_contain_text("13700000002", timeout=SECONDS)
            phone.finds_signal()
            phone.syncs()
        with county.ctx.db.read() as session:
            edits = session.scalars(select(OperationRow.id).where(OperationRow.kind == "edit")).all()
        assert len(edits) == 2
    finally:
        server.kill()


def _tear(profile: Path) -> Path:
    newest = max(profile.glob("Default/IndexedDB/*.leveldb/*.log"))
    with newest.open("ab") as log:
        log.write(HEADER_WITHOUT_RECORD)
    return newest
