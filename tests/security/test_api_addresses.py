"""Every address outside the office, for everybody: a new one without a line in `NEEDS` fails.

The list comes from the app itself. The office has its own matrix in `tests/office/test_matrix.py`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.routing import Rule

from fieldsvc.services import people
from fieldsvc.store.tables import AuditRow, OperationRow, UploadRow
from tests.world import World
from tests.world.cadre import Cadre

PHOTO, UNFINISHED = b"no picture, but bytes", b"bytes that never came"
PIECE = "application/offset+octet-stream"
UNKNOWN = "01890000-0000-7000-8000-000000000000"


class Needs(Enum):
    """What somebody must have for an address."""

    NOTHING = auto()  # the app itself, and the door
    KEY = auto()  # the operator's; for everybody else there is no such address
    TOKEN = auto()  # a phone that is signed in; what it gets is its person's own
    SENDER = auto()  # to be who began the upload in the address
    SUBJECT = auto()  # to see the household whose photo it is


NEEDS = {
    **dict.fromkeys(("health.healthz", "health.readyz"), Needs.NOTHING),
    "metrics.metrics": Needs.KEY,
    "api-docs.openapi_json": Needs.NOTHING,
    **dict.fromkeys(("web.page", "web.entry", "web.worker", "web.pack", "web.file"), Needs.NOTHING),
    **dict.fromkeys(("web.manifest", "web.icon", "web.icon_drawing"), Needs.NOTHING),
    # What a tus server can do is asked before anybody has a token.
    **dict.fromkeys(("uploads.options", "uploads.options_1"), Needs.NOTHING),
    "session.sign_in": Needs.NOTHING,
    "session.sign_out": Needs.TOKEN,
    "session.forgotten_pin": Needs.TOKEN,
    **dict.fromkeys(("sync.sync", "sync.feed", "photos.keep_thumbnails"), Needs.TOKEN),
    **dict.fromkeys(("uploads.create", "uploads.together"), Needs.TOKEN),
    # Definitions name no household; one on trial is its testers' (tests/office/test_trials.py).
    **dict.fromkeys(("forms.definitions", "forms.form", "forms.picture", "forms.dataset"), Needs.TOKEN),
    **dict.fromkeys(("uploads.append", "uploads.offset", "uploads.terminate"), Needs.SENDER),
    "photos.show": Needs.SUBJECT,
}


@dataclass(frozen=True)
class Stage:
    """One household in Upper with a photo, an upload that is not finished, and phones of everybody."""

    world: World
    tokens: dict[str, str | None]
    upload: str

    def asks(self, who: str, method: str, rule: Rule, *, unknown: bool = False) -> tuple[int, Any]:
        """What an address answers: the status, and the words of a refusal without its number."""
        values = {
            "sha256": hashlib.sha256(b"nobody's" if unknown else PHOTO).hexdigest(),
            "upload_id": UNKNOWN if unknown else self.upload,
            "form_id": "world_visit",
            "version": "1",
            "name": "households",
        }
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<{name}>", values[name]).replace(f"<int:{name}>", values[name])
        token = self.tokens[who]
        headers = {"Upload-Offset": "0", "Content-Type": PIECE} if method == "PATCH" else {}
        headers |= {"Authorization": f"Bearer {token}"} if token is not None else {}
        answer = self.world.server.app.test_client().open(path, method=method, headers=headers)
        said = {**(answer.get_json(silent=True) or {}), "request_id": ""} if answer.status_code >= 400 else None
        return answer.status_code, said

    def written(self) -> tuple[int, ...]:
        """How many rows tell that somebody did something."""
        with self.world.server.ctx.db.read() as session:
            tables = (AuditRow, OperationRow, UploadRow)
            return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def rules(world: World) -> Iterator[tuple[str, str, Rule]]:
    """Endpoint, method and rule of everything outside the office."""
    for rule in sorted(world.server.app.url_map.iter_rules(), key=lambda rule: rule.endpoint):
        methods = (rule.methods or set()) - {"OPTIONS"}
        for method in sorted(methods - {"HEAD"} or methods):
            if not rule.endpoint.startswith("office."):
                yield rule.endpoint, method, rule


def begins(world: World, cadre: Cadre, data: bytes, *, whole: bool) -> str:
    """An upload of these bytes; where it goes on."""
    name = base64.b64encode(hashlib.sha256(data).hexdigest().encode()).decode()
    headers = {"Authorization": f"Bearer {cadre.phone.token}", "Upload-Length": str(len(data))}
    headers |= {"Upload-Metadata": f"sha256 {name},type aW1hZ2UvanBlZw==", "Tus-Resumable": "1.0.0"}
    more = {"data": data, "content_type": PIECE} if whole else {}
    answer = world.server.app.test_client().post("/api/v1/uploads", headers=headers, **more)
    assert answer.status_code == 201
    return str(answer.location).rsplit("/", 1)[-1]


@pytest.fixture
def stage(world: World) -> Stage:
    """Everybody has a phone, and Owner's visit has brought one photo."""
    upper, lower = world.village("Upper"), world.village("Lower")
    home = world.household(in_village=upper)
    owner = world.cadre("Owner", visits=[home])
    owner.visits(home, door={"sha256": hashlib.sha256(PHOTO).hexdigest(), "bytes": len(PHOTO), "type": "image/jpeg"})
    owner.syncs()
    begins(world, owner, PHOTO, whole=True)
    everybody = {"owner": owner, "cadre of another household": world.cadre("Other", visits=[world.household()])}
    for role in ("checker", "supervisor", "administrator"):
        for where, village in (("here", upper), ("elsewhere", lower)):
            everybody[f"{role} {where}"] = somebody = world.cadre(f"{role} {where}")
            people.grant_role(world.server.ctx, world.county.who(), somebody.person_id, role, village)
    lost, left = world.cadre("Lost"), world.cadre("Left")
    world.revokes(lost)
    world.dismisses(left)
    tokens = {name: cadre.phone.token for name, cadre in everybody.items()}
    none = {"a stranger": None, "a lost phone": lost.phone.token, "who has left": left.phone.token, "a guess": "x" * 43}
    return Stage(world, {**tokens, **none}, begins(world, owner, UNFINISHED, whole=False))


