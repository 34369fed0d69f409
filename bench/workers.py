"""Which web processes a server should have: `python -m bench.workers 20`, and `python -m bench.workers 20 postgres`.

The web program is started as `fieldsvc serve` starts it, with one pool of processes and threads after the other, and
all of them again in the next round, so that whatever else the machine does falls on each. Told is the middle of the
rounds, and beside it how it stands to ours.

Pushes and syncs with nothing new come as fast as they are answered. What a person waits for is asked at a steady beat
instead, on new connections, and counted from when it was due, so that one that waits does not keep others from
being asked: at rest, beside phones that send their bodies in drops (8, 24 and 32 of them at once), and beside
connections that were answered once and then stand open.
"""

import http.client
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from random import Random

from bench.county import HEADERS, County, post, push, running_county, visit
from bench.ingest import VISITS_A_PUSH, Load, drive, memory, processor
from bench.pool import OURS
from bench.postgres import SHIPPED
from tests.support.postgres import cluster, fresh_database
from tests.support.server import Server
from tests.support.tools import ROOT

ROUNDS = 3
PUSHING, PUSHES = 8, 5
ASKING, ASKS = 16, 60
SLOW = (8, 24, 32)
STANDING = 32
SCENE_SECONDS = 1.5
BEAT_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Pool:
    """A class of gunicorn's, so many processes, so many threads of each."""

    kind: str
    workers: int
    threads: int

    def __str__(self) -> str:
        return f"{self.kind:7} {self.workers} x {self.threads:2}"


#: Ours first: the others are told by how they stand to it.
POOLS = [
    Pool(OURS, 2, 16),
    Pool(OURS, 1, 16),
    Pool(OURS, 2, 1),
    Pool(OURS, 2, 4),
    Pool(OURS, 2, 32),
    Pool(OURS, 4, 4),
    Pool("sync", 2, 1),
    Pool("sync", 4, 1),
]


class WebServer(Server):
    """The web program alone, with one pool."""

    def __init__(self, county: County, pool: Pool) -> None:
        super().__init__(
            county.server.folder,
            log_level="error",
            database_url=county.database_url,
            workers=pool.workers,
            threads=pool.threads,
        )
        self._kind = pool.kind

    def _begun(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "bench.pool", self._kind, "serve", "--part", "web"],
                # What the program that watches gives to each part (fieldsvc/serve/programs.py).
                env={"MALLOC_ARENA_MAX": "2", **os.environ, **self.environment},
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
            )


#: What is told of each pool.
TITLES = (
    "visits /s",
    "processor, ms a visit",
    "nothing new /s",
    "p95 at rest, ms",
    *(f"beside {number} slow" for number in SLOW),
    f"beside {STANDING} standing",
    "memory, MB",
)


def measure(county: County, loads: Sequence[Load], nothing: Sequence[bytes], roll: Random) -> list[float]:
    """Everything that is asked of one pool in one round, in the order of the titles."""
    port, pushing = county.server.port, loads[:PUSHING]
    for place, load in enumerate(pushing):
        load.bodies = [
            push(f"bench-{place}", None, [visit(county, place, roll) for _ in range(VISITS_A_PUSH)])
            for _ in range(PUSHES)
        ]
    begun = processor(county)
    visits = drive(port, pushing, VISITS_A_PUSH)
    each = (processor(county) - begun) / (PUSHING * PUSHES * VISITS_A_PUSH) * 1000
    for load, body in zip(loads, nothing, strict=True):
        load.bodies = [body] * ASKS
    drive(port, loads, 1)  # brings what the others pushed
    syncs = drive(port, loads, 1)
    rest = waits(port, loads)
    beside = []
    for number in SLOW:
        with slow(port, loads[0], number):
            beside.append(waits(port, loads))
    with standing(port, loads[0], STANDING):
        beside.append(waits(port, loads))
    return [visits.a_second, each, syncs.a_second, rest, *beside, memory(county)]


def waits(port: int, loads: Sequence[Load]) -> float:
    """What nineteen of twenty syncs with nothing new wait at most, asked at a steady beat while a scene lasts."""
    times: list[float] = []
    begun = time.perf_counter() + 0.1

    def phone(place: int, load: Load) -> None:
        for number in range(round(SCENE_SECONDS / BEAT_SECONDS)):
            due = begun + (number + place / len(loads)) * BEAT_SECONDS
            time.sleep(max(0.0, due - time.perf_counter()))
            ask(port, load).close()
            times.append((time.perf_counter() - due) * 1000)

    phones = [threading.Thread(target=phone, args=each) for each in enumerate(loads)]
    for each in phones:
        each.start()
    for each in phones:
        each.join()
    return statistics.quantiles(times, n=20)[-1]


