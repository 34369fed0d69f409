"""The sheet of a whole county through the desk, on each database: in slices, with phones syncing between any two."""

from __future__ import annotations

from itertools import pairwise

import pytest
from sqlalchemy import delete, event, select

from fieldsvc.services import jobs, published
from fieldsvc.services.imports import BATCH, desk
from fieldsvc.services.imports.slices import SLICE
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.store.tables import ChangeRow, DatasetRow
from tests.contract.place import Place
from tests.imports.sheets_made import csv
from tests.support.shipped import dataset

HEADINGS = ("户编号", "村代码", "户主姓名", "家庭人口数", "户类型", "住房面积")
#: What any part of an import may cost besides its slices: reading the file, the jobs, the end of each part.
BESIDE = 0.15


@pytest.mark.parametrize("number", [2 * SLICE * BATCH + 1, pytest.param(10_000, marks=pytest.mark.proof)])
def test_between_any_two_slices_a_phone_pushes_and_gets_its_receipt(place: Place, number: int) -> None:
    ctx, admin = place.ctx, place.office
    home = place.household(phone="09990000000")
    cadre = place.cadre(home)
    with ctx.db.write() as session:  # the stories' small record gives way to the one that ships
        session.execute(delete(DatasetRow).where(DatasetRow.name == "households"))
    published.publish_dataset(ctx, admin, dataset("households"), digest="shipped")
    rows = ((f"H{n:06}", "451000000000", f"户主{n}", 4, "脱贫户", 60 + n % 90) for n in range(number))
    data = csv(HEADINGS, *rows, encoding="gb18030")
    begun: list[int] = []
    event.listen(ctx.db.write_engine, "commit", lambda _: begun.append(1))

    import_id = desk.upload(ctx, admin, kind="households", source="county", data=data, filename="county.csv")
    assert desk.name_columns(ctx, admin, import_id, list(desk.show(ctx, admin, import_id).mapping)) == []
    jobs.run_due(ctx, HANDLERS)
    desk.act(ctx, admin, import_id, "start")
    pushed: list[int] = []
    before = len(begun)
    while jobs.run_due(ctx, HANDLERS, most=1):
        # On this very thread: were the import's transaction still open, this push could never end.
        seen = place.record(home)[0]
        changes = {"phone": f"0999{len(pushed):07}"}
        [receipt] = place.push(cadre, place.edit(cadre, home, changes, base_version=seen, trunk_version=seen))
        assert receipt.status == "applied"
        pushed.append(receipt.position)

    assert dict(desk.show(ctx, admin, import_id).counts) == {"new": number}
    slices = -(-number // BATCH)
    assert len(begun) - before - len(pushed) <= slices * (1 + BESIDE) + 4 * len(pushed), "a transaction for each slice"
    with ctx.db.read() as session:
        imported = session.scalars(select(ChangeRow.position).where(ChangeRow.kind == "entity")).all()
    # In the order of the feed: some slices of the import, a push, some slices, a push…
    for earlier, later in pairwise(pushed):
        between = sum(earlier < at < later for at in imported)
        assert between <= SLICE * BATCH
    assert sum(at < pushed[0] for at in imported) >= BATCH
