"""Coverage of a month by village, and the list of households still to visit, made to be printed."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, render_template, request

from fieldsvc.extensions import context
from fieldsvc.office.filters import month_argument
from fieldsvc.office.format import month_of, months_back
from fieldsvc.office.frame import actor, formats
from fieldsvc.services import coverage


def add_pages(pages: Blueprint) -> None:
    """Give the office its coverage pages."""
    pages.add_url_rule("/coverage", "coverage", by_village)
    pages.add_url_rule("/coverage/unvisited", "unvisited", unvisited)


def by_village() -> str:
    """One month, village by village."""
    month = _month()
    villages, area_names = coverage.by_village(context(), month, by=actor())
    return render_template(
        "office/coverage.html",
        month=month,
        months=_months(),
        coverage=villages,
        area_names=area_names,
        households=sum(village.households for village in villages),
        visited=sum(village.visited for village in villages),
    )


def unvisited() -> str:
    """Households without a visit in the month, by village: a sheet to take along."""
    month, area = _month(), request.args.get("area") or None
    found = coverage.unvisited(context(), month, area, by=actor())
    areas = found.reach.areas
    villages = [
        {
            "name": areas[village].name if village in areas else "",
            "lines": [
                {
                    "id": line.id,
                    "label": line.label,
                    "hamlet": line.properties.get("hamlet") or "",
                    "helpers": found.helpers.get(line.id, []),
                    "last_visit_at": line.last_visit_at,
                }
                for line in lines
            ],
        }
        for village, lines in groupby(found.lines, key=lambda line: line.area_id)
    ]
    names = [areas[area].name] if area and area in areas else found.reach.roots()
    return render_template(
        "office/unvisited.html",
        month=month,
        area_names=names,
        villages=villages,
        total=found.total,
        shown=len(found.lines),
        cut=len(found.lines) < found.total,
    )


def _month() -> int:
    f = formats()
    return month_argument(request.args.get("month")) or month_of(f.now_ms, f.zone)


def _months() -> list[int]:
    f = formats()
    return months_back(month_of(f.now_ms, f.zone), 24)
