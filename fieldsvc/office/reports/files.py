"""A report as a paper to sign and pin up; `workbook.py` makes the one to calculate with."""

from __future__ import annotations

from fieldsvc.office.format import Format
from fieldsvc.office.reports import view
from fieldsvc.office.words import Words
from fieldsvc.papers.model import Grid, Paper, Signatures, Text, Title
from fieldsvc.services.reports.freezing import Report

#: So many figures fit beside the name of a village on an upright sheet.
_ACROSS = 7


def paper(found: Report, by: str, t: Words, f: Format) -> Paper:
    """The report as a document: what is covered first, then every village, in as many tables as the width asks."""
    page = view.page(found, t, f)
    said: list[Title | Text | Grid | Signatures] = [
        Title(t("report.title", area=found.area, period=page["title"]), status(found, t, f)),
        Text(t("report.covered", share=page["share"])),
    ]
    columns = list(enumerate(page["headings"]))
    for start in range(0, len(columns), _ACROSS):
        part = columns[start : start + _ACROSS]
        rows = [[row["place"], *(_cell(row["cells"][at]) for at, _ in part)] for row in page["rows"]]
        rows.append([t("report.total"), *(_cell(page["totals"][at]) for at, _ in part)])
        head, numbers = [t("area"), *(text for _, text in part)], range(1, len(part) + 1)
        said.append(Grid(rows, [2.4, *([1.0] * len(part))], head, numbers))
    said.append(Signatures([t("report.made-by"), t("report.checked-by")]))
    return Paper(page["title"], said, t("print.foot", by=by, at=f.full_time(f.now_ms)))


def status(found: Report, t: Words, f: Format) -> str:
    """Whether the figures are frozen, and since when."""
    if found.cut_off_at is None:
        return t("report.open", at=f.full_time(f.now_ms))
    if not found.frozen_by:
        return t("report.frozen-by-itself", at=f.full_time(found.cut_off_at))
    return t("report.frozen", at=f.full_time(found.cut_off_at), by=found.frozen_by)


def _cell(cell: dict[str, str]) -> str:
    return f"{cell['text']} {cell['late']}".strip()
