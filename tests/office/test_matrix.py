"""Every page and every button of the office, for everybody: what is forbidden answers exactly like what is not there.

The list of addresses comes from the app itself: a new one without a line in `NEEDS` fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from fieldsvc.services import masked
from fieldsvc.services.context import Context
from fieldsvc.store.tables import AuditRow, EntityVersionRow, OperationRow
from tests.office.desk import Desk, hidden, text
from tests.office.district import District
from tests.office.matrix_world import Things, build


class Needs(Enum):
    """What somebody must have for an address."""

    NOTHING = auto()
    DESK = auto()  # to review somewhere
    AREA = auto()  # to review where the thing in the address is
    PUBLISH = auto()  # to publish forms
    IMPORT = auto()  # to import somewhere
    ADMINISTER = auto()  # to administer somewhere
    PERSON = auto()  # to administer everything the person in the address may do
    MAKER = auto()  # to be the one who ordered it
    WHOLE = auto()  # to administer everything there is
    ALL_IMPORTS = auto()  # to import everywhere: somebody else's import is nobody else's


NEEDS = {
    **dict.fromkeys(("sign_in", "sign_out", "language", "asset"), Needs.NOTHING),
    **dict.fromkeys(("home", "review", "visits", "conflicts", "waiting", "households"), Needs.DESK),
    **dict.fromkeys(("gone", "close"), Needs.DESK),
    **dict.fromkeys(("coverage", "unvisited", "deadlines", "feedback", "export", "download_export"), Needs.DESK),
    **dict.fromkeys(("bulk", "approve_bulk", "silent_phones", "boards", "board"), Needs.DESK),
    # A report is read for the asker's own area, by whoever has one.
    **dict.fromkeys(("reports", "report", "publish_report", "report_file"), Needs.DESK),
    **dict.fromkeys(("map", "map_places", "map_list"), Needs.DESK),
    **dict.fromkeys(("exports", "order_export"), Needs.DESK),
    # A file is its maker's alone, whatever others may see.
    **dict.fromkeys(("one_export", "export_file"), Needs.MAKER),
    **dict.fromkeys(("campaigns", "new_campaign", "make_campaign"), Needs.DESK),
    **dict.fromkeys(("campaign", "change_campaign", "campaign_unvisited"), Needs.AREA),
    **dict.fromkeys(("comparisons", "comparison", "decide_difference", "download_comparison"), Needs.DESK),
    **dict.fromkeys(("ledgers", "ledger", "download_ledger", "rescue", "take_in"), Needs.DESK),
    **dict.fromkeys(("visit", "decide_visit", "dismiss_flag", "reveal_answer"), Needs.AREA),
    **dict.fromkeys(("conflict", "decide_conflict", "waiting_one", "decide_waiting", "reveal_waiting"), Needs.AREA),
    **dict.fromkeys(("move_conflict", "household_conflicts", "decide_household"), Needs.AREA),
    **dict.fromkeys(("household", "reveal", "viewers", "correct", "save_correction"), Needs.AREA),
    **dict.fromkeys(("move", "save_move", "evidence", "download_evidence"), Needs.AREA),
    **dict.fromkeys(("photo", "answer_feedback", "archive", "exempt", "document"), Needs.AREA),
    **dict.fromkeys(("file_paper", "scan", "take_out_paper"), Needs.AREA),
    **dict.fromkeys(("forms", "upload_form", "form", "form_state", "form_source", "form_changes"), Needs.PUBLISH),
    **dict.fromkeys(("draft", "decide_draft", "draft_source", "testers"), Needs.PUBLISH),
    # The pictures of a published form stand beside answers, so that every reviewer may look at them.
    "form_picture": Needs.DESK,
    **dict.fromkeys(("preview", "preview_phone"), Needs.PUBLISH),
    **dict.fromkeys(("imports", "upload_import"), Needs.IMPORT),
    **dict.fromkeys(("one_import", "act_import", "import_columns", "name_columns"), Needs.ALL_IMPORTS),
    "import_errors": Needs.ALL_IMPORTS,
    **dict.fromkeys(("admin", "assignments", "datasets", "dataset", "reminder"), Needs.DESK),
    "settings": Needs.WHOLE,
    "print_cards": Needs.ADMINISTER,
    **dict.fromkeys(("holder", "hand_over", "cancel_handover"), Needs.AREA),
    **dict.fromkeys(("people", "add_person", "devices", "log", "roster", "take_roster"), Needs.ADMINISTER),
    **dict.fromkeys(("person", "change_person", "device", "revoke_device"), Needs.PERSON),
}
#: What a button sends. The same for all of them, so that only the right decides.
PRESSED = {
    "action": "return",
    "answer": "已转给工程师。",
    "choice": "candidate",
    "comment": "请补照片。",
    "entity": "{household_id}",
    "form": "visit",
    "format": "csv",
    "login": "C01",
    "property": "phone",
    "reason": "入户核实过。",
    "reveal": "{phone_of_household}",
    "seen": "1",
    "slot": "contact_card",
    "state": "retired",
    "step": "drop",
}
#: Who ordered the file in the matrix.
MAKER = "S01"
#: The catch-all behind which nothing is.
NOWHERE = "nowhere"


@dataclass(frozen=True)
class Somebody:
    """A staff number, and what its role is good for."""

    login: str
    reaches_east: bool
    publishes: bool


PEOPLE = {
    "supervisor of the town": Somebody("S01", True, False),
    "supervisor of another town": Somebody("S02", False, False),
    "supervisor of the county": Somebody("S03", True, False),
    "administrator of the county": Somebody("A01", True, True),
    "administrator of another town": Somebody("A02", False, True),
}


@pytest.fixture
def things(district: District, ctx: Context) -> Things:
    """One of each thing that has an address, all of them in 岩寺镇, and people to ask for them."""
    district.person("县管理员", "A01", role="administrator", area=district.county)
    district.person("镇管理员", "A02", role="administrator", area=district.west)
    district.person("王核查", "K01", role="checker", area=district.east)
    return build(district, ctx)


def rules(app: Flask) -> Iterator[tuple[str, str, Rule]]:
    """Endpoint, method and rule of everything in the office: first what is only looked at, last what ends a draft."""
    by_end = sorted(app.url_map.iter_rules(), key=lambda rule: rule.endpoint == "office.decide_draft")
    for method in ("GET", "POST"):
        for rule in by_end:
            if rule.endpoint.startswith("office.") and method in (rule.methods or ()):
                yield rule.endpoint.removeprefix("office."), method, rule


def asks(desk: Desk, method: str, path: str, home: str) -> tuple[int, str]:
    """What a path answers to somebody who carries a valid token: the status, and what a person reads."""
    if method == "GET":
        answer = desk.client.get(path)
    else:
        token = hidden(desk.client.get("/office/").get_data(as_text=True))
        known = {"household_id": home, "phone_of_household": masked.key(home, "phone")}
        sent = {name: value.format_map(known) for name, value in PRESSED.items()}
        answer = desk.client.post(path, data={**sent, "csrf_token": token["csrf_token"]})
    with answer:
        readable = answer.mimetype == "text/html"
        return answer.status_code, text(answer.get_data(as_text=True)) if readable else ""


def written(ctx: Context) -> tuple[int, ...]:
    """How many rows tell that somebody did something."""
    with ctx.db.read() as session:
        tables = (AuditRow, OperationRow, EntityVersionRow)
        return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def test_every_address_says_what_it_needs(app: Flask) -> None:
    known = {endpoint for endpoint, _, _ in rules(app)}
    assert known - {NOWHERE} == NEEDS.keys()


def test_a_stranger_is_led_to_the_door_from_everywhere_and_learns_nothing(app: Flask, things: Things) -> None:
    desk = Desk(app)
    for endpoint, method, rule in rules(app):
        if NEEDS.get(endpoint) is Needs.NOTHING:
            continue
        paths = (things.path(rule), things.unknown_path(rule))
        token = hidden(desk.client.get("/office/sign-in").get_data(as_text=True))
        answers = [desk.client.open(path, method=method, data=token) for path in paths]
        assert {answer.status_code for answer in answers} == {302}, endpoint
        assert all(answer.location.startswith("/office/sign-in") for answer in answers), endpoint


@pytest.mark.parametrize("login", ["C01", "K01"], ids=["cadre", "checker"])
def test_who_reviews_nothing_does_not_come_in(app: Flask, things: Things, login: str) -> None:
    assert things
    assert Desk(app).signs_in(login).status_code == 401


@pytest.mark.parametrize("who", PEOPLE)
def test_what_is_out_of_reach_answers_like_what_is_not_there_and_writes_nothing(
    app: Flask, ctx: Context, things: Things, desk_of: Callable[[str], Desk], who: str
) -> None:
    somebody, home = PEOPLE[who], things.values["household_id"]
    desk = desk_of(somebody.login)
    for endpoint, method, rule in rules(app):
        needs = NEEDS.get(endpoint)
        allowed = {
            Needs.DESK: True,
            Needs.AREA: somebody.reaches_east,
            Needs.PUBLISH: somebody.publishes,
            Needs.IMPORT: somebody.publishes,
            Needs.ADMINISTER: somebody.publishes,
            Needs.PERSON: somebody.publishes and somebody.reaches_east,
            Needs.WHOLE: somebody.publishes and somebody.reaches_east,
            Needs.ALL_IMPORTS: somebody.publishes and somebody.reaches_east,
            Needs.MAKER: somebody.login == MAKER,
        }.get(needs) if needs else None  # fmt: skip
        if allowed is None:
            continue
        if needs is not Needs.DESK and rule.arguments:
            before = written(ctx)
            unknown = asks(desk, method, things.unknown_path(rule), home)
            assert unknown[0] in (403, 404), (endpoint, method, unknown)
            assert written(ctx) == before, (endpoint, method, "wrote something about what is not there")
        if allowed:
            status, page = asks(desk, method, things.path(rule), home)
            assert status not in (403, 404, 500), (endpoint, method, page)
        else:
            before = written(ctx)
            answer = asks(desk, method, things.path(rule), home)
            assert answer[0] in (403, 404), (endpoint, method, answer)
            assert not rule.arguments or answer == unknown, (endpoint, method, answer[1], unknown[1])
            assert written(ctx) == before, (endpoint, method, "wrote something it may not")
