"""A visit with six photos, and how much of it the server has: for the test of a poor line and for its measurement."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from playwright.sync_api import expect
from sqlalchemy import or_

from fieldsvc.store.tables import BlobRow, DerivativeRow
from tests.browser.hands import SECONDS, Phone
from tests.browser.small_county import SmallCounty

# What a phone on 2G tells its browser; this machine's own line would have the pictures made large.
ON_2G = """Object.defineProperty(navigator, "connection", { value: { effectiveType: "2g", type: "cellular" } })"""
# A camera that shows another rough wall each time it is opened. The browser's own fake begins its film anew, so that
# two photos of it can be the same bytes.
CAMERA = """(() => {
  let opened = 0;
  const wall = () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 960 });
    const pen = canvas.getContext("2d");
    let seed = (opened += 1);
    for (let at = 0; at < 30720; at += 1) {
      seed = (seed * 48271) % 2147483647;
      pen.fillStyle = `hsl(${seed % 360} 40% ${30 + (seed % 41)}%)`;
      pen.fillRect((at % 256) * 5, Math.floor(at / 256) * 8, 5, 8);
    }
    // A stream of a picture that never changes sends no frame.
    setInterval(() => pen.fillRect(0, 0, 1, 1), 100);
    return canvas.captureStream(10);
  };
  MediaDevices.prototype.getUserMedia = async () => wall();
})()"""
_KEPT = """async () => {
  const names = (await indexedDB.databases()).map((each) => each.name);
  const opening = indexedDB.open(names.find((name) => name.startsWith("fieldsvc-")));
  await new Promise((done) => (opening.onsuccess = done));
  const rows = opening.result.transaction("photos").objectStore("photos").getAll();
  await new Promise((done) => (rows.onsuccess = done));
  opening.result.close();
  return rows.result.map((row) => ({ sha256: row.sha256, bytes: row.bytes, thumb: row.thumb.bytes }));
}"""
QUESTIONS = ("photo_head", "photo_exterior", "photo_indoor", "photo_handbook", "photo", "photo")


def kept_on(phone: Phone) -> tuple[dict[str, int], dict[str, int]]:
    """The bytes of each photo on the phone, and those of its small picture, both by the photo's digest."""
    rows = phone.page.evaluate(_KEPT)
    return {row["sha256"]: row["bytes"] for row in rows}, {row["sha256"]: row["thumb"] for row in rows}


def files_a_visit_with_six_photos(phone: Phone) -> None:
    """At the door, without a network, by the camera inside the page."""
    phone.begins_visit()
    phone.button("下一步").click()
    for name in QUESTIONS:
        if name == "photo":
            phone.button("添加其他照片").click()
        slot = phone.page.locator(f".question[data-ref$='/{name}']").last
        slot.get_by_role("button", name="拍照").click()
        shutter = phone.page.get_by_role("button", name="按下快门")
        expect(shutter).to_be_enabled(timeout=SECONDS)
        shutter.click()
        expect(slot.get_by_role("button", name="重拍")).to_be_visible(timeout=SECONDS)
    phone.finishes()


def cuts(seed: int, piece: int) -> Iterator[int]:
    """How many bytes go up before each cut of a line that breaks one piece in ten, somewhere inside it."""
    roll = Random(seed)
    while True:
        whole = 0
        while roll.random() >= 0.1:
            whole += 1
        yield whole * piece + roll.randrange(1, piece)


def thumbnails(county: SmallCounty) -> int:
    """How many small pictures the server has."""
    with county.ctx.db.read() as session:
        kinds = or_(DerivativeRow.kind == "thumb", DerivativeRow.kind.startswith("thumb:"))
        return session.query(DerivativeRow.sha256).filter(kinds).distinct().count()


def photos(county: SmallCounty, of: dict[str, int]) -> int:
    """How many of the full photos the server has, each under its digest and of its size."""
    with county.ctx.db.read() as session:
        rows = session.query(BlobRow).filter(BlobRow.sha256.in_(of)).all()
    assert all(row.bytes == of[row.sha256] for row in rows)
    return len(rows)
