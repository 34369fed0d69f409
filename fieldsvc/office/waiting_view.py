"""What waits for a person laid out for its page: what it would change beside what stands, and the answers of a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from fieldsvc.office import sketch
from fieldsvc.office.answers import Line, Reader, plain
from fieldsvc.office.format import Format
from fieldsvc.office.labels import Labels, saved
from fieldsvc.office.words import Words
from fieldsvc.services.waiting import Waiting, Wish


def page(found: Waiting, t: Words, f: Format, revealed: Set[str]) -> dict[str, Any]:
    """The parts of the page that hold values. `revealed` are the masked ones that were asked for, by `key`."""
    return {
        "wishes": [_wish(wish, found, f, revealed) for wish in found.wishes],
        "sections": [] if found.filled is None else list(_sections(found, t, f, revealed)),
        "standing": _standing(found, f, revealed),
    }


def key(dataset: str, name: str) -> str:
    """How a masked value is called when somebody asks for it."""
    return f"{dataset}.{name}"


def _wish(wish: Wish, found: Waiting, f: Format, revealed: Set[str]) -> dict[str, Any]:
    labels, now = Labels(found.datasets.get(wish.dataset), f), wish.now
    lines = [
        {
            "label": labels.label(name),
            **_mask(labels, wish.dataset, name, revealed),
            "before": "" if now is None else labels.display(name, now.get(name)),
            "after": labels.display(name, value),
            "conflict_id": None,
        }
        for name, value in wish.changes.items()
        # A form states much that it leaves as it is; of what has been decided it says what it was.
        if now is None or found.status == "done" or (now.get(name) or None) != (value or None)
    ]
    return {
        "dataset": labels.title,
        "label": wish.label,
        "created": wish.created,
        "deleted": wish.deleted,
        "elsewhere": now is None,
        "lines": lines,
    }


def _mask(labels: Labels, dataset: str, name: str, revealed: Set[str]) -> dict[str, Any]:
    masked = labels.is_masked(name) and key(dataset, name) not in revealed
    return {"masked": masked, "reveal": key(dataset, name) if masked else None}


def _sections(found: Waiting, t: Words, f: Format, revealed: Set[str]) -> Iterator[dict[str, Any]]:
    assert found.filled is not None
    definition, names = found.filled.definition, found.names
    keys = {
        ref: key(dataset, name)
        for ref, (dataset, name) in saved(definition).items()
        if Labels(found.datasets.get(dataset), f).is_masked(name)
    }
    masked = {ref for ref, name in keys.items() if name not in revealed}
    reader = Reader(definition, t.language, names=names, reasons=found.filled.reasons, masked=masked)
    for section in reader.sections(found.filled.answers):
        yield {"title": section.title, "lines": [_line(line, keys, f) for line in section.lines]}


def _line(line: Line, keys: Mapping[str, str], f: Format) -> dict[str, Any]:
    place = sketch.parse(line.value) if line.type == "geopoint" else None
    return {
        "label": line.label,
        "text": place.text(f.metres) if place else line.text,
        "photo": isinstance(line.value, Mapping),
        "masked": line.masked,
        "reveal": keys.get(plain(line.ref)),
        "reason": line.reason,
    }


def _standing(found: Waiting, f: Format, revealed: Set[str]) -> dict[str, Any] | None:
    there = found.standing
    if there is None:
        return None
    labels = Labels(found.datasets.get(there.dataset), f)
    values = [
        {
            "label": labels.label(name),
            "text": labels.display(name, value),
            **_mask(labels, there.dataset, name, revealed),
        }
        for name, value in there.properties.items()
        if value is not None
    ]
    return {"dataset": labels.title, "label": there.label, "lines": values}
