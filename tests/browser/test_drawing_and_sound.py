"""Marks on a photo and a voice, made in the page without a network: each arrives as an attachment of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from fieldsvc.services import published
from fieldsvc.store.tables import SubmissionRow
from fieldsvc.xlsform import compile_form
from tests.browser.hands import SECONDS, Phone, picture
from tests.browser.small_county import SmallCounty, found
from tests.forms.forms import Row, spreadsheet
from tests.support.browser import Browser, OpenBrowser
from tests.support.proxy import link_to
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TITLE = "裂缝记录"
SURVEY: list[Row] = [
    {"type": "hidden", "name": "household", "bind::fs:prefill": "__id"},
    {"type": "begin group", "name": "wall", "label": "墙体"},
    {"type": "image", "name": "photo", "label": "墙面照片"},
    {"type": "image", "name": "marks", "label": "标出裂缝", "appearance": "annotate", "bind::fs:over": "photo"},
    {"type": "audio", "name": "told", "label": "户主怎么说"},
    {"type": "end group"},
]
SETTINGS: list[Row] = [
    {
        "form_title": TITLE,
        "form_id": "cracks",
        "version": "1",
        "subject_dataset": "households",
        "namespaces": 'fs="urn:fieldsvc:forms"',
    }
]
CAMERA = "--use-fake-device-for-media-stream"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "server")
    yield server
    server.kill()


@pytest.fixture
def county(server: Server) -> SmallCounty:
    county = found(server.environment)
    form = compile_form(spreadsheet(SURVEY, settings=SETTINGS), "cracks.xlsx")
    published.publish_form(county.ctx, county.console, form.definition, digest=form.digest)
    server.start()
    return county


def with_microphone(open_browser: OpenBrowser) -> OpenBrowser:
    """Browsers whose owner has let the page listen."""

    def start(profile: Path | None = None, **options: Any) -> Browser:
        options["permissions"] = [*options.get("permissions", []), "microphone"]
        return open_browser(profile, args=[CAMERA], **options)

    return start


def question(phone: Phone, label: str) -> Locator:
    return phone.page.locator(".question").filter(has=phone.page.get_by_text(label, exact=True)).last


def draws(phone: Phone) -> None:
    """A line across the middle of the sheet."""
    box = phone.page.locator(".signing canvas").bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    phone.page.mouse.move(box["x"] + box["width"] * 0.3, middle)
    phone.page.mouse.down()
    phone.page.mouse.move(box["x"] + box["width"] * 0.7, middle, steps=5)
    phone.page.mouse.up()


def test_marks_and_a_voice_are_made_in_the_page_offline_and_the_clean_photo_stays_what_it_was(
    server: Server, county: SmallCounty, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    with link_to(server.port) as link:
        phone = Phone(with_microphone(open_browser), tmp_path, link, "east")
        phone.opens(county.enrolment_link(phone.base, county.east))
        phone.loses_signal()
        phone.page.get_by_text("其他表单").click()
        phone.button(TITLE).click()
        marks, told = question(phone, "标出裂缝"), question(phone, "户主怎么说")
        expect(marks).to_contain_text("先拍照，再在照片上标注。")
        with phone.page.expect_file_chooser() as chooser:
            question(phone, "墙面照片").get_by_text("相册").click()
        chooser.value.set_files(picture(tmp_path / "wall.jpg", "grey"))

        marks.get_by_role("button", name="在照片上标注").click()
        draws(phone)
        phone.page.get_by_role("button", name="画好了").click()
        expect(marks.get_by_role("button", name="重新画")).to_be_visible(timeout=SECONDS)

        told.get_by_role("button", name="开始录音").click()
        # A piece has come, however long ago: something was recorded.
        expect(told.get_by_role("timer")).to_have_text(re.compile(r"^正在录音 (?!0:00)"), timeout=SECONDS)
        # Whoever finishes the form means what was said so far.
        phone.button("完成").click()
        expect(phone.button("开始走访")).to_be_visible(timeout=SECONDS)
        phone.finds_signal()
        phone.syncs()
    with county.ctx.db.read() as session:
        answers = session.query(SubmissionRow).one().answers["wall"]
    assert answers["marks"]["over"] == answers["photo"]["sha256"] != answers["marks"]["sha256"]
    assert answers["photo"]["source"] == "gallery"
    assert (answers["photo"]["type"], answers["marks"]["type"]) == ("image/jpeg", "image/jpeg")
    assert answers["told"]["type"] in {"audio/webm", "audio/mp4"}
    assert answers["told"]["bytes"] > 0
    kept = [county.ctx.blobs.get(answers[name]["sha256"]) for name in ("photo", "marks", "told")]
    assert [len(data) for data in kept] == [answers[name]["bytes"] for name in ("photo", "marks", "told")]
