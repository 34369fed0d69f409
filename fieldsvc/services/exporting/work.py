"""The worker's part: make what was ordered, say how far it is, and put it where its maker can fetch it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from fieldsvc.problems import Problem, ServerBusy
from fieldsvc.services import access, enrol
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.exporting import orders
from fieldsvc.services.exporting.orders import HOUR_MS, Order
from fieldsvc.store import ordered

_PIECE = 1 << 18


@dataclass(frozen=True, slots=True)
class Making:
    """One file being made: for whom, what, and where its bytes go."""

    ctx: Context
    by: Actor
    order: Order
    id: str
    file: IO[bytes]
    meanwhile: Callable[[], object]

    def step(self, done: int, total: int) -> None:
        """Say how far it is, and let what is quick have its turn: phones' photos must not wait for a village."""
        with self.ctx.db.write() as session:
            ordered.change(session, self.id, done=done, total=total)
        self.meanwhile()

    def take(self, path: Path) -> None:
        """Take over what was written beside it, a piece at a time: a province's households fill a small machine."""
        with path.open("rb") as made:
            shutil.copyfileobj(made, self.file, _PIECE)


Maker = Callable[[Making], None]


def work(
    ctx: Context,
    feed_id: str,
    payload: Mapping[str, Any],
    *,
    makers: Mapping[str, Maker],
    meanwhile: Callable[[], object],
) -> None:
    """Make one file. What its maker may not have any more is not made; a worker that died begins again.

    It is read from the standby, if there is one: a county's rows take minutes, which phones need not feel. Begun again,
    it is read where it is written, because a standby ends a long read for what it has to take in, and may die.
    """
    export_id = str(payload["export"])
    with ctx.db.read() as session:
        row = ordered.get(session, feed_id, export_id)
    if row is None or row.state not in ("waiting", "making"):
        return
    by = enrol.actor_of(ctx, row.by_id)
    below = access.area_paths(by, Action.EXPORT) if by else ()
    source = replace(ctx, db=ctx.db.for_long_reads()) if row.state == "waiting" else ctx
    _write(ctx, export_id, state="making", done=0, wanted={**row.wanted, "below": list(below)})
    with tempfile.TemporaryFile() as file:
        try:
            if by is None:
                raise PermissionError
            makers[row.kind](Making(source, by, orders.wanted_of(row), export_id, file, meanwhile))
        except ServerBusy:
            raise  # the database or the photos are away: the job is tried again
        except (Problem, PermissionError) as problem:
            code = problem.code if isinstance(problem, Problem) else "not-allowed"
            _write(ctx, export_id, state="failed", problem=code)
            return
        size = file.seek(0, 2)
        file.seek(0)
        ctx.blobs.put_stream(orders.key_of(export_id), _pieces(file))
    until = ctx.now_ms() + ctx.settings.export_hours * HOUR_MS
    _write(ctx, export_id, state="ready", bytes=size, expires_at=until)


def give_up(ctx: Context, feed_id: str, payload: Mapping[str, Any]) -> None:
    """Say that a file was not made after its last attempt: whoever ordered it would wait two days for nothing."""
    export_id = str(payload["export"])
    with ctx.db.write() as session:
        row = ordered.get(session, feed_id, export_id)
        if row is not None and row.state in ("waiting", "making"):
            ordered.change(session, export_id, state="failed")


def _write(ctx: Context, export_id: str, **values: Any) -> None:
    with ctx.db.write() as session:
        ordered.change(session, export_id, **values)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE):
        yield piece
