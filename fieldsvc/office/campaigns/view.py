"""A campaign in the reader's words: its days, its list, counts by village and town, each share beside its counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for

from fieldsvc.office.format import Format
from fieldsvc.office.labels import Labels
from fieldsvc.office.titles import in_language
from fieldsvc.office.words import Words
from fieldsvc.services.campaigns.reading import Campaign
from fieldsvc.services.reach import Reach
from fieldsvc.store.campaign_coverage import Counts
from fieldsvc.store.tables import CampaignRow, FormRow

#: Coded properties by which a county draws its lists; more would make a query language of it.
_CONDITIONS = ("hh_type", "monitor_class", "exit_status", "house_grade", "water_safe", "power_safe")


def line(row: CampaignRow, within: Reach, t: Words, f: Format) -> dict[str, Any]:
    """One campaign in the list of them."""
    area = within.areas.get(row.area_id)
    return {
        "url": url_for("office.campaign", campaign_id=row.id),
        "name": row.name,
        "area": area.name if area else t("campaign.from-above"),
        "days": days(row, f),
        "state": state(row, f.now_ms),
    }


def page(found: Campaign, t: Words, f: Format) -> dict[str, Any]:
    """Everything the template shows."""
    row, areas = found.row, found.reach.areas
    villages = sorted(found.villages, key=lambda one: list(areas).index(one.area_id) if one.area_id in areas else -1)
    lines = [_counts(found, one.area_id, [one], f) for one in villages]
    towns = [area for area in areas.values() if area.level == "town"]
    return {
        "id": row.id,
        "name": row.name,
        "area": found.names.get(row.area_id, ""),
        "days": days(row, f),
        "state": state(row, f.now_ms),
        "form": in_language(found.form.title, t.language) if found.form else t("campaign.any-visit"),
        "by": found.by,
        "at": row.at,
        "drawn": _drawn(row, t),
        "whole": _counts(found, "", villages, f),
        "towns": [_of_town(found, town.path, town.id, villages, f) for town in towns] if len(towns) > 1 else [],
        "villages": lines,
        "crossings": [
            {
                "checkers": found.names.get(one.checkers_area_id, ""),
                "checked": found.names.get(one.checked_area_id, ""),
                "begun": one.begun_at,
                "stuck": one.id in found.stuck,
                "counts": one.counts,
            }
            for one in found.crossings
            if found.reach.ids is None or {one.checkers_area_id, one.checked_area_id} & areas.keys()
        ],
        "may_change": found.may_change,
        "may_cross": found.may_assign and len(towns) > 1 and state(row, f.now_ms) != "over",
        "choices": [(town.id, town.name) for town in towns],
    }


def days(row: CampaignRow, f: Format) -> str:
    """From the first day to the last."""
    return f"{f.day(row.from_at)}–{f.day(row.to_at - 1)}"


def state(row: CampaignRow, now: int) -> str:
    """Whether it is `ahead`, `running` or `over`."""
    return "ahead" if now < row.from_at else "running" if now < row.to_at else "over"


def forms(rows: Iterable[FormRow], t: Words) -> list[tuple[str, str]]:
    """The forms to choose from."""
    return [(row.id, in_language(row.title, t.language) or row.id) for row in rows]


def conditions(definition: Mapping[str, Any], f: Format) -> list[tuple[str, str]]:
    """What a list may be narrowed to: a coded property with one of its values."""
    labels = Labels(definition, f)
    return [
        (f"{name}={code}", f"{labels.label(name)}：{said}")
        for name in _CONDITIONS
        if name in labels.names
        for code, said in labels.choices(name)
    ]


def _of_town(found: Campaign, path: str, area_id: str, villages: Sequence[Counts], f: Format) -> dict[str, Any]:
    areas = found.reach.areas
    own = [one for one in villages if one.area_id in areas and areas[one.area_id].path.startswith(path)]
    return _counts(found, area_id, own, f)


def _counts(found: Campaign, area_id: str, some: Sequence[Counts], f: Format) -> dict[str, Any]:
    targets, visited = sum(one.targets for one in some), sum(one.visited for one in some)
    added, added_visited = sum(one.added for one in some), sum(one.added_visited for one in some)
    left = targets + added - visited - added_visited - sum(one.afterwards for one in some)
    area = found.reach.areas.get(area_id)
    return {
        "name": " ".join(found.reach.places(area_id))
        if area and area.level == "village"
        else area.name
        if area
        else "",
        "targets": targets,
        "share": f.share(visited, targets),
        "added": added,
        "added_share": f.share(added_visited, added) if added else "",
        "afterwards": sum(one.afterwards for one in some),
        "left": left,
        "url": url_for("office.campaign_unvisited", campaign_id=found.row.id, area=area_id or None),
    }


def _drawn(row: CampaignRow, t: Words) -> str:
    if "file" in row.drawn:
        return t("campaign.from-file", file=row.drawn["file"])
    return t("campaign.from-register")
