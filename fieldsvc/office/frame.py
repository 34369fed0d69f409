"""What every office page has around it: who is reading, in which language, navigation, headers, errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast
from zoneinfo import ZoneInfo

import structlog
from flask import Blueprint, Response, current_app, g, redirect, render_template, request, session, url_for
from flask_wtf.csrf import generate_csrf, validate_csrf
from werkzeug.exceptions import HTTPException

from fieldsvc import problems
from fieldsvc.extensions import context
from fieldsvc.office import assets
from fieldsvc.office.format import Format
from fieldsvc.office.words import NAMES, Words, best_language
from fieldsvc.services import desk_access
from fieldsvc.services.access import Action, Actor, area_paths

MOST_FORM_BYTES = 200_000
#: Where a file is uploaded.
_LARGER = {
    **dict.fromkeys(("office.make_campaign", "office.file_paper"), 20_500_000),
    "office.upload_form": 6_000_000,
    "office.take_in": 300_000_000,
    "office.upload_import": 20_500_000,
    "office.take_roster": 20_500_000,
}
NAVIGATION: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("home", "home", "office.home", {}),
    ("review", "review", "office.review", {}),
    ("conflicts", "conflict", "office.conflicts", {}),
    ("waiting", "clock", "office.waiting", {}),
    ("households", "household", "office.households", {}),
    ("coverage", "coverage", "office.coverage", {}),
    ("campaigns", "flag", "office.campaigns", {}),
    ("map", "pin", "office.map", {}),
    ("boards", "board", "office.boards", {}),
    ("ledgers", "ledger", "office.ledgers", {}),
    ("reports", "coverage", "office.reports", {}),
    ("exports", "export", "office.exports", {}),
    ("feedback", "speech", "office.feedback", {}),
    ("comparisons", "compare", "office.comparisons", {}),
    ("imports", "sheet", "office.imports", {}),
    ("forms", "form", "office.forms", {}),
    ("admin", "person", "office.admin", {}),
)
#: Pages for those alone who may do this somewhere.
_NEEDS = {"forms": Action.PUBLISH, "imports": Action.IMPORT}
_SECTIONS = {
    "visits": "review",
    "bulk": "review",
    "visit": "review",
    "decide_visit": "review",
    "reveal_answer": "review",
    "conflict": "conflicts",
    "decide_conflict": "conflicts",
    **dict.fromkeys(("move_conflict", "household_conflicts", "decide_household"), "conflicts"),
    "waiting_one": "waiting",
    **dict.fromkeys(("decide_waiting", "reveal_waiting"), "waiting"),
    "deadlines": "home",
    "silent_phones": "home",
    "household": "households",
    "reveal": "households",
    **dict.fromkeys(("archive", "exempt", "document", "file_paper", "take_out_paper"), "households"),
    **dict.fromkeys(("gone", "close", "viewers"), "households"),
    "move": "households",
    "save_move": "households",
    "correct": "households",
    "save_correction": "households",
    "unvisited": "coverage",
    "map_list": "map",
    "reminder": "coverage",
    "board": "boards",
    **dict.fromkeys(("comparison", "decide_difference"), "comparisons"),
    **dict.fromkeys(("new_campaign", "make_campaign", "campaign", "change_campaign"), "campaigns"),
    "campaign_unvisited": "campaigns",
    "answer_feedback": "feedback",
    **dict.fromkeys(("ledger", "download_ledger"), "ledgers"),
    **dict.fromkeys(("report", "publish_report", "report_file"), "reports"),
    **dict.fromkeys(("export", "download_export", "order_export", "one_export"), "exports"),
    **dict.fromkeys(("upload_import", "one_import", "import_columns", "name_columns", "act_import"), "imports"),
    **dict.fromkeys(
        ("people", "add_person", "person", "change_person", "roster", "take_roster", "print_cards"), "admin"
    ),
    **dict.fromkeys(("devices", "device", "revoke_device"), "admin"),
    **dict.fromkeys(("assignments", "holder", "hand_over", "log", "datasets", "dataset", "settings"), "admin"),
    **dict.fromkeys(("upload_form", "form", "form_state", "draft", "decide_draft", "testers", "preview"), "forms"),
}
_OPEN_TO_STRANGERS = {"office.sign_in", "office.language", "office.asset"}
#: Nothing from elsewhere and nothing inline: a value a cadre typed can never become a script in the office.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_log = structlog.get_logger()


def blueprint() -> Blueprint:
    """An empty office."""
    return Blueprint("office", __name__, url_prefix="/office", template_folder="templates")


def words() -> Words:
    """The catalogue in the reader's language."""
    if "words" not in g:
        g.words = Words(session.get("language") or best_language([tag for tag, _ in request.accept_languages]))
    return cast(Words, g.words)


