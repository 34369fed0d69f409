"""A visit laid out for its page: the service's values in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from fieldsvc.office import capture_view, code_view, scrutiny_view, sketch
from fieldsvc.office.answers import Line, Reader, Section, photos, plain
from fieldsvc.office.format import Format
from fieldsvc.office.frame import words
from fieldsvc.office.history import events
from fieldsvc.office.labels import Labels, saved
from fieldsvc.office.titles import in_language
from fieldsvc.office.words import Words
from fieldsvc.services import capture, slots
from fieldsvc.services.masked import key
from fieldsvc.services.masked import shown as answers_shown
from fieldsvc.services.reviewing.pairs import Pair
from fieldsvc.services.visits import Link, LogPage, Visit
from fieldsvc.store.photo_history import Taken
from fieldsvc.store.visit_log import VisitLine


def form_title(form_id: str, page: LogPage) -> str:
    """A form's title in the reader's language."""
    for form in page.forms:
        if form.id == form_id:
            return in_language(form.title, words().language) or form_id
    return form_id


def log_line(line: VisitLine, page: LogPage, arguments: dict[str, Any]) -> dict[str, Any]:
    """One line of the log, ready to print."""
    area = page.reach.areas.get(line.area_id or "")
    return {
        "url": url_for("office.visit", visit_id=line.id, **arguments),
        "label": line.label,
        "hamlet": line.properties.get("hamlet") or "",
        "area": area.name if area else "",
        "form": form_title(line.form_id, page),
        "author": line.author,
        "received_at": line.received_at,
        "state": line.state,
        "withdrawn": line.withdrawn,
        "amends": line.amends,
        "flags": scrutiny_view.number(line.flags),
        "photos": line.photos,
        "photos_missing": line.photos_missing,
    }


def page(visit: Visit, t: Words, f: Format, comments: Mapping[str, str], revealed: str | None) -> dict[str, Any]:
    """Everything the visit's template needs. `revealed` is the masked answer that was asked for, by `masked.key`."""
    link = visit.link
    kept = saved(visit.definition)
    masked = {ref for ref, (dataset, name) in kept.items() if Labels(visit.datasets.get(dataset), f).is_masked(name)}
    shown = answers_shown(revealed, visit.saved[link.id])
    before = visit.saved[visit.previous.id] if visit.previous else {}
    reader = Reader(
        visit.definition,
        t.language,
        labels=visit.labels,
        names=visit.names,
        rules=visit.rules,
        reasons=link.reasons,
        masked=masked,
        revealed=shown,
        others=shown - answers_shown(revealed, visit.saved[link.id], before),
    )
    sections = reader.sections(link.answers, visit.previous.answers if visit.previous else None)
    labels = {line.ref: line.label for section in sections for line in section.lines}
    return {
        "visit": {
            "id": link.id,
            "subject_id": visit.subject_id,
            "label": visit.label,
            "form_title": in_language(visit.form_title, t.language),
            "form": (link.form_id, link.form_version),
            "places": visit.places,
            "author": {"name": visit.people.get(link.author_id, "")},
            "received_at": link.received_at,
            "standing": "withdrawn" if link.withdrawn_at else link.state,
            "replaced_by_id": link.replaced_by_id,
            "withdrawn_at": link.withdrawn_at,
            "seen": link.state,
            "flags": [t.known("flag", code) for code in link.flags if code not in ("review", scrutiny_view.OPEN)],
            "waits": "review" in link.flags and not link.replaced_by_id,
            "changes": _changes(visit, f, revealed),
            "photos": _photos(visit, labels, t, f),
        },
        "scrutiny": scrutiny_view.lines(visit, labels, t, f),
        "sections": [_section(section, visit, comments, kept) for section in sections],
        "decidable": not link.replaced_by_id and not link.withdrawn_at and "review" not in link.flags,
        "may_approve": visit.may_approve,
        "history": events(visit, t, masked, revealed),
        "facts": _facts(visit, f),
        "sketch": _sketch(visit, sections, t, f),
        "pairs": [_pair(pair, labels, t, f) for pair in visit.pairs],
        "timeline": _timeline(visit, t),
        "lately": [(one.who, f.since(one.at)) for one in visit.lately],
    }


