"""A cadre who visits, photographs and sends over real HTTP as fast as she can, until told to stop."""

from __future__ import annotations

import base64
import hashlib
import http.client
import io
from dataclasses import dataclass, field

from PIL import Image

from tests.faults.client import Pusher
from tests.world.cadre import Cadre

_PIECE = {"Content-Type": "application/offset+octet-stream", "Tus-Resumable": "1.0.0"}


@dataclass
class Photographer(Pusher):
    """Each visit has a photo, and each second photo goes in two pieces. `finished` are those that the server has."""

    cadre: Cadre = field(kw_only=True)
    finished: list[tuple[str, bytes]] = field(default_factory=list)
    _taken: dict[str, bytes] = field(default_factory=dict)

    def run(self) -> None:
        """Send visits, then their photos; until stopped, and then until nothing waits."""
        while not self.stop.is_set():
            self._works()
            page = self._asks(self.phone.request(limit=self.batch))
            if page is None:
                continue
            self.phone.take(page)
            self.receipts += page["receipts"]
            for receipt in page["receipts"]:
                self._sends(receipt["id"], self._taken.pop(receipt["id"]))
            self.heard(2 * len(page["receipts"]))

    def _works(self) -> None:
        while len(self.phone.outbox.waiting()) < self.batch:
            self.made += 1
            out = io.BytesIO()
            Image.effect_noise((64, 48), 50).save(out, "JPEG")
            photo = out.getvalue()
            named = {"sha256": hashlib.sha256(photo).hexdigest(), "bytes": len(photo), "type": "image/jpeg"}
            self._taken[self.cadre.visits(self.home, phone=str(self.made), door=named).id] = photo

    def _sends(self, visit: str, photo: bytes) -> None:
        name = base64.b64encode(hashlib.sha256(photo).hexdigest().encode()).decode()
        begin = {"Upload-Length": str(len(photo)), "Upload-Metadata": f"sha256 {name},type aW1hZ2UvanBlZw=="}
        half = len(photo) // 2 if self.made % 2 else len(photo)
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            reply = self._sent(line, "POST", "/api/v1/uploads", photo[:half], begin)
            if half < len(photo):
                where = str(reply.getheader("Location"))
                reply = self._sent(line, "PATCH", where, photo[half:], {"Upload-Offset": str(half)})
        finally:
            line.close()
        if reply.getheader("Upload-Offset") == str(len(photo)):
            self.finished.append((visit, photo))
        else:
            self.failures.append(f"photo {reply.status}")

    def _sent(
        self, line: http.client.HTTPConnection, method: str, where: str, data: bytes, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        line.request(method, where, data, {**headers, **_PIECE, "Authorization": f"Bearer {self.phone.token}"})
        reply = line.getresponse()
        reply.read()
        return reply
