"""What the pages of an import show: tabs with their counts, rows in words, the copy of the rows with mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for

from fieldsvc.office.format import Format
from fieldsvc.office.labels import Labels
from fieldsvc.office.words import Words
from fieldsvc.services.imports.desk import Shown
from fieldsvc.services.imports.model import Fate
from fieldsvc.store.tables import ImportLineRow

#: The order of the tabs: what needs a look first.
ORDER = (
    *(Fate.ERROR, Fate.CONFLICT, Fate.DIFFERENT, Fate.THERE, Fate.NEW, Fate.CHANGED),
    *(Fate.KEPT, Fate.UNCHANGED, Fate.MATCH),
)


def tabs(found: Shown, fate: str) -> list[dict[str, Any]]:
    """Every fate that some row has, with how many do."""
    return [
        {
            "fate": one.value,
            "number": found.counts[one.value],
            "url": url_for("office.one_import", import_id=found.row.id, fate=one.value),
            "current": one.value == fate,
        }
        for one in ORDER
        if found.counts.get(one.value)
    ]


def lines(found: Shown, rows: Sequence[ImportLineRow], t: Words, f: Format) -> list[dict[str, Any]]:
    """Rows in words: what each is about, its fate, why, and which values it changes."""
    labels = Labels(found.definition, f)
    return [
        {
            "number": row.number,
            "what": _what(found, row, labels),
            "fate": row.fate,
            "why": why(found, row, t),
            "changes": _changes(row, labels, t) if row.fate not in (Fate.NEW, Fate.THERE) else [],
        }
        for row in rows
    ]


def why(found: Shown, row: ImportLineRow, t: Words) -> str:
    """What is wrong with a row, with the column and what stands in it."""
    if not row.code:
        return ""
    said = t.known("imports.error", row.code)
    if not row.field:
        return said
    at = found.mapping.index(row.field) if row.field in found.mapping else None
    column = headings(found)[at] if at is not None else row.field
    if at is None or at >= len(row.cells):  # none once the import was taken back
        return t("imports.at-column", column=column, said=said)
    return t("imports.at-cell", column=column, cell=row.cells[at], said=said)


def headings(found: Shown) -> list[str]:
    """The headings of the sheet, each once: two columns of one name would be one in the copy."""
    taken: list[str] = []
    for heading, _ in found.row.headings or ():
        taken.append(heading if heading not in taken else f"{heading} {len(taken) + 1}")
    return taken


def annotated(found: Shown, rows: Iterable[ImportLineRow], t: Words) -> Iterator[Mapping[str, str]]:
    """The rows as they came, with why they were not read."""
    names = headings(found)
    for row in rows:
        yield {**dict(zip(names, row.cells, strict=False)), t("imports.why"): why(found, row, t)}


def _what(found: Shown, row: ImportLineRow, labels: Labels) -> str:
    by = str(found.definition.get("label_property") or found.kind.key)
    shown = [name for name in (by, found.kind.key) if name in found.mapping and not labels.is_masked(name)]
    places = [found.mapping.index(name) for name in dict.fromkeys(shown)]
    cells = [row.cells[at] for at in places if at < len(row.cells)]  # none once the import was taken back
    return " · ".join(cell for cell in cells if cell)


def _changes(row: ImportLineRow, labels: Labels, t: Words) -> list[dict[str, Any]]:
    before = row.before or {}
    return [
        {
            "label": labels.label(name),
            # What the record says is masked as everywhere; what the sheet says stands in the sheet.
            "before": t("masked")
            if labels.is_masked(name) and before.get(name)
            else labels.display(name, before.get(name)),
            "after": labels.display(name, value),
        }
        for name, value in (row.after or {}).items()
        if (before.get(name) or None) != (value or None)
    ]
