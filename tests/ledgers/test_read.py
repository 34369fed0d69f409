"""A ledger's file is checked word by word, and each mistake says where it stands."""

from __future__ import annotations

from typing import Any

import pytest

from fieldsvc import forms
from fieldsvc.ledgers.model import Column, Condition, How, Source
from fieldsvc.ledgers.read import LedgerProblem, parse

HOUSEHOLDS = {"head_name": {"type": "string"}, "phone": {"type": "string"}}
WELLS = {"depth": {"type": "decimal"}, "dug_on": {"type": "date"}, "kind": {"type": "select_one"}}
WELLS |= {
    "ill": {"type": "select_one", "sensitivity": "health"},
    "paid": {"type": "decimal", "sensitivity": "personal"},
}
DATASETS: dict[str, Any] = {"households": HOUSEHOLDS, "wells": WELLS}
WELL = {"zh": "水井台账", "en": "Wells", "dataset": "wells", "columns": ["village", "household.head_name", "depth"]}


def test_a_ledger_says_where_its_rows_come_from_and_what_it_shows() -> None:
    more = {
        "month": "dug_on",
        "filters": ["kind"],
        "columns": ["village", {"of": "depth", "total": True, "zh": "深（米）", "en": "Depth (m)"}],
        "shares": [{"zh": "深井", "en": "Deep", "where": [{"of": "kind", "in": ["deep"]}]}],
    }
    ledger = parse("wells", {**WELL, **more}, DATASETS)
    assert (ledger.source, ledger.of, ledger.month, ledger.filters) == (Source.DATASET, "wells", "dug_on", ("kind",))
    assert ledger.columns == (Column("village"), Column("depth", {"zh": "深（米）", "en": "Depth (m)"}, True))
    assert ledger.shares[0].where == (Condition("kind", How.IN, frozenset({"deep"})),)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"dataset": "springs"}, "no dataset springs"),
        ({"form": "visit"}, "one of dataset, form, pairings and unpaired"),
        ({"columns": []}, "columns are needed"),
        ({"columns": ["width"]}, "there is no width"),
        ({"columns": ["household.width"]}, "there is no household.width"),
        ({"columns": [{"of": "depth", "wide": True}]}, "no key wide"),
        ({"month": "depth"}, "month names depth"),
        ({"filters": ["depth"]}, "filters name depth"),
        ({"repeat": "/items"}, "repeat is for"),
        ({"where": [{"of": "depth"}]}, "the condition on depth needs one of"),
        ({"where": [{"of": "depth", "filled": True, "in": ["1"]}]}, "the condition on depth needs one of"),
        ({"shares": [{"zh": "深", "where": []}]}, "labels in zh and en"),
        ({"columns": [{"of": "paid", "total": True}]}, "total of paid would say of a single row"),
        ({"shares": [{"zh": "病", "en": "Ill", "where": [{"of": "ill", "filled": True}]}]}, "share over ill would say"),
        ({"filters": ["ill"]}, "filter by ill would say"),
        ({"colour": "red"}, "no key colour"),
        ({"zh": ""}, "labels in zh and en"),
    ],
)
def test_a_mistake_names_the_ledger_and_what_is_wrong(change: dict[str, Any], words: str) -> None:
    with pytest.raises(LedgerProblem, match=f"^wells.*{words}"):
        parse("wells", {**WELL, **change}, DATASETS)


def test_a_ledger_of_households_without_a_helper_knows_their_own_properties_alone() -> None:
    content = {"zh": "未结对", "en": "Unpaired", "unpaired": True, "columns": ["village", "household.head_name"]}
    where = [{"of": "household.head_name", "filled": True}]
    assert parse("alone", {**content, "where": where}, DATASETS).source is Source.UNPAIRED
    mistakes: list[tuple[dict[str, Any], str]] = [
        ({"columns": ["helper"]}, "there is no helper"),
        ({"where": [{"of": "village", "in": ["x"]}]}, "only its own"),
    ]
    for wrong, words in mistakes:
        with pytest.raises(LedgerProblem, match=words):
            parse("alone", {**content, **wrong}, DATASETS)


def test_a_county_lays_its_own_ledgers_over_the_shipped_ones() -> None:
    wells = 'zh = "水井台账"\nen = "Wells"\ndataset = "households"\ncolumns = ["head_name"]\n'
    found = forms.ledgers(f"[visits]\noff = true\n[wells]\n{wells}")
    assert "visits" not in found
    assert found["wells"]["zh"] == "水井台账"
    assert "pairings" in found


def test_a_file_that_is_no_toml_is_refused() -> None:
    with pytest.raises(LedgerProblem, match="no TOML"):
        forms.ledgers("[visits")
