"""催访提醒: a text for each village to paste into its group chat: which households are not visited yet this month.

Everybody in the group reads it: names keep their first character, and no cadre is named, counted or compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from flask import Blueprint, render_template, request

from fieldsvc.extensions import context
from fieldsvc.office.filters import month_argument
from fieldsvc.office.format import month_of
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.services import coverage
from fieldsvc.services.coverage import VillageCoverage
from fieldsvc.store.coverage import UnvisitedLine


def add_pages(pages: Blueprint) -> None:
    """Give the office its reminders."""
    pages.add_url_rule("/coverage/reminder", "reminder", reminder)


def reminder() -> str:
    """One text for each village with somebody still to visit."""
    f = formats()
    month = month_argument(request.args.get("month")) or month_of(f.now_ms, f.zone)
    area = request.args.get("area") or None
    found = coverage.unvisited(context(), month, area, by=actor())
    counted, _ = coverage.by_village(context(), month, by=actor())
    villages = {one.id: one for one in counted}
    by_area = groupby(found.lines, key=lambda line: line.area_id)
    return render_template(
        "office/reminder.html",
        month=month,
        texts=[
            (villages[one].name, _text(month, villages[one], list(lines))) for one, lines in by_area if one in villages
        ],
        cut=len(found.lines) < found.total,
        shown=len(found.lines),
    )


def _text(month: int, village: VillageCoverage, lines: Sequence[UnvisitedLine]) -> str:
    t, f = words(), formats()
    hamlets: dict[str, list[str]] = {}
    for line in lines:
        hamlets.setdefault(line.properties.get("hamlet") or "", []).append(_masked(line.label))
    first = t(
        "reminder.first",
        village=village.name,
        month=f.month(month),
        n=len(lines),
        households=village.households,
        at=f.time(f.now_ms),
    )
    places = [
        t("reminder.hamlet", hamlet=hamlet or t("reminder.elsewhere"), n=len(names), names=t("comma").join(names))
        for hamlet, names in sorted(hamlets.items(), key=lambda one: (not one[0], one[0]))
    ]
    return "\n".join([first, *places, t("reminder.last")])


def _masked(name: str) -> str:
    """As on a public board: the first character, and as many marks as others follow."""
    return f"{name[:1]}{'＊' * (len(name) - 1)}"
