"""The visit log, a visit, and the decision on it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office import visit_view
from fieldsvc.office.filters import arguments_of, parts, query_of, text_of_key, visit_key_of
from fieldsvc.office.format import month_of, months_back
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.options import options
from fieldsvc.problems import CommentMissing, HouseholdClosed, PreconditionFailed, ReasonMissing, SecondApproval
from fieldsvc.services import review, scrutiny, visits
from fieldsvc.services.reviewing import queue
from fieldsvc.services.visits import LogPage, LogQuery, Named


def add_pages(pages: Blueprint) -> None:
    """Give the office its visits."""
    pages.add_url_rule("/visits", "visits", log)
    pages.add_url_rule("/visits/<visit_id>", "visit", visit)
    pages.add_url_rule("/visits/<visit_id>/reveal", "reveal_answer", reveal, methods=["POST"])
    pages.add_url_rule("/visits/<visit_id>", "decide_visit", decide, methods=["POST"])
    pages.add_url_rule("/visits/<visit_id>/flags/<flag_id>", "dismiss_flag", dismiss_flag, methods=["POST"])


def log() -> str:
    """The visit log: the filter is a sentence and an address, the order never changes under the reader."""
    query, after = query_of(request.args), visit_key_of(request.args.get("after"))
    page = visits.log(context(), query, by=actor(), after=after)
    here = arguments_of(query)
    return render_template(
        "office/visits.html",
        sentence=sentence(query, page, "office.visits"),
        wanted=query,
        choices=choices(page, query.cadre),
        lines=[visit_view.log_line(line, page, here) for line in page.lines],
        total=page.total,
        first_url=url_for("office.visits", **here) if after else None,
        next_url=url_for("office.visits", **here, after=text_of_key(page.next)) if page.next else None,
    )


def visit(visit_id: str) -> str:
    """A visit on one screen: answers and changes, photos and position, history, and the decision."""
    return _show(visit_id)


def decide(visit_id: str) -> Any:
    """Approve, return, doubt or reject; then the next visit of the same list."""
    t, query = words(), query_of(request.args)
    form, comments = request.form, _comments()
    _, following = _neighbours(visit_id, query)
    try:
        done = review.decide_visit(
            context(),
            visit_id,
            form.get("action", ""),
            by=actor(),
            seen=form.get("seen", ""),
            comment=form.get("comment", "").strip() or None,
            comments=comments,
        )
    except SecondApproval:
        return Response(_show(visit_id, t("decision.second")), 403)
    except CommentMissing:
        return Response(_show(visit_id, t("decision.needs-comment")), 422)
    except HouseholdClosed as closed:
        return Response(_show(visit_id, closed.title[t.language] + t("decision.closed")), 409)
    except PreconditionFailed as stale:
        message = t("decision.stale", by=stale.details.get("by") or t("somebody"))
        return Response(_show(visit_id, message), 409)
    flash(t(f"decided.{done.action}", who=done.label or t("no-name")), "done")
    if following:
        return redirect(url_for("office.visit", visit_id=following, **arguments_of(query)))
    return redirect(_list(query))


def reveal(visit_id: str) -> str:
    """The same page with one masked answer shown and every comment still there; the trace is written before it is."""
    return _show(visit_id, reveal=request.form.get("reveal", ""))


def dismiss_flag(visit_id: str, flag_id: str) -> Any:
    """Put one flag aside with a reason; the visit itself stays as it is."""
    try:
        scrutiny.dismiss(context(), visit_id, flag_id, request.form.get("reason", ""), by=actor())
    except ReasonMissing:
        return Response(_show(visit_id, words()("flags.needs-reason")), 422)
    return redirect(
        url_for("office.visit", visit_id=visit_id, **arguments_of(query_of(request.args)), _anchor="scrutiny")
    )


def _comments() -> dict[str, str]:
    return {
        name.removeprefix("comment:"): text.strip()
        for name, text in request.form.items()
        if name.startswith("comment:") and text.strip()
    }


def _show(visit_id: str, problem: str | None = None, reveal: str | None = None) -> str:
    query = query_of(request.args)
    here = arguments_of(query)
    found = visits.visit(context(), visit_id, by=actor(), reveal=reveal)
    earlier, following = _neighbours(visit_id, query)
    return render_template(
        "office/visit.html",
        **visit_view.page(found, words(), formats(), _comments(), reveal),
        problem=problem,
        comment=request.form.get("comment", ""),
        list_query=here,
        back=_list(query),
        neighbours={
            "previous": url_for("office.visit", visit_id=earlier, **here) if earlier else None,
            "next": url_for("office.visit", visit_id=following, **here) if following else None,
        },
    )


def _list(query: LogQuery) -> str:
    """The list that a visit was opened from: the review queue, or the log."""
    return url_for("office.review" if query.queue else "office.visits", **arguments_of(query))


def _neighbours(visit_id: str, query: LogQuery) -> tuple[str | None, str | None]:
    ask = queue.neighbours if query.queue else visits.neighbours
    return ask(context(), visit_id, query, by=actor())


def sentence(query: LogQuery, page: LogPage, endpoint: str) -> list[dict[str, Any]]:
    """The filter in words, each part with the address of the list without it."""
    found = [
        {"text": part.text, "without": url_for(endpoint, **arguments_of(part.without)) if part.without else None}
        for part in parts(query, _texts(query, page))
    ]
    return found or [{"text": words()("filter.everything"), "without": None}]


def _texts(query: LogQuery, page: LogPage) -> dict[str, str]:
    t = words()
    cadres = {one.id: str(one.title) for one in page.cadres}
    area = page.reach.areas.get(query.area or "")
    return {
        "month": formats().month(query.month) if query.month else "",
        "area": area.name if area else "",
        "cadre": cadres.get(query.cadre or "", t("filter.somebody")),
        "form": visit_view.form_title(query.form or "", page),
        "state": t.known("state", query.state or ""),
        "flagged": t("filter.flagged"),
        "amended": t("filter.amended"),
    }


def _with_unit(one: Named) -> str:
    return f"{one.title}（{one.unit}）" if one.unit else str(one.title)


def choices(page: LogPage, cadre: str | None) -> dict[str, Any]:
    """What the filter offers to choose from."""
    f = formats()
    return {
        "months": months_back(month_of(f.now_ms, f.zone), 24),
        "areas": list(page.reach.areas.values()),
        "cadres": options(((one.id, _with_unit(one)) for one in page.cadres), cadre),
        "forms": [{"id": one.id, "title": visit_view.form_title(one.id, page)} for one in page.forms],
        "states": visits.STATES,
    }
