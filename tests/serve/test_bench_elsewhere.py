"""The load of our measurements speaks what other servers speak: tus, tried on our own, and OpenRosa's submissions."""

from __future__ import annotations

import threading
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from sqlalchemy import select

from bench import elsewhere
from fieldsvc.services import enrol
from fieldsvc.store.tables import BlobRow
from tests.browser.small_county import found
from tests.support.server import Server

pytestmark = pytest.mark.slow


def test_photos_sent_by_tus_are_on_the_server(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server = Server(tmp_path / "server")
    county = found(server.environment)
    server.start()
    try:
        code = enrol.new_code(county.ctx, county.console, county.east)
        token = enrol.enrol(county.ctx, code=code, install_id="bench", device_name="bench").token
        words = ["--header", f"Authorization: Bearer {token}", "--number", "5", "--bytes", "3000"]
        elsewhere.main(["tus", f"{server.url}/api/v1/uploads", *words])
    finally:
        server.kill()
    with county.ctx.db.read() as session:
        assert sorted(session.scalars(select(BlobRow.bytes))) == [3000] * 5
    assert "of bare Flask" in capsys.readouterr().out


class _OpenRosa(BaseHTTPRequestHandler):
    received: ClassVar[list[EmailMessage]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        self.received.append(message_from_bytes(head + body, EmailMessage, policy=HTTP))
        self.send_response(201 if self.headers["X-OpenRosa-Version"] == "1.0" else 400)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def test_submissions_are_sent_as_openrosa_has_them(capsys: pytest.CaptureFixture[str]) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _OpenRosa)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/submission"
        elsewhere.main(["openrosa", url, "--form", "visit", "--photos", "2", "--number", "4", "--bytes", "6000"])
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert len(_OpenRosa.received) == 4
    xml, *photos = (part.get_payload(decode=True) for part in _OpenRosa.received[0].iter_parts())
    names = [part.get_param("name", header="content-disposition") for part in _OpenRosa.received[0].iter_parts()]
    assert names == ["xml_submission_file", "photo0.jpg", "photo1.jpg"]
    assert isinstance(xml, bytes)
    assert b'<data id="visit" version="1"' in xml
    assert b"<photo1>photo1.jpg</photo1>" in xml
    assert [len(photo) for photo in photos if isinstance(photo, bytes)] == [3000, 3000]
    assert "of bare Flask" in capsys.readouterr().out
