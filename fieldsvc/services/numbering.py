"""The number a record carries in its ledger: 走访发现-2026-0012, the twelfth of its source and year in the county.

Two phones without a network would give the same number, so the server gives it, in the transaction that first writes
the record, or first knows the source. It stays what it is when the source is corrected later, or the visit that said
it is withdrawn: by then it is on paper.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.services.definitions import Datasets
from fieldsvc.store import entities, numbers
from fieldsvc.store.entities import NewVersion
from sync.model import Properties


def give(session: Session, feed_id: str, datasets: Datasets, versions: list[NewVersion], today: date) -> None:
    """Put a number into those of these new versions whose records should have one and have none yet.

    `today` is the year of a record that does not say when it was found. Practice households use no number up.
    """
    asked = _asked(datasets, versions, today)
    if not asked:
        return
    subjects = {new.stored.subject_id for new in versions if new.stored.entity.id in asked}
    practised = {id_ for id_, stored in entities.load(session, feed_id, subjects).items() if stored.practice}
    homes = {new.stored.entity.id: new.stored.subject_id for new in versions}
    asked = {id_: series for id_, series in asked.items() if homes[id_] not in practised}
    nexts = numbers.take(session, feed_id, Counter(asked.values()), partial(_highest, session, feed_id, datasets))
    given: dict[str, str] = {}
    for id_, series in asked.items():
        given[id_] = f"{series.partition(':')[2]}-{nexts[series]:04d}"
        nexts[series] += 1
    _write(datasets, versions, given)


def _asked(datasets: Datasets, versions: list[NewVersion], today: date) -> dict[str, str]:
    """The series of each record that should have a number, in the order in which the records came."""
    asked: dict[str, str] = {}
    for new in versions:
        entity, rule = new.stored.entity, datasets.numbering(new.stored.dataset)
        if rule is None or entity.deleted or entity.properties.get(rule["property"]):
            continue
        said = _said(datasets, new.stored.dataset, rule, entity.properties)
        if said:
            year = (entity.properties.get(rule["year"]) or "")[:4] or str(today.year)
            asked.setdefault(entity.id, f"{new.stored.dataset}:{said}-{year}")
    return asked


def _highest(session: Session, feed_id: str, datasets: Datasets, series: str) -> int:
    """How far a series goes that this server has not begun: a desk typed numbers before there were any of ours."""
    dataset, _, text = series.partition(":")
    rule = datasets.numbering(dataset) or {}
    return numbers.highest(session, feed_id, dataset, rule["property"], text)


def _said(datasets: Datasets, dataset: str, rule: Mapping[str, str], properties: Properties) -> str:
    """The label of the code that the series is of; nothing while it is unknown."""
    code, choices = properties.get(rule["by"]), datasets.properties(dataset)[rule["by"]].get("choices") or ()
    return str(next((one["label"]["zh"] for one in choices if one["value"] == code), ""))


def _write(datasets: Datasets, versions: list[NewVersion], given: Mapping[str, str]) -> None:
    """A record that was written several times at once carries its number from the first time on that it could."""
    begun: set[str] = set()
    for place, new in enumerate(versions):
        entity, rule = new.stored.entity, datasets.numbering(new.stored.dataset)
        if rule is None or entity.id not in given:
            continue
        name: Any = rule["property"]
        numbered = replace(entity, properties={**entity.properties, name: given[entity.id]})
        changed = new.changed if entity.id in begun else [*new.changed, name]
        versions[place] = replace(new, stored=replace(new.stored, entity=numbered), changed=changed)
        begun.add(entity.id)
