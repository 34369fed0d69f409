"""What departments know of people comes as their sheets say it, and stands in the ledgers: grants and classes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from fieldsvc.services import definitions, enrol
from fieldsvc.services.context import Context
from fieldsvc.services.imports import kinds
from fieldsvc.services.ledgers import reading
from fieldsvc.services.ledgers.reading import Wanted
from fieldsvc.store.tables import PersonRow
from tests.support.demo import Demo


@pytest.fixture
def ctx(demo: Demo) -> Iterator[Context]:
    opened = demo.context()
    yield opened
    opened.db.dispose()


def page(ctx: Context, ledger: str, **codes: str) -> reading.LedgerPage:
    """A ledger as the county reads it."""
    with ctx.db.read() as session:
        county = session.scalars(select(PersonRow.id).where(PersonRow.staff_no == "county")).one()
    by = enrol.actor_of(ctx, county)
    assert by is not None
    return reading.page(ctx, ledger, Wanted(codes=codes), by=by)


def test_the_columns_of_the_labour_office_and_of_a_class_are_known(ctx: Context) -> None:
    headings = {
        "身份证号": "id_no",
        "务工奖补状态": "grant_state",
        "奖补日期": "grant_on",
        "奖补金额（元）": "grant_paid",
        "培训班名称": "training",
        "开班日期": "training_on",
        "到课天数": "training_days",
        "结业证书编号": "training_certificate",
    }
    with ctx.db.read() as session:
        known = definitions.datasets(ctx, session)
    assert kinds.guess(kinds.kind_of("members"), known, list(headings)) == list(headings.values())


def test_how_far_the_claims_are_is_counted_and_what_was_paid_added_up(ctx: Context) -> None:
    every = page(ctx, "work_grants").sums
    states = {state: page(ctx, "work_grants", grant_state=state).sums for state in _STATES}
    assert all(one.rows for one in states.values())
    assert sum(one.rows for one in states.values()) == every.rows
    paid, reviewed = states["paid"], states["reviewed"]
    assert [number for _, number in every.shares] == [reviewed.rows + paid.rows, paid.rows]
    assert every.totals["grant_paid"] == paid.rows * 600


_STATES = ("applied", "reviewed", "paid", "refused")


def test_the_roster_of_classes_names_who_sat_there_for_how_long_and_who_has_a_certificate(ctx: Context) -> None:
    found = page(ctx, "training_roster")
    [(label, certified)] = found.sums.shares
    assert label["zh"] == "已发证书"
    assert 0 < certified < found.sums.rows
    assert found.sums.totals["training_days"] > found.sums.rows
    shown = [heading.of for heading in found.opened.headings]
    assert {"full_name", "training", "training_on", "training_days", "training_certificate"} <= set(shown)
