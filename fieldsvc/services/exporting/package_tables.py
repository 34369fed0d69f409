"""The sheets of a package: records by their kind, the answers of each form. Rows are written as they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fieldsvc import sheets
from fieldsvc.services import exports, form_export
from fieldsvc.services.coverage import HOUSEHOLDS
from fieldsvc.services.definitions import Datasets, datasets
from fieldsvc.services.exporting.work import Making
from fieldsvc.services.packing import Package
from fieldsvc.store import exports as rows
from fieldsvc.store import form_shelf, household_record

#: Households whose records are read in one statement.
_AT_ONCE = 50
_PIECE = 1 << 18
Row = Mapping[str, str]
#: The columns of the sheet that names the visits whose form is not here.
MISSING_COLUMNS = (exports.NUMBER, "走访编号", "表单", "版本", "收到")


def put_records(making: Making, package: Package, homes: Sequence[Any], folder: Path) -> None:
    """One workbook with a sheet for each kind of record, and each as CSV."""
    with making.ctx.db.read() as session:
        known = datasets(making.ctx, session)
        there = {
            kind
            for some in _some(homes)
            for kind in household_record.kinds(session, making.by.feed_id, [home.id for home in some])
        }
    kinds = sorted((one for one in there | {HOUSEHOLDS} if one in known), key=lambda one: (one != HOUSEHOLDS, one))
    columns = {one: [exports.NUMBER, *exports.headings(known.properties(one))] for one in kinds}
    tables = [(known.title(one)["zh"], columns[one], frozenset[str]()) for one in kinds]

    def of(dataset: str) -> Iterator[Row]:
        return _records(making, homes, known, dataset)

    if homes:
        every = ((at, line) for at, one in enumerate(kinds) for line in of(one))
        _put_book(package, folder / "records.xlsx", tables, every, "records")
        for one in kinds:
            put_sheet(package, folder / f"{one}.csv", columns[one], of(one), "records")


def put_forms(making: Making, package: Package, homes: Sequence[Any], folder: Path) -> None:
    """The answers of every form these households have visits of, a workbook for each form; and what has no columns.

    A server that was restored may have a visit and not the version of the form it was made with: its answers stand as
    far as other versions have the same questions, and a sheet names it.
    """
    feed = making.by.feed_id
    with making.ctx.db.read() as session:
        used = {one for some in _some(homes) for one in rows.forms_of(session, feed, [home.id for home in some])}
        known = {(row.form_id, row.version) for row in form_shelf.versions(session)}
    for form_id in sorted({form for form, _ in used} & {form for form, _ in known}):
        asked = form_export.Wanted(
            form_id, None, making.order.language, making.order.full, subject_ids=tuple(home.id for home in homes)
        )
        with making.ctx.db.read() as session:
            found = form_export.opened(making.ctx, session, making.by, asked)
        tables = [(one.name, one.headings, one.numeric) for one in found.sheets]
        _put_book(package, folder / f"{form_id}.xlsx", tables, found.rows, "forms")
    unread = _unread(making, homes, used - known)
    put_sheet(package, folder / "missing.csv", MISSING_COLUMNS, unread, "forms", empty=False)


def _unread(making: Making, homes: Sequence[Any], lost: Set[tuple[str, str]]) -> Iterator[Row]:
    """A line for each visit whose version of its form is not on this server."""
    zone = ZoneInfo(making.ctx.settings.time_zone)
    for some in _some(homes) if lost else ():
        numbers = {home.id: str(home.properties.get(rows.NUMBER) or "") for home in some}
        with making.ctx.db.read() as session:
            found = rows.of_versions(session, making.by.feed_id, list(numbers), lost)
        for row in found:
            moment = exports.moment(row.received_at, zone)
            values = (numbers[row.subject_id], row.id, row.form_id, row.form_version, moment)
            yield dict(zip(MISSING_COLUMNS, values, strict=True))


def put_sheet(
    package: Package,
    path: Path,
    columns: Sequence[str],
    lines: Iterable[Row],
    under: str = "",
    *,
    empty: bool = True,
) -> None:
    """Write a sheet line by line and put it into the package; without `empty` only if it has a line."""
    if sheets.write(path, columns, lines) or empty:
        package.put(f"{under}/{path.name}" if under else path.name, "table", _pieces(path), packed=True)
    path.unlink()


def _put_book(
    package: Package, path: Path, tables: Sequence[sheets.Table], lines: Iterable[tuple[int, Row]], under: str
) -> None:
    every = iter(lines)
    first = next(every, None)
    if first is None:
        return
    [made] = sheets.write_book(path, tables, chain([first], every))
    package.put(f"{under}/{path.name}", "table", _pieces(made), packed=False)
    made.unlink()


def _records(making: Making, homes: Sequence[Any], known: Datasets, dataset: str) -> Iterator[Row]:
    """The lines of one kind of record, household by household."""
    properties, full = known.properties(dataset), making.order.full
    for some in _some(homes):
        found: dict[str, list[Any]] = {home.id: [home] if dataset == HOUSEHOLDS else [] for home in some}
        if dataset != HOUSEHOLDS:
            with making.ctx.db.read() as session:
                for row in household_record.of_kind(session, making.by.feed_id, list(found), dataset):
                    found[row.subject_id].append(row)
        for home in some:
            number = {exports.NUMBER: str(home.properties.get(rows.NUMBER) or "")}
            yield from (number | exports.cells(row.properties, properties, full=full) for row in found[home.id])


def _some(homes: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (homes[at : at + _AT_ONCE] for at in range(0, len(homes), _AT_ONCE))


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
