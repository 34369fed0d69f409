"""注销: the households that are gone, those chosen for closing with what closing does, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.labels import Labels
from fieldsvc.office.ledgers import view
from fieldsvc.problems import NotFound
from fieldsvc.services import closing, households
from fieldsvc.services.closing import Home, Outcome
from fieldsvc.services.ledgers import reading
from fieldsvc.services.reviewing import first_page


def add_pages(pages: Blueprint) -> None:
    """Give the office the closing of households."""
    pages.add_url_rule("/households/gone", "gone", gone)
    pages.add_url_rule("/households/close", "close", close, methods=["POST"])


def gone() -> str:
    """The households to be closed, a page of them, with what keeps some of them open."""
    return _list()


def close() -> Any:
    """First what would be closed, with the filter and what it does; then, with a reason, what became of each."""
    t, wanted = words(), _wanted()
    if not wanted:
        return Response(_list(t("closing.choose")), 422)
    reason = request.form.get("reason", "").strip()
    if not request.form.get("sure"):
        return _sure(wanted)
    if not reason:
        return Response(_sure(wanted, t("closing.needs-reason")), 422)
    found = closing.close(context(), wanted, by=actor(), reason=reason, words=_sentence())
    if not found.done and not found.before and not found.left:
        raise NotFound
    for key, number in (("done", len(found.done)), ("before", len(found.before)), ("unknown", found.unknown)):
        if number:
            flash(t(f"closing.{key}", n=number), "problem" if key == "unknown" else "done")
    return _told(found) if found.left else redirect(_back())


def _list(problem: str | None = None) -> str:
    t, f = words(), formats()
    after = reading.key_of(request.args.get("after"))
    found = closing.gone(context(), view.wanted_of(request.args), by=actor(), after=after)
    here, labels = view.arguments_of(found.page.wanted), Labels(found.definition, f)
    following = "~".join(found.page.next) if found.page.next else None
    return render_template(
        "office/closing/gone.html",
        **{**view.page(found.page, t, f), "title": t("closing.title")},
        homes=[
            {
                **_shown(found.homes[line.subject_id]),
                "places": " ".join(found.page.reach.places(found.homes[line.subject_id].area_id)),
                "gone": labels.display(households.GONE, line.values.get(households.GONE)),
                "gone_on": labels.display("gone_on", line.values.get("gone_on")),
            }
            for line in found.page.lines
            if line.subject_id in found.homes
        ],
        here=here,
        first_url=url_for("office.gone", **here) if after else None,
        next_url=url_for("office.gone", **here, after=following) if following else None,
        problem=problem,
    )


def _sure(wanted: Sequence[tuple[str, int]], problem: str | None = None) -> str:
    there, seen = closing.look(context(), [one for one, _ in wanted], by=actor()), dict(wanted)
    shown = [_shown(one, changed=one.version != seen[one.id]) for one in there]
    return render_template(
        "office/closing/sure.html",
        homes=[one for one in shown if not one["why"]],
        left=[one for one in shown if one["why"]],
        sentence=_sentence(),
        most=closing.MOST if len(wanted) > closing.MOST else None,
        here=_here(),
        back=_back(),
        reason=request.form.get("reason", "")[:200],
        problem=problem,
    )


def _told(found: Outcome) -> str:
    return render_template("office/closing/told.html", left=[_shown(one) for one in found.left], back=_back())


def _shown(home: Home, *, changed: bool = False) -> dict[str, Any]:
    """A household as a line, with every reason why it stays open in words."""
    t = words()
    why = {**({"closed": 1} if home.closed else {"changed": 1} if changed else {}), **home.why}
    return {
        "id": home.id,
        "label": home.label or t("no-name"),
        "number": home.number,
        "people": home.people,
        "key": f"{home.id}~{home.version}",
        "why": [t(f"closing.why.{one}", n=number) for one, number in why.items()],
    }


def _wanted() -> list[tuple[str, int]]:
    """The households of the form, each with the version it was shown at; what is spelled wrongly is left out."""
    pairs = [one.partition("~") for one in request.form.getlist("home")]
    return [(id_, int(seen)) for id_, _, seen in pairs if id_ and seen.isascii() and seen.isdigit() and len(seen) < 12]


def _here() -> dict[str, Any]:
    """The list's filter, which goes along in the address; `one` of a household whose own page asked."""
    one = {"one": request.args["one"]} if request.args.get("one") else {}
    return {**view.arguments_of(view.wanted_of(request.args)), **one}


def _sentence() -> str:
    """The list's filter in words; nothing where a household's own page asked."""
    if request.args.get("one"):
        return ""
    page = reading.page(context(), first_page.GONE, view.wanted_of(request.args), by=actor(), limit=0)
    return " · ".join(view.sentence(page, words(), formats()))


def _back() -> str:
    one = request.args.get("one")
    return url_for("office.household", household_id=one) if one else url_for("office.gone", **_here())
