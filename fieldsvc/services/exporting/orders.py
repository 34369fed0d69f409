"""Ordering a file, seeing how far it is, fetching it; and its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy.orm import Session

from fieldsvc.problems import NotFound, ReasonMissing
from fieldsvc.services import access, jobs, orphans, reach, views
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.store import audit, household_record, ordered
from fieldsvc.store.places.read import Box
from fieldsvc.store.tables import ExportRow

JOB = "export"
#: What can be ordered, and how its file ends.
KINDS = {"points": "geojson", "households": "xlsx", "household": "zip", "village": "zip"}
KINDS |= {"form": "zip", "ledger": "xlsx"}
HOUR_MS = 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants: the `points` or a table of the `households` of an area, the package of a `household` or of
    a village (`area`), the data of a `form`, or a `ledger` with the codes it is narrowed to.

    Of an area only what lies in a `box` of west, south, east, north, and with `only` what has this `mark` on the map,
    or the others alone. `full` shows what is masked. `codes`: of a form, codes and paths instead of words.
    """

    kind: str
    area: str | None = None
    household: str | None = None
    form: str | None = None
    ledger: str | None = None
    chosen: tuple[tuple[str, str], ...] = ()
    month: int | None = None
    codes: bool = False
    box: Box | None = None
    mark: str | None = None
    only: bool | None = None
    full: bool = False
    language: str = "zh"
    below: tuple[str, ...] = ()


def order(ctx: Context, by: Actor, wanted: Order, *, reason: str) -> str:
    """Note the order and that something leaves the system; the id to ask for it by.

    Raises `not-allowed`, `not-found` (also for an area or a household out of reach), `reason-missing`.
    """
    access.require_anywhere(by, [Action.EXPORT])
    if wanted.full and len(reason.strip()) < 4:
        raise ReasonMissing()
    export_id, now = ctx.new_id(), ctx.now_ms()
    with ctx.db.write() as session:
        label = _label(session, by, wanted)
        ordered.add(
            session,
            id=export_id,
            feed_id=by.feed_id,
            by_id=by.person_id,
            kind=wanted.kind,
            wanted=asdict(wanted),
            label=label,
            problem=None,
            at=now,
            expires_at=now + ctx.settings.export_hours * HOUR_MS,
        )
        jobs.add(session, ctx, by.feed_id, JOB, {"export": export_id})
        detail = {**_said(wanted), "reason": reason.strip()[:500]}
        audit.append(
            session, by.feed_id, [audit.Entry(now, by.person_id, "export", f"export:{export_id}", detail=detail)]
        )
        if wanted.household:
            views.note(session, ctx, by, wanted.household, {"package": True, "full": wanted.full})
    return export_id


def wanted_of(row: ExportRow) -> Order:
    """What a stored order asks for."""
    said: Mapping[str, Any] = row.wanted
    box = tuple(said["box"]) if said.get("box") else None
    chosen = tuple((name, code) for name, code in said.get("chosen", ()))
    return Order(**{**said, "box": box, "chosen": chosen, "below": tuple(said.get("below", ()))})


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the asker ordered, the newest first, and the areas and villages there are to order of."""

    rows: Sequence[ExportRow]
    areas: Sequence[reach.Area]
    villages: Sequence[reach.Area]


def shelf(ctx: Context, by: Actor) -> Shelf:
    """The asker's own orders and what may be ordered. Raises `not-allowed`."""
    access.require_anywhere(by, [Action.EXPORT])
    with ctx.db.read() as session:
        within = reach.of(session, by)
        areas = list(within.areas.values())
        rows = ordered.of_person(session, by.feed_id, by.person_id)
        return Shelf(rows, areas, [one for one in areas if _is_village(within, one)])


def show(ctx: Context, by: Actor, export_id: str) -> ExportRow:
    """One order of the asker's own; somebody else's is not found, whoever asks."""
    with ctx.db.read() as session:
        row = ordered.get(session, by.feed_id, export_id)
    if row is None or row.by_id != by.person_id:
        raise NotFound()
    return row


def fetch(ctx: Context, by: Actor, export_id: str) -> tuple[ExportRow, Iterator[bytes]]:
    """The bytes of a file that is ready, on record. Raises `not-found`: also once its time is over, and for somebody
    who has lost the right to what is in it since."""
    row = show(ctx, by, export_id)
    # Asked before anything is sent: a stream says only while it is read that there is nothing.
    if row.state != "ready" or row.expires_at <= ctx.now_ms() or not ctx.blobs.has(key_of(export_id)):
        raise NotFound()
    with ctx.db.write() as session:
        _require(session, by, wanted_of(row))
        entry = audit.Entry(ctx.now_ms(), by.person_id, "download", f"export:{export_id}")
        audit.append(session, by.feed_id, [entry])
    return row, ctx.blobs.stream(key_of(export_id))


def sweep(ctx: Context) -> int:
    """Delete the files whose time is over; return how many there were."""
    with ctx.db.read() as session:
        ended = ordered.over(session, ctx.now_ms())
    for export_id in ended:
        ctx.blobs.delete(key_of(export_id))
        with ctx.db.write() as session:
            ordered.change(session, export_id, state="gone")
    return len(ended)


def tidy(ctx: Context) -> int:
    """Drop files whose order is over or is not there: their process was killed, or a backup was put back. How many."""
    return orphans.drop(ctx, orphans.orders(ctx))


def key_of(export_id: str) -> str:
    """Where the bytes of a file lie."""
    return f"exports/{export_id}"


def paths_of(session: Session, by: Actor, wanted: Order) -> tuple[str, ...]:
    """The areas below which an order reads: its own, or all within reach. Raises `not-found`."""
    if wanted.area is None:
        return access.area_paths(by, Action.EXPORT)
    within = reach.of(session, by)
    area = within.areas.get(wanted.area)
    if area is None or not access.may_in_area(by, Action.EXPORT, area.path):
        raise NotFound()
    return (area.path,)


def _require(session: Session, by: Actor, made: Order) -> None:
    """Raise `not-found` where the asker may not, or may no longer, export all that is in the file."""
    _label(session, by, made)
    if made.area is not None or made.household is not None:
        return
    # Not what they reach today: whoever answers for less by now would take away the rest with the old file.
    if not made.below or not all(access.may_in_area(by, Action.EXPORT, path) for path in made.below):
        raise NotFound()


def _label(session: Session, by: Actor, wanted: Order) -> str:
    """What the order is about, in words; raises `not-found` where the asker may not export it."""
    if wanted.kind not in KINDS or (wanted.kind == "form") != bool(wanted.form):
        raise NotFound()
    if (wanted.kind == "household") != bool(wanted.household) or (wanted.kind == "ledger") != bool(wanted.ledger):
        raise NotFound()
    if wanted.household:
        access.require(session, by, Action.EXPORT, wanted.household)
        found = household_record.entity(session, by.feed_id, wanted.household)
        return found.label if found else ""
    within = reach.of(session, by)
    paths_of(session, by, wanted)
    if wanted.kind == "village":
        own = within.areas.get(wanted.area or "")
        if own is None or not _is_village(within, own):
            raise NotFound()
    return " ".join(within.places(wanted.area)) if wanted.area else " ".join(within.roots())


def _is_village(within: reach.Reach, area: reach.Area) -> bool:
    """Whether nothing lies below an area: more than a village is no package that anybody could open."""
    return not any(one.path.startswith(area.path) and one.id != area.id for one in within.areas.values())


def _said(wanted: Order) -> dict[str, Any]:
    return {name: value for name, value in asdict(wanted).items() if value not in (None, False, "", ())}
