"""What waits for a person laid out for its page: what it would change beside what stands, and the answers of a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fieldsvc.office import sketch
from fieldsvc.office.answers import Line, Reader
from fieldsvc.office.format import Format
from fieldsvc.office.labels import Labels, saved
from fieldsvc.office.words import Words
from fieldsvc.services.masked import Value, key
from fieldsvc.services.waiting import Waiting, Wish


def page(found: Waiting, t: Words, f: Format, revealed: str | None) -> dict[str, Any]:
    """The parts of the page that hold values. `revealed` is the masked one that was asked for, by `masked.key`."""
    return {
        "wishes": [_wish(wish, found, f, revealed) for wish in found.wishes],
        "sections": [] if found.filled is None else list(_sections(found, t, f, revealed)),
        "standing": _standing(found, f, revealed),
    }


def _wish(wish: Wish, found: Waiting, f: Format, revealed: str | None) -> dict[str, Any]:
    labels, now = Labels(found.datasets.get(wish.dataset), f), wish.now
    lines = [
        {
            "label": labels.label(name),
            **_mask(labels, wish.entity_id, name, revealed),
            "before": "" if now is None else labels.display(name, now.get(name)),
            "after": labels.display(name, value),
            "conflict_id": None,
            "counted": name in wish.counted,
        }
        for name, value in wish.changes.items()
    ]
    return {
        "dataset": labels.title,
        "label": wish.label,
        "created": wish.created,
        "deleted": wish.deleted,
        "elsewhere": now is None,
        "lines": lines,
    }


def _mask(labels: Labels, entity_id: str, name: str, revealed: str | None) -> dict[str, Any]:
    called = key(entity_id, name)
    masked = labels.is_masked(name) and called != revealed
    return {"masked": masked, "reveal": called if masked else None}


def _sections(found: Waiting, t: Words, f: Format, revealed: str | None) -> Iterator[dict[str, Any]]:
    assert found.filled is not None
    definition, values = found.filled.definition, found.filled.saved
    secret = {
        ref
        for ref, (dataset, name) in saved(definition).items()
        if Labels(found.datasets.get(dataset), f).is_masked(name)
    }
    shown = {ref for ref, value in values.items() if value.key == revealed}
    reader = Reader(
        definition, t.language, names=found.names, reasons=found.filled.reasons, masked=secret, revealed=shown
    )
    for section in reader.sections(found.filled.answers):
        yield {"title": section.title, "lines": [_line(line, values, f) for line in section.lines]}


def _line(line: Line, values: Mapping[str, Value], f: Format) -> dict[str, Any]:
    place = sketch.parse(line.value) if line.type == "geopoint" else None
    return {
        "label": line.label,
        "text": place.text(f.metres) if place else line.text,
        "photo": isinstance(line.value, Mapping),
        "masked": line.masked,
        "reveal": values[line.ref].key if line.ref in values else None,
        "reason": line.reason,
    }


def _standing(found: Waiting, f: Format, revealed: str | None) -> dict[str, Any] | None:
    there = found.standing
    if there is None:
        return None
    labels = Labels(found.datasets.get(there.dataset), f)
    values = [
        {
            "label": labels.label(name),
            "text": labels.display(name, value),
            **_mask(labels, there.entity_id, name, revealed),
        }
        for name, value in there.properties.items()
        if value is not None
    ]
    return {"dataset": labels.title, "label": there.label, "lines": values}
