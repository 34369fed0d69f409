"""How many visits a server takes in durably: `python -m bench.ingest`. Limits of the machine in the same run.

Three limits stand beside our own number: a loop of fsync, raw SQLite writing the same rows, and bare Flask and
gunicorn that keep the same bodies durably and do nothing else. The load comes from the same machine, so every
number is lower than with phones elsewhere, ours and the limits' alike.
"""

import http.client
import os
import re
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.bare_server import bare_server
from bench.county import plain, post, push, running_county, visit

CURSOR = re.compile(rb'"cursor":\s*("[^"]*")')
PHONES = 32
# `python -m bench.ingest 20`: what a phone sends that was away for a week.
VISITS_A_PUSH = int(sys.argv[1]) if len(sys.argv) > 1 else 2
PUSHES = max(5, 80 // VISITS_A_PUSH)


@dataclass(frozen=True, slots=True)
class Load:
    """What one phone sends: its token and the bodies of its pushes."""

    token: str
    bodies: list[bytes]


@dataclass(frozen=True, slots=True)
class Result:
    """Visits a second, and how long a push took in the middle and at the slow end."""

    visits_a_second: float
    median_ms: float
    p95_ms: float

    def __str__(self) -> str:
        return f"{self.visits_a_second:8.0f} visits/s   push {self.median_ms:.0f} ms median, {self.p95_ms:.0f} ms p95"


def drive(port: int, loads: Sequence[Load]) -> Result:
    """Let every phone send its pushes one after the other, all phones at once."""
    times: list[float] = []
    failures: list[bytes] = []

    def phone(load: Load) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        cursor = b"null"
        for body in load.bodies:
            # A phone goes on from where its last answer left it; without that every push would be a first sync.
            body = body.replace(b'"cursor": null', b'"cursor": ' + cursor, 1)
            begun = time.perf_counter()
            status, answer = post(connection, body, Authorization=f"Bearer {load.token}")
            times.append((time.perf_counter() - begun) * 1000)
            if status != 200 or b'"refused"' in answer:
                failures.append(answer)
            found = CURSOR.search(plain(answer))
            cursor = found[1] if found else b"null"

    threads = [threading.Thread(target=phone, args=(load,)) for load in loads]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    assert not failures, failures[0]
    number = sum(len(load.bodies) for load in loads) * VISITS_A_PUSH
    slow = statistics.quantiles(times, n=20)[-1]
    return Result(number / seconds, statistics.median(times), slow)


def bare(loads: Sequence[Load], folder: Path) -> Result:
    """The same bodies against Flask and gunicorn that only keep them."""
    with bare_server(folder, workers=2, threads=16) as port:
        return drive(port, loads)


def repeated(work: Callable[[], None], seconds: float = 2.0) -> float:
    """How often a second `work` can be done."""
    number, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        work()
        number += 1
    return number / (time.perf_counter() - begun)


def fsyncs(folder: Path) -> float:
    """Appends of a page with fsync, a second."""
    handle = os.open(folder / "fsync", os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def work() -> None:
        os.write(handle, b"x" * 4096)
        os.fsync(handle)

    return repeated(work)


def raw_sqlite(folder: Path, body: bytes) -> float:
    """Visits a second of SQLite alone: a push's rows of one column each, one durable transaction a push."""
    database = sqlite3.connect(folder / "raw.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    tables = ("operations", "effects", "submissions", "versions", "changes", "changes2")
    for table in tables:
        database.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, body BLOB)")

    def work() -> None:
        database.execute("BEGIN IMMEDIATE")
        for table in tables:
            database.executemany(f"INSERT INTO {table} (body) VALUES (?)", [(body,)] * VISITS_A_PUSH)
        database.execute("COMMIT")

    return repeated(work) * VISITS_A_PUSH


def main() -> None:
    """Measure and print, one line each."""
    roll = Random(1)
    with running_county(workers=2, threads=16) as county, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        loads = [
            Load(
                token,
                [
                    push(f"bench-{n}", None, [visit(county, n, roll) for _ in range(VISITS_A_PUSH)])
                    for _ in range(PUSHES)
                ],
            )
            for n, token in enumerate(county.tokens(PHONES))
        ]
        print(f"fsync of a page        {fsyncs(folder):8.0f} /s")
        print(f"raw SQLite, same rows  {raw_sqlite(folder, loads[0].bodies[0][:1200]):8.0f} visits/s")
        limit = bare(loads, folder)
        print(f"bare Flask and gunicorn {limit}")
        ours = drive(county.server.port, loads)
        print(f"ours                    {ours}")
        print(f"share of the limit      {ours.visits_a_second / limit.visits_a_second:8.0%}")


if __name__ == "__main__":
    main()
