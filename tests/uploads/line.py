"""A phone's end of the line, byte for byte: what a tus client sends, and half of it when a link breaks."""

from __future__ import annotations

import base64
import hashlib
import http.client
import socket
from dataclasses import dataclass, field
from random import Random

UPLOADS = "/api/v1/uploads"
PIECE = "application/offset+octet-stream"


def bytes_of(number: int, length: int = 200_000) -> bytes:
    """A photo's worth of bytes that nothing compresses, another one for every number."""
    return Random(number).randbytes(length)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass(frozen=True)
class Answer:
    """What came back: a status, and headers by name."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def offset(self) -> int:
        return int(self.headers["upload-offset"])

    @property
    def location(self) -> str:
        return self.headers["location"]


@dataclass
class Line:
    """Requests to one port with one person's token; every request on a connection of its own."""

    port: int
    token: str
    version: str | None = "1.0.0"
    timeout: float = 30
    more: dict[str, str] = field(default_factory=dict)

    def asks(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Send one request; header names are written with underscores."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.timeout)
        try:
            connection.request(method, path, body, self.headers(**headers), encode_chunked=not isinstance(body, bytes))
            reply = connection.getresponse()
            return Answer(reply.status, {name.lower(): text for name, text in reply.getheaders()}, reply.read())
        finally:
            connection.close()

    def headers(self, **headers: str) -> dict[str, str]:
        """What every request carries, and these."""
        said = {"Authorization": f"Bearer {self.token}"}
        if self.version is not None:
            said["Tus-Resumable"] = self.version
        return said | {name.replace("_", "-"): text for name, text in headers.items()}

    def begins(self, data: bytes, body: bytes | None = None, **headers: str) -> Answer:
        """Create the upload of a file, or find it again."""
        metadata = f"sha256 {base64_of(sha256(data).encode())},type {base64_of(b'image/jpeg')}"
        headers = {"Upload_Length": str(len(data)), "Upload_Metadata": metadata, **headers}
        return self.asks("POST", UPLOADS, body, **headers)

    def sends(self, where: str, offset: int, piece: object, **headers: str) -> Answer:
        """Append a piece."""
        return self.asks("PATCH", where, piece, **{"Upload_Offset": str(offset), "Content_Type": PIECE, **headers})

    def stands(self, where: str) -> int:
        """How far the upload is."""
        return self.asks("HEAD", where).offset

    def half(self, where: str, offset: int, piece: bytes, sent: int) -> socket.socket:
        """Begin a PATCH of a whole piece, send only the first bytes of it, and leave the connection open."""
        return self._breaks_off("PATCH", where, piece, sent, Upload_Offset=str(offset))

    def begins_half(self, data: bytes, piece: bytes, sent: int) -> socket.socket:
        """Begin a creation that carries a piece, and send only the first bytes of that."""
        metadata = f"sha256 {base64_of(sha256(data).encode())},type {base64_of(b'image/jpeg')}"
        told = {"Upload_Length": str(len(data)), "Upload_Metadata": metadata}
        return self._breaks_off("POST", UPLOADS, piece, sent, **told)

    def _breaks_off(self, method: str, where: str, piece: bytes, sent: int, **headers: str) -> socket.socket:
        open_line = socket.create_connection(("127.0.0.1", self.port), timeout=self.timeout)
        head, body = self.request(method, where, piece, **headers)
        open_line.sendall(head + body[:sent])
        return open_line

    def request(self, method: str, where: str, body: bytes, **headers: str) -> tuple[bytes, bytes]:
        """The head and the body of a request, to be sent as one likes."""
        said = self.headers(**{"Content_Type": PIECE, **headers}, Host="127.0.0.1", Content_Length=str(len(body)))
        head = "".join(f"{name}: {text}\r\n" for name, text in said.items())
        return f"{method} {where} HTTP/1.1\r\n{head}\r\n".encode(), body
