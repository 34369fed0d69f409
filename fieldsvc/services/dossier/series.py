"""The photo series of a household: which picture stands in which slot, and the pairs worth looking at together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from fieldsvc.series.read import Slots
from fieldsvc.services import definitions, slots
from fieldsvc.services.context import Context
from fieldsvc.store import dossier
from fieldsvc.store.dossier import Shot

#: The slots that show one house from the same side, before and after (domain reference §3.3).
PAIRS = (("before", "after"), ("before", "moved_in"), ("hazard_before", "hazard_after"))
_BySlot = dict[str, list[Shot]]


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot with its photos, oldest first. `label` in each language."""

    name: str
    label: Mapping[str, str]
    shots: Sequence[Shot]


@dataclass(frozen=True, slots=True)
class Series:
    """A record's slots in the order of the work; `pair` is the newest picture from before and from after it."""

    slots: Sequence[Slot]
    pair: tuple[Shot, Shot] | None


def of_household(
    ctx: Context, session: Session, feed_id: str, subject_id: str, case_ids: Sequence[str]
) -> dict[str, Series]:
    """The series of each of these records, and under the subject's id what belongs to none of them.

    A photo is of the record its form wrote to; one that names no slot is in no series.
    """
    shots = _named(ctx, session, dossier.photos(session, feed_id, {subject_id}))
    touched = dossier.touched(session, feed_id, {shot.visit_id for _, shot in shots}) if case_ids else {}
    wanted, found = set(case_ids), dict[str, _BySlot]()
    for slot, shot in shots:
        for record in touched.get(shot.visit_id, set()) & wanted or {shot.subject_id}:
            found.setdefault(record, {}).setdefault(slot, []).append(shot)
    return {record: _series(slots.shelf(ctx.settings), by_slot) for record, by_slot in found.items()}


def of_records(ctx: Context, session: Session, feed_id: str, records: Collection[str]) -> dict[str, Series]:
    """The series of records of several households, in as many statements as for one.

    Asked for by the visits that wrote to them: a household's other photos, two a month for years, are none of theirs.
    """
    touching = dossier.touching(session, feed_id, records)
    found: dict[str, _BySlot] = {}
    for slot, shot in _named(ctx, session, dossier.photos_of_visits(session, feed_id, touching)):
        for record in touching[shot.visit_id]:
            found.setdefault(record, {}).setdefault(slot, []).append(shot)
    return {record: _series(slots.shelf(ctx.settings), by_slot) for record, by_slot in found.items()}


def _named(ctx: Context, session: Session, shots: Iterable[Shot]) -> list[tuple[str, Shot]]:
    """Those that stand in a slot, with it; what a form says of its slots is read once for however many photos."""
    said: dict[tuple[str, str], tuple[Mapping[str, str], Mapping[str, str]]] = {}
    found = []
    for shot in shots:
        form = (shot.form_id, shot.form_version)
        if form not in said:
            said[form] = _said(ctx, session, *form)
        if placed := _placed(said[form], shot):
            found.append(placed)
    return found


def _said(ctx: Context, session: Session, form_id: str, version: str) -> tuple[dict[str, str], dict[str, str]]:
    """The slots of a form and its stamps by question."""
    form = definitions.form(ctx, session, form_id, version) or {}
    return slots.of_form(form), slots.asked(form, "stamp")


def _placed(said: tuple[Mapping[str, str], Mapping[str, str]], shot: Shot) -> tuple[str, Shot] | None:
    """The slot of a photo, and the photo with the stamp that its form asks for; None where it is in no slot."""
    of_question, stamps = said
    question = slots.without_places(shot.ref)
    slot = of_question.get(question)
    return (slot, replace(shot, stamp=stamps.get(question, ""))) if slot else None


def _series(known: Slots, by_slot: Mapping[str, Sequence[Shot]]) -> Series:
    order = [*(name for name in known if name in by_slot), *(name for name in by_slot if name not in known)]
    return Series([Slot(name, _label(known, name), by_slot[name]) for name in order], _pair(by_slot))


def _label(known: Slots, name: str) -> Mapping[str, str]:
    words = known.get(name, slots.NO_SLOT)
    return {code: str(words.get(code) or name) for code in ("zh", "en")}


def _pair(by_slot: Mapping[str, Sequence[Shot]]) -> tuple[Shot, Shot] | None:
    pairs: Iterable[tuple[str, str]] = ((old, new) for old, new in PAIRS if old in by_slot and new in by_slot)
    return next(((by_slot[old][0], by_slot[new][-1]) for old, new in pairs), None)
