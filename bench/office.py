"""How quickly the office answers with 10 thousand to a million visits: `python -m bench.office [VISITS] [postgres]`.

Each page is asked for through the whole application, in one process, by the administrator who sees the whole county.
Beside the clock stands what depends less on what else the machine does: the processor's time of one page, with the
database's; the statements of a page, and which large tables one of them reads from end to end. What all this leaves to
a person is for `bench.reviews`.
"""

from __future__ import annotations

import logging
import os
import re
import statistics
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from bench.many_visits import grow
from fieldsvc.app import create_app
from fieldsvc.config import Settings
from fieldsvc.demo.load import load
from fieldsvc.services.context import Context, open_context
from fieldsvc.store.migrate import upgrade
from fieldsvc.store.tables import PlaceRow, SubmissionRow
from tests.support.postgres import cluster, fresh_database
from tests.support.statements import Sent, plan, statements

PASSWORDS = {"cadre": "cadre-secret", "town": "town-secret", "county": "county-secret"}
TIMES = 20
ZONE = ZoneInfo("Asia/Shanghai")
BIG = ("submissions", "entities", "reviews", "attachments", "operations", "assignments")
_END_TO_END = re.compile(r"\bSCAN (\w+)$|\bSeq Scan on (\w+)")


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


def measure(ctx: Context, server: int | None = None) -> None:
    """Print a line for every page, asked for once to warm up and then again and again."""
    client = signed_in(ctx)
    print(f"{'page':24} {'median':>9} {'p95':>9} {'processor':>10} {'statements':>11}  reads from end to end")
    for name, address in pages(ctx).items():
        with statements(ctx) as asked:
            assert client.get(address).status_code == 200, name
        took, used = [], processor(server)
        for _ in range(TIMES):
            began = time.perf_counter()
            client.get(address)
            took.append((time.perf_counter() - began) * 1000)
        each = (processor(server) - used) * 1000 / TIMES
        p95 = sorted(took)[int(TIMES * 0.95)]
        scans = ", ".join(walked(ctx, asked)) or "-"
        print(
            f"{name:24} {statistics.median(took):6.0f} ms {p95:6.0f} ms {each:7.0f} ms {len(asked):11}  {scans}",
            flush=True,
        )


def main() -> None:
    """Load the demo, grow it, measure."""
    visits = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="fieldsvc-office-") as name:
        settings = Settings(mode="test", data_folder=Path(name), log_level="error")
        if "postgres" not in sys.argv[2:]:
            run(settings, visits)
            return
        with cluster() as server, fresh_database(server.url) as url:
            settings = Settings(mode="test", data_folder=Path(name), log_level="error", database_url=url)
            run(settings, visits, server.process)


def run(settings: Settings, visits: int, server: int | None = None) -> None:
    """One table, for one database."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    upgrade(settings.database_url)
    ctx = open_context(settings)
    load(ctx, datetime.now(ZONE), PASSWORDS)
    began = time.monotonic()
    there = grow(ctx, visits)
    with ctx.db.read() as session:
        version = session.scalar(text("SELECT sqlite_version()" if ctx.db.is_sqlite else "SELECT version()"))
    print(f"\n{there:,} visits, grown in {time.monotonic() - began:.0f} s, {version}")
    measure(ctx, server)
    ctx.db.dispose()


if __name__ == "__main__":
    main()
