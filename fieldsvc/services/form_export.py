"""The submissions of a form as tables for analysis: one row a visit, one table a repeat, secrets masked.

Whoever exports sees the areas they answer for and nothing else, and the export is on record: a file leaves the system.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fieldsvc import problems
from fieldsvc.services import access
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context
from fieldsvc.services.definitions import datasets
from fieldsvc.services.exports import OPEN, STATES, mask, moment
from fieldsvc.store import areas, audit, definitions, exports, form_shelf
from fieldsvc.xlsform.beginning import VILLAGES
from fieldsvc.xlsform.columns import INSTANCE, ITEM, PARENT, Table, headings, rows, tables
from fieldsvc.xlsform.compiled import walk
from fieldsvc.xlsform.definition import Definition
from fieldsvc.xlsform.versions import version_key

#: What is known of a visit beside its answers: the name of the column, and its heading in each language.
FACTS: dict[str, tuple[str, str]] = {
    INSTANCE: ("走访编号", "Instance id"),
    "version": ("表单版本", "Form version"),
    "area_code": ("区划代码", "Area code"),
    "area": ("行政区划", "Area"),
    "number": ("户编号", "Household number"),
    "label": ("户主", "Head of household"),
    "author": ("走访人", "Cadre"),
    "started_at": ("开始", "Started"),
    "received_at": ("收到", "Received"),
    "state": ("审核", "Review"),
}
_LINKS: dict[str, tuple[str, str]] = {
    INSTANCE: ("走访编号", "Instance id"),
    PARENT: ("上级编号", "Parent id"),
    ITEM: ("本条编号", "Item id"),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `language` None writes codes and paths, else words; `full` unmasks and needs a reason.

    `subject_ids`: only what is about these households, one after the other; None for all.
    """

    form_id: str
    month: int | None = None
    language: str | None = None
    full: bool = False
    reason: str = ""
    subject_ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table to write: its name, its headings in order, and which of its columns hold numbers."""

    name: str
    headings: Sequence[str]
    numeric: frozenset[str]


@dataclass(frozen=True, slots=True)
class Export:
    """The tables, and their rows in the order of the submissions: the number of the table, and cells by heading."""

    sheets: Sequence[Sheet]
    rows: Iterator[tuple[int, dict[str, str]]]


def export(ctx: Context, by: Actor, wanted: Wanted) -> Export:
    """The submissions of a form that the asker may export. Raises `not-allowed`, `not-found`, `reason-missing`."""
    access.require_anywhere(by, [Action.EXPORT])
    if wanted.full and len(wanted.reason.strip()) < 4:
        raise problems.ReasonMissing
    with ctx.db.write() as session:
        found = opened(ctx, session, by, wanted)
        detail = {"month": wanted.month, "full": wanted.full, "reason": wanted.reason.strip()[:200]}
        entry = audit.Entry(ctx.now_ms(), by.person_id, "export", f"form:{wanted.form_id}", detail=detail)
        audit.append(session, by.feed_id, [entry])
    return found


def opened(ctx: Context, session: Session, by: Actor, wanted: Wanted) -> Export:
    """The same for a caller who has checked the right and noted the export already. Raises `not-found`."""
    versions = _versions(session, wanted.form_id)
    found = tables(versions)
    if wanted.language is not None:
        _name_villages(session, by.feed_id, versions, found)
    secret = secret_questions(ctx, session, versions) if not wanted.full else frozenset()
    heads = [_heads(table, wanted.language) for table in found]
    sheets = [
        Sheet(table.name, list(head.values()), frozenset(head[c.path] for c in table.columns.values() if c.numeric))
        for table, head in zip(found, heads, strict=True)
    ]
    return Export(sheets, _rows(ctx, by, wanted, found, heads, secret))


def number(ctx: Context, by: Actor, wanted: Wanted, at_most: int) -> int:
    """How many submissions that would be, counted no further than `at_most`."""
    access.require_anywhere(by, [Action.EXPORT])
    with ctx.db.read() as session:
        paths = access.area_paths(by, Action.EXPORT)
        return exports.number(session, by.feed_id, wanted.form_id, wanted.month, paths, at_most)


def exportable(ctx: Context, by: Actor) -> list[tuple[str, Mapping[str, str]]]:
    """The forms there are to export, with their titles; trials are not among them."""
    access.require_anywhere(by, [Action.EXPORT])
    with ctx.db.read() as session:
        return [(row.id, row.title) for row in form_shelf.forms(session) if row.state != "trial"]


def _versions(session: Session, form_id: str) -> list[Definition]:
    """Every version of the form, the newest first."""
    known = [row.version for row in form_shelf.versions(session, form_id)]
    rows = [definitions.form_version(session, form_id, one) for one in sorted(known, key=version_key, reverse=True)]
    if not rows:
        raise problems.NotFound()
    return [cast(Definition, row.definition) for row in rows if row is not None]


def secret_questions(ctx: Context, session: Session, versions: Sequence[Definition]) -> frozenset[str]:
    """The questions whose answers go to a property that is not open to everybody, or are prefilled from one."""
    known = datasets(ctx, session)
    found: set[str] = set()
    for definition in versions:
        for entity in definition.get("entities", []):
            properties = known.properties(entity["dataset"])
            found |= {
                ref
                for name, ref in entity["saves"].items()
                if properties.get(name, {}).get("sensitivity", OPEN) != OPEN
            }
        subject = known.properties(definition.get("subject_dataset", ""))
        for node in walk(definition["nodes"]):
            name = node["prefill"]["property"] if "prefill" in node else ""
            if subject.get(name, {}).get("sensitivity", OPEN) != OPEN:
                found.add(node["ref"])
    return frozenset(found)


def _name_villages(session: Session, feed_id: str, versions: Sequence[Definition], found: Sequence[Table]) -> None:
    """Say what codes mean where a village is chosen from the phone's own list: no form takes that along."""
    asked = {node["ref"] for one in versions for node in walk(one["nodes"]) if node.get("choices") == VILLAGES}
    named = areas.names(session, feed_id, None) if asked else {}
    codes = {code: {"zh": name, "en": name} for code, name in named.items()}
    for table in found:
        for path, column in table.columns.items():
            if column.ref in asked:
                table.columns[path] = replace(column, codes={**codes, **column.codes})


