"""The records a form looked into on the phone, as the phone showed them, so that the server judges by the same rows.

The phone names versions; what they hold is read here, never believed. It states itself only what no version holds: its
own changes that had not been confirmed yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.services.definitions import Datasets
from fieldsvc.services.intake.parse import is_id
from fieldsvc.store import entities
from fieldsvc.store.entities import Stored
from fieldsvc.xlsform.beginning import OF_THE_PHONE
from sync.model import Properties

Row = dict[str, str | None]
Versions = Mapping[tuple[str, int], Properties]

#: More records than any household has; the rest of such a list is not looked at.
_MOST = 500


def instances(session: Session, feed_id: str, datasets: Datasets, document: Mapping[str, Any]) -> dict[str, list[Row]]:
    """The rows of each dataset named in the context of a submission, in the phone's order.

    A list with a row that is not this subject's, or of a version nobody knows, is left out as a whole: what the form
    looked up in it is then not held against the phone, and no phone can read another household's record this way.
    """
    given = document.get("context", {}).get("rows")
    # What only the phone has (its villages, who is on it) is no record of this household, and not to be judged by.
    lists = {k: v for k, v in given.items() if k not in OF_THE_PHONE} if isinstance(given, Mapping) else {}
    stated = {name: list(_stated(rows)) for name, rows in lists.items() if isinstance(rows, list)}
    named = [(id_, version) for rows in stated.values() for id_, version, _ in rows[:_MOST] if version]
    if not stated:
        return {}
    known = entities.load(session, feed_id, {id_ for id_, _ in named} | {document["subject"]})
    versions = entities.versions(session, feed_id, named)
    subjects = {document["subject"], _survivor(known, document["subject"])}
    found: dict[str, list[Row]] = {}
    for name, rows in stated.items():
        made = [_row(datasets, name, row, known, versions, subjects) for row in rows]
        if len(made) <= _MOST and None not in made and len(made) == len(lists[name]):
            found[name] = [row for row in made if row is not None]
    return found


def _stated(rows: Any) -> Iterator[tuple[str, int, Row]]:
    """The rows that have the shape of one."""
    for row in rows:
        match row:
            case [str(id_), int(version), *rest] if is_id(id_) and 0 <= version < 2**53:
                own = rest[0] if rest and isinstance(rest[0], Mapping) else {}
                yield id_, version, {str(k): v for k, v in own.items() if v is None or isinstance(v, str)}


def _row(
    datasets: Datasets,
    dataset: str,
    stated: tuple[str, int, Row],
    known: Mapping[str, Stored],
    versions: Versions,
    subjects: set[str],
) -> Row | None:
    id_, version, own = stated
    if version == 0:
        return {**own, "name": id_, "label": own.get("label") or ""}
    stored, properties = known.get(id_), versions.get((id_, version))
    if stored is None or properties is None or stored.dataset != dataset or stored.subject_id not in subjects:
        return None
    current = stored.label if stored.entity.version == version else None
    label = own.get("label") or current or datasets.label(dataset, properties) or stored.label
    return {**properties, **own, "name": id_, "label": label}


def _survivor(known: Mapping[str, Stored], subject: str) -> str:
    while (stored := known.get(subject)) is not None and stored.entity.merged_into:
        subject = stored.entity.merged_into
    return subject
