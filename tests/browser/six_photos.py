"""A visit with six photos, and how much of it the server has: for the test of a poor line and for its measurement."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import or_

from fieldsvc.store.tables import BlobRow, DerivativeRow
from tests.browser.hands import SECONDS, Phone, picture
from tests.browser.small_county import SmallCounty

# What a phone on 2G tells its browser; this machine's own line would have the pictures made large.
ON_2G = """Object.defineProperty(navigator, "connection", { value: { effectiveType: "2g", type: "cellular" } })"""
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


def files_a_visit_with_six_photos(phone: Phone, folder: Path) -> None:
    """At the door, without a network."""
    phone.begins_visit()
    phone.button("下一步").click()
    for number, name in enumerate(QUESTIONS):
        if name == "photo":
            phone.button("添加其他照片").click()
        slot = phone.page.locator(f".question[data-ref$='/{name}']").last
        with phone.page.expect_file_chooser() as chooser:
            slot.get_by_text("相册").click()
        chooser.value.set_files(
            picture(folder / f"{number}.jpg", ("white", "grey", "tan", "red", "blue", "pink")[number])
        )
        expect(slot.get_by_text("重拍")).to_be_visible(timeout=SECONDS)
    phone.finishes()


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
