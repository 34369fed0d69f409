"""What the phone makes of a picture: upright, small enough for its link, and never at the price of the form."""

import base64
import io
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page

from tests.support.browser import Browser

pytestmark = pytest.mark.browser

PREPARE = """async ([text, slow]) => {
    if (slow) Object.defineProperty(navigator, "connection", { configurable: true, value: { effectiveType: "2g" } });
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const { preparePhoto } = await load("adapters/photo.js");
    const { photo, thumb } = await preparePhoto(new Blob([bytes]), { maxPixels: 1600, slow });
    const back = (picture) => picture && { type: picture.type, sha256: picture.sha256,
        text: btoa(Array.from(new Uint8Array(picture.bytes), (byte) => String.fromCharCode(byte)).join("")) };
    return [back(photo), back(thumb)];
}"""


def prepared(page: Page, data: bytes, *, slow: bool = False) -> list[Any]:
    """What the phone makes of a file: photo and thumbnail as Pillow images, or the bytes it kept."""
    found = page.evaluate(PREPARE, [base64.b64encode(data).decode(), slow])
    return [each and base64.b64decode(each["text"]) for each in found]


def quarters(orientation: int) -> bytes:
    """A picture with a red corner at the top left once it is turned as its EXIF says."""
    upright = Image.new("RGB", (1800, 1200), "white")
    upright.paste("red", (0, 0, 900, 600))
    turn = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    lying = upright.transpose(turn[orientation]) if orientation in turn else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    return jpeg(lying, quality=92, exif=exif)


def test_photos_come_out_upright_however_the_phone_was_held(page: Page) -> None:
    for orientation in range(1, 9):
        for data in prepared(page, quarters(orientation)):
            image = Image.open(io.BytesIO(data))
            assert image.width > image.height, orientation
            red, green, _ = image.convert("RGB").getpixel((image.width // 4, image.height // 4))
            assert red > 200
            assert green < 60, orientation
            assert not image.getexif()


def a_house() -> bytes:
    """Something like a photo: large surfaces, edges, and the grain of a cheap sensor."""
    picture = Image.radial_gradient("L").resize((4000, 3000)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    for at in range(0, 4000, 130):
        draw.rectangle((at, 900 + at % 700, at + 60, 2600), fill=(at % 255, 120, 90))
    grain = Image.effect_noise((4000, 3000), 12).convert("RGB")
    return jpeg(Image.blend(picture, grain, 0.2), quality=95)


def jpeg(picture: Image.Image, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", **options)
    return out.getvalue()


def test_photo_and_thumbnail_keep_to_their_sizes(page: Page) -> None:
    for slow, most, most_small in ((False, 300, 12), (True, 100, 6)):
        photo, thumb = prepared(page, a_house(), slow=slow)
        assert max(Image.open(io.BytesIO(photo)).size) == 1600
        assert len(photo) <= most * 1024
        assert max(Image.open(io.BytesIO(thumb)).size) <= 320
        assert len(thumb) <= most_small * 1024


def test_a_picture_that_is_all_detail_gets_smaller_rather_than_coarse(page: Page) -> None:
    noise = jpeg(Image.effect_noise((4000, 3000), 90).convert("RGB"), quality=95)
    photo, thumb = prepared(page, noise, slow=True)
    assert len(photo) <= 100 * 1024
    assert 480 <= max(Image.open(io.BytesIO(photo)).size) < 1600
    assert len(thumb) <= 6 * 1024


def most_memory(browser: Browser) -> int:
    """The most a renderer of this browser has had in memory, in bytes, its program's own pages included."""
    mine = [
        each
        for each in psutil.process_iter(["cmdline"])
        if f"--user-data-dir={browser.profile}" in (each.info["cmdline"] or [])
    ]
    peaks = []
    for renderer in (each for each in mine if "--type=renderer" in each.info["cmdline"]):
        with suppress(FileNotFoundError, ProcessLookupError):  # a spare one may end at any time
            peaks += re.findall(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{renderer.pid}/status").read_text())
    return max(int(peak) * 1024 for peak in peaks)


@pytest.mark.parametrize(("width", "height", "drawn"), [(8000, 6000, True), (12000, 9000, False)])
def test_a_picture_of_many_megapixels_leaves_the_page_alive(
    browser: Browser, width: int, height: int, drawn: bool
) -> None:
    picture = jpeg(Image.new("RGB", (width, height), "white"), quality=60)
    photo, thumb = prepared(browser.page, picture)
    # What is too large to unpack here is kept as it came, for the server to convert.
    assert (photo == picture, thumb is None) == (not drawn, not drawn)
    assert most_memory(browser) <= 512 * 1024**2


def test_without_a_worker_that_can_draw_the_page_does_it_itself(page: Page) -> None:
    page.evaluate("() => { delete globalThis.OffscreenCanvas; }")
    photo, thumb = prepared(page, a_house())
    assert max(Image.open(io.BytesIO(photo)).size) == 1600
    assert thumb


def test_what_this_browser_cannot_draw_is_kept_as_it_came(page: Page) -> None:
    heic = b"\x00\x00\x00\x18ftypheic" + bytes(200)
    assert prepared(page, heic) == [heic, None]
    broken = quarters(1)[:3000]
    photo, _ = prepared(page, broken)
    assert photo


def test_a_small_picture_without_metadata_is_kept_bit_for_bit(page: Page) -> None:
    small = jpeg(Image.new("RGB", (400, 300), "green"), quality=60)
    assert prepared(page, small)[0] == small
