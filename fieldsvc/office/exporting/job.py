"""The job that makes ordered files. It is the office's, because packages hold papers, and those are its words."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from fieldsvc import sheets
from fieldsvc.office.format import Format
from fieldsvc.office.papers.bundle import BUNDLE, SmallPictures
from fieldsvc.office.papers.fill import Printing, papers
from fieldsvc.office.words import Words
from fieldsvc.papers import draw, font
from fieldsvc.services import form_export, households
from fieldsvc.services.context import Context
from fieldsvc.services.dossier import documents
from fieldsvc.services.exporting import orders, package, points
from fieldsvc.services.exporting.work import Maker, Making, give_up, work
from fieldsvc.services.jobs import Handler, Watched
from fieldsvc.services.ledgers import files, reading
from fieldsvc.services.ledgers.reading import Wanted

#: After so many submissions it is said how far a file is, and what is quick has its turn.
EVERY = 2000
#: So many are counted for the bar; more only let it stand full a while.
COUNTED_TO = 5_000_000
Row = Mapping[str, str]


def handlers(meanwhile: Callable[[Context], object]) -> dict[str, Handler]:
    """The handler of ordered files; `meanwhile` does the quick jobs between two steps of a long one."""

    def handle(ctx: Context, feed_id: str, payload: Mapping[str, object]) -> None:
        work(ctx, feed_id, payload, makers=_MAKERS, meanwhile=lambda: meanwhile(ctx))

    return {orders.JOB: Watched(handle, give_up)}


def _papers(making: Making, household_id: str) -> bytes:
    """The household's bundle, as the archive's page prints it."""
    ctx, language = making.ctx, making.order.language
    form = Format(language, ZoneInfo(ctx.settings.time_zone), ctx.now_ms())
    found = households.household(ctx, household_id, by=making.by, viewed=False)
    look = SmallPictures(ctx, making.by, found)
    printing = Printing(found, making.by.name, making.order.full, Words(language), form, look)
    made = [paper for name in BUNDLE for paper in papers(documents.templates()[name], printing)]
    return draw(made, form.now_ms, font.file(ctx.settings.paper_font))


def _package(making: Making) -> None:
    package.make(making, _papers)


def _form(making: Making) -> None:
    """The data of a form that was too much for one request: the workbook, or its CSV files."""
    wanted = making.order
    assert wanted.form is not None
    language = None if wanted.codes else wanted.language
    asked = form_export.Wanted(wanted.form, wanted.month, language, wanted.full)
    total = form_export.number(making.ctx, making.by, asked, COUNTED_TO)
    with making.ctx.db.read() as session:
        found = form_export.opened(making.ctx, session, making.by, asked)
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(making.file, "w", zipfile.ZIP_DEFLATED) as archive:
        tables = [(sheet.name, sheet.headings, sheet.numeric) for sheet in found.sheets]
        for path in sheets.write_book(Path(folder) / f"{wanted.form}.csv", tables, _told(making, found.rows, total)):
            archive.write(path, path.name)
    making.step(total, total)


def _told(making: Making, rows: Iterable[tuple[int, Row]], total: int) -> Iterator[tuple[int, Row]]:
    """The same rows, and every now and then how many submissions they were: a row of the first table is one."""
    done = 0
    for table, row in rows:
        yield table, row
        done += table == 0
        if table == 0 and done % EVERY == 0:
            making.step(min(done, total), total)


def _ledger(making: Making) -> None:
    """A ledger that was too long for one request: the same columns, lines and totals."""
    order = making.order
    assert order.ledger is not None
    asked = Wanted(order.area, order.month, dict(order.chosen), order.box)
    total = reading.page(making.ctx, order.ledger, asked, by=making.by, limit=0).sums.rows
    found = files.made(making.ctx, order.ledger, asked, order.language, by=making.by, full=order.full)
    tables = [(found.label[order.language], found.headings, found.numeric)]
    with tempfile.TemporaryDirectory() as folder:
        rows = ((0, row) for row in found.rows)
        [path] = sheets.write_book(Path(folder) / f"{order.ledger}.xlsx", tables, _told(making, rows, total))
        making.take(path)
    making.step(total, total)


_MAKERS: Mapping[str, Maker] = {
    "points": points.make,
    "households": points.table,
    "household": _package,
    "village": _package,
    "form": _form,
    "ledger": _ledger,
}
