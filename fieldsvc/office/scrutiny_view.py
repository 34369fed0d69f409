"""Flags in the reader's words: one sentence with both facts, and the two photos it speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fieldsvc.office.format import Format
from fieldsvc.office.titles import in_language
from fieldsvc.office.words import Words
from fieldsvc.services.scrutiny import Shown
from fieldsvc.services.visits import Visit

#: The key under which a visit counts its open flags.
OPEN = "evidence"


def number(flags: Mapping[str, Any]) -> int:
    """How many things a line of the log announces."""
    return sum(int(value) if code == OPEN else 1 for code, value in flags.items())


def lines(visit: Visit, labels: Mapping[str, str], t: Words, f: Format) -> list[dict[str, Any]]:
    """What the visit's page shows of each flag."""
    return [
        {
            "id": flag.id,
            "text": _sentence(flag, labels, t, f),
            "own": flag.facts.get("sha256") if flag.other else None,
            "other": flag.other.sha256 if flag.other else None,
            "other_visit": flag.other.visit_id if flag.other and flag.other.visit_id != visit.link.id else None,
            "other_label": flag.other.label if flag.other else "",
            "closed": _closed(flag, t),
            "at": flag.dismissed_at or flag.withdrawn_at,
        }
        for flag in visit.flags
    ]


def _closed(flag: Shown, t: Words) -> str | None:
    """Why nobody need look at it any more."""
    if flag.dismissed_at:
        return t("flag.dismissed", by=flag.dismissed_by or t("somebody"), reason=flag.reason)
    return t("flag.withdrawn") if flag.withdrawn_at else None


def _sentence(flag: Shown, labels: Mapping[str, str], t: Words, f: Format) -> str:
    slot = in_language(flag.slot, t.language) or labels.get(flag.ref) or t("photo")
    match flag.code:
        case "photo-reused" | "photo-similar":
            return _reuse(flag, slot, t, f)
        case "far":
            metres, limit = f.metres(flag.facts["metres"]), f.metres(flag.facts["limit"])
            return t("flag.far.photo" if "photo" in flag.facts else "flag.far", metres=metres, limit=limit, slot=slot)
        case "dates":
            when = "late" if flag.facts["late"] else "early"
            return t(f"flag.dates.{when}", slot=slot, taken=flag.facts["taken"], date=flag.facts["date"])
        case "clock":
            way = "fast" if flag.facts["minutes"] > 0 else "slow"
            return t(f"flag.clock.{way}", n=abs(flag.facts["minutes"]))
        case _:
            return t.known("flag", flag.code).format(slot=slot)


def _reuse(flag: Shown, slot: str, t: Words, f: Format) -> str:
    if flag.other is None:
        return t(f"flag.{flag.code}.elsewhere", slot=slot)
    other = in_language(flag.other.slot, t.language) or t("photo")
    month = f.month(flag.other.month)
    return t(f"flag.{flag.code}", slot=slot, month=month, who=flag.other.label or t("no-name"), other=other)
