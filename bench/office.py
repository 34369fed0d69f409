"""How quickly the office answers with 10 thousand to a million visits.

`python -m bench.office 10000 1000000 --on sqlite postgres --keep FOLDER`

Each page is asked for through the whole application, in one process, by the administrator who sees the whole county.
Beside the clock stands what depends less on what else the machine does: the processor's time of one page, with the
database's; the statements of a page, and which large tables one of them reads from end to end. What all this leaves to
a person is for `bench.reviews`.
"""

from __future__ import annotations

import argparse
import logging
import os
import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from bench.grown import DATABASES, PASSWORDS, ZONE, grown
from fieldsvc.app import create_app
from fieldsvc.serve.memory import leave_what_is_loaded
from fieldsvc.services.context import Context
from fieldsvc.store.tables import AuditRow, PlaceRow, SubmissionRow
from tests.support.statements import Sent, plan, statements

TIMES = 40
BIG = ("submissions", "entities", "reviews", "attachments", "operations", "assignments", "audit")
_END_TO_END = re.compile(r"\bSCAN (\w+)$|\bSeq Scan on (\w+)")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one page costs: milliseconds by the clock and of the processor, and what it asks of the database."""

    page: str
    median: float
    p95: float
    processor: float
    statements: int
    walks: Sequence[str]

    def __str__(self) -> str:
        """A line of the table of one database."""
        clock = f"{self.median:6.0f} ms {self.p95:6.0f} ms"
        return f"{self.page:24} {clock} {self.processor:7.0f} ms {self.statements:11}  {', '.join(self.walks) or '-'}"


def walked(ctx: Context, asked: list[Sent]) -> list[str]:
    """The big tables that a page reads from end to end, as the database's own plans say."""
    plans = [plan(ctx, one) for one in asked if one.lstrip().upper().startswith("SELECT")]
    found = {match[1] or match[2] for lines in plans for line in lines if (match := _END_TO_END.search(line))}
    return sorted(found & set(BIG))


def pages(ctx: Context) -> dict[str, str]:
    """The addresses that are asked for, by what they are."""
    last = datetime.now(ZONE).replace(day=1) - timedelta(days=1)
    with ctx.db.read() as session:
        household = session.scalars(select(SubmissionRow.subject_id).limit(1)).one()
        visit = session.scalars(select(SubmissionRow.id).where(SubmissionRow.review_state == "waiting").limit(1)).one()
        north, east = PlaceRow.latitude / 1e6, PlaceRow.longitude / 1e6
        corners = session.execute(select(func.min(east), func.min(north), func.max(east), func.max(north))).one()
        county = ",".join(f"{one:.6f}" for one in corners)
        place, at = session.execute(select(func.max(AuditRow.position), func.max(AuditRow.at))).one()
    day = datetime.fromtimestamp(at / 1000, ZONE) - timedelta(days=30)
    return {
        "home": "/office/",
        "visits that wait": "/office/visits?state=waiting",
        "visits of a month": f"/office/visits?month={last:%Y%m}",
        "visits by a rare form": "/office/visits?form=housing_acceptance",
        "review queue": "/office/review?queue=all",
        "one visit": f"/office/visits/{visit}",
        "conflicts": "/office/conflicts",
        "households": "/office/households",
        "one household": f"/office/households/{household}",
        "coverage of a month": "/office/coverage",
        "board of renovations": "/office/boards/renovation",
        "ledger of visits": "/office/ledgers/visits",
        "ledger of a rare form": "/office/ledgers/public_calls",
        "ledger of pairings": "/office/ledgers/pairings",
        "ledger of members": "/office/ledgers/health",
        "ledger of houses": "/office/ledgers/housing_safety",
        "still to visit": "/office/coverage/unvisited",
        "deadlines": "/office/deadlines",
        "log": "/office/log",
        "log far back": f"/office/log?before={place // 2}",
        "log of a rare act": "/office/log?kind=taken-out",
        "log of somebody": "/office/log?who=town&kind=view",
        "log of a household": f"/office/log?household={household}",
        "log of a day": f"/office/log?since={day:%Y-%m-%d}&until={day:%Y-%m-%d}&kind=review",
        "report of a month": f"/office/reports/{last:%Y-%m}",
        "report of a week": f"/office/reports/{last:%G-W%V}",
        "map": "/office/map",
        "what the map shows": f"/office/map/places?box={county}",
    }


