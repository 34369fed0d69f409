"""Conflicts laid out for their pages: the service's values in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fieldsvc.office.answers import Reader, plain
from fieldsvc.office.fields import fields
from fieldsvc.office.format import Format
from fieldsvc.office.frame import formats, words
from fieldsvc.office.labels import Labels
from fieldsvc.services.conflict_queue import Conflict, Origin, Question, Queue

#: More answers than these around a value would hide it.
MOST_AROUND = 8
_NOT_WORDS = frozenset({"image", "signature", "file", "audio", "video", "geopoint"})


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


def question(
    one: Question, datasets: Mapping[str, Mapping[str, Any]], f: Format, *, masked: bool = True
) -> dict[str, Any]:
    """One conflict in a line: what, and the two values; a page that leaves a trace shows them unmasked."""
    labels = Labels(datasets.get(one.dataset), f)
    what = _joined(f, [labels.label(name) for name in one.names])
    whose = f"{labels.title} {one.entity_label} · " if not one.is_subject else ""
    return {
        "id": one.id,
        "what": whose + what,
        "current": _values(labels, one.names, one.current, f, masked),
        "candidate": _values(labels, one.names, one.candidate, f, masked),
        "current_by": one.current_by,
        "candidate_by": one.candidate_by,
        "opened_at": one.opened_at,
        "version": one.version,
        "entity_version": one.entity_version,
        "held": one.held,
        "assignee": one.assignee,
        "note": one.note,
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
            "lately": [(line.who, f.since(line.at)) for line in found.lately],
            "held": found.held,
            "assignee": found.assignee,
            "moved_by": found.moved_by,
            "note": found.note,
            "reviewers": found.reviewers,
            "others": [question(one, found.datasets, f) for one in found.others],
        }
    }


def _side(
    name: str, found: Conflict, values: Mapping[str, Any], origin: Origin | None, labels: Labels
) -> dict[str, Any]:
    asked = _asked(origin) if origin else {}
    return {
        "name": name,
        "lines": [(labels.label(one), labels.display(one, values.get(one))) for one in found.names],
        "by": origin.by if origin else "",
        "at": origin.at if origin else None,
        "device": origin.device if origin else None,
        "visit_id": origin.visit_id if origin else None,
        "around": _around(found, origin) if origin else [],
        "photos": [
            {"sha256": photo.sha256, "state": photo.state, "label": asked.get(photo.ref) or words()("photo")}
            for photo in (origin.photos if origin else ())
            if photo.state != "missing"
        ],
    }


def _asked(origin: Origin) -> dict[str, str]:
    """What each question is called that this visit answered."""
    if not origin.definition or not origin.answers:
        return {}
    sections = Reader(origin.definition, words().language).sections(origin.answers)
    return {line.ref: line.label for section in sections for line in section.lines}


def _around(found: Conflict, origin: Origin) -> list[tuple[str, str]]:
    """What else that visit answered in the same part of the form: a value is judged by its neighbours."""
    if not origin.definition or not origin.answers:
        return []
    t, asked, masked = words(), set[str](), set[str]()
    for entity in origin.definition.get("entities", ()):
        labels = Labels(found.datasets.get(entity["dataset"]), formats())
        for name, ref in entity.get("saves", {}).items():
            if entity["dataset"] == found.dataset and name in found.names:
                asked.add(ref)
            elif labels.is_masked(name):
                masked.add(ref)
    reader = Reader(origin.definition, t.language, names=origin.names, masked=masked)
    return [
        (line.label, t("masked") if line.masked else line.text)
        for section in reader.sections(origin.answers)
        if asked & {plain(line.ref) for line in section.lines}
        for line in section.lines
        if plain(line.ref) not in asked and line.type not in _NOT_WORDS
    ][:MOST_AROUND]


def _values(labels: Labels, names: Sequence[str], values: Mapping[str, Any], f: Format, masked: bool) -> str:
    """The values in a line; of several each with its name, for a bare 6 beside a dash says nothing."""
    hidden = words()("masked")
    shown = {
        name: hidden if masked and labels.is_masked(name) else labels.display(name, values.get(name)) for name in names
    }
    if len(shown) == 1:
        return next(iter(shown.values())) or "–"
    return _joined(f, [f"{labels.label(name)} {text or '–'}" for name, text in shown.items()])


def _joined(f: Format, parts: Sequence[str]) -> str:
    return ("、" if f.language == "zh" else ", ").join(parts)
