"""Who was paired with a household from when to when, and who looked at it last."""

from __future__ import annotations

from typing import Any

from fieldsvc.office import viewer_pages
from fieldsvc.office.format import Format
from fieldsvc.office.words import Words
from fieldsvc.services.households import Household
from fieldsvc.services.views import Named
from fieldsvc.store.dossier import Pairing
from fieldsvc.store.pairings import HELPER


def pairings(household: Household, t: Words, f: Format) -> list[dict[str, Any]]:
    """Everybody who was given the household, the newest first."""
    return [_pairing(one, household, t, f) for one in household.pairings]


def unhelped(household: Household) -> bool:
    """Whether a household that is helped by its type has nobody now who helps it."""
    kind = next((one.value for one in household.record.properties if one.name == "hh_type"), None)
    return household.is_home and not household.gone and bool(kind) and kind != "general" and not household.helpers


def viewers(household: Household, t: Words) -> list[dict[str, Any]]:
    """The last people who looked, and at what."""
    records = [household.record, *household.members, *household.others, *(record for record, _ in household.cases)]
    entities = {one.id: Named(one.label, one.dataset) for one in records}
    return [
        {
            "who": line.who,
            "what": viewer_pages.what(line.detail, entities, household.datasets),
            "where": line.device or t("viewers.office"),
            "at": line.at,
        }
        for line in household.viewers
    ]


def _pairing(one: Pairing, household: Household, t: Words, f: Format) -> dict[str, Any]:
    return {
        "person": one.person,
        "unit": one.unit,
        "role": t.known("role", one.role),
        "by_area": one.area_id is not None,
        "from": f.day(one.from_at),
        "to": f.day(one.to_at) if one.to_at else "",
        "reason": one.reason or "",
        "over": bool(one.to_at and one.to_at <= f.now_ms),
        "registered": one.role == HELPER and one.person in household.doubted,
    }
