"""Visits with their photos, all of it durable: `python -m bench.whole_visits`, or with 20, so many visits in a push.

Sixteen phones send as on a good link: a push of visits, each of which names three photos of 150 KB, then the photos of
each visit in one request to the pool that receives them. Beside it, before and after in the same run, servers of Flask
and gunicorn that only keep the same bodies, each synced, with as many processes.
"""

import http.client
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

from bench.bare_server import bare_server
from bench.county import PHOTO, REFUSED, County, plain, post, push, running_county, visit
from bench.ingest import processor
from bench.photos import OF_A_VISIT, pictures
from tests.support.ports import free_port

VISITS_A_PUSH = int(sys.argv[1]) if len(sys.argv) > 1 else 1
VISITS = int(sys.argv[2]) if len(sys.argv) > 2 else 20  # of each phone
PHONES = 16


@dataclass(frozen=True, slots=True)
class Load:
    """What one phone sends: its token, the bodies of its pushes, and of each visit the body with its photos."""

    token: str
    pushes: list[bytes]
    photos: list[bytes]


def main() -> None:
    """Measure and print, one line each."""
    port = free_port()
    with (
        running_county(workers=2, threads=16, uploads_bind=f"127.0.0.1:{port}") as county,
        tempfile.TemporaryDirectory(dir=county.server.folder) as scratch,
    ):
        loads = [made(county, n, token) for n, token in enumerate(county.tokens(PHONES))]
        bare_before = of_flask(loads, Path(scratch) / "before")
        begun = processor(county)
        ours = drive(county.server.port, port, loads)
        each = (processor(county) - begun) / (PHONES * VISITS) * 1000
        bare_after = of_flask(loads, Path(scratch) / "after")
    print(f"bare Flask, before and after  {bare_before:.1f} and {bare_after:.1f} visits /s")
    print(f"visits with three photos      {ours:.1f} /s, {VISITS_A_PUSH} in a push")
    print(f"  of bare Flask {ours / bare_before:.0%} and {ours / bare_after:.0%}; processor for each {each:.1f} ms")


def made(county: County, place: int, token: str) -> Load:
    """A phone's visits and their photos, each photo another file."""
    roll = Random(place)
    files = pictures(VISITS * OF_A_VISIT, place * VISITS * OF_A_VISIT)
    visits, bodies = [], []
    for number in range(VISITS):
        mine = files[number * OF_A_VISIT : (number + 1) * OF_A_VISIT]
        document = visit(county, place, roll)
        for at, photo in enumerate(named(document["answers"])):
            photo |= {"sha256": sha256(mine[at % OF_A_VISIT]).hexdigest(), "bytes": len(mine[at % OF_A_VISIT])}
        visits.append(document)
        bodies.append(together(mine))
    starts = range(0, VISITS, VISITS_A_PUSH)
    return Load(token, [push(f"bench-{place}", None, visits[at : at + VISITS_A_PUSH]) for at in starts], bodies)


def named(answers: Any) -> Iterator[dict[str, Any]]:
    """The photos that answers name."""
    if isinstance(answers, dict) and answers.get("sha256") == PHOTO.sha256:
        yield answers
    elif isinstance(answers, (dict, list)):
        for each in answers.values() if isinstance(answers, dict) else answers:
            yield from named(each)


def together(photos: Sequence[bytes]) -> bytes:
    """The body of a request with the photos of a visit."""
    head = '--bench\r\nContent-Disposition: form-data; name="{}"; filename="photo"\r\nContent-Type: image/jpeg\r\n\r\n'
    parts = [head.format(sha256(data).hexdigest()).encode() + data + b"\r\n" for data in photos]
    return b"".join(parts) + b"--bench--\r\n"


def drive(text: int, files: int, loads: Sequence[Load]) -> float:
    """All phones at once, text to one port and photos to the other; visits a second."""
    failures: list[bytes] = []

    def phone(load: Load) -> None:
        line, pool = (http.client.HTTPConnection("127.0.0.1", port, timeout=300) for port in (text, files))
        headers = {"Authorization": f"Bearer {load.token}", "Content-Type": "multipart/form-data; boundary=bench"}
        for number, body in enumerate(load.pushes):
            status, answer = post(line, body, Authorization=f"Bearer {load.token}")
            if status != 200 or REFUSED in plain(answer):
                failures.append(plain(answer))
            for photos in load.photos[number * VISITS_A_PUSH : (number + 1) * VISITS_A_PUSH]:
                pool.request("POST", "/api/v1/uploads/together", photos, headers)
                told = pool.getresponse()
                said = told.read()
                if told.status != 200 or len(json.loads(said)["stored"]) != OF_A_VISIT:
                    failures.append(said)

    threads = [threading.Thread(target=phone, args=(load,)) for load in loads]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    assert not failures, failures[0][:300]
    return PHONES * VISITS / seconds


def of_flask(loads: Sequence[Load], folder: Path) -> float:
    """The same bodies kept by servers that do nothing else: one in place of ours, and one of the pool's."""
    folder.mkdir()
    with bare_server(folder, workers=2, threads=16) as text, bare_server(folder, workers=1, threads=256) as files:
        return drive(text, files, loads)


if __name__ == "__main__":
    main()