def ask(port: int, load: Load) -> http.client.HTTPConnection:
    """A sync with nothing new on a connection of its own, which is left open if the server leaves it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    status, answer = post(connection, body_of(load), Authorization=f"Bearer {load.token}")
    assert status == 200, answer
    return connection


def body_of(load: Load) -> bytes:
    """The body of a sync with nothing new, from where the last answer left the phone."""
    return load.bodies[0].replace(b'"cursor": null', b'"cursor": ' + load.cursor, 1)


@contextmanager
def standing(port: int, load: Load, number: int) -> Iterator[None]:
    """So many connections that were answered once and stand open, as those of browsers and of a proxy do."""
    connections = [ask(port, load) for _ in range(number)]
    yield
    for each in connections:
        each.close()


@contextmanager
def slow(port: int, load: Load, number: int) -> Iterator[None]:
    """So many phones whose bodies come in drops and are whole when the scene is over; all of them are answered."""
    body, answers = body_of(load), []

    def phone() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        connection.putrequest("POST", "/api/v1/sync", skip_accept_encoding=True)
        said = {**HEADERS, "Authorization": f"Bearer {load.token}", "Content-Length": str(len(body))}
        for name, text in said.items():
            connection.putheader(name, text)
        connection.endheaders()
        drops = round(SCENE_SECONDS / BEAT_SECONDS) + 1  # one more: they are there before the others ask
        for at in range(drops):
            connection.send(body[at : at + 1])
            time.sleep(BEAT_SECONDS)
        connection.send(body[drops:])
        answer = connection.getresponse()
        answer.read()
        connection.close()
        answers.append(answer.status)

    phones = [threading.Thread(target=phone) for _ in range(number)]
    for each in phones:
        each.start()
    time.sleep(BEAT_SECONDS)
    yield
    for each in phones:
        each.join()
    assert answers == [200] * number, answers


def rounds(county: County) -> dict[Pool, list[float]]:
    """All pools in turn, and again; the middle of what each showed."""
    roll = Random(1)
    loads = [Load(token, []) for token in county.tokens(ASKING)]
    nothing = [push(f"bench-{place}", None, []) for place in range(ASKING)]
    county.server.kill()
    shown: dict[Pool, list[list[float]]] = {pool: [] for pool in POOLS}
    for _ in range(ROUNDS):
        for pool, figures in shown.items():
            server = WebServer(county, pool)
            server.start()
            try:
                figures.append(measure(replace(county, server=server), loads, nothing, roll))
            finally:
                server.kill()
    return {pool: middle(each) for pool, each in shown.items()}


def middle(figures: Sequence[Sequence[float]]) -> list[float]:
    """Of each figure the one in the middle."""
    return [statistics.median(each) for each in zip(*figures, strict=True)]


def table(county: County) -> None:
    """Measure and print: a line for each pool, each figure with its ratio to ours."""
    begun, load = time.monotonic(), os.getloadavg()[0]
    found = rounds(county)
    ours = found[POOLS[0]]
    print(f"{ROUNDS} rounds in {time.monotonic() - begun:.0f} s, load before {load:.1f}, {VISITS_A_PUSH} visits a push")
    print("| pool |", " | ".join(TITLES), "|")
    print("|---" * (len(TITLES) + 1) + "|")
    for pool, figures in found.items():
        beside = zip(figures, ours, strict=True)
        cells = (f"{each:.{1 if each < 10 else 0}f} ({each / our:.2f})" for each, our in beside)
        print(f"| {pool} |", " | ".join(cells), "|", flush=True)


def main() -> None:
    """On SQLite, or on a PostgreSQL that runs as it ships."""
    if "postgres" not in sys.argv:
        with running_county() as county:
            table(county)
        return
    with cluster() as postgres:
        postgres.stop()
        postgres.settings = SHIPPED
        postgres.start()
        with fresh_database(postgres.url) as url, running_county(url) as county:
            table(county)


if __name__ == "__main__":
    main()