def signed_in(ctx: Context) -> FlaskClient:
    """The administrator's browser."""
    client = create_app(ctx=ctx).test_client()
    shown = client.get("/office/sign-in").get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown)
    assert token
    asked = {"csrf_token": token[1], "login": "county", "password": PASSWORDS["county"]}
    assert client.post("/office/sign-in", data=asked).status_code in (302, 303)
    return client


def processor(server: int | None) -> float:
    """Seconds of processor that this process and PostgreSQL's sessions have used, in hundredths at best."""
    return time.process_time() + (sum(map(_used, _sessions(server))) if server else 0.0)


def _sessions(server: int) -> list[str]:
    """Its children that serve a client, and not those that keep house."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii").split()
    return [one for one in children if b"127.0.0.1" in Path(f"/proc/{one}/cmdline").read_bytes()]


def _used(process: str) -> float:
    user, system = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def measure(ctx: Context, server: int | None = None) -> Iterator[Cost]:
    """What every page costs, asked for once to warm up and then again and again."""
    client = signed_in(ctx)
    leave_what_is_loaded()  # as the server does
    for name, address in pages(ctx).items():
        with statements(ctx) as asked:
            assert client.get(address).status_code == 200, name
        took, used = [], processor(server)
        for _ in range(TIMES):
            began = time.perf_counter()
            client.get(address)
            took.append((time.perf_counter() - began) * 1000)
        each = (processor(server) - used) * 1000 / TIMES
        yield Cost(name, statistics.median(took), quantile(took), each, len(asked), walked(ctx, asked))


def quantile(took: Sequence[float]) -> float:
    """What nineteen of twenty stay below."""
    return statistics.quantiles(took, n=20)[-1]


def run(folder: Path, database: str, visits: int) -> list[Cost]:
    """One table, for one database, printed as it goes."""
    with grown(folder, database, visits) as county:
        with county.ctx.db.read() as session:
            version = session.scalar(text("SELECT sqlite_version()" if county.ctx.db.is_sqlite else "SELECT version()"))
        print(f"\n{county.visits:,} visits on {database} {str(version).split(' on ')[0]}")
        print(f"{'page':24} {'median':>9} {'p95':>9} {'processor':>10} {'statements':>11}  reads from end to end")
        costs = []
        for cost in measure(county.ctx, county.server):
            costs.append(cost)
            print(cost, flush=True)
        return costs


def together(columns: dict[str, list[Cost]]) -> None:
    """Every page in a line: the processor's time and the clock's p95 on each database and at each size."""
    print(f"\n| page, processor / p95 in ms | {' | '.join(columns)} |")
    print("|---" * (len(columns) + 1) + "|")
    for line in zip(*columns.values(), strict=True):
        cells = [f"{one.processor:.0f} / {one.p95:.0f}" for one in line]
        print(f"| {line[0].page} | {' | '.join(cells)} |")


def main() -> None:
    """Measure at every size on every database that is named; what is kept is not grown again."""
    asked = argparse.ArgumentParser(prog="python -m bench.office")
    asked.add_argument("visits", nargs="*", type=int, default=[10_000])
    asked.add_argument("--on", nargs="+", choices=DATABASES, default=["sqlite"])
    asked.add_argument("--keep", type=Path, help="a folder to keep the grown databases in, for the next time")
    words = asked.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory(prefix="fieldsvc-office-") as name:
        Path(name).chmod(0o755)  # PostgreSQL's user has to reach its own folder below
        kept = words.keep or Path(name)
        columns = {
            f"{visits:,} {database}": run(kept / f"{database}-{visits}", database, visits)
            for visits in words.visits
            for database in words.on
        }
    together(columns)


if __name__ == "__main__":
    main()
