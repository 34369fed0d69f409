"""How quickly the office answers with 10 thousand to a million visits: `python -m bench.office [VISITS] [postgres]`.

Each page is asked for through the whole application, in one process, by the administrator who sees the whole county.
Beside the times stand what does not depend on the machine: the statements of a page, and what of them reads a table of
visits from end to end. At the end, how much is left to a person.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from bench.many_visits import grow
from fieldsvc.app import create_app
from fieldsvc.config import Settings
from fieldsvc.demo.load import load
from fieldsvc.services.context import Context, open_context
from fieldsvc.store.migrate import upgrade
from fieldsvc.store.tables import ConflictRow, SubmissionRow
from tests.support.postgres import cluster, fresh_database
from tests.support.statements import Sent, plan, statements

PASSWORDS = {"cadre": "cadre-secret", "town": "town-secret", "county": "county-secret"}
TIMES = 15
BIG = ("submissions", "entities", "reviews", "attachments", "operations", "assignments")
_END_TO_END = re.compile(r"\bSCAN (\w+)$|\bSeq Scan on (\w+)")


def walked(ctx: Context, asked: list[Sent]) -> list[str]:
    """The big tables that a page reads from end to end, as the database's own plans say."""
    plans = [plan(ctx, one) for one in asked if one.lstrip().upper().startswith("SELECT")]
    found = {match[1] or match[2] for lines in plans for line in lines if (match := _END_TO_END.search(line))}
    return sorted(found & set(BIG))


def pages(ctx: Context) -> dict[str, str]:
    """The addresses that are asked for, by what they are."""
    with ctx.db.read() as session:
        household = session.scalars(select(SubmissionRow.subject_id).limit(1)).one()
        visit = session.scalars(select(SubmissionRow.id).where(SubmissionRow.review_state == "waiting").limit(1)).one()
    return {
        "home": "/office/",
        "visits that wait": "/office/visits?state=waiting",
        "visits of a month": "/office/visits?month=202610",
        "review queue": "/office/review?queue=all",
        "one visit": f"/office/visits/{visit}",
        "conflicts": "/office/conflicts",
        "households": "/office/households",
        "one household": f"/office/households/{household}",
        "coverage of a month": "/office/coverage",
        "board of renovations": "/office/boards/renovation",
        "ledger of visits": "/office/ledgers/visits",
        "report of a month": "/office/reports/2026-10",
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


def measure(ctx: Context) -> None:
    """Print a line for every page."""
    client = signed_in(ctx)
    print(f"{'page':24} {'median':>9} {'p95':>9} {'statements':>11}  reads from end to end")
    for name, address in pages(ctx).items():
        took = []
        for _ in range(TIMES):
            with statements(ctx) as asked:
                began = time.perf_counter()
                reply = client.get(address)
                took.append((time.perf_counter() - began) * 1000)
            assert reply.status_code == 200, (name, reply.status_code)
        took.sort()
        p95 = took[int(len(took) * 0.95)]
        scans = ", ".join(walked(ctx, asked)) or "-"
        print(f"{name:24} {statistics.median(took):6.0f} ms {p95:6.0f} ms {len(asked):11}  {scans}", flush=True)


def burden(ctx: Context) -> None:
    """Print what is left to a person of the demo's visits: values two people saw differently."""
    with ctx.db.read() as session:
        visits = session.scalars(select(func.count()).select_from(SubmissionRow)).one()
        hard = session.scalars(
            select(func.count()).select_from(ConflictRow).where(ConflictRow.severity == "hard")
        ).one()
    print(f"\nof 1,000 visits: {1000 * hard / visits:.1f} values to decide")


def main() -> None:
    """Load the demo, grow it, measure."""
    visits = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(prefix="fieldsvc-office-") as name:
        folder = Path(name)
        if "postgres" not in sys.argv[2:]:
            run(Settings(mode="test", data_folder=folder, log_level="error"), visits)
            return
        with cluster() as server, fresh_database(server.url) as url:
            run(Settings(mode="test", data_folder=folder, log_level="error", database_url=url), visits)


def run(settings: Settings, visits: int) -> None:
    """One table, for one database."""
    upgrade(settings.database_url)
    ctx = open_context(settings)
    load(ctx, datetime.now(ZoneInfo("Asia/Shanghai")), PASSWORDS)
    if visits <= 10_000:
        burden(ctx)
    there = grow(ctx, visits)
    with ctx.db.read() as session:
        version = session.scalar(
            text("SELECT version()" if "postgres" in settings.database_url else "SELECT sqlite_version()")
        )
    print(f"\n{there:,} visits, {version}")
    measure(ctx)
    ctx.db.dispose()


if __name__ == "__main__":
    main()
