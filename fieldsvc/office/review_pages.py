"""The review queue: what waits, in the order of the chosen mode, under a filter that is a sentence and an address."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.filters import arguments_of, place_of, query_of, text_of_key
from fieldsvc.office.frame import actor
from fieldsvc.office.visit_pages import choices, sentence
from fieldsvc.office.visit_view import log_line
from fieldsvc.services.reviewing import queue


def add_pages(pages: Blueprint) -> None:
    """Give the office its review queue."""
    pages.add_url_rule("/review", "review", review)


def review() -> str:
    """The queue: flags first, a random share, or everything."""
    asked, after = query_of(request.args), place_of(request.args.get("after"))
    # The queue has a state of its own, and its first mode already puts flags in front.
    query = replace(asked, queue=asked.queue or queue.MODES[0], state=None, flagged=False)
    page = queue.page(context(), query, by=actor(), after=after)
    here = arguments_of(query)
    return render_template(
        "office/review.html",
        modes=[
            {
                "name": mode,
                "number": page.numbers[mode],
                "url": url_for("office.review", **arguments_of(replace(query, queue=mode))),
            }
            for mode in queue.MODES
        ],
        month=page.month,
        percent=page.percent,
        sentence=sentence(query, page.log, "office.review"),
        wanted=query,
        choices={**choices(page.log), "states": ()},
        lines=[log_line(line, page.log, here) for line in page.log.lines],
        first_url=url_for("office.review", **here) if after else None,
        next_url=url_for("office.review", **here, after=text_of_key(page.next)) if page.next else None,
    )
