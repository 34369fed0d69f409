"""The office, put together: its frame and all its pages under /office."""

from __future__ import annotations

from flask import Flask

from fieldsvc.office import (
    admin,
    closing_pages,
    conflict_pages,
    correction_pages,
    coverage_pages,
    deadline_pages,
    desk,
    entrance,
    evidence_pages,
    export_pages,
    feedback_pages,
    form_pages,
    household_conflict_pages,
    household_pages,
    imports,
    moving_pages,
    photo_pages,
    preview_pages,
    reminder_pages,
    rescue_pages,
    review_pages,
    staff,
    viewer_pages,
    visit_pages,
    waiting_pages,
)
from fieldsvc.office.boards import pages as board_pages
from fieldsvc.office.campaigns import pages as campaign_pages
from fieldsvc.office.comparison import pages as comparison_pages
from fieldsvc.office.exporting import pages as exporting_pages
from fieldsvc.office.frame import add_frame, blueprint
from fieldsvc.office.ledgers import pages as ledger_pages
from fieldsvc.office.map import pages as map_pages
from fieldsvc.office.papers import pages as paper_pages
from fieldsvc.office.reports import pages as report_pages
from fieldsvc.office.sessions import DeskSessions


def register_office(app: Flask) -> None:
    """Give the app its office under /office."""
    # A supervisor leaves a half-written comment open over lunch; a token that expired with it would lose it.
    app.config.setdefault("WTF_CSRF_TIME_LIMIT", None)
    app.session_interface = DeskSessions()
    pages = blueprint()
    add_frame(pages)
    for module in (
        entrance,
        desk,
        review_pages,
        visit_pages,
        household_conflict_pages,
        conflict_pages,
        waiting_pages,
        household_pages,
        closing_pages,
        paper_pages,
        moving_pages,
        viewer_pages,
        correction_pages,
        coverage_pages,
        reminder_pages,
        deadline_pages,
        feedback_pages,
        photo_pages,
        imports,
        form_pages,
        rescue_pages,
        evidence_pages,
        export_pages,
        exporting_pages,
        map_pages,
        preview_pages,
        ledger_pages,
        board_pages,
        report_pages,
        admin,
        staff,
        comparison_pages,
        campaign_pages,
    ):
        module.add_pages(pages)
    app.register_blueprint(pages)
