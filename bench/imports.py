"""A sheet of a whole county: `python -m bench.imports [rows]`. On SQLite and on PostgreSQL.

A CSV in GB18030 with as many households is uploaded, checked, written and taken back by the worker's own slices, and
between every two slices a phone pushes a correction, as it would from a village. What is printed of the pushes is how
long they took beside the import; that they get through at all is a test's business
(`tests/contract/test_a_county_is_imported.py`).
"""

import logging
import statistics
import sys
import tempfile
import time
from pathlib import Path

import structlog
from sqlalchemy import delete

from fieldsvc.config import Settings
from fieldsvc.forms import datasets
from fieldsvc.services import jobs, published
from fieldsvc.services.context import open_context
from fieldsvc.services.imports import desk
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.store.migrate import upgrade
from fieldsvc.store.tables import DatasetRow
from tests.contract.place import Place
from tests.support.postgres import cluster, fresh_database
from tests.world.county import begin

NUMBER = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
HEADINGS = "户编号,村代码,户主姓名,村民小组,家庭人口数,户类型,主要致贫原因,住房面积,耕地面积\r\n"


def sheet(number: int, people: int) -> bytes:
    """So many households; the same again with another number of people is a change of each."""
    rows = (f"H{n:06},451000000000,户主{n},上坳组,{people},脱贫户,因病,{60 + n % 90},3.5" for n in range(number))
    return (HEADINGS + "\r\n".join(rows)).encode("gb18030")


def measure(name: str, url: str, folder: Path) -> None:
    """Import, import again with every row changed, take it back; print each."""
    upgrade(url)
    ctx = open_context(Settings(mode="test", data_folder=folder, database_url=url))
    place = Place(ctx, begin(ctx))
    home = place.household(phone="09990000000")
    cadre, pushes = place.cadre(home), list[float]()
    with ctx.db.write() as session:  # the stories' small record gives way to the one that ships
        session.execute(delete(DatasetRow).where(DatasetRow.name == "households"))
    published.publish_dataset(ctx, place.office, datasets()["households"], digest="bench")

    def goes_on(what: str, import_id: str, step: str) -> None:
        if step:
            desk.act(ctx, place.office, import_id, step)
        begun, slices, waited = time.perf_counter(), 0, list[float]()
        while jobs.run_due(ctx, HANDLERS, most=1):
            slices += 1
            at = time.perf_counter()
            seen = place.record(home)[0]
            changes = {"phone": f"0999{slices:07}"}
            [receipt] = place.push(cadre, place.edit(cadre, home, changes, base_version=seen, trunk_version=seen))
            assert receipt.status == "applied", receipt
            waited.append(time.perf_counter() - at)
        took = time.perf_counter() - begun - sum(waited)
        pushes.extend(waited)
        print(f"{name}: {what} {NUMBER} rows in {took:.0f} s, {NUMBER / took:.0f} rows/s, {slices} jobs", flush=True)

    for turn, people in enumerate((4, 5)):
        data = sheet(NUMBER, people)
        import_id = desk.upload(ctx, place.office, kind="households", source="county", data=data, filename="county.csv")
        mapping = list(desk.show(ctx, place.office, import_id).mapping)
        assert desk.name_columns(ctx, place.office, import_id, mapping) == []
        goes_on("read and checked" if turn == 0 else "checked again", import_id, "")
        goes_on("written as new" if turn == 0 else "written as changed", import_id, "start")
        print(f"{name}: {dict(desk.show(ctx, place.office, import_id).counts)}", flush=True)
    goes_on("taken back", import_id, "undo")
    print(f"{name}: a push between two jobs took {1000 * statistics.median(pushes):.0f} ms (median)", flush=True)
    ctx.db.dispose()


def main() -> None:
    """Both databases, one after the other."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{folder}/fieldsvc.db", Path(folder))
    with cluster() as server, fresh_database(server.url) as url, tempfile.TemporaryDirectory() as folder:
        measure("PostgreSQL", url, Path(folder))


if __name__ == "__main__":
    main()
