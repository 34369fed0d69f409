"""tus 1.0 over HTTP: create, ask, append, terminate. The bytes of a photo may break off anywhere and go on."""

from __future__ import annotations

import base64
import binascii
import re
from contextlib import suppress
from email.utils import formatdate
from io import BytesIO
from typing import IO, Any

from flask import Response, jsonify, request, url_for
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.formparser import FormDataParser

from fieldsvc import problems
from fieldsvc.api.blueprint import blueprint, refusals
from fieldsvc.api.identity import TOKEN, actor
from fieldsvc.extensions import context
from fieldsvc.services import uploads
from fieldsvc.services.uploads import Upload

bp = blueprint("uploads", "Photos in resumable pieces, by tus 1.0")

_PIECE_TYPE = "application/offset+octet-stream"
_VERSION = "1.0.0"
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST_TOGETHER = 20
_EXTENSIONS = "creation,creation-with-upload,checksum,expiration,termination"


def _header(name: str, *, required: bool = True) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "schema": {"type": "string"}}


_WHOLE = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {"type": "object", "additionalProperties": {"type": "string", "format": "binary"}}
        }
    },
}
_PIECE = {"required": False, "content": {_PIECE_TYPE: {"schema": {"type": "string", "format": "binary"}}}}


@bp.before_request
def _hear_tus() -> None:
    """Another version of tus means something else by the same words. Who names none (our first phones) speaks 1.0."""
    if request.method != "OPTIONS" and request.headers.get("Tus-Resumable", _VERSION) != _VERSION:
        raise problems.TusVersion()


@bp.after_request
def _speak_tus(response: Response) -> Response:
    response.headers["Tus-Resumable"] = response.headers["Tus-Version"] = _VERSION
    return response


@bp.route("/uploads", methods=["OPTIONS"], provide_automatic_options=False)
@bp.route("/uploads/<upload_id>", methods=["OPTIONS"], provide_automatic_options=False)
@bp.response(204, description="Version, extensions, largest size and checksums, as headers.")
def options(upload_id: str = "") -> Response:
    """What this server can do, as tus clients ask for it."""
    del upload_id  # the same for every upload
    return Response(
        status=204,
        headers={
            "Tus-Extension": _EXTENSIONS,
            "Tus-Max-Size": str(context().settings.photo_bytes),
            "Tus-Checksum-Algorithm": "sha1,sha256",
        },
    )


@bp.route("/uploads", methods=["POST"])
@bp.doc(
    security=TOKEN,
    parameters=[_header("Upload-Length"), _header("Upload-Metadata"), _header("Upload-Checksum", required=False)],
    requestBody=_PIECE,
)
@bp.response(201, description="`Location` and `Upload-Offset`; both say so when the bytes are here already.")
@refusals(bp, 400, 401, 409, 412, 413, 460)
def create() -> Response:
    """Begin (or find again) the upload of one file, named by its digest in `Upload-Metadata`.

    201 with `Location`; `Upload-Offset` equal to `Upload-Length` says that the bytes are here already.
    """
    by = actor()
    metadata = _metadata(request.headers.get("Upload-Metadata", ""))
    digest = metadata.get("sha256", "")
    if not _DIGEST.fullmatch(digest):
        raise problems.MalformedBody("Upload-Metadata must name the sha256 of the file.")
    wish = {"sha256": digest, "kind": metadata.get("type", "application/octet-stream")[:100]}
    length, carries = _number("Upload-Length"), request.mimetype == _PIECE_TYPE
    if carries and request.content_length == length:
        data = _body()
        if len(data) == length:
            return _created(uploads.keep(context(), by, data, checksum=_checksum(), ahead=False, **wish))
        # The link broke, and nobody hears this answer; the phone asks again, and goes on behind what came.
        return _created(uploads.salvage(context(), by, data, length=length, **wish))
    upload = uploads.create(context(), by, length=length, **wish)
    if carries and upload.offset == 0:
        return _created(upload, uploads.append(context(), upload, _body(), _checksum()))
    return _created(upload)


@bp.route("/uploads/together", methods=["POST"])
@bp.doc(security=TOKEN, requestBody=_WHOLE)
@bp.response(200, description="`stored`: the digests of the files that are durable here.")
@refusals(bp, 400, 401, 412, 413, 415)
def together() -> Response:
    """Several whole files in one request, each part named by its SHA-256, as one piece of an upload may be long.

    Answers `{"stored": [sha256]}`; what is missing there goes alone, and is then told why.
    """
    by = actor()
    if request.mimetype != "multipart/form-data":
        raise problems.WrongContentType()
    parts = {name: part for name, part in _files().items() if _DIGEST.fullmatch(name)}
    sent = {name: (part.stream.read(), part.mimetype[:100]) for name, part in parts.items()}
    return jsonify(stored=uploads.keep_all(context(), by, sent))


