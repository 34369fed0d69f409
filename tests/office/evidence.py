"""Visits with photos that have arrived and were opened, and the worker that looks at them."""

from __future__ import annotations

import io
from random import Random
from typing import Any

from PIL import Image, ImageDraw
from sqlalchemy import select

from fieldsvc.services import photos, scrutiny
from fieldsvc.services.context import Context
from fieldsvc.store import changes, flags
from fieldsvc.store.changes import NewChange
from fieldsvc.store.tables import AttachmentRow, BlobRow, FormVersionRow, SubmissionRow
from tests.api.photo_world import sha256
from tests.office.district import FEED, District


def drawing(seed: int, quality: int = 85, edge: int = 900) -> bytes:
    """A scene of forty shapes, another one for every seed."""
    roll, image = Random(seed), Image.new("RGB", (1200, 900), (200, 205, 210))
    draw = ImageDraw.Draw(image)
    for _ in range(40):
        x, y = roll.randrange(1100), roll.randrange(800)
        colour = (roll.randrange(256), roll.randrange(256), roll.randrange(256))
        draw.rectangle((x, y, x + roll.randrange(20, 300), y + roll.randrange(20, 200)), fill=colour)
    image.thumbnail((edge, edge))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality)
    return out.getvalue()


class Evidence:
    """Photos of visits, arrived and opened, and the worker that looks at them."""

    def __init__(self, district: District) -> None:
        self.district, self.ctx = district, district.ctx

    def visit(self, home: str, *pictures: bytes, ref: str = "/data/evidence/house", **more: Any) -> str:
        """A visit with these photos, all of them here, in the feed as a push leaves it."""
        visit = self.district.visit(home, self.district.li, **more)
        with self.ctx.db.write() as session:
            for number, picture in enumerate(pictures):
                self.district.moments.now += 1000
                session.add(
                    AttachmentRow(
                        feed_id=FEED, submission_id=visit, ref=ref if not number else f"{ref}{number}",
                        sha256=sha256(picture), bytes=len(picture), type="image/jpeg", subject_id=home, state="present",
                    )
                )  # fmt: skip
            changes.append(session, FEED, [NewChange(home, "submission", visit, self.district.moments.now)])
        for picture in pictures:
            self.arrives(picture)
        return visit

    def arrives(self, picture: bytes) -> None:
        """The bytes are here and the worker has opened them."""
        self.ctx.blobs.put(sha256(picture), picture)
        with self.ctx.db.write() as session:
            if session.get(BlobRow, (FEED, sha256(picture))) is None:
                session.add(
                    BlobRow(feed_id=FEED, sha256=sha256(picture), bytes=len(picture), type="image/jpeg", stored_at=1)
                )
        photos.derive(self.ctx, FEED, {"sha256": sha256(picture)})

    def looked(self) -> None:
        """The worker's sweep."""
        scrutiny.sweep(self.ctx)

    def codes(self, visit: str) -> list[str]:
        """What is raised on a visit and not put aside."""
        with self.ctx.db.read() as session:
            return sorted(flag.code for flag in flags.of_visit(session, FEED, visit) if flags.is_open(flag))

    def counted(self, visit: str) -> dict[str, Any] | None:
        with self.ctx.db.read() as session:
            return session.scalars(select(SubmissionRow).where(SubmissionRow.id == visit)).one().flags


def slotted(ctx: Context, slot: str, version: str) -> None:
    """Give the form's house photo a slot, as a new version."""
    with ctx.db.write() as session:
        row = session.get(FormVersionRow, ("visit", "3"))
        nodes = [
            {
                **node,
                "children": [
                    {**one, "parameters": {"slot": slot}} if one["name"] == "house" else one for one in node["children"]
                ],
            }
            if node["name"] == "evidence"
            else node
            for node in row.definition["nodes"]
        ]
        session.add(
            FormVersionRow(
                form_id="visit", version=version, definition={**row.definition, "nodes": nodes}, digest=version,
                state="published", published_at=1,
            )
        )  # fmt: skip


def use_version(ctx: Context, visit: str, version: str) -> None:
    with ctx.db.write() as session:
        session.get(SubmissionRow, (FEED, visit)).form_version = version


def house_photo(**more: Any) -> dict[str, Any]:
    return {"evidence": {"house": {"sha256": "ab" * 32, "bytes": 9, "type": "image/jpeg", **more}}}
