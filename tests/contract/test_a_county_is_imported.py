"""The sheet of a whole county through the desk, on each database: in slices, with phones syncing between any two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count, pairwise

import pytest
from sqlalchemy import delete, event, select

from fieldsvc.services import jobs, published
from fieldsvc.services.imports import BATCH, desk
from fieldsvc.services.imports.pace import FEWEST, HOLD_MS, rows_after
from fieldsvc.services.imports.slices import SLICE
from fieldsvc.services.job_kinds import HANDLERS
from fieldsvc.store.tables import ChangeRow, DatasetRow
from tests.contract.place import Place
from tests.imports.sheets_made import csv
from tests.support.shipped import dataset

HEADINGS = ("户编号", "村代码", "户主姓名", "家庭人口数", "户类型", "住房面积")
#: What any part of an import may cost besides its slices: reading the file, the jobs, the end of each part.
BESIDE = 0.15


def standing(place: Place) -> Callable[[], int]:
    """A clock that stands."""
    now = place.ctx.now_ms()
    return lambda: now


@pytest.mark.parametrize("number", [2 * SLICE * BATCH + 1, pytest.param(10_000, marks=pytest.mark.proof)])
def test_between_any_two_slices_a_phone_pushes_and_gets_its_receipt(place: Place, number: int) -> None:
    # By a clock that stands, no batch holds anybody for long: how they shrink is told below.
    ctx, admin = replace(place.ctx, now_ms=standing(place)), place.office
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


def test_a_batch_that_held_phones_for_long_is_followed_by_a_shorter_one(place: Place) -> None:
    """As on a machine that gives the worker a twentieth of a core; here every look at the clock takes a while."""
    ticks = count(place.ctx.now_ms(), HOLD_MS // 20)
    ctx, number = replace(place.ctx, now_ms=lambda: next(ticks)), SLICE * BATCH // 2
    place.household()  # its village too
    with ctx.db.write() as session:
        session.execute(delete(DatasetRow).where(DatasetRow.name == "households"))
    published.publish_dataset(ctx, place.office, dataset("households"), digest="shipped")
    rows = ((f"H{n:06}", "451000000000", f"户主{n}", 4, "脱贫户", 60) for n in range(number))
    import_id = desk.upload(
        ctx, place.office, kind="households", source="county", data=csv(HEADINGS, *rows), filename="county.csv"
    )
    assert desk.name_columns(ctx, place.office, import_id, list(desk.show(ctx, place.office, import_id).mapping)) == []
    jobs.run_due(ctx, HANDLERS)
    desk.act(ctx, place.office, import_id, "start")
    begun: list[int] = []
    event.listen(ctx.db.write_engine, "commit", lambda _: begun.append(1))
    jobs.run_due(ctx, HANDLERS)
    assert dict(desk.show(ctx, place.office, import_id).counts) == {"new": number}
    assert len(begun) > 3 * number // BATCH


@pytest.mark.parametrize(
    ("rows", "took_ms", "then"),
    [
        (BATCH, HOLD_MS, BATCH),
        (BATCH, 4 * HOLD_MS, BATCH // 4),
        (FEWEST, 50 * HOLD_MS, FEWEST),
        (BATCH // 4, HOLD_MS // 3, BATCH // 2),
        (BATCH, 0, BATCH),
        (BATCH // 4, HOLD_MS * 2 // 3, BATCH // 4),
    ],
)
def test_the_rows_of_a_transaction_follow_what_the_last_one_took(rows: int, took_ms: int, then: int) -> None:
    assert rows_after(rows, took_ms) == then
