"""Published definitions. A version never changes, so a phone fetches it once."""

from __future__ import annotations

from flask import Response, request

from fieldsvc.api.blueprint import blueprint, refusals
from fieldsvc.api.identity import TOKEN, actor
from fieldsvc.api.reply import lasting_picture, lasting_reply, lines_reply
from fieldsvc.extensions import context
from fieldsvc.services import definition_bytes, form_pictures

bp = blueprint("forms", "Published forms and datasets")


_WANT = {
    "in": "query",
    "name": "want",
    "description": "`form/<form>/<version>` or `dataset/<name>/<version>`, as often as wanted.",
    "schema": {"type": "array", "items": {"type": "string", "example": "form/visit/1"}},
}
_LINES = {
    "description": "One line of JSON for each.",
    "content": {"application/x-ndjson": {"schema": {"type": "string"}}},
}


@bp.route("/definitions", methods=["GET"])
@bp.doc(security=TOKEN, parameters=[_WANT], responses={"200": _LINES})
@refusals(bp, 401)
def definitions() -> Response:
    """Many definitions in one answer, in the order asked for (Protocol 6.5)."""
    return lines_reply(definition_bytes.lines(context(), actor(), request.args.getlist("want")))


@bp.route("/forms/<form_id>/<version>", methods=["GET"])
@bp.doc(security=TOKEN)
@bp.response(200, description="The compiled definition.")
@refusals(bp, 401, 404)
def form(form_id: str, version: str) -> Response:
    """One published version of a form (Protocol 6)."""
    return lasting_reply(*definition_bytes.form_bytes(context(), actor(), form_id, version))


@bp.route("/forms/<form_id>/<version>/media/<sha256>", methods=["GET"])
@bp.doc(security=TOKEN)
@bp.response(200, description="The bytes of a JPEG, PNG or GIF.")
@bp.alt_response(304, description="The caller has these bytes.")
@refusals(bp, 401, 404)
def picture(form_id: str, version: str, sha256: str) -> Response:
    """A picture that a form version shows, by its digest (Protocol 6)."""
    return lasting_picture(*form_pictures.picture(context(), actor(), form_id, version, sha256), sha256)


@bp.route("/datasets/<name>/<int:version>", methods=["GET"])
@bp.doc(security=TOKEN)
@bp.response(200, description="The properties with their types, labels and merge policies.")
@refusals(bp, 401, 404)
def dataset(name: str, version: int) -> Response:
    """One published version of a dataset's definition (Protocol 6)."""
    actor()
    return lasting_reply(*definition_bytes.dataset_bytes(context(), name, version))
