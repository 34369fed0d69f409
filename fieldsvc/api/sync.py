"""The phone's one round trip: its outbox arrives, receipts and news go back (Protocol 2 to 5)."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from marshmallow import fields, validate

from fieldsvc.api import body
from fieldsvc.api.blueprint import Shape, blueprint, refusals
from fieldsvc.api.identity import TOKEN, actor
from fieldsvc.api.reply import json_reply
from fieldsvc.api.session import FeedShape
from fieldsvc.extensions import context
from fieldsvc.problems import DeviceRevoked, MalformedBody, Problem, TokenUnknown
from fieldsvc.services import catch_up, intake, phones, scrutiny, telling
from fieldsvc.services.access import Actor

bp = blueprint("sync", "Push and pull")
PROTOCOL = 1
#: Beyond what a computer counts in, a number is read as a fraction, and none that was ever sent.
_MOST_PROTOCOL = 2**31


class OperationShape(Shape):
    """One operation: its id, and its JSON text frozen before the first byte left."""

    id = fields.String(required=True)
    body = fields.String(required=True)


class PendingShape(Shape):
    """What the phone still holds besides."""

    operations = fields.Integer()
    photos = fields.Integer()


class PushShape(Shape):
    """A sync request."""

    protocol = fields.Integer(validate=validate.Range(min=0, max=_MOST_PROTOCOL))
    install_id = fields.String()
    sent_at = fields.Integer()
    app = fields.String()
    told = fields.String(metadata={"description": "`feed.told` as it was told last; empty: nothing (Protocol 1.13)."})
    cursor = fields.String(allow_none=True)
    operations = fields.List(fields.Nested(OperationShape))
    pending = fields.Nested(PendingShape)


class PageShape(Shape):
    """Receipts for what was sent, and the next page of what is new. Absent lists are empty."""

    epoch = fields.String(required=True)
    server_time = fields.Integer(required=True)
    receipts = fields.List(fields.Dict())
    pull = fields.String()
    changes = fields.List(fields.Dict())
    scope = fields.Dict()
    notices = fields.List(fields.Dict())
    cursor = fields.String()
    more = fields.Boolean()
    feed = fields.Nested(
        FeedShape, metadata={"description": "The county, where the phone was told another thing (Protocol 1.13)."}
    )
    villages = fields.List(
        fields.List(fields.String()),
        metadata={"description": "Where this person may register a household. Not there: as it was (Protocol 5.8)."},
    )
    roles = fields.List(
        fields.String(), metadata={"description": "What the person is now. Not there: as it was (Protocol 5.7)."}
    )


_PUSH_DOC = {"required": True, "content": {"application/json": {"schema": PushShape}}}


@bp.route("/sync", methods=["POST"])
@bp.doc(security=TOKEN, requestBody=_PUSH_DOC)
@bp.alt_response(200, schema=PageShape)
@refusals(bp, 400, 401, 413, 415)
def sync() -> Response:
    """Store and decide what the phone sends, answer each operation, and say what is new."""
    ctx = context()
    try:
        by = actor()
    except DeviceRevoked:
        return _last_words()
    push, sent, cursor = _push()
    receipts = intake.accept(ctx, by, sent) if sent else []
    if isinstance(push.get("sent_at"), int) and push["sent_at"]:
        scrutiny.clock_is_off(ctx, by, push["sent_at"], [receipt.id for receipt in receipts if not receipt.duplicate])
    phones.note_contact(ctx, by, push.get("app"), push.get("pending"), push.get("told"))
    seen = max((receipt.position for receipt in receipts), default=0)
    if _whole(push.get("protocol", PROTOCOL)) > PROTOCOL:
        page = {**catch_up.pull_page(ctx, by, cursor, seen), "pull": "upgrade"}
    else:
        page = catch_up.pull_page(ctx, by, cursor, seen)
    answers = {"receipts": [receipt.as_json() for receipt in receipts]} if receipts else {}
    return json_reply({**page, "server_time": ctx.now_ms(), **telling.news(ctx, by, push.get("told")), **answers})


def _last_words() -> Response:
    """What a lost phone had not sent, where the county wants it; its next request is refused (Protocol 1.12).

    `more`: it comes again at once, and hears that it has been signed out.
    """
    ctx, by = context(), _loser()
    drains = ctx.settings.lost_phones == "drain"
    try:
        _, sent, cursor = _push()
    except Problem as refusal:
        if drains:
            raise
        # Where it stands cannot be read: then it is to keep what it has.
        raise DeviceRevoked(pull="reset") from refusal
    try:
        if not drains:
            raise DeviceRevoked
        receipts = intake.keep_last_words(ctx, by, sent)
    except DeviceRevoked as refusal:
        raise _refusal(cursor) from refusal
    return json_reply(
        {
            "epoch": catch_up.epoch(ctx, by),
            "server_time": ctx.now_ms(),
            "receipts": [receipt.as_json() for receipt in receipts],
            "pull": "ok",
            "more": True,
            **({"cursor": cursor} if cursor else {}),
        }
    )


def _refusal(cursor: str | None) -> DeviceRevoked:
    """What a lost phone is told: also that this server has lost what it was given, where it was put back (1.8)."""
    continues = catch_up.continues(context(), _loser(), cursor)
    return DeviceRevoked() if continues else DeviceRevoked(pull="reset")


def _loser() -> Actor:
    """Whose the phone was that has been signed out. Who has left the service is told no less: it has to wipe itself."""
    try:
        return actor(lost=True)
    except TokenUnknown as refusal:
        raise DeviceRevoked from refusal


def _push() -> tuple[dict[str, Any], list[tuple[str, str]], str | None]:
    """The request's body, with its operations and its cursor; nothing of it is believed yet."""
    settings = context().settings
    push = body.read_json(settings.sync_body_bytes, settings.sync_inflated_bytes)
    if not isinstance(push, dict):
        raise MalformedBody
    return push, _operations(push.get("operations"), settings.operations_per_push), _cursor(push.get("cursor"))


@bp.route("/feed", methods=["GET"])
@bp.doc(security=TOKEN, parameters=[{"in": "query", "name": "cursor", "schema": {"type": "string"}}])
@bp.alt_response(200, schema=PageShape)
@refusals(bp, 401)
def feed() -> Response:
    """The next page after a cursor (Protocol 4)."""
    ctx, cursor = context(), _cursor(request.args.get("cursor"))
    try:
        by = actor()
    except DeviceRevoked as refusal:
        raise _refusal(cursor) from refusal
    page = catch_up.pull_page(ctx, by, cursor, 0)
    return json_reply({**page, "server_time": ctx.now_ms()})


def _operations(given: Any, most: int) -> list[tuple[str, str]]:
    """The `(id, body)` of each operation sent. What is not even an id and a text cannot be receipted."""
    if given is None:
        return []
    if not isinstance(given, list) or len(given) > most:
        raise MalformedBody(f"operations must be a list of at most {most}.")
    for each in given:
        if not (isinstance(each, dict) and isinstance(each.get("id"), str) and isinstance(each.get("body"), str)):
            raise MalformedBody("An operation must have an id and a body, both text.")
    return [(each["id"], each["body"]) for each in given]


def _cursor(given: Any) -> str | None:
    if given is not None and not isinstance(given, str):
        raise MalformedBody("cursor must be text or null.")
    return given or None


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise MalformedBody("protocol must be a number.")
    return value
