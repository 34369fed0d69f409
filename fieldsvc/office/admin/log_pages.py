"""日志: who wrote, who looked, at which household, when; searched by address, paged by place in the log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.ledgers.periods import of_name
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.reports.view import called
from fieldsvc.office.titles import in_language
from fieldsvc.services import audit_search, households
from fieldsvc.services.audit_search import KINDS, Asked, Page
from fieldsvc.store.audit_search import Found


def add_pages(pages: Blueprint) -> None:
    """Give the office its log."""
    pages.add_url_rule("/log", "log", log)


def log() -> str:
    """The log, the newest first."""
    arguments = request.args
    asked = _asked(arguments)
    text = arguments.get("home", "").strip()[:60]
    there = households.search(context(), text, None, by=actor(), limit=8) if text else None
    choices = there.lines if there else ()
    if len(choices) == 1:
        asked = Asked(asked.who, choices[0].id, asked.kind, asked.since, asked.until)
    before = arguments.get("before", "")
    place = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
    found = audit_search.search(context(), asked, by=actor(), before=place)
    here = _arguments(asked)
    return render_template(
        "office/admin/log.html",
        asked=asked,
        kinds=list(KINDS),
        home=text,
        # Two of one name are told apart by where they live.
        choices=[
            (
                one.label,
                " ".join(there.reach.places(one.area_id)),
                url_for("office.log", **{**here, "household": one.id}),
            )
            for one in choices
        ]
        if there and len(choices) != 1
        else [],
        label=choices[0].label if len(choices) == 1 else "",
        missing=bool(text and not choices),
        lines=[_line(one, found) for one in found.lines],
        without=url_for("office.log", **{name: value for name, value in here.items() if name != "household"}),
        first_url=url_for("office.log", **here) if place else None,
        next_url=url_for("office.log", **here, before=found.next) if found.next else None,
    )


def _line(one: Found, page: Page) -> dict[str, Any]:
    """An entry in words: what was done, and a link to what it was done to as far as that has a page."""
    t, line = words(), one.line
    what: dict[str, Any] = {"text": "", "url": None}
    if one.thing in page.households:
        household, label = page.households[one.thing]
        what = {"text": label or t("no-name"), "url": url_for("office.household", household_id=household)}
        if one.thing.startswith("submission:"):
            what["url"] = url_for("office.visit", visit_id=one.thing.partition(":")[2])
    elif one.thing in page.people:
        person, name = page.people[one.thing]
        what = {"text": name or t("no-name"), "url": url_for("office.person", person_id=person)}
    else:
        kind, _, rest = one.thing.partition(":")
        named = in_language(page.titles.get(one.thing), t.language)
        period = of_name(rest.rpartition(":")[2]) if kind == "report" else None
        if named and period:
            named += called(period, t, formats())
        what["text"] = " ".join(part for part in (t.known("log.thing", kind), named or rest) if part)
    return {
        "at": line.at,
        "who": line.who or t("log.server" if line.actor_id is None else "log.console"),
        "unit": line.unit,
        "where": line.device or (t("viewers.office") if line.actor_id else ""),
        "act": t.known("log.act", line.action),
        "what": what,
        "reason": str(line.detail.get("reason") or ""),
    }


def _asked(arguments: Mapping[str, str]) -> Asked:
    kind = arguments.get("kind")
    return Asked(
        who=arguments.get("who", "").strip()[:60],
        household=arguments.get("household") or None,
        kind=kind if kind in KINDS else None,
        since=_day(arguments.get("since")),
        until=_day(arguments.get("until")),
    )


def _arguments(asked: Asked) -> dict[str, Any]:
    values = {
        "who": asked.who,
        "household": asked.household,
        "kind": asked.kind,
        "since": asked.since and asked.since.isoformat(),
        "until": asked.until and asked.until.isoformat(),
    }
    return {name: value for name, value in values.items() if value}


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
