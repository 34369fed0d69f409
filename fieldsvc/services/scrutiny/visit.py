"""Flags that one visit's own answers give rise to: where it was, when its photos were taken, and how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fieldsvc.config import Settings
from fieldsvc.geo.datum import nearest_reading
from fieldsvc.services import capture, slots
from fieldsvc.services.capture import Capture, Fix, fix_of
from fieldsvc.services.intake.documents import photos_in
from fieldsvc.store.flags import Flag
from fieldsvc.store.tables import EntityRow, SubmissionRow

#: A fix is of the place where the photo was taken if it is no older than this.
OLDEST_FIX_SECONDS = 300


def far(visit: SubmissionRow, definition: Mapping[str, Any], home: Any, settings: Settings) -> Iterator[Flag]:
    """The visit's position, or a photo's, is farther from the house than the setting, whichever map its numbers are of.

    What the phones were unsure of is given to the cadre: only the rest counts. Of the photos the farthest is told.
    """
    there = fix_of(home)
    if there is None:
        return
    limit = settings.flag_far_metres
    for ref, value in _positions(definition, visit.answers):
        here = fix_of(value)
        if here is not None and _beyond(here, there) > limit:
            yield Flag(visit.id, "far", ref, {"metres": _whole_metres(here, there), "limit": limit})
    taken = [
        (_beyond(here, there), ref, here, photo["sha256"])
        for ref, photo in photos_in(visit.answers)
        if (here := _fresh(capture.of_photo(photo))) is not None
    ]
    apart, ref, here, sha256 = max(taken, default=(0.0, "", there, ""))
    if apart > limit:
        slot = slots.of_form(definition).get(slots.without_places(ref))
        facts = {"metres": _whole_metres(here, there), "limit": limit, "photo": sha256, "slot": slot}
        yield Flag(visit.id, "far", ref, facts)


def photos(
    visit: SubmissionRow, definition: Mapping[str, Any], records: Sequence[EntityRow], settings: Settings
) -> Iterator[Flag]:
    """Photos taken outside the dates of their slot's stage, or chosen where the camera was asked for."""
    of_question = slots.of_form(definition)
    for ref, photo in photos_in(visit.answers):
        name = of_question.get(slots.without_places(ref))
        slot = slots.shelf(settings).get(name or "")
        if slot is None:
            continue
        facts = capture.of_photo(photo)
        if slot.get("camera") and facts.source == "gallery":
            yield Flag(visit.id, "gallery", ref, {"slot": name})
        taken = _day(facts.moment or visit.ended_at or visit.received_at, settings)
        yield from _outside(visit.id, ref, str(name), slot, taken, records)


def _beyond(here: Fix, there: Fix) -> float:
    """How far apart two places are at the least, in metres."""
    return nearest_reading(here[:2], there[:2]) - here[2] - there[2]


def _whole_metres(here: Fix, there: Fix) -> int:
    return round(nearest_reading(here[:2], there[:2]))


def _fresh(facts: Capture) -> Fix | None:
    """Where the photo was taken; an old fix tells where the phone had been before."""
    return facts.fix if (facts.position_age or 0) <= OLDEST_FIX_SECONDS else None


def _outside(
    visit_id: str, ref: str, name: str, slot: Mapping[str, Any], taken: date, records: Sequence[EntityRow]
) -> Iterator[Flag]:
    """Nothing is said while no record of the household has the date, or any record's dates fit."""
    misses = []
    for record in records:
        if record.dataset != slot.get("dataset"):
            continue
        first, last = (_date(record.properties.get(slot.get(end, ""))) for end in ("from", "until"))
        if first is None and last is None:
            return
        if (first is None or taken >= first) and (last is None or taken <= last):
            return
        late = last is not None and taken > last
        misses.append({"slot": name, "taken": taken.isoformat(), "late": late, "date": str(last if late else first)})
    if misses:
        yield Flag(visit_id, "dates", ref, misses[0])


def _positions(definition: Mapping[str, Any], answers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Positions that say where the visit was; one that is saved to the record says where the house is."""
    saved = {ref for entity in definition.get("entities", ()) for ref in entity.get("saves", {}).values()}

    def walk(nodes: Sequence[Mapping[str, Any]], value: Any, ref: str) -> Iterator[tuple[str, Any]]:
        for node in nodes:
            here, answer = f"{ref}/{node['name']}", value.get(node["name"]) if isinstance(value, Mapping) else None
            if node.get("kind") == "group":
                yield from walk(node.get("children", ()), answer, here)
            elif node.get("type") == "geopoint" and answer and here not in saved:
                yield here, answer

    yield from walk(definition.get("nodes", ()), answers, str(definition.get("root", "/data")))


def _day(at_ms: int, settings: Settings) -> date:
    return datetime.fromtimestamp(at_ms / 1000, ZoneInfo(settings.time_zone)).date()


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
