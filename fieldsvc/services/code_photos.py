"""A bar code that the phone could not read was photographed instead: the server reads it, for the reviewer to see.

What was read is put beside the photo and offered, never written: a label may hold the code of its maker too.
"""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from fieldsvc import media
from fieldsvc.services import definitions
from fieldsvc.services.context import Context
from fieldsvc.store import attachments
from fieldsvc.xlsform.compiled import walk

_POSITION = re.compile(r"\[\d+\]")


def read(ctx: Context, feed_id: str, sha256: str, data: bytes) -> None:
    """Note what the codes in a photo say, if some question asked for a code and got this photo."""
    with ctx.db.read() as session:
        if not _is_asked(ctx, session, feed_id, sha256):
            return
    found = media.codes(data)
    with ctx.db.write() as session:
        attachments.note_codes(session, feed_id, sha256, found)


def _is_asked(ctx: Context, session: Session, feed_id: str, sha256: str) -> bool:
    for form_id, version, ref in attachments.named_by(session, feed_id, sha256):
        form = definitions.form(ctx, session, form_id, version)
        asked = _POSITION.sub("", ref)
        if form and any(node["ref"] == asked and node.get("type") == "barcode" for node in walk(form["nodes"])):
            return True
    return False
