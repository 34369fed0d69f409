"""The demo grown to so many visits, on one of the two databases, and kept in a folder to be measured again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
from sqlalchemy import func, select

from bench.many_visits import grow, lengthen_log
from fieldsvc.config import Settings
from fieldsvc.demo.load import load
from fieldsvc.services.context import Context, open_context
from fieldsvc.store.migrate import upgrade
from fieldsvc.store.tables import SubmissionRow
from tests.support.postgres import Cluster, cluster

PASSWORDS = {"cadre": "cadre-secret", "town": "town-secret", "county": "county-secret"}
ZONE = ZoneInfo("Asia/Shanghai")
DATABASES = ("sqlite", "postgres")
_NAME = "grown"


@dataclass(frozen=True, slots=True)
class Grown:
    """An open database of `visits`; `server` is PostgreSQL's own process."""

    ctx: Context
    visits: int
    server: int | None


@contextmanager
def grown(folder: Path, database: str, visits: int) -> Iterator[Grown]:
    """What is kept in the folder, brought to this release's tables; grown there first if there is nothing yet."""
    folder.mkdir(parents=True, exist_ok=True)
    done = folder / "done"
    if not done.exists() and any(folder.iterdir()):
        raise SystemExit(f"{folder} was left half grown: remove it")
    with cluster(folder / "postgres") if database == "postgres" else nullcontext() as running:
        url = _database(running, new=not done.exists()) if running else f"sqlite:///{folder}/fieldsvc.db"
        settings = Settings(mode="test", data_folder=folder, log_level="error", database_url=url)
        upgrade(settings.database_url)
        ctx = open_context(settings)
        try:
            if not done.exists():
                began = time.monotonic()
                load(ctx, datetime.now(ZONE), PASSWORDS)
                grow(ctx, visits)
                done.write_text(f"{time.monotonic() - began:.0f} s", encoding="utf-8")
            lengthen_log(ctx)
            with ctx.db.read() as session:
                there = session.scalars(select(func.count()).select_from(SubmissionRow)).one()
            yield Grown(ctx, there, running.process if running else None)
        finally:
            ctx.db.dispose()


def _database(running: Cluster, *, new: bool) -> str:
    if new:
        with psycopg.connect(running.url.replace("+psycopg", "") + "/postgres", autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{_NAME}"')
    return f"{running.url}/{_NAME}"
