"""What a dataset allows only once: one plan a household and year, one identity number a county.

Two phones without a network both write it. Nothing can prevent that; the second to arrive waits for a supervisor, who
sees both. At a desk the two are known at once, so that it is said before anything is written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from fieldsvc.problems import NotUnique
from fieldsvc.services.definitions import Datasets
from fieldsvc.store import claims, entities
from fieldsvc.store.entities import NewVersion, Stored
from fieldsvc.store.locks import lock_things
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


def doubled(
    session: Session, feed_id: str, datasets: Datasets, before: Stored | None, after: Stored
) -> NotUnique | None:
    """The record that has claimed already what this one would say next; what it said `before` is not asked again.

    Holds what is claimed until the commit, against a phone that sends the same in this moment.
    """
    unique = datasets.unique(after.dataset)
    had = _claimed(unique, before) if before else []
    wanted = {key: names for key, names in _named(unique, after).items() if key not in had}
    if not wanted:
        return None
    lock_things(session, lock_names(wanted))
    held = claims.holders(session, feed_id, wanted)
    for key, names in wanted.items():
        for other in held.get(key, []):
            if other != after.entity.id:
                return _between(session, feed_id, datasets, names, other, after)
    return None


def lock_names(keys: Iterable[str]) -> list[str]:
    """What to hold while it is decided who may claim these keys; phones and desks hold the same."""
    return [f"claim:{key}" for key in keys]


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
    return list(_named(unique, stored))


def _named(unique: Unique, stored: Stored) -> dict[str, tuple[str, ...]]:
    entity = stored.entity
    if entity.deleted or entity.merged_into or stored.practice:
        return {}
    return keys_of(unique, stored.dataset, stored.subject_id, entity.properties)


def _between(
    session: Session, feed_id: str, datasets: Datasets, names: Sequence[str], other: str, after: Stored
) -> NotUnique:
    there = entities.load(session, feed_id, [other])[other]
    # Whose record it is in another household may be none of this desk's business.
    standing = there.label if there.subject_id == after.subject_id else ""
    label = datasets.label(after.dataset, after.entity.properties) or after.label
    return NotUnique.between(after.dataset, names, standing=(other, standing), waiting=(after.entity.id, label))
