"""A report in the reader's words: headings, cells with what came late, totals, what is doubtful."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from fieldsvc.ledgers.periods import Period
from fieldsvc.office.format import Format
from fieldsvc.office.words import Words
from fieldsvc.services.reports import figures
from fieldsvc.services.reports.figures import Village
from fieldsvc.services.reports.freezing import Report


def called(period: Period, t: Words, f: Format) -> str:
    """2026年11月, 2026年第4季度, 2026年第47周."""
    if period.kind == "month":
        return f.month(period.months[0])
    year, _, number = period.name.partition("-")
    return t(f"report.{period.kind}", year=year, n=int(number[1:]))


def headings(language: str) -> list[str]:
    """What stands over the figures."""
    return [one.label[language] for one in figures.figures()]


def shown(code: str, number: int, f: Format) -> str:
    """A number, or an amount that is kept in hundredths."""
    money = {one.code for one in figures.figures() if one.money}
    return f.amount(Decimal(number) / 100) if code in money else f"{number:,}"


def page(found: Report, t: Words, f: Format) -> dict[str, Any]:
    """Everything the template shows."""
    sums = figures.totals(found.rows)
    late = {one.code: sum(row.get(one.code, 0) for row in found.late.values()) for one in figures.figures()}
    return {
        "title": called(found.period, t, f),
        "headings": headings(t.language),
        "rows": [
            {
                "place": f"{row.town} {row.name}".strip(),
                "cells": _cells(row.numbers, found.late.get(row.area_id, {}), f),
            }
            for row in found.rows
        ],
        "totals": _cells(sums, late, f),
        "share": f.share(sums["visited"], sums["households"]),
        "doubts": [t(f"report.doubt.{code}", place=place) for place, code in found.doubts],
        "has_late": any(late.values()),
    }


def _row(row: Village, late: Mapping[str, int], f: Format) -> dict[str, Any]:
    return {"place": f"{row.town} {row.name}".strip(), "cells": _cells(row.numbers, late, f)}


def _cells(numbers: Mapping[str, int], late: Mapping[str, int], f: Format) -> list[dict[str, str]]:
    return [
        {"text": shown(one.code, numbers.get(one.code, 0), f), "late": _late(one.code, late.get(one.code, 0), f)}
        for one in figures.figures()
    ]


def _late(code: str, number: int, f: Format) -> str:
    return f"{'+' if number > 0 else '−'}{shown(code, abs(number), f)}" if number else ""
