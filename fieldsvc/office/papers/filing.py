"""The items of a household's file in words, as the page and the cover list them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fieldsvc.office.titles import in_language
from fieldsvc.office.words import Words
from fieldsvc.services.dossier import archive, scans
from fieldsvc.services.households import Household, Record


def items(household: Household, t: Words) -> list[dict[str, Any]]:
    """Each item with its state in words."""
    records = [*household.others, *(record for record, _ in household.cases)]
    datasets = {one.dataset for one in records} | ({archive.VISITS} if household.visits else set())
    photos = {slot.name for series in household.series.values() for slot in series.slots}
    exempt = {values["slot"]: (one.id, values.get("reason", "")) for one, values in _of(records, archive.EXEMPTIONS)}
    filed = list(_of(records, scans.SCANS))
    return [
        {
            "code": one.code,
            "group": one.group,
            "label": in_language(one.label, t.language),
            "state": one.state,
            "word": t(f"archive.{one.state}"),
            "reason": one.reason if one.state == "exempt" else "",
            "exemption": one.exemption_id if one.state == "exempt" else None,
            "scans": [_scan(record, values) for record, values in filed if values["slot"] == one.code],
        }
        for one in archive.completeness(datasets, photos, exempt, {values["slot"] for _, values in filed})
    ]


def _of(records: Iterable[Record], dataset: str) -> Iterator[tuple[Record, dict[str, str]]]:
    """The records of one dataset that name an item, with their values."""
    for one in records:
        values = {each.name: str(each.value or "") for each in one.properties}
        if one.dataset == dataset and values.get("slot"):
            yield one, values


def _scan(record: Record, values: Mapping[str, str]) -> dict[str, Any]:
    """A filed paper: who filed it when, and what kind of file it is."""
    filed = next(each for each in record.properties if each.name == "slot")
    kind = "PDF" if values.get("type") == scans.PDF else "JPEG" if values.get("type") == "image/jpeg" else "PNG"
    return {"id": record.id, "kind": kind, "by": filed.by, "at": filed.at, "sha256": values.get("sha256", "")}
