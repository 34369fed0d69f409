"""专项任务: the campaigns there are, a new one, one with its coverage by village, and the list to walk with."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.campaigns import view
from fieldsvc.office.filters import key_of, text_of_key
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.problems import NotFound, ReasonMissing, SheetMerged, SheetTooLarge, SheetUnreadable
from fieldsvc.services.campaigns import crossing, making, reading
from fieldsvc.services.campaigns.making import Plan

#: Numbers named when a sheet has some that nobody knows.
_NAMED = 20


def add_pages(pages: Blueprint) -> None:
    """Give the office its campaigns."""
    pages.add_url_rule("/campaigns", "campaigns", shelf)
    pages.add_url_rule("/campaigns/new", "new_campaign", new)
    pages.add_url_rule("/campaigns/new", "make_campaign", make, methods=["POST"])
    pages.add_url_rule("/campaigns/<campaign_id>", "campaign", one)
    pages.add_url_rule("/campaigns/<campaign_id>", "change_campaign", change, methods=["POST"])
    pages.add_url_rule("/campaigns/<campaign_id>/unvisited", "campaign_unvisited", unvisited)


def shelf() -> str:
    """The campaigns that concern the reader, the newest first."""
    after = key_of(request.args.get("after"))
    rows, within = reading.shelf(context(), by=actor(), after=after)
    shown = rows[: reading.PAGE]
    last = (shown[-1].at, shown[-1].id) if len(rows) > reading.PAGE else None
    return render_template(
        "office/campaigns/shelf.html",
        rows=[view.line(row, within, words(), formats()) for row in shown],
        first_url=url_for("office.campaigns") if after else None,
        next_url=url_for("office.campaigns", after=text_of_key(last)) if last else None,
    )


def new() -> str:
    """What a campaign is made of."""
    return _new()


def make() -> Any:
    """Freeze the list, unless something is missing or a number of the sheet is nobody's."""
    t = words()
    try:
        plan = _plan()
    except (SheetUnreadable, SheetTooLarge, SheetMerged) as problem:
        return Response(_new(f"{problem.title[t.language]} {problem.remedy[t.language]}"), problem.status)
    if plan is None:
        return Response(_new(t("campaign.incomplete")), 422)
    made = making.make(context(), plan, by=actor())
    if made.unknown:
        some = t("comma").join(made.unknown[:_NAMED])
        return Response(_new(t("campaign.unknown", n=len(made.unknown), some=some)), 422)
    flash(t("campaign.made", n=made.targets), "done")
    return redirect(url_for("office.campaign", campaign_id=made.id))


def one(campaign_id: str) -> str:
    """Coverage by village, what was added late, who checks whom."""
    return _one(campaign_id)


def change(campaign_id: str) -> Any:
    """Add a household that was forgotten, or let one town check another's."""
    t, form = words(), request.form
    there = redirect(url_for("office.campaign", campaign_id=campaign_id))
    if form.get("step") == "cross":
        crossing.arrange(context(), campaign_id, form.get("checkers", ""), form.get("checked", ""), by=actor())
        flash(t("campaign.crossed"), "done")
        return there
    if form.get("step") != "add":
        reading.page(context(), campaign_id, by=actor())
        return there
    try:
        added = making.add_late(
            context(), campaign_id, form.get("number", "").strip(), form.get("reason", ""), by=actor()
        )
    except ReasonMissing:
        return Response(_one(campaign_id, t("campaign.needs-reason")), 422)
    except NotFound:
        return Response(_one(campaign_id, t("campaign.no-such-number")), 422)
    flash(t("campaign.added") if added else t("campaign.was-there"), "done")
    return there


def unvisited(campaign_id: str) -> str:
    """The households of a campaign that are still to visit, by village: a sheet to take along."""
    area = request.args.get("area") or None
    found = reading.unvisited(context(), campaign_id, area, by=actor())
    areas = found.reach.areas
    return render_template(
        "office/campaigns/unvisited.html",
        row=found.row,
        area_names=[areas[area].name] if area and area in areas else found.reach.roots(),
        villages=[
            {"name": areas[village].name if village in areas else "", "lines": list(lines)}
            for village, lines in groupby(found.lines, key=lambda line: line.area_id)
        ],
        helpers=found.helpers,
        total=len(found.lines),
        cut=found.cut,
    )


def _one(campaign_id: str, problem: str | None = None) -> str:
    found = reading.page(context(), campaign_id, by=actor())
    return render_template(
        "office/campaigns/one.html", **view.page(found, words(), formats()), asked=request.form, problem=problem
    )


def _new(problem: str | None = None) -> str:
    _, within = reading.shelf(context(), by=actor())
    forms = reading.forms(context(), by=actor())
    return render_template(
        "office/campaigns/new.html",
        areas=list(within.areas.values()),
        forms=view.forms(forms, words()),
        conditions=view.conditions(reading.households(context()), formats()),
        asked=request.form,
        problem=problem,
    )


def _plan() -> Plan | None:
    """What was asked for; nothing when a name, an area or a day is missing, or it ends before it begins or never."""
    form, file = request.form, request.files.get("file")
    begins, ends = _day(form.get("begins")), _day(form.get("ends"))
    name, area = " ".join(form.get("name", "").split())[:80], form.get("area", "")
    if not name or not area or begins is None or ends is None or not begins <= ends < date.max:
        return None
    condition, _, code = form.get("condition", "").partition("=")
    filename = file.filename or "" if file is not None else ""
    numbers = making.numbers_of(context(), file.read(), filename) if file is not None and filename else []
    return Plan(
        name=name,
        area_id=area,
        form_id=form.get("form") or None,
        from_at=_moment(begins),
        to_at=_moment(ends + timedelta(days=1)),
        property=condition or None,
        code=code or None,
        numbers=numbers,
        filename=filename[-120:],
    )


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _moment(day: date) -> int:
    """The first moment of a day where the county is, in UTC milliseconds."""
    return int(datetime.combine(day, time.min, tzinfo=formats().zone).timestamp() * 1000)
