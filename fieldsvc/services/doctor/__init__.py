"""What is wrong with this server, each with its remedy: secrets, HTTPS, disk, files, database, clock, forms, backup."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from fieldsvc.problems import ServerBusy
from fieldsvc.services.context import Context
from fieldsvc.services.doctor import county, keys, machine, shelf, standby
from fieldsvc.services.doctor.finding import Finding, trouble

__all__ = ["Finding", "examine"]


def examine(ctx: Context, now: datetime) -> Iterator[Finding]:
    """Everything worth knowing, the most urgent kind of trouble first."""
    yield from machine.secret(ctx.settings)
    yield from machine.https(ctx.settings, now)
    yield from machine.disk(ctx.settings)
    yield from machine.owner(ctx.settings)
    yield from county.files(ctx)
    try:
        yield from county.database(ctx)
        yield from standby.follows(ctx)
        yield from keys.sealed_to(ctx)
        yield from county.clock(ctx, now)
        yield from county.jobs(ctx)
        yield from shelf.forms(ctx)
    except (SQLAlchemyError, ServerBusy) as error:
        yield trouble(
            "bad",
            f"数据库打不开（{type(error).__name__}）。",
            f"The database does not open ({type(error).__name__}).",
            do_zh="检查 FIELDSVC_DATABASE_URL 和文件权限。",
            do_en="Check FIELDSVC_DATABASE_URL and who may read it.",
        )
    yield from county.backups(ctx.settings, now)
