"""The list of people with its filter in the address, and adding one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.filters import name_key_of
from fieldsvc.office.frame import actor, words
from fieldsvc.office.titles import in_language
from fieldsvc.problems import LoginTaken
from fieldsvc.services.access import ROLES
from fieldsvc.services.staff import change, listing
from fieldsvc.services.staff.change import Details
from fieldsvc.services.staff.listing import Held, Wanted


def add_pages(pages: Blueprint) -> None:
    """Give the office its list of people."""
    pages.add_url_rule("/people", "people", people)
    pages.add_url_rule("/people", "add_person", add, methods=["POST"])


def people() -> str:
    """Everybody the reader administers, by name."""
    return _show()


def add() -> Any:
    """Add a person with a first role, and show them."""
    t, details, role = words(), details_of(request.form), request.form.get("role", "")
    if not details.name or not details.staff_no or role not in ROLES:
        return Response(_show(t("staff.needs")), 422)
    try:
        person_id = change.add(context(), actor(), details, role=role, area_id=request.form.get("area", ""))
    except LoginTaken as taken:
        return Response(_show(in_language(taken.title, t.language)), 409)
    flash(t("staff.added", name=details.name), "done")
    return redirect(url_for("office.person", person_id=person_id))


def details_of(form: Mapping[str, str]) -> Details:
    """Who somebody is, as a form says; empty is nothing."""
    name, *others = (form.get(field, "").strip()[:60] for field in ("name", "staff_no", "phone", "unit"))
    staff_no, phone, unit = (value or None for value in others)
    return Details(name, staff_no, phone, unit)


def role_text(held: Sequence[Held]) -> list[str]:
    """Each role with its area in words."""
    t = words()
    return [f"{t.known('role', role)} · {area}" for role, _, area in held]


def _show(problem: str | None = None) -> str:
    asked, after = request.args, name_key_of(request.args.get("after"))
    role = asked.get("role")
    wanted = Wanted(
        text=asked.get("q", "").strip()[:60],
        role=role if role in ROLES else None,
        area=asked.get("area") or None,
        retired=asked.get("state") == "retired",
    )
    found = listing.page(context(), wanted, by=actor(), after=after)
    here: dict[str, Any] = {"q": wanted.text, "role": wanted.role, "area": wanted.area}
    here = {name: value for name, value in {**here, "state": "retired" if wanted.retired else None}.items() if value}
    return render_template(
        "office/staff/people.html",
        wanted=wanted,
        roles=ROLES,
        areas=list(found.reach.areas.values()),
        lines=[
            {"row": row, "roles": role_text(found.roles.get(row.id, ())), "assigned": found.assigned.get(row.id, 0)}
            for row in found.lines
        ],
        problem=problem,
        written=request.form,
        first_url=url_for("office.people", **here) if after else None,
        next_url=url_for("office.people", **here, after="~".join(found.next)) if found.next else None,
    )
