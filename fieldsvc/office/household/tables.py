"""Records of one kind as a table: measures, income by year, payments; masked like everything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from fieldsvc.office.format import Format
from fieldsvc.office.labels import Labels
from fieldsvc.services.dossier.tables import Table, tables
from fieldsvc.services.households import Record

_NUMBERS = ("int", "decimal")


def laid_out(
    records: Sequence[Record], datasets: Mapping[str, Mapping[str, Any]], shown: Mapping[str, Any], f: Format
) -> list[dict[str, Any]]:
    """The tables that have a record, in the order of the page. `shown` is each record whole, by its id."""
    found = []
    for table in tables():
        ours = [one for one in records if one.dataset == table.dataset]
        if ours:
            found.append(_table(table, ours, Labels(datasets.get(table.dataset), f), shown))
    return found


def names() -> frozenset[str]:
    """The datasets that have a table."""
    return frozenset(table.dataset for table in tables())


def _table(table: Table, records: Sequence[Record], labels: Labels, shown: Mapping[str, Any]) -> dict[str, Any]:
    values = {one.id: {each.name: each.value for each in one.properties} for one in records}
    ordered = sorted(records, key=lambda one: (str(values[one.id].get(table.newest) or ""), one.id), reverse=True)
    return {
        "id": table.dataset,
        "title": labels.title,
        "columns": [{"label": labels.label(name), "number": _is_number(labels, name)} for name in table.columns],
        "rows": [_row(table, one, values[one.id], labels) for one in ordered],
        "totals": _totals(table, list(values.values())) if len(ordered) > 1 else [],
        "records": [shown[one.id] for one in ordered],
    }


def _row(table: Table, record: Record, values: Mapping[str, Any], labels: Labels) -> dict[str, Any]:
    newest = max((one for one in record.properties if one.at), key=lambda one: one.at or 0, default=None)
    return {
        "cells": [
            {
                "label": labels.label(name),
                "masked": labels.is_masked(name) and values.get(name) not in (None, ""),
                "text": labels.display(name, values.get(name)),
                "number": _is_number(labels, name),
            }
            for name in table.columns
        ],
        "by": newest.by if newest else "",
        "at": newest.at if newest else None,
        "visit_id": newest.visit_id if newest else None,
    }


def _totals(table: Table, values: Sequence[Mapping[str, Any]]) -> list[str]:
    """The sum below each column that has one, empty below the others."""
    if not table.total:
        return []
    return [
        _plain(sum(_amount(one.get(name)) for one in values)) if name in table.total else "" for name in table.columns
    ]


def _amount(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return Decimal(0)


def _plain(total: Decimal | int) -> str:
    return f"{Decimal(total).normalize():f}"


def _is_number(labels: Labels, name: str) -> bool:
    return labels.kind(name) in _NUMBERS
