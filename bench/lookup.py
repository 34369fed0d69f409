"""Finding near photos among a million fingerprints: `python -m bench.lookup`. On SQLite and on PostgreSQL.

A third of the fingerprints are of one scene with small differences, as a county's white walls are: their bands are
crowded, and the search must stay bounded all the same.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert

from fieldsvc.store import fingerprints
from fieldsvc.store.engine import Database
from fieldsvc.store.migrate import upgrade
from fieldsvc.store.run import table
from fieldsvc.store.tables import FingerprintRow
from tests.support.postgres import cluster, fresh_database

NUMBER = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
SEARCHES = 300
BATCH = 20_000


def rows(roll: Random) -> Iterator[list[dict[str, Any]]]:
    """A county's photos in batches: two thirds as different as photos are, one third around sixty alike scenes."""
    scenes = [roll.getrandbits(64) for _ in range(60)]
    for start in range(0, NUMBER, BATCH):
        batch = []
        for n in range(start, min(start + BATCH, NUMBER)):
            bits = roll.getrandbits(64)
            if n % 3 == 0:
                bits = roll.choice(scenes) ^ (bits & roll.getrandbits(64) & roll.getrandbits(64))
            batch.append(fingerprints.row_of("county", f"{n:064x}", bits))
        yield batch


def measure(name: str, url: str) -> None:
    """Fill a database, search, print."""
    upgrade(url)
    db, roll = Database(url), Random(1)
    begun = time.perf_counter()
    for batch in rows(roll):
        with db.write() as session:
            session.execute(insert(table(FingerprintRow)), batch)
    filled = time.perf_counter() - begun
    times, found = [], 0
    with db.read() as session:
        for n in range(SEARCHES):
            asked = fingerprints.of(session, "county", f"{roll.randrange(NUMBER):064x}") or 0
            for place in roll.sample(range(64), n % 8):
                asked ^= 1 << place
            begun = time.perf_counter()
            found += len(fingerprints.near(session, "county", asked, 7))
            times.append((time.perf_counter() - begun) * 1000)
        print(fingerprints.plan(session, "county", 1))
    db.dispose()
    slow = statistics.quantiles(times, n=20)[-1]
    print(
        f"{name}: {NUMBER} fingerprints in {filled:.0f} s; a search {statistics.median(times):.1f} ms median,", end=" "
    )
    print(f"{slow:.1f} ms p95, {max(times):.1f} ms at most; {found / SEARCHES:.1f} near ones each", flush=True)


def main() -> None:
    """Measure both databases."""
    with tempfile.TemporaryDirectory() as name:
        measure("SQLite", f"sqlite:///{Path(name) / 'bench.db'}")
    with cluster() as server, fresh_database(server.url) as url:
        measure("PostgreSQL", url)


if __name__ == "__main__":
    main()
