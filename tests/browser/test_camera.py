"""The camera inside the page: before and after from one spot, and a way on where there is no camera."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from fieldsvc.store.tables import SubmissionRow
from tests.browser.hands import SECONDS, Phone, picture
from tests.browser.small_county import SmallCounty, found
from tests.support.browser import Browser, OpenBrowser
from tests.support.proxy import link_to
from tests.support.server import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

AT_THE_HOUSE = {"latitude": 29.8301, "longitude": 118.3201, "accuracy": 12}
# Held up like a picture, looking east.
TURNED_EAST = """() => window.dispatchEvent(
  new DeviceOrientationEvent("deviceorientationabsolute", { alpha: 270, beta: 90, gamma: 0, absolute: true }))"""
# An iPhone with a system before 16 has no way to ask what its owner has allowed.
TELLS_NOTHING = "Object.defineProperty(Navigator.prototype, 'permissions', { get: () => undefined })"
CAMERA = "--use-fake-device-for-media-stream"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path / "server")
    yield server
    server.kill()


@pytest.fixture
def county(server: Server) -> SmallCounty:
    county = found(server.environment)
    server.start()
    return county


def with_camera(open_browser: OpenBrowser) -> OpenBrowser:
    """Browsers whose owner has let the page use the camera."""

    def opener(profile: Path | None = None, **options: Any) -> Browser:
        options["permissions"] = [*options.get("permissions", []), "camera"]
        return open_browser(profile, args=[CAMERA], **options)

    return opener


def begins(phone: Phone) -> None:
    """A visit, as far as the page with the photos."""
    phone.begins_visit()
    phone.button("下一步").click()


def takes_photo(phone: Phone) -> None:
    """Open the viewfinder at the house from outside, and press the shutter."""
    exterior(phone).get_by_role("button", name="拍照").click()
    shutter = phone.page.get_by_role("button", name="按下快门")
    expect(shutter).to_be_enabled(timeout=SECONDS)
    shutter.click()
    expect(exterior(phone).get_by_role("button", name="重拍")).to_be_visible(timeout=SECONDS)


def exterior(phone: Phone) -> Any:
    return phone.page.locator(".question").filter(has=phone.page.get_by_text("住房外观", exact=True)).last


def test_a_later_photo_is_lined_up_with_the_ghost_of_the_earlier_one_without_a_network(
    server: Server, county: SmallCounty, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    with link_to(server.port) as link:
        phone = Phone(with_camera(open_browser), tmp_path, link, "east")
        phone.opens(county.enrolment_link(phone.base, county.east))
        begins(phone)
        takes_photo(phone)
        phone.finishes()
        phone.syncs()

        phone.loses_signal()
        # Some fifty metres to the south-west of where the first one was taken.
        phone.browser.context.set_geolocation({**AT_THE_HOUSE, "latitude": 29.82978, "longitude": 118.31973})
        begins(phone)
        exterior(phone).get_by_role("button", name="拍照").click()
        ghost = phone.page.locator("img.ghost")
        expect(ghost).to_be_visible(timeout=SECONDS)
        # Plain words where the phone cannot tell how it is turned; an arrow where it can.
        aim = phone.page.locator(".camera .aim").last
        expect(aim).to_have_text("上次拍摄点：东北方 50 米", timeout=SECONDS)
        expect(aim.locator("svg")).to_have_count(0)
        phone.page.evaluate(TURNED_EAST)
        expect(aim.locator("path")).to_have_attribute("transform", "rotate(-45 24 24)")
        phone.page.get_by_label("旧照片浓淡").fill("70")
        expect(ghost).to_have_css("opacity", "0.7")
        expect(phone.page.get_by_text("站在同一个地方")).to_be_visible()
        phone.page.get_by_role("button", name="按下快门").click()
        expect(exterior(phone).get_by_role("button", name="重拍")).to_be_visible(timeout=SECONDS)
        # What the camera was held for is over: its light must not stay on in a pocket.
        expect(phone.page.locator("video")).to_have_count(0)
        phone.finishes()
        phone.finds_signal()
        phone.syncs()
    with county.ctx.db.read() as session:
        photos = [row.answers["evidence"]["photo_exterior"] for row in session.query(SubmissionRow)]
    assert [photo["source"] for photo in photos] == ["camera", "camera"]
    assert [photo["position"]["point"].split()[:2] for photo in photos] == [
        ["29.8301000", "118.3201000"],
        ["29.8297800", "118.3197300"],
    ]
    assert all(photo["taken_at"] > 0 and photo["position"]["source"] == "device" for photo in photos)


def test_where_the_page_may_not_use_the_camera_the_phones_own_takes_the_photo(
    server: Server, county: SmallCounty, open_browser: OpenBrowser, tmp_path: Path
) -> None:
    with link_to(server.port) as link:
        phone = Phone(open_browser, tmp_path, link, "east")
        phone.page.add_init_script(TELLS_NOTHING)
        phone.opens(county.enrolment_link(phone.base, county.east))
        begins(phone)
        exterior(phone).get_by_role("button", name="拍照").click()
        # Nothing asks for the position by itself; who wants it noted presses.
        place = phone.page.get_by_role("button", name="记下拍摄位置")
        place.click()
        expect(place).to_have_count(0)
        expect(phone.page.get_by_role("alert")).to_contain_text("系统相机", timeout=SECONDS)
        with phone.page.expect_file_chooser() as chooser:
            phone.page.get_by_text("系统相机", exact=True).click()
        chooser.value.set_files(picture(tmp_path / "house.jpg", "white"))
        expect(exterior(phone).get_by_role("button", name="重拍")).to_be_visible(timeout=SECONDS)