def _section(
    section: Section, visit: Visit, comments: Mapping[str, str], kept: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    return {"title": section.title, "lines": [_line(line, visit, comments, kept) for line in section.lines]}


def _line(line: Line, visit: Visit, comments: Mapping[str, str], kept: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    is_photo = isinstance(line.value, Mapping) and bool(line.value.get("sha256"))
    return {
        "ref": line.ref,
        "type": line.type,
        "label": line.label,
        "text": line.text,
        "photo": line.text if is_photo else None,
        "codes": code_view.codes(visit, line, kept),
        "pictures": line.pictures,
        "previous": line.previous,
        "reason": line.reason,
        "rules": line.rules,
        "masked": line.masked,
        "reveal": saved[line.ref].key if line.ref in (saved := visit.saved[visit.link.id]) else None,
        "comment": comments.get(line.ref, ""),
        "remarks": [
            {"by": one.by, "text": one.comments[line.ref]} for one in visit.reviews if one.comments.get(line.ref)
        ],
    }


def _changes(visit: Visit, f: Format, revealed: str | None) -> list[dict[str, Any]]:
    found = []
    for shown in visit.effects:
        labels = Labels(visit.datasets.get(shown.effect.dataset), f)
        lines = []
        for name, after in shown.effect.changes.items():
            conflict_id, conflict_state = shown.conflicts.get(name, (None, None))
            lines.append(
                {
                    "label": labels.label(name),
                    "masked": labels.is_masked(name) and key(shown.effect.entity_id, name) != revealed,
                    "before": labels.display(name, shown.effect.before.get(name)),
                    "after": labels.display(name, after),
                    "conflict_id": conflict_id,
                    "conflict_state": conflict_state,
                }
            )
        if lines:
            found.append(
                {
                    "dataset": labels.title,
                    "label": shown.effect.label,
                    "created": shown.effect.created,
                    "lines": lines,
                }
            )
    return found


def _photos(visit: Visit, labels: Mapping[str, str], t: Words, f: Format) -> list[dict[str, Any]]:
    named = {value["sha256"]: labels.get(ref, "") for ref, value in photos(visit.link.answers)}
    stamps = slots.asked(visit.definition, "stamp")
    number, home = visit.link.id[-8:], _home(visit, f)
    return [
        {
            "sha256": photo.sha256,
            # The same picture may answer two questions.
            "label": labels.get(photo.ref) or named.get(photo.sha256) or photo.ref.rsplit("/", 1)[-1],
            "state": photo.state,
            "bytes": photo.bytes,
            "unshown": photo.unshown,
            "capture": [
                *capture_view.lines(photo.capture, home, t, f),
                *capture_view.signed(photo.capture, visit.link.answers, t),
            ],
            "stamp": capture_view.stamp(stamps.get(plain(photo.ref), ""), photo.capture, number, f),
        }
        for photo in visit.photos
    ]


def _home(visit: Visit, f: Format) -> sketch.Position | None:
    """Where the house stands, as the record has it."""
    return sketch.parse(Labels(visit.datasets.get(visit.dataset), f).first_position(visit.properties))


def _pair(pair: Pair, labels: Mapping[str, str], t: Words, f: Format) -> dict[str, Any]:
    def side(photo: Taken, slot: Mapping[str, str]) -> dict[str, Any]:
        name = in_language(slot, t.language) or labels.get(pair.ref) or t("photo")
        return {
            "sha256": photo.sha256,
            "size": "screen" if photo.state == "present" else "thumb",
            "label": f"{name} · {f.day(photo.received_at)}",
            "visit_id": photo.submission_id,
        }

    return {"before": side(pair.before, pair.before_slot), "after": side(pair.after, pair.after_slot)}


def _timeline(visit: Visit, t: Words) -> list[dict[str, Any]]:
    """The household's other visits, newest first."""
    return [
        {
            "id": line.id,
            "received_at": line.received_at,
            "state": "withdrawn" if line.withdrawn else line.state,
            "form": in_language(visit.form_titles.get(line.form_id), t.language) or line.form_id,
            "author": line.author,
        }
        for line in visit.timeline
        if line.id != visit.link.id
    ]


def _facts(visit: Visit, f: Format) -> list[tuple[str, str]]:
    link = visit.link
    facts: list[tuple[str, str | None]] = [
        ("author", visit.people.get(link.author_id)),
        ("device", visit.device),
        ("app", visit.app_release),
        ("form", f"{in_language(visit.form_title, f.language) or link.form_id} {link.form_version}"),
        ("started", f.full_time(link.started_at) if link.started_at else None),
        ("ended", f.full_time(link.ended_at) if link.ended_at else None),
        ("duration", _duration(link, f)),
        ("received", f.full_time(link.received_at)),
        ("id", link.id),
    ]
    return [(name, text) for name, text in facts if text]


def _duration(link: Link, f: Format) -> str | None:
    if link.started_at is None or link.ended_at is None:
        return None
    return f.minutes(link.started_at, link.ended_at)


def _sketch(visit: Visit, sections: list[Section], t: Words, f: Format) -> dict[str, Any] | None:
    points = [line.value for section in sections for line in section.lines if line.type == "geopoint"]
    told = next((point for point in points if sketch.parse(point)), None)
    here = sketch.parse(told)
    if here is None:
        return None
    home = _home(visit, f)
    drawing = sketch.draw(here, home)
    accuracy = t("position.accuracy", metres=f.metres(here.accuracy)) if here.accuracy else ""
    if drawing.metres is None:
        text = t("position.no-home")
    elif drawing.direction is None or drawing.metres < 1:
        text = t("position.same")
    else:
        text = t("position.distance", metres=f.metres(drawing.metres), direction=t(f"direction.{drawing.direction}"))
    return {
        "drawing": drawing,
        "width": sketch.WIDTH,
        "height": sketch.HEIGHT,
        "text": text + accuracy,
        "coordinates": here.text(f.metres),
        "fix": capture_view.of_position(capture.of_position(visit.link.context, str(told)), t, f),
    }
