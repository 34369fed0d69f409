"""Photos as the reviewer sees them: small in the page, larger on request, and as they were taken."""

from __future__ import annotations

from flask import Blueprint, Response, request

from fieldsvc import problems
from fieldsvc.blobs.begun import begun
from fieldsvc.extensions import context
from fieldsvc.office.frame import actor
from fieldsvc.services import photos


def add_pages(pages: Blueprint) -> None:
    """Give the office its photos."""
    pages.add_url_rule("/photos/<sha256>", "photo", photo)


def photo(sha256: str) -> Response:
    """A photo in one size, or the next larger there is; what is no picture is only ever downloaded."""
    size = request.args.get("size", "thumb")
    if size not in photos.SIZES:
        raise problems.NotFound()
    found = photos.open_photo(context(), actor(), sha256, size)
    headers = {
        "ETag": f'"{found.sha256}"',
        # While only the thumbnail is here, the larger sizes answer with it: soon they will answer better.
        "Cache-Control": f"private, {'max-age=31536000, immutable' if found.settled else 'max-age=300'}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Content-Disposition": "inline" if found.picture else f"attachment; filename={sha256[:12]}",
    }
    if request.if_none_match.contains(found.sha256):
        return Response(status=304, headers=headers)
    return Response(begun(found.pieces), mimetype=found.type, headers=headers)
