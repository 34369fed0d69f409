"""A sheet of a whole county: `python -m bench.imports [rows]`. On SQLite and on PostgreSQL.

A CSV in GB18030 with as many households is uploaded, checked, written, written again with every row changed, and taken
back, by a worker that is a process of its own, as on a server. Meanwhile a phone pushes a correction twice a second, as
it would from a village, and before that for a while with nothing else going on. Printed are the worker's processor time
(with the database's), the clock, the statements, the longest transaction (on SQLite nobody writes beside it) by the
clock and by the worker's processor, and how long the pushes took; that they get through at all is a test's business
(`tests/contract/test_a_county_is_imported.py`).
"""

from __future__ import annotations

import logging
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import delete, event

from bench.office import processor, quantile
from fieldsvc.config import Settings
from fieldsvc.forms import datasets
from fieldsvc.services import jobs, published
from fieldsvc.services.access import Actor
from fieldsvc.services.context import open_context
from fieldsvc.services.imports import desk
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.store.engine import Database
from fieldsvc.store.migrate import upgrade
from fieldsvc.store.tables import DatasetRow
from tests.contract.place import Place
from tests.support.postgres import cluster, fresh_database
from tests.world.county import begin

NUMBER = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
HEADINGS = "户编号,村代码,户主姓名,村民小组,家庭人口数,户类型,主要致贫原因,住房面积,耕地面积\r\n"
#: A phone pushes this often, so many times before anything else goes on.
EVERY_SECONDS, IDLE_PUSHES = 0.5, 60


def sheet(number: int, people: int) -> bytes:
    """So many households; the same again with another number of people is a change of each."""
    rows = (f"H{n:06},451000000000,户主{n},上坳组,{people},脱贫户,因病,{60 + n % 90},3.5" for n in range(number))
    return (HEADINGS + "\r\n".join(rows)).encode("gb18030")


@dataclass(slots=True)
class Turns:
    """What a process writes: statements, transactions, the longest of these in ms of the clock and of the processor."""

    statements: int = 0
    number: int = 0
    clock: float = 0
    processor: float = 0
    _began: tuple[float, float] = (0, 0)

    def watch(self, db: Database) -> None:
        """Look on from here; a transaction's time begins once it has its turn."""
        event.listen(db.write_engine, "before_cursor_execute", self._sent)
        event.listen(db.write_engine, "begin", self._begin)
        event.listen(db.write_engine, "commit", self._end)

    def _sent(self, *_: Any) -> None:
        self.statements += 1

    def _begin(self, _: Any) -> None:
        self._began = time.perf_counter(), time.process_time()

    def _end(self, _: Any) -> None:
        clock, processor_time = self._began
        self.number += 1
        self.clock = max(self.clock, (time.perf_counter() - clock) * 1000)
        self.processor = max(self.processor, (time.process_time() - processor_time) * 1000)


def work(settings: Settings, orders: Connection) -> None:
    """A worker's process: whenever it is told to, it does the jobs there are, and says how many and what they cost."""
    _quiet()
    ctx = open_context(settings)
    turns = Turns()
    turns.watch(ctx.db)
    orders.send(True)
    while orders.recv():
        turns.statements, turns.number, turns.clock, turns.processor = 0, 0, 0, 0
        began, slices = time.process_time(), 0
        while jobs.run_due(ctx, HANDLERS, most=1):
            slices += 1
        orders.send((slices, time.process_time() - began, astuple(turns)[:4]))
    ctx.db.dispose()


