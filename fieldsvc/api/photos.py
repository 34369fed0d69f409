"""Thumbnails in, photos out. Text travels first, then thumbnails, and the photos themselves last."""

from __future__ import annotations

import re

from flask import Response, jsonify, request

from fieldsvc import problems
from fieldsvc.api.blueprint import blueprint, refusals
from fieldsvc.api.identity import TOKEN, actor
from fieldsvc.blobs.begun import begun
from fieldsvc.extensions import context
from fieldsvc.services import photos

bp = blueprint("photos", "Thumbnails in, photos out")

_DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_THUMBNAILS = 50


_PARTS = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {"type": "object", "additionalProperties": {"type": "string", "format": "binary"}}
        }
    },
}
_SIZE = {
    "name": "size",
    "in": "query",
    "required": False,
    "schema": {"type": "string", "enum": list(photos.SIZES), "default": "full"},
}


@bp.route("/thumbnails", methods=["POST"])
@bp.doc(security=TOKEN, requestBody=_PARTS)
@bp.response(200, description="`stored`: the digests of the photos whose thumbnail is kept.")
@refusals(bp, 400, 401, 413, 415)
def keep_thumbnails() -> Response:
    """Thumbnails of several photos in one request, each part named by its photo's SHA-256.

    Answers `{"stored": [sha256]}`; what is missing there is sent again later.
    """
    by = actor()
    limit = context().settings.thumbnail_bytes
    request.max_content_length = MOST_THUMBNAILS * (limit + 1_000)
    request.max_form_memory_size = 500_000
    request.max_form_parts = MOST_THUMBNAILS
    if request.mimetype != "multipart/form-data":
        raise problems.WrongContentType()
    sent = {name: part.stream.read(limit + 1) for name, part in request.files.items() if _DIGEST.fullmatch(name)}
    return jsonify(stored=photos.keep_thumbnails(context(), by, sent))


@bp.route("/photos/<sha256>", methods=["GET"])
@bp.doc(security=TOKEN, parameters=[_SIZE])
@bp.response(200, description="The bytes; `immutable` when this address will always answer them.")
@bp.alt_response(304, description="The caller has these bytes.")
@refusals(bp, 401, 404)
def show(sha256: str) -> Response:
    """The photo, `?size=thumb|screen|full`, or the next larger one there is, which may be kept for five minutes.

    Once the size asked for was made here, the address never changes its bytes.
    """
    size = request.args.get("size", "full")
    by = actor()
    if not _DIGEST.fullmatch(sha256) or size not in photos.SIZES:
        raise problems.NotFound()
    photo = photos.open_photo(context(), by, sha256, size)
    etag = f'"{photo.sha256}"'
    headers = {
        "ETag": etag,
        # Private: what one cadre may see, a shared cache must not give to the next.
        "Cache-Control": f"private, {'max-age=31536000, immutable' if photo.settled else 'max-age=300'}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline" if photo.picture else f"attachment; filename={sha256[:12]}",
    }
    if request.if_none_match.contains(photo.sha256):
        return Response(status=304, headers=headers)
    return Response(begun(photo.pieces), mimetype=photo.type, headers=headers)
