"""The same load on any server of one's own that speaks tus or OpenRosa.

`python -m bench.elsewhere tus URL --header "Authorization: Bearer …"` sends photos, each created and sent in one piece;
`python -m bench.elsewhere openrosa URL --form visit --photos 3` sends submissions of a form, URL being what a phone
would post them to. Beside it, in the same run, bare Flask keeps the same bodies durably.
"""

import argparse
import base64
import hashlib
import http.client
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

from bench.bare_server import bare_server

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream"}
XML = (
    '<data id="{form}" version="{version}" xmlns:orx="http://openrosa.org/xforms">'
    "<orx:meta><orx:instanceID>uuid:{id}</orx:instanceID></orx:meta>{photos}</data>"
)

#: Sends one thing over a connection of its own address, with these headers beside its own.
Send = Callable[[bytes], None]


class Refused(Exception):
    """The server did not take it: its status, and the beginning of what it said."""


def ask(method: str, url: str, body: bytes, headers: dict[str, str], *wanted: int) -> dict[str, str]:
    """One request; the headers of its answer, by lower-case names. Raises `Refused` for a status not wanted."""
    where = urlsplit(url)
    kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
    connection = kind(where.hostname or "", where.port, timeout=120)
    try:
        connection.request(method, f"{where.path or '/'}{'?' + where.query if where.query else ''}", body, headers)
        answer = connection.getresponse()
        said = answer.read()
    finally:
        connection.close()
    if answer.status not in wanted:
        raise Refused(answer.status, said[:200])
    return {name.lower(): text for name, text in answer.getheaders()}


def tus(url: str, own: dict[str, str]) -> Send:
    """A file by tus 1.0: created, then sent in one piece."""

    def send(data: bytes) -> None:
        named = {"sha256": hashlib.sha256(data).hexdigest(), "type": "image/jpeg", "filename": "photo.jpg"}
        told = ",".join(f"{name} {base64.b64encode(text.encode()).decode()}" for name, text in named.items())
        length = {"Upload-Length": str(len(data)), "Upload-Metadata": told}
        where = ask("POST", url, b"", {**own, **TUS, **length}, 201)["location"]
        ask("PATCH", urljoin(url, where), data, {**own, **PIECE, "Upload-Offset": "0"}, 204)

    return send


def openrosa(url: str, own: dict[str, str], form: str, version: str, photos: int) -> Send:
    """A submission by OpenRosa 1.0 with the photos it names, in one request of several parts."""

    def send(data: bytes) -> None:
        border, size = uuid4().hex, len(data) // max(1, photos)
        files = {f"photo{n}.jpg": data[n * size : (n + 1) * size] for n in range(photos)}
        named = "".join(f"<photo{n}>{name}</photo{n}>" for n, name in enumerate(files))
        xml = XML.format(form=form, version=version, id=uuid4(), photos=named).encode()
        parts = [part(border, "xml_submission_file", "submission.xml", "text/xml", xml)]
        parts += [part(border, name, name, "image/jpeg", file) for name, file in files.items()]
        kind = {"X-OpenRosa-Version": "1.0", "Content-Type": f"multipart/form-data; boundary={border}"}
        ask("POST", url, b"".join(parts) + f"--{border}--\r\n".encode(), {**own, **kind}, 201, 202)

    return send


def part(border: str, name: str, file: str, kind: str, data: bytes) -> bytes:
    """One part of a body of several."""
    said = f'Content-Disposition: form-data; name="{name}"; filename="{file}"\r\nContent-Type: {kind}'
    return f"--{border}\r\n{said}\r\n\r\n".encode() + data + b"\r\n"


def rate(send: Send, bodies: Sequence[bytes], at_once: int) -> tuple[float, str]:
    """How many a second, with so many on their way at once, and how long one took."""
    left, times, failures = list(bodies), list[float](), list[Exception]()

    def sender() -> None:
        while left and not failures:
            data = left.pop()
            begun = time.perf_counter()
            try:
                send(data)
            except (OSError, Refused, http.client.HTTPException, KeyError) as error:
                failures.append(error)
            times.append((time.perf_counter() - begun) * 1000)

    threads = [threading.Thread(target=sender) for _ in range(at_once)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    slow = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else times[0]
    return len(bodies) / (time.perf_counter() - begun), f"{statistics.median(times):.0f} ms median, {slow:.0f} ms p95"


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print, one line each."""
    asked = argparse.ArgumentParser(prog="python -m bench.elsewhere")
    asked.add_argument("kind", choices=["tus", "openrosa"])
    asked.add_argument("url", help="what uploads are created at, or submissions are posted to")
    asked.add_argument("--header", action="append", default=[], help="'Name: value', as often as needed")
    asked.add_argument("--form", default="visit")
    asked.add_argument("--version", default="1")
    asked.add_argument("--photos", type=int, default=3, help="of each submission")
    asked.add_argument("--number", type=int, default=200)
    asked.add_argument("--at-once", type=int, default=8)
    asked.add_argument("--bytes", type=int, default=150_000, help="of each photo, or of all photos of a submission")
    said = asked.parse_args(words)
    own = dict(line.split(": ", 1) for line in said.header)
    bodies = [Random(n).randbytes(said.bytes) for n in range(said.number)]
    send = tus(said.url, own) if said.kind == "tus" else openrosa(said.url, own, said.form, said.version, said.photos)
    there, took = rate(send, bodies, said.at_once)
    with tempfile.TemporaryDirectory() as name, bare_server(Path(name), workers=2, threads=16) as port:
        plain = f"http://127.0.0.1:{port}/api/v1/uploads"
        bare, _ = rate(lambda data: void(ask("POST", plain, data, {}, 201)), bodies, said.at_once)
    print(f"there                         {there:8.0f} /s   {took}")
    print(f"bare Flask and gunicorn       {bare:8.0f} /s")
    print(f"  of bare Flask {there / bare:.0%}")


def void(_: object) -> None:
    """Answer nothing."""


if __name__ == "__main__":
    main()
