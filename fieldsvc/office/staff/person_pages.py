"""One person: who they are, their roles, their phones, and whether they still work here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.frame import actor, words
from fieldsvc.office.staff.people_pages import details_of
from fieldsvc.office.titles import in_language
from fieldsvc.problems import LastAdministrator, LoginTaken, NotAllowed, NotFound, StillAssigned
from fieldsvc.services import people as services
from fieldsvc.services.access import ROLES
from fieldsvc.services.staff import change, listing, own_file


def add_pages(pages: Blueprint) -> None:
    """Give the office a page for each person."""
    pages.add_url_rule("/people/<person_id>", "person", person)
    pages.add_url_rule("/people/<person_id>", "change_person", act, methods=["POST"])


def person(person_id: str) -> str:
    """Everything an administrator may see and change of one person."""
    return _show(person_id)


def act(person_id: str) -> Any:
    """One change; what stands in its way is said on the same page, and nothing is changed then."""
    t, action = words(), request.form.get("action", "")
    found = listing.person(context(), person_id, by=actor())
    if action == "password":
        if not found.row.active:
            return Response(_show(person_id, t("staff.retired-first")), 409)
        secret = change.new_password(context(), actor(), person_id)
        return _show(person_id, secret=secret)
    step = _STEPS.get(action)
    if step is None:
        return Response(_show(person_id, t("staff.nothing")), 422)
    try:
        refused = step(person_id)
    except (LastAdministrator, LoginTaken, StillAssigned) as problem:
        told = in_language(problem.title, t.language) + t("sentence-gap") + in_language(problem.remedy, t.language)
        return Response(_show(person_id, told), problem.status)
    if refused:
        return Response(_show(person_id, t(refused)), 422)
    flash(t(f"staff.done.{action}"), "done")
    # Who has taken the last role of a person in their own area cannot see that person any more.
    return redirect(url_for("office.person", person_id=person_id) if _is_there(person_id) else url_for("office.people"))


def _describe(person_id: str) -> str | None:
    details = details_of(request.form)
    if not details.name or not details.staff_no:
        return "staff.needs-name"
    change.describe(context(), actor(), person_id, details)
    return None


def _grant(person_id: str) -> str | None:
    role, area = request.form.get("role", ""), request.form.get("area", "")
    if role not in ROLES:
        return "staff.needs-role"
    try:
        services.grant_role(context(), actor(), person_id, role, area)
    except NotAllowed:  # an area above one's own is answered like one that is not there
        raise NotFound from None
    return None


def _end(person_id: str) -> str | None:
    role, _, area = request.form.get("held", "").partition("@")
    if role not in ROLES:
        return "staff.needs-role"
    services.end_role(context(), actor(), person_id, role, area)
    return None


def _open_file(person_id: str) -> str | None:
    own_file.open_for(context(), actor(), person_id)
    return None


def _close_file(person_id: str) -> str | None:
    own_file.close(context(), actor(), person_id)
    return None


def _retire(person_id: str) -> str | None:
    change.retire(context(), actor(), person_id)
    return None


def _reinstate(person_id: str) -> str | None:
    change.reinstate(context(), actor(), person_id)
    return None


_STEPS: dict[str, Callable[[str], str | None]] = {
    "describe": _describe,
    "grant": _grant,
    "end": _end,
    "open-file": _open_file,
    "close-file": _close_file,
    "retire": _retire,
    "reinstate": _reinstate,
}


def _is_there(person_id: str) -> bool:
    try:
        listing.person(context(), person_id, by=actor())
    except NotFound:
        return False
    return True


def _show(person_id: str, problem: str | None = None, *, secret: str | None = None) -> str:
    found = listing.person(context(), person_id, by=actor())
    return render_template(
        "office/staff/person.html",
        person=found,
        roles=ROLES,
        areas=list(found.reach.areas.values()),
        # One that is open can be closed, although the county has turned leave off meanwhile.
        own_file=own_file.is_open(context(), actor(), person_id) or (False if own_file.is_kept(context()) else None),
        unsent=sum(one.pending_operations for one in found.devices if one.revoked_at is None),
        problem=problem,
        secret=secret,
        login=found.row.staff_no or found.row.phone or "",
    )
