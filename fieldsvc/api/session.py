"""A phone signs in and out."""

from __future__ import annotations

from typing import Any

import orjson
import structlog
from flask import Response
from marshmallow import ValidationError, fields, validate, validates_schema

from fieldsvc.api import body
from fieldsvc.api.blueprint import Shape, blueprint, refusals
from fieldsvc.api.identity import TOKEN, actor
from fieldsvc.api.reply import own_lines_reply
from fieldsvc.extensions import context
from fieldsvc.problems import MalformedBody
from fieldsvc.services import enrol, first_page, letters, telling
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context

log = structlog.get_logger(__name__)
bp = blueprint("session", "Signing a phone in and out")
_TEXT = validate.Regexp(r"^[^\x00\ud800-\udfff]*\Z")


def _text(most: int, least: int = 1, **options: Any) -> fields.String:
    return fields.String(validate=[validate.Length(least, most), _TEXT], **options)


class Credentials(Shape):
    """An account and its password, or the code of an enrolment."""

    login = _text(100)
    password = _text(200)
    code = _text(100)
    install_id = _text(64, required=True)
    device_name = _text(100, least=0, load_default="")
    app = _text(40, least=0, load_default=None, allow_none=True, metadata={"description": "The release of the app."})
    begin = fields.Boolean(load_default=False, metadata={"description": "Answer with the first page as well."})

    @validates_schema
    def _one_way_in(self, data: dict[str, Any], **_: Any) -> None:
        if "code" not in data and not ("login" in data and "password" in data):
            raise ValidationError("login and password, or code")


class PersonShape(Shape):
    """Who signed in."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(allow_none=True)
    roles = fields.List(fields.String(), required=True)


class FeedShape(Shape):
    """The county whose records the phone holds."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    rescue_key = fields.String(required=True, metadata={"description": "What a backup of this phone is sealed to."})
    told = fields.String(required=True, metadata={"description": "A mark of what is said here, to say in `/sync`."})
    pin = fields.Boolean(metadata={"description": "There and true where the county lets phones be locked by a PIN."})
    pin_required = fields.Boolean(metadata={"description": "There and true where no household is shown without one."})


class EarlierShape(Shape):
    """Another phone of this person, as it was when it was last here with something unsent."""

    name = fields.String(required=True)
    at = fields.Integer(required=True)
    operations = fields.Integer(required=True)
    photos = fields.Integer(required=True)


class SessionShape(Shape):
    """A new session; the token is told once."""

    token = fields.String(required=True)
    person = fields.Nested(PersonShape, required=True)
    feed = fields.Nested(FeedShape, required=True)
    server_time = fields.Integer(required=True)
    earlier = fields.List(fields.Nested(EarlierShape))


@bp.route("/session", methods=["POST"])
@bp.arguments(Credentials)
@bp.response(201, SessionShape)
@refusals(bp, 400, 401, 415, 429)
def sign_in(credentials: dict[str, Any]) -> dict[str, Any] | Response:
    """Sign a phone in by account and password or by enrolment code (Protocol 1).

    With `begin` the answer is lines of JSON: the session, the first page, and the form that is opened first.
    """
    ctx = context()
    device = {"install_id": credentials["install_id"], "device_name": credentials["device_name"]}
    if "code" in credentials:
        session = enrol.enrol(ctx, code=credentials["code"], **device)
    else:
        session = enrol.sign_in(ctx, login=credentials["login"], password=credentials["password"], **device)
    by = session.actor
    told = {
        "token": session.token,
        "person": {
            "id": by.person_id,
            "name": by.name,
            "unit": session.unit,
            "roles": by.role_names,
        },
        "feed": telling.told(ctx.settings, by.feed_id, session.feed_name),
        "server_time": ctx.now_ms(),
        **({"earlier": [_earlier(row) for row in session.earlier]} if session.earlier else {}),
    }
    if not credentials["begin"]:
        return told
    line = orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)
    return own_lines_reply(line + _first_page(ctx, by, credentials["app"]), 201)


def _first_page(ctx: Context, by: Actor, app: str | None) -> bytes:
    """The first page, or nothing where it cannot be made: the code is spent, so the phone must hear of its session."""
    try:
        return first_page.lines(ctx, by, app)
    except Exception:
        log.exception("no first page with a session")
        return b""


def _earlier(row: Any) -> dict[str, Any]:
    unsent = {"operations": row.pending_operations, "photos": row.pending_photos}
    return {"name": row.name, "at": row.last_seen_at, **unsent}


class LetterShape(Shape):
    """The letter that lies with a lock on the phone."""

    letter = fields.String(required=True)


_LETTER_DOC = {"required": True, "content": {"application/json": {"schema": LetterShape}}}
_MOST_LETTER_BYTES = 8_000


class KeyShape(Shape):
    """The private key that was sealed to this server when the PIN was set."""

    key = fields.Dict(required=True)


@bp.route("/session/key", methods=["POST"])
@bp.doc(security=TOKEN, requestBody=_LETTER_DOC)
@bp.response(200, KeyShape)
@refusals(bp, 400, 401, 413, 415, 422)
def forgotten_pin() -> dict[str, Any]:
    """Tell a person who has just signed in the key behind the PIN that was forgotten (Protocol 1.11)."""
    by = actor()
    asked = body.read_json(_MOST_LETTER_BYTES, _MOST_LETTER_BYTES)
    if not isinstance(asked, dict) or not isinstance(asked.get("letter"), str):
        raise MalformedBody("A letter is wanted.")
    return {"key": letters.key_for(context(), by, asked["letter"])}


@bp.route("/session", methods=["DELETE"])
@bp.doc(security=TOKEN)
@bp.response(204)
@refusals(bp, 401)
def sign_out() -> None:
    """Sign this phone out; its token is worth nothing from now on (Protocol 1)."""
    enrol.sign_out(context(), actor())
