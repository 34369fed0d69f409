"""意见反馈: what people in the field say about the system, and the answer each of them gets."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.filters import key_of, text_of_key
from fieldsvc.office.frame import actor, words
from fieldsvc.problems import CommentMissing, PreconditionFailed
from fieldsvc.services import feedback


def add_pages(pages: Blueprint) -> None:
    """Give the office its complaints."""
    pages.add_url_rule("/feedback", "feedback", queue)
    pages.add_url_rule("/feedback/<feedback_id>", "answer_feedback", answer, methods=["POST"])


def queue() -> str:
    """What waits for an answer, the longest waiting first; or what was answered."""
    return _show()


def answer(feedback_id: str) -> Any:
    """Answer one; its author reads it on the phone."""
    t = words()
    try:
        feedback.answer(context(), feedback_id, request.form.get("answer", ""), by=actor())
    except CommentMissing:
        return Response(_show(feedback_id, t("feedback.needs-answer")), 422)
    except PreconditionFailed:
        return Response(_show(None, t("feedback.stale")), 409)
    flash(t("feedback.answered"), "done")
    return redirect(url_for("office.feedback"))


def _show(wrong: str | None = None, problem: str | None = None) -> str:
    answered, after = request.args.get("state") == "answered", key_of(request.args.get("after"))
    page = feedback.queue(context(), by=actor(), answered=answered, after=after)
    here: dict[str, Any] = {"state": "answered"} if answered else {}
    return render_template(
        "office/feedback.html",
        lines=[{"message": line, "area": " ".join(page.reach.places(line.area_id))} for line in page.lines],
        waiting=page.waiting,
        answered=answered,
        most=feedback.MOST_ANSWER,
        wrong=wrong,
        problem=problem,
        written=request.form.get("answer", ""),
        first_url=url_for("office.feedback", **here) if after else None,
        next_url=url_for("office.feedback", after=text_of_key(page.next), **here) if page.next else None,
    )