def _files() -> MultiDict[str, FileStorage]:
    """The parts, in memory: all of them are no longer than one piece, and need no files of their own on the way."""
    most = _refuse_longer()
    request.max_content_length = most  # where no header tells the length
    parser = FormDataParser(_in_memory, max_form_memory_size=most, max_form_parts=_MOST_TOGETHER)
    return parser.parse(request.stream, request.mimetype, request.content_length, request.mimetype_params)[2]


def _in_memory(*_told: object, **_more: object) -> IO[bytes]:
    return BytesIO()


def _created(upload: Upload, offset: int | None = None) -> Response:
    where = url_for("uploads.append", upload_id=upload.id)
    reached = upload.offset if offset is None else offset
    return Response(status=201, headers={"Location": where, "Upload-Offset": str(reached), **_expiry(upload)})


@bp.route("/uploads/<upload_id>", methods=["HEAD"])
@bp.doc(security=TOKEN)
@bp.response(200, description="`Upload-Offset`: how many bytes are durable.")
@refusals(bp, 401, 404, 410, 412)
def offset(upload_id: str) -> Response:
    """How many bytes are durable here. Asking also fences whoever was still writing."""
    upload = uploads.resume(context(), actor(), upload_id)
    headers = {
        "Upload-Offset": str(upload.offset),
        "Upload-Length": str(upload.bytes),
        "Upload-Metadata": f"sha256 {_base64(upload.sha256)},type {_base64(upload.type)}",
        "Cache-Control": "no-store",
        **_expiry(upload),
    }
    return Response(status=200, headers=headers)


@bp.route("/uploads/<upload_id>", methods=["PATCH"])
@bp.doc(
    security=TOKEN,
    parameters=[_header("Upload-Offset"), _header("Upload-Checksum", required=False)],
    requestBody=_PIECE,
)
@bp.response(204, description="`Upload-Offset`: the new count of durable bytes.")
@refusals(bp, 400, 401, 404, 409, 410, 412, 413, 415, 460)
def append(upload_id: str) -> Response:
    """Take the next piece; 204 with the new `Upload-Offset` once it is durable."""
    by = actor()
    if request.mimetype != _PIECE_TYPE:
        raise problems.WrongContentType()
    try:
        upload = uploads.begin_append(context(), by, upload_id, _number("Upload-Offset"))
    except problems.Problem:
        _read_past()
        raise
    reached = uploads.append(context(), upload, _body(), _checksum())
    return Response(status=204, headers={"Upload-Offset": str(reached), **_expiry(upload)})


@bp.route("/uploads/<upload_id>", methods=["DELETE"])
@bp.doc(security=TOKEN)
@bp.response(204)
@refusals(bp, 401, 404, 410, 412)
def terminate(upload_id: str) -> Response:
    """Forget an unfinished upload."""
    uploads.terminate(context(), actor(), upload_id)
    return Response(status=204)


def _number(header: str) -> int:
    """A header that must be a whole number of bytes."""
    text = request.headers.get(header, "")
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise problems.MalformedBody(f"{header} must be a number of bytes.")
    return int(text)


def _metadata(header: str) -> dict[str, str]:
    """`Upload-Metadata`: pairs of a key and a base64 value, separated by commas."""
    found = {}
    for pair in header.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError):
            raise problems.MalformedBody("Upload-Metadata holds a value that is not base64.") from None
    return found


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _checksum() -> bytes | None:
    """The digest of this piece, when the client sends one."""
    algorithm, _, value = request.headers.get("Upload-Checksum", "").partition(" ")
    if not algorithm:
        return None
    if algorithm not in ("sha1", "sha256"):
        raise problems.MalformedBody("Upload-Checksum must be sha1 or sha256.")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise problems.MalformedBody("Upload-Checksum is not base64.") from None


def _body() -> bytes:
    """The piece, read to its end or to where the link broke: what arrived is worth keeping on 2G.

    A piece that broke off is kept only when no checksum vouches for the whole of it.
    """
    limit = _refuse_longer()
    stream: IO[bytes] = request.stream
    taken = bytearray()
    try:
        while piece := stream.read(min(65_536, limit + 1 - len(taken))):
            taken += piece
            if len(taken) > limit:
                raise problems.BodyTooLarge(most=limit)
    except OSError:
        if "Upload-Checksum" in request.headers:
            raise
    return bytes(taken)


def _refuse_longer() -> int:
    """The most bytes a body may have; raises `body-too-large` for one that says it is longer.

    Of that the first is read past: a proxy still writing when the door closes tells the phone 502.
    """
    most = context().settings.upload_part_bytes
    if (request.content_length or 0) <= most:
        return most
    _read_past()
    raise problems.BodyTooLarge(most=most)


def _read_past() -> None:
    """Read what comes, up to one piece, before the door closes on it."""
    left = context().settings.upload_part_bytes
    with suppress(OSError):
        while left > 0 and (piece := request.stream.read(65_536)):
            left -= len(piece)


def _expiry(upload: Upload) -> dict[str, str]:
    """When an unfinished upload is forgotten, as HTTP writes dates."""
    return {"Upload-Expires": formatdate(upload.expires_at / 1000, usegmt=True)}
