"""What a dataset allows only once: one plan a household and year, one identity number a county.

Two phones without a network both write it. Nothing can prevent that; the second to arrive waits for a supervisor, who
sees both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from fieldsvc.services.definitions import Datasets
from fieldsvc.store import claims, entities
from fieldsvc.store.entities import NewVersion, Stored
from sync.model import Properties

Unique = Sequence[Sequence[str]]
#: In a declaration, the household (or other subject) that a record belongs to.
SUBJECT = "subject"


def key_of(dataset: str, names: Sequence[str], subject_id: str, properties: Mapping[str, str | None]) -> str | None:
    """What a record claims by these properties; nothing while one of them is blank."""
    values = [subject_id if name == SUBJECT else properties.get(name) for name in names]
    if not all(values):
        return None
    text = json.dumps([dataset, list(names), values], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def keys_of(unique: Unique, dataset: str, subject_id: str, properties: Properties) -> dict[str, tuple[str, ...]]:
    """Everything a record claims, with the properties it claims it by."""
    named = ((tuple(names), key_of(dataset, names, subject_id, properties)) for names in unique)
    return {key: names for names, key in named if key}


def refresh(session: Session, feed_id: str, datasets: Datasets, versions: Iterable[NewVersion]) -> None:
    """Let the records of these versions claim what they now say; who is gone claims nothing."""
    last = {new.stored.entity.id: new.stored for new in versions if datasets.unique(new.stored.dataset)}
    claimed = {id_: _claimed(datasets.unique(stored.dataset), stored) for id_, stored in last.items()}
    claims.keep(session, feed_id, claimed)


def begin(session: Session, feed_id: str, dataset: str, unique: Unique) -> None:
    """Let every record of a dataset claim what it says: the rule is new, or another one."""
    for some in entities.of_dataset(session, feed_id, dataset):
        claims.keep(session, feed_id, {stored.entity.id: _claimed(unique, stored) for stored in some})


def _claimed(unique: Unique, stored: Stored) -> list[str]:
    entity = stored.entity
    if entity.deleted or entity.merged_into or stored.practice:
        return []
    return list(keys_of(unique, stored.dataset, stored.subject_id, entity.properties))