def _heads(table: Table, language: str | None) -> dict[str, str]:
    """Column keys and their headings: facts or links first, then the questions."""
    fixed = FACTS if table.ref == "" else _LINKS
    index = 0 if language == "zh" else 1
    known = {key: key if language is None else said[index] for key, said in fixed.items()}
    asked = headings(table, language)
    return {**known, **{path: f"{text} [{path}]" if text in known.values() else text for path, text in asked.items()}}


def _rows(
    ctx: Context,
    by: Actor,
    wanted: Wanted,
    found: Sequence[Table],
    heads: Sequence[Mapping[str, str]],
    secret: frozenset[str],
) -> Iterator[tuple[int, dict[str, str]]]:
    zone = ZoneInfo(ctx.settings.time_zone)
    index = {id(table): number for number, table in enumerate(found)}
    paths = access.area_paths(by, Action.EXPORT)
    asked = (by.feed_id, wanted.form_id, wanted.month, paths)
    subjects = (None,) if wanted.subject_ids is None else wanted.subject_ids
    with ctx.db.read() as session:
        for row in chain.from_iterable(exports.submissions(session, *asked, one) for one in subjects):
            for table, values in rows(found, row.answers, row.id):
                head = heads[index[id(table)]]
                cells = {
                    head[path]: mask(column.shown(values.get(path), wanted.language))
                    if column.ref in secret
                    else column.shown(values.get(path), wanted.language)
                    for path, column in table.columns.items()
                }
                fixed = values if table.ref else _facts(row, zone, wanted.language)
                cells.update({head[key]: str(fixed[key]) for key in (FACTS if table.ref == "" else _LINKS)})
                yield index[id(table)], cells


def _facts(row: Any, zone: ZoneInfo, language: str | None) -> dict[str, str]:
    return {
        INSTANCE: row.id,
        "version": row.form_version,
        "area_code": row.area_code or "",
        "area": row.area_name or "",
        "number": row.number or "",
        "label": row.label or "",
        "author": row.author or "",
        "started_at": moment(row.started_at, zone),
        "received_at": moment(row.received_at, zone),
        "state": STATES.get(row.review_state, row.review_state) if language == "zh" else row.review_state,
    }