SEES = {"owner", "checker here", "supervisor here", "administrator here"}
OUTSIDE = ["a stranger", "a lost phone", "who has left", "a guess"]
INSIDE = ["owner", "cadre of another household"] + [
    f"{role} {where}" for role in ("checker", "supervisor", "administrator") for where in ("here", "elsewhere")
]


def test_every_address_outside_the_office_says_what_it_needs(world: World) -> None:
    assert {endpoint for endpoint, _, _ in rules(world)} | {"uploads.options", "uploads.options_1"} == NEEDS.keys()


def test_the_operators_numbers_are_nobody_elses(stage: Stage) -> None:
    for endpoint, method, rule in rules(stage.world):
        if NEEDS[endpoint] is Needs.KEY:
            assert {stage.asks(who, method, rule)[0] for who in [*OUTSIDE, *INSIDE]} == {404}, endpoint


def test_without_a_phone_that_is_signed_in_nothing_is_read_and_nothing_written(stage: Stage) -> None:
    before = stage.written()
    for endpoint, method, rule in rules(stage.world):
        if NEEDS[endpoint] not in (Needs.NOTHING, Needs.KEY):
            assert {stage.asks(who, method, rule)[0] for who in OUTSIDE} == {401}, (endpoint, method)
    assert stage.written() == before


@pytest.mark.parametrize("who", INSIDE)
def test_what_is_anothers_answers_like_what_is_not_there(stage: Stage, who: str) -> None:
    own = {Needs.SENDER: who == "owner", Needs.SUBJECT: who in SEES}
    for endpoint, method, rule in rules(stage.world):
        if NEEDS[endpoint] not in own:
            continue
        unknown, before = stage.asks(who, method, rule, unknown=True), stage.written()
        assert unknown[0] == 404, (endpoint, method)
        answer = stage.asks(who, method, rule)
        if own[NEEDS[endpoint]]:
            assert answer[0] not in (401, 403, 404, 500), (endpoint, method, answer)
        else:
            assert (answer, stage.written()) == (unknown, before), (endpoint, method)
