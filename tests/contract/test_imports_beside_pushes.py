"""A long import holds no phone up: between its slices everybody else's transactions have their turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from fieldsvc.services import imports
from fieldsvc.services.imports import BATCH, Row
from fieldsvc.store.tables import ChangeRow
from tests.contract.place import Place

ROWS = 5 * BATCH


class Sheet(Sequence[Row]):
    """A table from another office, read slice by slice; something else happens whenever the next one is asked for."""

    def __init__(self, rows: Sequence[Row], meanwhile: Callable[[], None]) -> None:
        self._rows, self._meanwhile = rows, meanwhile

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, which: Any) -> Any:
        self._meanwhile()
        return self._rows[which]


def test_between_the_slices_of_an_import_of_a_thousand_rows_phones_push_and_get_their_receipts(place: Place) -> None:
    homes = [place.household(phone="09990000000") for _ in range(5)]
    east = place.cadre(*homes)
    waiting = [place.edit(east, home, {"phone": "09990000001"}) for home in homes]
    receipts = []

    def a_phone_finds_signal() -> None:
        # On this very thread: were a slice asked for within the import's transaction, this push could never end.
        receipts.extend(place.push(east, waiting.pop()))

    rows = [
        Row(f"46-{number:05}", {"phone": "09991111111"}, f"Household {number}", "451000000000")
        for number in range(ROWS)
    ]
    report = imports.apply(
        place.ctx, place.office, Sheet(rows, a_phone_finds_signal), source="civil-affairs", dataset="households"
    )

    assert {receipt.status for receipt in receipts} == {"applied"}
    assert (len(receipts), len(waiting), report.created) == (5, 0, ROWS), report
    pushed = [receipt.position for receipt in receipts]
    with place.ctx.db.read() as session:
        imported = session.scalars(select(ChangeRow.position)).all()
    # In the order of the feed: a push, a slice, a push, a slice…
    for earlier, later in pairwise(pushed):
        assert len([at for at in imported if earlier < at < later]) >= BATCH
