"""How many visits a server takes in durably: `python -m bench.ingest`. Limits of the machine in the same run.

Limits stand beside our own number: a loop of fsync, raw SQLite writing the same rows one by one and as they come, and
bare Flask and gunicorn that keep the same bodies durably and do nothing else. A sync with nothing new stands beside a
Flask that answers a constant. The load comes from the same machine, so every number is lower than with phones
elsewhere, ours and the limits' alike. The processor's time for each visit is what other programs alter least.
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
from bench.county import REFUSED, County, plain, post, push, running_county, visit

CURSOR = re.compile(rb'"cursor":\s*("[^"]*")')
PHONES = 32
# `python -m bench.ingest 20`: what a phone sends that was away for a week.
VISITS_A_PUSH = int(sys.argv[1]) if len(sys.argv) > 1 else 2
PUSHES = max(5, 80 // VISITS_A_PUSH)
SYNCS = 40


@dataclass(slots=True)
class Load:
    """What one phone sends: its token and the bodies of its pushes, and the cursor that its last answer left it."""

    token: str
    bodies: list[bytes]
    cursor: bytes = b"null"


@dataclass(frozen=True, slots=True)
class Result:
    """How many a second, and how long a request took in the middle and at the slow end."""

    a_second: float
    median_ms: float
    p95_ms: float

    def __str__(self) -> str:
        return f"{self.a_second:8.0f} /s   a request {self.median_ms:.0f} ms median, {self.p95_ms:.0f} ms p95"


def drive(port: int, loads: Sequence[Load], each: int) -> Result:
    """Let every phone send its requests one after the other, all phones at once; a request counts for so many."""
    times: list[float] = []
    failures: list[bytes] = []

    def phone(load: Load) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        for body in load.bodies:
            # A phone goes on from where its last answer left it; without that every push would be a first sync.
            body = body.replace(b'"cursor": null', b'"cursor": ' + load.cursor, 1)
            begun = time.perf_counter()
            status, answer = post(connection, body, Authorization=f"Bearer {load.token}")
            times.append((time.perf_counter() - begun) * 1000)
            told = plain(answer)
            if status != 200 or REFUSED in told:
                failures.append(told)
            found = CURSOR.search(told)
            load.cursor = found[1] if found else b"null"

    threads = [threading.Thread(target=phone, args=(load,)) for load in loads]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begun
    assert not failures, failures[0]
    number = sum(len(load.bodies) for load in loads) * each
    slow = statistics.quantiles(times, n=20)[-1]
    return Result(number / seconds, statistics.median(times), slow)


def bare(loads: Sequence[Load], folder: Path, each: int) -> Result:
    """The same bodies against Flask and gunicorn that only keep them; without operations, that answer a constant."""
    same = [Load(load.token, load.bodies) for load in loads]
    with bare_server(folder, workers=2, threads=16) as port:
        return drive(port, same, each)


def processor(county: County) -> float:
    """Seconds of the processor that the server and all its workers have taken so far."""
    taken = (process.cpu_times() for process in county.server.processes())
    return float(sum(times.user + times.system for times in taken))


def memory(county: County) -> float:
    """Megabytes that the server and its workers hold, what they share counted once."""
    return float(sum(process.memory_full_info().pss for process in county.server.processes())) / 1e6


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


def raw_sqlite(folder: Path, body: bytes, a_commit: int) -> float:
    """Visits a second of SQLite alone: a visit's rows of one column each, so many visits in a durable transaction."""
    database = sqlite3.connect(folder / f"raw-{a_commit}.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    tables = ("operations", "effects", "submissions", "versions", "changes", "changes2")
    for table in tables:
        database.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, body BLOB)")

    def work() -> None:
        database.execute("BEGIN IMMEDIATE")
        for table in tables:
            database.executemany(f"INSERT INTO {table} (body) VALUES (?)", [(body,)] * a_commit)
        database.execute("COMMIT")

    found = repeated(work) * a_commit
    database.close()
    return found


def of_visits(county: County, tokens: Sequence[str], folder: Path) -> None:
    """Pushes with visits, beside the limits."""
    roll = Random(1)
    loads = [
        Load(
            token,
            [push(f"bench-{n}", None, [visit(county, n, roll) for _ in range(VISITS_A_PUSH)]) for _ in range(PUSHES)],
        )
        for n, token in enumerate(tokens)
    ]
    one = loads[0].bodies[0][:1200]
    alone = raw_sqlite(folder, one, 1)
    rows = raw_sqlite(folder, one, VISITS_A_PUSH) if VISITS_A_PUSH > 1 else alone
    print(f"fsync of a page               {fsyncs(folder):8.0f} /s")
    print(f"raw SQLite, a visit a commit  {alone:8.0f} /s")
    print(f"raw SQLite, a push a commit   {rows:8.0f} /s")
    limit = bare(loads, folder, VISITS_A_PUSH)
    print(f"bare Flask and gunicorn       {limit}")
    begun = processor(county)
    ours = drive(county.server.port, loads, VISITS_A_PUSH)
    number = PHONES * PUSHES * VISITS_A_PUSH
    print(f"visits, ours                  {ours}")
    each = (processor(county) - begun) / number * 1000
    print(f"  of bare Flask {ours.a_second / limit.a_second:.0%}, of a visit a commit {ours.a_second / alone:.0%}")
    print(f"  processor for each {each:.2f} ms, memory of all processes {memory(county):.0f} MB")


def of_nothing(county: County, tokens: Sequence[str], folder: Path) -> None:
    """Syncs with nothing new, beside a Flask that answers a constant."""
    asks = [Load(token, [push(f"bench-{n}", None, [])] * SYNCS) for n, token in enumerate(tokens)]
    limit = bare(asks, folder, 1)
    drive(county.server.port, asks, 1)  # the first pages of a phone bring its households
    begun = processor(county)
    ours = drive(county.server.port, asks, 1)
    each = (processor(county) - begun) / (PHONES * SYNCS) * 1000
    print(f"a constant of Flask           {limit}")
    print(f"a sync with nothing new       {ours}")
    print(f"  of the constant {ours.a_second / limit.a_second:.0%}, processor for each {each:.2f} ms")


def main() -> None:
    """Measure and print, one line each."""
    with running_county(workers=2, threads=16) as county, tempfile.TemporaryDirectory() as name:
        tokens = county.tokens(PHONES)
        of_visits(county, tokens, Path(name))
        of_nothing(county, tokens, Path(name))


if __name__ == "__main__":
    main()
