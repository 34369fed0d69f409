"""How much memory files that leave the office need, at any number of visits: each is made in a process of its own.

`python -m bench.exports 1000000 --on sqlite postgres --keep FOLDER --rows 20000 100000`

The databases are those of `bench.office`. A table is made twice, of the first so many rows and of more: what grows with
the rows is not bounded. What sorts, sorts before its first row, so it shows however few rows are taken. The figure is
the process's own peak with Python and the application in it; `nothing` is what those need alone.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from sqlalchemy import func, select

from bench.grown import DATABASES, grown
from fieldsvc import sheets
from fieldsvc.config import Settings
from fieldsvc.office.exporting.job import handlers
from fieldsvc.services import enrol, exports, form_export, jobs
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context, open_context
from fieldsvc.services.exporting import orders
from fieldsvc.services.exporting.orders import Order
from fieldsvc.store import people
from fieldsvc.store.tables import EntityRow, ExportRow, SubmissionRow

NICE = 5
Made = Callable[[Context, Actor, Path, int], int]


def _form(ctx: Context, by: Actor, file: Path, most: int) -> int:
    """The data of the form with the most submissions, of all months."""
    form = SubmissionRow.form_id
    with ctx.db.read() as session:
        [form_id] = session.scalars(select(form).group_by(form).order_by(func.count().desc()).limit(1))
    found = form_export.export(ctx, by, form_export.Wanted(form_id, None, "zh"))
    tables = [(sheet.name, sheet.headings, sheet.numeric) for sheet in found.sheets]
    taken = _Counted(islice(found.rows, most))
    sheets.write_book(file, tables, taken)
    return taken.number


def _visits(ctx: Context, by: Actor, file: Path, most: int) -> int:
    """The list of visits of all months, as `fieldsvc export visits` writes it."""
    return sheets.write(file, exports.VISIT_COLUMNS, islice(exports.visits(ctx, by, None), most))


def _members(ctx: Context, by: Actor, file: Path, most: int) -> int:
    """The members of all households, as `fieldsvc export members` writes it."""
    rows = islice(exports.records(ctx, by, "members", full=False), most)
    return sheets.write(file, exports.columns(ctx, "members"), rows)


def _ledger(ctx: Context, by: Actor, _file: Path, _most: int) -> int:
    """The whole ledger of houses, ordered in the office and made by the worker's job."""
    return _ordered(ctx, by, Order("ledger", ledger="housing_safety"))


def _village(ctx: Context, by: Actor, _file: Path, _most: int) -> int:
    """The package of the village with the most households, in households."""
    homes = select(EntityRow.area_id).where(EntityRow.dataset == "households", EntityRow.area_id.is_not(None))
    with ctx.db.read() as session:
        [area] = session.scalars(homes.group_by(EntityRow.area_id).order_by(func.count().desc()).limit(1))
    return _ordered(ctx, by, Order("village", area=area))


def _nothing(_ctx: Context, _by: Actor, _file: Path, _most: int) -> int:
    """Python, the application and an open database."""
    return 0


#: What is made, and how its file ends; of tables so many rows as are asked for.
TABLES: Mapping[str, tuple[Made, str]] = {
    "data of a form, CSV": (_form, "csv"),
    "data of a form, XLSX": (_form, "xlsx"),
    "list of visits, CSV": (_visits, "csv"),
    "list of members, CSV": (_members, "csv"),
}
WHOLE: Mapping[str, tuple[Made, str]] = {
    "nothing": (_nothing, ""),
    "ledger of houses": (_ledger, "xlsx"),
    "package of a village": (_village, "zip"),
}


class _Counted:
    """Rows as they go by, and how many they were."""

    def __init__(self, rows: Iterator[tuple[int, Mapping[str, str]]]) -> None:
        self._rows, self.number = rows, 0

    def __iter__(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        for row in self._rows:
            self.number += 1
            yield row


def _ordered(ctx: Context, by: Actor, wanted: Order) -> int:
    """Order a file and let the job make it; how many rows or households it said it was."""
    export_id = orders.order(ctx, by, wanted, reason="")
    jobs.run_due(ctx, handlers(lambda _: None))
    with ctx.db.read() as session:
        row = session.get_one(ExportRow, export_id)
        assert row.state == "ready", (row.state, row.problem)
    ctx.blobs.delete(orders.key_of(export_id))
    return row.total or 0


def one(name: str, most: int, folder: Path, url: str) -> None:
    """Make one file here and print its rows, seconds and this process's peak in MB."""
    made, ends = {**TABLES, **WHOLE}[name]
    ctx = open_context(Settings(mode="test", data_folder=folder, log_level="error", database_url=url))
    with ctx.db.read() as session:
        county = people.by_login(session, "county")
    by = enrol.actor_of(ctx, county.id) if county else None
    assert by is not None
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        rows = made(ctx, by, Path(place) / f"file.{ends}", most)
    print(f"{name:24} {rows:9,} rows {time.monotonic() - began:5.0f} s {_peak():6.0f} MB", flush=True)
    ctx.db.dispose()


def _peak() -> float:
    """The most memory this program had at once; what `getrusage` says also counts whoever started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def run(folder: Path, database: str, visits: int, sizes: list[int]) -> None:
    """One database: every file in a process of its own, one after the other."""
    with grown(folder, database, visits) as county:
        print(f"\n{county.visits:,} visits on {database}", flush=True)
        asked = [(name, most) for name in TABLES for most in sizes]
        url = county.ctx.settings.database_url
        for name, most in [*((name, 0) for name in WHOLE), *asked]:
            words = ["--one", name, "--rows", str(most), "--keep", str(folder), "--url", url]
            subprocess.run([sys.executable, "-m", "bench.exports", *words], check=True)


def main() -> None:
    """Make every file on every database that is named; what is kept is not grown again."""
    asked = argparse.ArgumentParser(prog="python -m bench.exports")
    asked.add_argument("visits", nargs="*", type=int, default=[10_000])
    asked.add_argument("--on", nargs="+", choices=DATABASES, default=["sqlite"])
    asked.add_argument("--keep", type=Path, help="a folder to keep the grown databases in, for the next time")
    asked.add_argument("--rows", nargs="+", type=int, default=[20_000, 100_000])
    asked.add_argument("--one", help=argparse.SUPPRESS)
    asked.add_argument("--url", help=argparse.SUPPRESS)
    words = asked.parse_args()
    if words.one:
        one(words.one, words.rows[0], words.keep, words.url)
        return
    os.nice(NICE)
    with tempfile.TemporaryDirectory(prefix="fieldsvc-exports-") as name:
        Path(name).chmod(0o755)  # PostgreSQL's user has to reach its own folder below
        for visits in words.visits:
            for database in words.on:
                run((words.keep or Path(name)) / f"{database}-{visits}", database, visits, words.rows)


if __name__ == "__main__":
    main()
