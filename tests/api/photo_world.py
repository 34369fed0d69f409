"""One cadre with one visit that names photos, on a real server and a real file database."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, stream_encode_multipart

from fieldsvc.config import Settings
from fieldsvc.ids import uuid7
from fieldsvc.services import enrol, people, setup
from fieldsvc.services.context import Context, open_context
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.services.jobs import run_due
from fieldsvc.store.tables import AttachmentRow, BlobRow, SubmissionRow, UploadPartRow
from tests.support.app import app_on
from tests.support.migrated import migrate_empty

NOON = 1_795_406_400_000
UPLOADS = "/api/v1/uploads"
PIECE = "application/offset+octet-stream"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def jpeg(colour: str = "red", size: tuple[int, int] = (1600, 1200)) -> bytes:
    """A photo of noise, which no two calls make alike, with a word behind it."""
    out = io.BytesIO()
    Image.effect_noise(size, 30).convert("RGB").save(out, "JPEG", quality=40)
    return out.getvalue() + colour.encode()


def together(photos: Iterable[bytes]) -> dict[str, Any]:
    """A request's body and content type that carry these photos whole, each named by its digest."""
    parts = {sha256(photo): FileStorage(io.BytesIO(photo), "photo.jpg", content_type="image/jpeg") for photo in photos}
    stream, _, boundary = stream_encode_multipart(parts, threshold=10**8)
    return {"data": stream.read(), "content_type": f"multipart/form-data; boundary={boundary}"}


class PhotoWorld:
    """The server, a cadre East with a token, and another cadre West who must learn nothing."""

    def __init__(self, folder: Path, **chosen: Any) -> None:
        counter = itertools.count(1)
        self.now = NOON
        settings = Settings(mode="test", data_folder=folder, **chosen)
        migrate_empty(settings.database_url)
        self.ctx: Context = open_context(
            settings, now_ms=lambda: self.now, new_id=lambda: uuid7(self.now, next(counter))
        )
        self.app = app_on(self.ctx)
        self.client: FlaskClient = self.app.test_client()
        setup.begin(self.ctx, county="示范县", code="990000000000", name="管理员", login="A1", password="long enough")
        self.console = setup.console(self.ctx)
        self.east_id, self.east = self._phone("东")
        self.west_id, self.west = self._phone("西")

    def _phone(self, name: str) -> tuple[str, dict[str, str]]:
        person = people.add_person(self.ctx, self.console, name=name, staff_no=name)
        signed_in = enrol.enrol(
            self.ctx, code=enrol.new_code(self.ctx, self.console, person), install_id=name, device_name=name
        )
        return person, {"Authorization": f"Bearer {signed_in.token}"}

    def visit_names(self, *photos: bytes) -> None:
        """East's visit, received, whose answers name these photos."""
        feed, visit = self.console.feed_id, self.ctx.new_id()
        with self.ctx.db.write() as session:
            session.add(
                SubmissionRow(
                    feed_id=feed, id=visit, form_id="visit", form_version="1", subject_id="home", area_id=None,
                    author_id=self.east_id, answers={}, context={}, received_at=self.now, month=202611, position=1,
                )
            )  # fmt: skip
            for number, photo in enumerate(photos):
                session.add(
                    AttachmentRow(
                        feed_id=feed, submission_id=visit, ref=f"/data/photo{number}", sha256=sha256(photo),
                        bytes=len(photo), type="image/jpeg", subject_id="home", state="missing",
                    )
                )  # fmt: skip

    def begin(self, photo: bytes, who: dict[str, str] | None = None, **more: Any) -> TestResponse:
        metadata = f"sha256 {base64.b64encode(sha256(photo).encode()).decode()},type aW1hZ2UvanBlZw=="
        headers = {"Upload-Length": str(len(photo)), "Upload-Metadata": metadata, **(who or self.east)}
        return self.client.post(UPLOADS, headers={**headers, **more.pop("headers", {})}, **more)

    def send(self, where: str, offset: int, piece: bytes, **headers: str) -> TestResponse:
        headers = {"Upload-Offset": str(offset), "Content-Type": PIECE, **self.east, **headers}
        return self.client.patch(where, data=piece, headers=headers)

    def offset(self, where: str) -> int:
        return int(self.client.head(where, headers=self.east).headers["Upload-Offset"])

    def photo(self, data: bytes, size: str = "full", who: dict[str, str] | None = None) -> TestResponse:
        return self.client.get(f"/api/v1/photos/{sha256(data)}?size={size}", headers=who or self.east)

    def state(self, data: bytes) -> str:
        with self.ctx.db.read() as session:
            return session.query(AttachmentRow).filter_by(sha256=sha256(data)).one().state

    def unshown(self, data: bytes) -> str | None:
        with self.ctx.db.read() as session:
            return session.query(BlobRow).filter_by(sha256=sha256(data)).one().unshown

    def part_keys(self) -> list[str]:
        """Where the pieces are that have come of unfinished uploads."""
        with self.ctx.db.read() as session:
            return [row.key for row in session.query(UploadPartRow)]

    def worker_runs(self) -> int:
        return run_due(self.ctx, HANDLERS)
