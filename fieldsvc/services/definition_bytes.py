"""Published definitions as phones fetch them: one by one, or all that a phone lacks in one answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Any

import orjson
from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.phone_process import for_phones
from fieldsvc.store import definitions, form_shelf
from fieldsvc.store.tables import DatasetRow, FormVersionRow

#: What one answer is read for and may hold before it is compressed; a phone asks again for what it leaves out.
MOST_NAMES = 100
MOST_BYTES = 4_000_000
#: Datasets are numbered from one on; what no database could hold is nobody's version.
_DATASET_VERSION = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


def form_bytes(ctx: Context, by: Actor, form_id: str, version: str) -> tuple[bytes, str]:
    """A published definition as JSON, and its digest. A draft is there for its testers alone. Raises `not-found`."""
    with ctx.db.read() as session:
        row = _form(session, by, form_id, version)
        if row is None:
            raise problems.NotFound()
        return orjson.dumps(row.definition), row.digest


def dataset_bytes(ctx: Context, name: str, version: int) -> tuple[bytes, str]:
    """A dataset's definition as phones get it, as JSON, and its digest. Raises `not-found`."""
    with ctx.db.read() as session:
        row = _dataset(session, name, str(version))
        if row is None:
            raise problems.NotFound()
        return orjson.dumps(for_phones(row.definition)), row.digest


def lines(ctx: Context, by: Actor, wanted: Sequence[str], most_bytes: int = MOST_BYTES) -> bytes:
    """Definitions in the order they are asked for, each a line of JSON `{<kind>, version, definition}`.

    `wanted` holds `<kind>/<name>/<version>`, the kind `form` or `dataset`. What is not there, or not for them, has no
    `definition`; another kind has no line. The answer ends before it would grow beyond `most_bytes`, but never before
    its first line.
    """
    found: list[bytes] = []
    left = most_bytes
    with ctx.db.read() as session:
        for one in islice(wanted, MOST_NAMES):
            kind, name, version = (*one.split("/", 2), "", "")[:3]
            if kind not in ("form", "dataset"):
                continue
            line = _line(session, by, kind, name, version)
            left -= len(line)
            if found and left < 0:
                break
            found.append(line)
    return b"".join(found)


def _line(session: Session, by: Actor, kind: str, name: str, version: str) -> bytes:
    told: dict[str, Any] = {kind: name, "version": version}
    if kind == "form":
        form = _form(session, by, name, version)
        if form is not None:
            told["definition"] = form.definition
    else:
        dataset = _dataset(session, name, version)
        if dataset is not None:
            told["definition"] = for_phones(dataset.definition)
    return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)


def _form(session: Session, by: Actor, form_id: str, version: str) -> FormVersionRow | None:
    if "\0" in form_id + version:  # no text to PostgreSQL
        return None
    row = definitions.form_version(session, form_id, version)
    if row is None or (row.state == "draft" and by.person_id not in form_shelf.testers(session, form_id, version)):
        return None
    return row


def _dataset(session: Session, name: str, version: str) -> DatasetRow | None:
    if "\0" in name or not _DATASET_VERSION.fullmatch(version):
        return None
    return definitions.dataset(session, name, int(version))
