"""Changes that wait for a person before they take effect: the list, and one of them with yes and no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office import waiting_view
from fieldsvc.office.filters import key_of, text_of_key
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.titles import in_language
from fieldsvc.problems import (
    FormVersionUnknown,
    HouseholdClosed,
    OperationFailed,
    OwnFile,
    OwnOverride,
    PreconditionFailed,
    ReasonMissing,
    RegistrationDeclined,
    RegistrationWaits,
    Replaced,
    VillageKept,
)
from fieldsvc.services import waiting
from fieldsvc.services.intake import accept_reviewed, refuse_reviewed
from sync.model import Status

#: What nobody can let through as it is.
_CLOSED = (FormVersionUnknown, RegistrationDeclined, RegistrationWaits, VillageKept)


def add_pages(pages: Blueprint) -> None:
    """Give the office what waits."""
    pages.add_url_rule("/waiting", "waiting", queue)
    pages.add_url_rule("/waiting/<operation_id>", "waiting_one", one)
    pages.add_url_rule("/waiting/<operation_id>", "decide_waiting", decide, methods=["POST"])
    pages.add_url_rule("/waiting/<operation_id>/reveal", "reveal_waiting", reveal, methods=["POST"])


def queue() -> str:
    """What waits, the longest waiting first."""
    after = key_of(request.args.get("after"))
    page = waiting.queue(context(), by=actor(), after=after)
    t = words()
    return render_template(
        "office/waiting.html",
        lines=[
            {
                "url": url_for("office.waiting_one", operation_id=line.id),
                "label": line.label,
                "area": " ".join(page.reach.places(line.area_id)),
                "kind": t.known("kind", line.kind),
                "author": line.author,
                "received_at": line.received_at,
                "why": _why(line.problem),
            }
            for line in page.lines
        ],
        total=page.total,
        first_url=url_for("office.waiting") if after else None,
        next_url=url_for("office.waiting", after=text_of_key(page.next)) if page.next else None,
    )


def one(operation_id: str) -> str:
    """One waiting change: what it wants, beside what the record says now."""
    return _show(operation_id)


def reveal(operation_id: str) -> str:
    """The same page with one masked value shown; the trace is written before it is."""
    return _show(operation_id, reveal=request.form.get("reveal", ""))


def decide(operation_id: str) -> Any:
    """Let it take effect, or keep it without effect; its author is told either way."""
    t, reason = words(), request.form.get("reason", "").strip()[:1000]
    accepts = request.form.get("action") == "accept"
    if not accepts and not reason:
        return Response(_show(operation_id, t("waiting.needs-reason")), 422)
    try:
        if accepts:
            if accept_reviewed(context(), operation_id, by=actor(), reason=reason) == Status.REVIEW:
                return Response(_show(operation_id, t("waiting.asks-more")), 409)
        else:
            refuse_reviewed(context(), operation_id, by=actor(), reason=reason)
    except PreconditionFailed:
        return Response(_show(operation_id, t("waiting.stale")), 409)
    except _CLOSED as unread:
        return Response(_show(operation_id, _why(unread.as_json())), 409)
    except HouseholdClosed:
        return Response(_show(operation_id, t("waiting.closed-first")), 409)
    except Replaced:
        return Response(_show(operation_id, t("waiting.amended")), 409)
    except OperationFailed:
        return Response(_show(operation_id, t("waiting.failed-again")), 409)
    except ReasonMissing:
        return Response(_show(operation_id, t("waiting.override-needs-reason")), 422)
    except (OwnOverride, OwnFile) as own:
        return Response(_show(operation_id, own.title[t.language] + own.remedy[t.language]), 403)
    flash(t("waiting.accepted" if accepts else "waiting.declined"), "done")
    return redirect(url_for("office.waiting"))


def _show(operation_id: str, problem: str | None = None, reveal: str | None = None) -> str:
    found = waiting.operation(context(), operation_id, by=actor(), reveal=reveal)
    return render_template(
        "office/waiting_one.html",
        waiting=found,
        why=_why(found.problem),
        **waiting_view.page(found, words(), formats(), reveal),
        decidable=found.status != "done",
        unread=found.closed == "first" or found.problem.get("code") in {each.code for each in _CLOSED},
        overrides=str(found.problem.get("code", "")).startswith("process-"),
        problem=problem,
        reason=request.form.get("reason", ""),
    )


def _why(problem: Mapping[str, Any]) -> str:
    """Why it waits, in the office's words; the problem's own sentence is written for its sender."""
    t, code = words(), str(problem.get("code", ""))
    return t(f"why.{code}") if t.has(f"why.{code}") else in_language(problem.get("title"), t.language)
