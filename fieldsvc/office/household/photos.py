"""A photo series in the reader's words: slots in the order of the work, and before beside after."""

from __future__ import annotations

from typing import Any

from fieldsvc.office.format import Format
from fieldsvc.office.titles import in_language
from fieldsvc.services.dossier.series import Series
from fieldsvc.store.dossier import Shot


def strip(series: Series | None, f: Format) -> dict[str, Any] | None:
    """What the template draws of a series; None where there is no photo."""
    if series is None:
        return None
    labels = {shot: in_language(slot.label, f.language) for slot in series.slots for shot in slot.shots}
    return {
        "shots": [_shot(shot, labels[shot], f) for slot in series.slots for shot in slot.shots],
        "pair": [_shot(shot, labels[shot], f) for shot in series.pair] if series.pair else [],
    }


def _shot(shot: Shot, label: str, f: Format) -> dict[str, Any]:
    return {
        "label": label,
        "day": f.day(shot.at),
        "sha256": shot.sha256,
        "missing": shot.state == "missing",
        "visit_id": shot.visit_id,
    }