def formats() -> Format:
    """How this page writes times and numbers."""
    if "formats" not in g:
        ctx = context()
        g.formats = Format(words().language, ZoneInfo(ctx.settings.time_zone), ctx.now_ms())
    return cast(Format, g.formats)


def actor() -> Actor:
    """Who reads this page; there is always somebody behind the door."""
    return cast(Actor, g.actor)


def add_frame(pages: Blueprint) -> None:
    """The door, the frame and the errors of the office."""
    pages.before_request(_check)
    pages.after_request(_headers)
    pages.context_processor(_frame)
    pages.add_url_rule("/assets/<name>", "asset", assets.serve)
    pages.register_error_handler(problems.Problem, _problem)
    pages.register_error_handler(HTTPException, _http)
    pages.register_error_handler(Exception, _bug)
    pages.add_url_rule("/<path:rest>", "nowhere", _nowhere)


def _check() -> Any:
    request.max_content_length = _LARGER.get(request.endpoint or "", MOST_FORM_BYTES)
    if request.method == "POST":
        try:
            validate_csrf(request.form.get("csrf_token"))
        except ValueError:  # what Flask-WTF raises, by the name its library gives it
            return _page("stale-form", 400)
    if request.endpoint in _OPEN_TO_STRANGERS:
        return None
    found = desk_access.reader(context(), session.get("person"), session.get("stamp"), session.get("since"))
    if found is None:
        session.pop("person", None)
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("office.sign_in", next=wanted))
    g.actor = found
    return None


def _headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    # Names and answers must not stay in the cache of a shared office machine.
    headers.setdefault("Cache-Control", "no-store")
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return response


def _frame() -> dict[str, Any]:
    return {
        "t": words(),
        "f": formats(),
        "actor": g.get("actor"),
        "asset": assets.address,
        "csrf_token": generate_csrf,
        "languages": NAMES,
        "here": request.full_path.rstrip("?") if request.method == "GET" else url_for("office.home"),
        "navigation": _navigation,
    }


def _navigation() -> Sequence[dict[str, Any]]:
    section = (request.endpoint or "").removeprefix("office.")
    section = _SECTIONS.get(section, section)
    return [
        {"name": name, "icon": icon, "url": url_for(endpoint, **dict[str, Any](query)), "current": name == section}
        for name, icon, endpoint, query in NAVIGATION
        if name not in _NEEDS or area_paths(actor(), _NEEDS[name])
    ]


def _nowhere(rest: str) -> Response:  # noqa: ARG001 - the address is what is wrong
    raise problems.NotFound()


def _page(name: str, status: int) -> Response:
    t = words()
    template = "office/lost.html" if g.get("actor") else "office/lost_alone.html"
    page = render_template(template, heading=t(f"{name}.heading"), text=t(f"{name}.text"))
    return Response(page, status)


def _problem(problem: problems.Problem) -> Response:
    if isinstance(problem, problems.NotFound):
        return _page("not-found", 404)
    language = words().language
    template = "office/lost.html" if g.get("actor") else "office/lost_alone.html"
    page = render_template(template, heading=problem.title[language], text=problem.remedy[language])
    return Response(page, problem.status)


def _http(error: HTTPException) -> Any:
    code = error.code or 500
    if code < 400:
        return error
    if code == 413:
        return _problem(problems.BodyTooLarge())
    return _page("not-found" if code in (404, 405) else "failed", code)


def _bug(error: Exception) -> Response:
    if current_app.testing:
        raise error
    _log.exception("office page failed", path=request.path, error=type(error).__name__)
    return _page("failed", 500)