@dataclass(slots=True)
class Phone:
    """A phone in a village that corrects a telephone number, again and again."""

    place: Place
    home: str = field(init=False)
    cadre: Actor = field(init=False)
    number: int = 0

    def __post_init__(self) -> None:
        """Give it a household and somebody who visits it."""
        self.home = self.place.household(phone="09990000000")
        self.cadre = self.place.cadre(self.home)

    def pushes(self) -> float:
        """Push once; the milliseconds until the receipt is there."""
        self.number += 1
        seen = self.place.record(self.home)[0]
        changes: dict[str, str | None] = {"phone": f"0999{self.number:07}"}
        sent = self.place.edit(self.cadre, self.home, changes, base_version=seen, trunk_version=seen)
        began = time.perf_counter()
        [receipt] = self.place.push(self.cadre, sent)
        assert receipt.status == "applied", receipt
        return (time.perf_counter() - began) * 1000

    def pushes_until(self, orders: Connection | None) -> list[float]:
        """Push until the worker has an answer, or as often as a measure of rest needs."""
        took: list[float] = []
        while not orders.poll(EVERY_SECONDS) if orders else len(took) < IDLE_PUSHES:
            took.append(self.pushes())
            if orders is None:
                time.sleep(EVERY_SECONDS)
        return took


def measure(name: str, url: str, folder: Path, server: int | None = None) -> None:
    """Import, import again with every row changed, take it back; print each."""
    upgrade(url)
    settings = Settings(mode="test", data_folder=folder, database_url=url, log_level="error")
    ctx = open_context(settings)
    place = Place(ctx, begin(ctx))
    phone = Phone(place)
    with ctx.db.write() as session:  # the stories' small record gives way to the one that ships
        session.execute(delete(DatasetRow).where(DatasetRow.name == "households"))
    published.publish_dataset(ctx, place.office, datasets()["households"], digest="bench")
    idle = phone.pushes_until(None)
    print(f"{name}: nothing but pushes: {_said(idle)}", flush=True)
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    worker = multiprocessing.get_context("spawn").Process(target=work, args=(settings, theirs))
    worker.start()
    ours.recv()

    def goes_on(what: str, import_id: str, step: str) -> None:
        if step:
            desk.act(ctx, place.office, import_id, step)
        began, used = time.perf_counter(), processor(server) - time.process_time()
        ours.send(True)
        took = phone.pushes_until(ours)
        slices, spent, (statements, transactions, clock_hold, processor_hold) = ours.recv()
        clock, database = time.perf_counter() - began, processor(server) - time.process_time() - used
        cost = (
            f"{clock:.0f} s by the clock, {spent:.0f} s of the worker's processor and {database:.0f} s of the server's"
        )
        beside = f"{_said(took)}, p95 {quantile(took) / quantile(idle):.1f} times" if took else "no push"
        held = f"the longest {clock_hold:.0f} ms by the clock, {processor_hold:.0f} ms of the processor"
        asked = f"{statements / NUMBER:.1f} statements a row in {transactions} transactions, {held}"
        print(f"{name}: {what} {NUMBER} rows: {cost}, {slices} jobs; {asked}; pushes beside it: {beside}", flush=True)

    for turn, people in enumerate((4, 5)):
        data = sheet(NUMBER, people)
        import_id = desk.upload(ctx, place.office, kind="households", source="county", data=data, filename="county.csv")
        mapping = list(desk.show(ctx, place.office, import_id).mapping)
        assert desk.name_columns(ctx, place.office, import_id, mapping) == []
        goes_on("read and checked" if turn == 0 else "checked again", import_id, "")
        goes_on("written as new" if turn == 0 else "written as changed", import_id, "start")
        print(f"{name}: {dict(desk.show(ctx, place.office, import_id).counts)}", flush=True)
    goes_on("taken back", import_id, "undo")
    ours.send(False)
    worker.join()
    ctx.db.dispose()


def _said(took: Sequence[float]) -> str:
    return f"{len(took)} in {statistics.median(took):.0f} ms (median), {quantile(took):.0f} ms (p95)"


def _quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def main() -> None:
    """Both databases, one after the other."""
    _quiet()
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{folder}/fieldsvc.db", Path(folder))
    with cluster() as server, fresh_database(server.url) as url, tempfile.TemporaryDirectory() as folder:
        measure("PostgreSQL", url, Path(folder), server.process)


if __name__ == "__main__":
    main()
