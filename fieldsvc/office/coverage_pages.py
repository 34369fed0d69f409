"""Coverage of a month by village, and the list of households still to visit, made to be printed."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Blueprint, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.filters import month_argument
from fieldsvc.office.format import month_of, months_back
from fieldsvc.office.frame import actor, formats
from fieldsvc.services import coverage
from fieldsvc.store.coverage import Key

#: A page of the list on screen; the whole of it is for paper.
LINES = 100


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
    whole, after = request.args.get("all") == "1", _key(request.args.get("after"))
    limit = coverage.MOST_LINES if whole else LINES
    found = coverage.unvisited(context(), month, area, by=actor(), after=after, limit=limit)
    areas = found.reach.areas
    villages = [
        {
            "name": areas[village].name if village in areas else "",
            "left": found.left[village],
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
    here: dict[str, Any] = {"month": month, "area": area}
    names = [areas[area].name] if area and area in areas else found.reach.roots()
    return render_template(
        "office/unvisited.html",
        month=month,
        area_names=names,
        villages=villages,
        total=found.total,
        shown=len(found.lines),
        cut=whole and found.next is not None,
        first_url=url_for("office.unvisited", **here) if after else None,
        next_url=url_for("office.unvisited", **here, after="~".join(found.next)) if found.next else None,
        all_url=url_for("office.unvisited", **here, all=1) if found.next and not whole else None,
    )


def _key(text: str | None) -> Key | None:
    if not text:
        return None
    village, _, rest = text.partition("~")
    name, _, household = rest.rpartition("~")
    return village, name, household


def _month() -> int:
    f = formats()
    return month_argument(request.args.get("month")) or month_of(f.now_ms, f.zone)


def _months() -> list[int]:
    f = formats()
    return months_back(month_of(f.now_ms, f.zone), 24)
