"""The items of a household's file in words, as the page and the cover list them."""

from __future__ import annotations

from typing import Any

from fieldsvc.office.titles import in_language
from fieldsvc.office.words import Words
from fieldsvc.services.dossier import archive
from fieldsvc.services.households import Household


def items(household: Household, t: Words) -> list[dict[str, Any]]:
    """Each item with its state in words."""
    records = [*household.others, *(record for record, _ in household.cases)]
    datasets = {one.dataset for one in records} | ({archive.VISITS} if household.visits else set())
    photos = {slot.name for series in household.series.values() for slot in series.slots}
    exempt = {}
    for one in records:
        if one.dataset == archive.EXEMPTIONS:
            values = {each.name: str(each.value or "") for each in one.properties}
            exempt[values.get("slot", "")] = (one.id, values.get("reason", ""))
    return [
        {
            "code": one.code,
            "group": one.group,
            "label": in_language(one.label, t.language),
            "state": one.state,
            "word": t(f"archive.{one.state}"),
            "reason": one.reason if one.state == "exempt" else "",
            "exemption": one.exemption_id if one.state == "exempt" else None,
        }
        for one in archive.completeness(datasets, photos, exempt)
    ]
