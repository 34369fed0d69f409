"""The same ledgers on PostgreSQL: conditions, sums, pages and repeats."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from fieldsvc.config import Settings
from fieldsvc.ids import random_uuid7
from fieldsvc.services.context import Context, open_context
from tests.office.conftest import LEDGERS
from tests.office.desk import Desk, text
from tests.office.district import District
from tests.office.ledger_world import add_houses, keep_houses
from tests.office.moments import Moments
from tests.support.app import app_on
from tests.support.migrated import migrate_empty


@pytest.fixture
def on_postgres(postgres_url: str, tmp_path: Path, moments: Moments) -> Iterator[Context]:
    migrate_empty(postgres_url)
    made = iter(range(1_000_000))
    settings = Settings(mode="test", data_folder=tmp_path, ledgers_file=str(LEDGERS))
    ctx = open_context(
        dataclasses.replace(settings, database_url=postgres_url),
        now_ms=moments,
        new_id=lambda: random_uuid7(moments.now + next(made)),
    )
    yield ctx
    ctx.db.dispose()


def test_ledgers_are_the_same_on_postgres(on_postgres: Context, moments: Moments) -> None:
    district = District(on_postgres, moments)
    keep_houses(district)
    add_houses(district)
    home = district.household("陈一", district.upper, helper=district.li, hh_no="0001")
    district.record(home, "housing_cases", "", case_no="H-9", subsidy="一万")
    visit = district.visit(home, district.li, {"needs": [{"_id": "1", "text": "修路", "amount": "20.5"}]})
    desk = Desk(app_on(on_postgres))
    assert desk.signs_in("S01").status_code == 302
    houses = text(desk.opens("/office/ledgers/houses"))
    assert "合计（4） 30,000.55" in houses, "what is no number breaks nothing"
    assert "已竣工 25.0 %（1/4）" in houses
    assert "1 行" in text(desk.opens("/office/ledgers/houses?month=202611&is.stage=started"))
    assert f"/office/visits/{visit}" in desk.opens("/office/ledgers/requests")
    assert f"/office/visits/{visit}" not in desk.opens("/office/ledgers/requests?after=1~x")
    assert "李帮扶" in desk.opens("/office/ledgers/roster")
    assert "没有记录" in text(desk.opens("/office/ledgers/roster?after=9~x~x"))
    other = district.household("陈二", district.upper, hh_no="0002")
    assert f"/office/households/{other}" in desk.opens("/office/ledgers/alone")
    assert f"/office/households/{home}" not in desk.opens("/office/ledgers/alone")
