"""Conflicts laid out for their pages: the service's values in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fieldsvc.office.fields import fields
from fieldsvc.office.format import Format
from fieldsvc.office.frame import words
from fieldsvc.office.labels import Labels
from fieldsvc.services.conflict_queue import Conflict, Origin, Question, Queue


def queue_page(found: Queue, f: Format) -> list[dict[str, Any]]:
    """The queue's households with their questions."""
    return [
        {
            "subject_id": group.head.subject_id,
            "label": group.head.label,
            "area": " ".join(found.reach.places(group.head.area_id)),
            "conflicts": [question(one, found.datasets, f) for one in group.questions],
        }
        for group in found.groups
    ]


def question(one: Question, datasets: Mapping[str, Mapping[str, Any]], f: Format) -> dict[str, Any]:
    """One conflict in a line: what, and the two values."""
    labels = Labels(datasets.get(one.dataset), f)
    what = _joined(f, [labels.label(name) for name in one.names])
    whose = f"{labels.title} {one.entity_label} · " if not one.is_subject else ""
    return {
        "id": one.id,
        "what": whose + what,
        "current": _values(labels, one.names, one.current, f),
        "candidate": _values(labels, one.names, one.candidate, f),
        "current_by": one.current_by,
        "candidate_by": one.candidate_by,
        "opened_at": one.opened_at,
    }


def page(found: Conflict, f: Format, form: Mapping[str, str]) -> dict[str, Any]:
    """Everything the conflict's template needs."""
    labels = Labels(found.datasets.get(found.dataset), f)
    sides = [
        _side("base", found, found.base, None, labels),
        _side("current", found, found.current, found.current_origin, labels),
        _side("candidate", found, found.candidate, found.candidate_origin, labels),
    ]
    if found.choice == "other":
        sides.append(_side("other", found, found.value, None, labels))
    return {
        "conflict": {
            "id": found.id,
            "version": found.version,
            "entity_version": found.entity_version,
            "standing": "open" if found.state == "open" else "resolved" if found.choice else "superseded",
            "subject_id": found.subject_id,
            "household": found.household,
            "entity_label": "" if found.is_subject else found.entity_label,
            "is_subject": found.is_subject,
            "dataset": labels.title,
            "places": found.places,
            "choice": found.choice,
            "reason": found.reason,
            "decided_by": found.decided_by,
            "decided_at": found.decided_at,
            "sides": sides,
            "fields": fields(labels, found.names, found.current, form),
            "closing": "decided" if found.choice else "equal" if found.reason == "equal" else "superseded",
            "others": [question(one, found.datasets, f) for one in found.others],
        }
    }


def _side(
    name: str, found: Conflict, values: Mapping[str, Any], origin: Origin | None, labels: Labels
) -> dict[str, Any]:
    return {
        "name": name,
        "lines": [(labels.label(one), labels.display(one, values.get(one))) for one in found.names],
        "by": origin.by if origin else "",
        "at": origin.at if origin else None,
        "device": origin.device if origin else None,
        "visit_id": origin.visit_id if origin else None,
        "photos": [
            {"sha256": photo.sha256, "state": photo.state, "label": photo.ref.rsplit("/", 1)[-1]}
            for photo in (origin.photos if origin else ())
            if photo.state != "missing"
        ],
    }


def _values(labels: Labels, names: Sequence[str], values: Mapping[str, Any], f: Format) -> str:
    masked = words()("masked")
    shown = (masked if labels.is_masked(name) else labels.display(name, values.get(name)) for name in names)
    return _joined(f, [text or "–" for text in shown])


def _joined(f: Format, parts: Sequence[str]) -> str:
    return ("、" if f.language == "zh" else ", ").join(parts)
