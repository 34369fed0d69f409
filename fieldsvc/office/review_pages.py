"""The review queue: what waits, in the order of the chosen mode, under a filter that is a sentence and an address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.filters import arguments_of, moment_of, place_of, query_of, text_of_key
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.office.visit_pages import choices, sentence
from fieldsvc.office.visit_view import log_line
from fieldsvc.services.reviewing import bulk, levels, queue
from fieldsvc.services.visits import LogQuery


def add_pages(pages: Blueprint) -> None:
    """Give the office its review queue, and the approval of many at once."""
    pages.add_url_rule("/review", "review", review)
    pages.add_url_rule("/review/approve", "bulk", look)
    pages.add_url_rule("/review/approve", "approve_bulk", approve, methods=["POST"])


def review() -> str:
    """The queue: flags first, a random share, or everything."""
    query, after = _query(), place_of(request.args.get("after"))
    page = queue.page(context(), query, by=actor(), after=after)
    here = arguments_of(query)
    return render_template(
        "office/review.html",
        modes=[_way(query, "mode", mode, page.numbers[mode], queue=mode) for mode in queue.MODES],
        stages=[_way(query, "stage", stage, number, state=stage) for stage, number in page.stages.items()],
        month=page.month,
        percent=page.percent,
        sentence=sentence(query, page.log, "office.review"),
        wanted=query,
        choices={**choices(page.log, query.cadre), "states": ()},
        lines=[log_line(line, page.log, here) for line in page.log.lines],
        bulk_url=url_for("office.bulk", **here),
        first_url=url_for("office.review", **here) if after else None,
        next_url=url_for("office.review", **here, after=text_of_key(page.next)) if page.next else None,
    )


def look() -> str:
    """How many visits would be approved at once, under which filter, and which are left out."""
    query, until = _query(), context().now_ms()
    chosen = bulk.selection(context(), query, by=actor(), until=until)
    return render_template(
        "office/bulk.html",
        sentence=_in_words(query, until),
        number=len(chosen.ids),
        left_out=[(why, number) for why, number in chosen.left_out.items() if number],
        most=bulk.MOST if chosen.more else None,
        until=until,
        here=arguments_of(query),
    )


def approve() -> Any:
    """Approve what the page counted, but nothing that arrived after it was drawn."""
    query = _query()
    until = moment_of(request.form.get("until"))
    done = bulk.approve(context(), query, by=actor(), until=until, words=_in_words(query, until))
    flash(words()("bulk.done", n=done), "done")
    return redirect(url_for("office.review", **arguments_of(query)))


def _query() -> LogQuery:
    """The queue has stages of its own, and its first mode already puts flags in front."""
    asked, settings = query_of(request.args), context().settings
    stages = levels.stages(settings)
    first = levels.first_stage(settings, actor())
    state = asked.state if asked.state in stages else first
    return replace(asked, queue=asked.queue or queue.MODES[0], state=state if len(stages) > 1 else None, flagged=False)


def _way(query: LogQuery, kind: str, name: str, number: int, **change: str) -> dict[str, Any]:
    """A link to the same filter in another mode or stage, with how many visits are there."""
    there = replace(query, **change)  # type: ignore[arg-type]  # only the two text fields are ever changed
    url = url_for("office.review", **arguments_of(there))
    return {"word": f"review.{kind}.{name}", "number": number, "url": url, "current": there == query}


def _in_words(query: LogQuery, until: int) -> str:
    page = queue.page(context(), query, by=actor(), limit=1)
    parts = [part["text"] for part in sentence(query, page.log, "office.review")]
    return " · ".join([*parts, words()("bulk.until", at=formats().time(until))])
