"""The ledgers this release ships: each fits the datasets and forms it is read from, and covers what the field keeps."""

from __future__ import annotations

import pytest

from fieldsvc import forms
from fieldsvc.ledgers.model import PLACES, VISIT_FACTS, Ledger, Source
from fieldsvc.ledgers.read import parse
from fieldsvc.xlsform.columns import Table, tables
from tests.support.shipped import compiled

DATASETS = {name: definition["properties"] for name, definition in forms.datasets().items()}
LEDGERS = {name: parse(name, content, DATASETS) for name, content in forms.ledgers().items()}


@pytest.fixture(scope="module")
def visit() -> list[Table]:
    return tables([compiled()["visit"]])


def test_there_is_a_ledger_for_each_thing_the_field_keeps_one_of() -> None:
    asked = {
        *("visits", "good_deeds", "pairings", "unpaired", "housing_safety", "housing_renovation", "housing_relocation"),
        *("housing_no_work", "water", "power", "problems", "employment", "training", "education", "health"),
        *("disability", "welfare", "measures", "industry", "public_calls", "public_posts", "self_care"),
        *("work_grants", "training_roster", "gone_households"),
    }
    assert asked <= LEDGERS.keys()


@pytest.mark.parametrize("name", [name for name, one in LEDGERS.items() if one.source is Source.FORM])
def test_what_a_ledger_of_visits_shows_is_asked_in_the_form(name: str, visit: list[Table]) -> None:
    ledger: Ledger = LEDGERS[name]
    [table] = [one for one in visit if one.ref == ledger.repeat]
    facts = {*PLACES, *VISIT_FACTS}
    questions = {one.of for one in ledger.columns if one.of not in facts and "household." not in one.of}
    assert questions <= set(table.columns)


@pytest.mark.parametrize("name", [name for name, one in LEDGERS.items() if one.source is Source.DATASET])
def test_conditions_and_totals_fit_the_properties(name: str) -> None:
    ledger = LEDGERS[name]
    properties = DATASETS[ledger.of]
    for condition in (*ledger.where, *(one for share in ledger.shares for one in share.where)):
        codes = {choice["value"] for choice in properties[condition.of]["choices"]}
        assert condition.how == "filled" or not codes or condition.values <= codes, condition
    for column in ledger.columns:
        assert not column.total or properties[column.of]["type"] in ("int", "decimal"), column


def test_nothing_that_a_ledger_masks_can_be_read_off_a_total_a_share_or_a_filter() -> None:
    told = {
        f"{ledger.of}.{of}"
        for ledger in LEDGERS.values()
        if ledger.source is Source.DATASET
        for of in (
            *(one.of for one in ledger.columns if one.total),
            *(one.of for share in ledger.shares for one in share.where),
            *ledger.filters,
        )
        if DATASETS[ledger.of].get(of, {}).get("sensitivity", "open") != "open"
    }
    assert told == set()
