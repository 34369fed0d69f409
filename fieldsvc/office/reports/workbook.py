"""A report as a workbook to calculate with, and with a chart.

Loaded with the first that is asked for, like all that knows workbooks (`fieldsvc/sheets`).
"""

from __future__ import annotations

import io
from collections.abc import Mapping

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.worksheet.worksheet import Worksheet

from fieldsvc.office.format import Format
from fieldsvc.office.reports import view
from fieldsvc.office.reports.files import status
from fieldsvc.office.words import Words
from fieldsvc.services.reports import figures
from fieldsvc.services.reports.freezing import Report
from fieldsvc.sheets import book as cells


def workbook(found: Report, t: Words, f: Format) -> bytes:
    """The figures as numbers and what they come to, until when they were counted, what came late in a sheet of its own,
    and a chart of households and those visited.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = view.called(found.period, t, f)[:31]
    headings = [t("area"), *view.headings(t.language)]
    # Text goes in as every list's does: whoever names a village must not write a formula for whoever opens the file.
    places = [f"{row.town} {row.name}".strip() for row in found.rows]
    cells.begin(sheet, headings, [[place, *[""] * (len(headings) - 1)] for place in places])
    for place, row in zip(places, found.rows, strict=True):
        sheet.append([cells.cell(sheet, place), *_numbers(row.numbers)])
    sheet.freeze_panes = "B2"
    last = len(found.rows) + 1
    sums = figures.totals(found.rows)
    sheet.append([cells.cell(sheet, t("report.total")), *_numbers(sums)])
    # Below the figures, so that they stay a table. One that does not say whether it is published is passed on as one.
    for said in (
        t("report.title", area=found.area, period=view.called(found.period, t, f)),
        status(found, t, f),
        t("report.covered", share=f.share(sums["visited"], sums["households"])),
    ):
        sheet.append([cells.cell(sheet, said)])
    sheet.add_chart(_chart(sheet, last, t("report.covered-title")), f"B{last + 6}")
    if any(found.late.values()):
        late = book.create_sheet(t("report.late"))
        cells.begin(late, headings, [[place, *[""] * (len(headings) - 1)] for place in places])
        for place, row in zip(places, found.rows, strict=True):
            more = found.late.get(row.area_id, {})
            if more:
                late.append([cells.cell(late, place), *_numbers(more)])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _chart(sheet: Worksheet, last: int, title: str) -> BarChart:
    """Households and those visited, a pair of bars for each village, from the top as the table has them."""
    chart = BarChart()
    chart.type, chart.title = "bar", title
    chart.height, chart.width = max(7, 0.7 * last), 22
    chart.add_data(Reference(sheet, min_col=2, max_col=3, min_row=1, max_row=last), titles_from_data=True)
    names = StrRef(f=str(Reference(sheet, min_col=1, min_row=2, max_row=last)))
    for bars in chart.series:
        bars.cat = AxDataSource(strRef=names)
    # What is not said here Excel takes for "no axis", and lays the title over the bars.
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.title.overlay = chart.legend.overlay = False
    chart.x_axis.scaling.orientation, chart.y_axis.crosses = "maxMin", "max"
    return chart


def _numbers(numbers: Mapping[str, int]) -> list[float]:
    """Numbers to calculate with; amounts in yuan."""
    return [numbers.get(one.code, 0) / (100 if one.money else 1) for one in figures.figures()]
