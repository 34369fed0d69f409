"""A comparison in the reader's words: parts with their counts, differences with both values, rows of the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from flask import url_for

from fieldsvc.office.format import Format
from fieldsvc.office.labels import Labels
from fieldsvc.office.titles import in_language
from fieldsvc.office.words import Words
from fieldsvc.services.comparison.reading import CHOICES, OPEN, Comparison
from fieldsvc.services.comparison.taking import needs_household
from fieldsvc.store.comparisons import Found, Wanted

_PARTS = ("different", "here", "there")
_COLUMNS = ("area", "comparison.household", "comparison.what", "comparison.property", "comparison.ours")
_MORE = ("comparison.theirs", "comparison.part", "comparison.decision", "comparison.reason", "comparison.by")


def arguments(wanted: Wanted, area: str | None) -> dict[str, Any]:
    """The address's arguments for what is asked, always in the same order."""
    found = {"source": wanted.source, "roster": wanted.roster, "part": wanted.part, "choice": wanted.choice}
    found |= {"names": wanted.names, "area": area}
    return {name: value for name, value in found.items() if value}


def page(found: Comparison, t: Words, f: Format, *, revealed: bool) -> dict[str, Any]:
    """Everything the template shows."""
    labels, wanted = Labels(found.definition, f), found.wanted
    total = {part: found.number(part) for part in _PARTS}
    return {
        "title": in_language(found.kind.label, t.language),
        "source": wanted.source,
        "roster": wanted.roster,
        "sentence": sentence(found, t, f),
        "areas": list(found.reach.areas.values()),
        "area": found.area,
        "matching": found.matching,
        "parts": [_way(found, replace(wanted, part=part), total[part]) | {"part": part} for part in _PARTS],
        "whole": _way(found, replace(wanted, part=None), sum(total.values())),
        "choices": [_choice(found, choice) for choice in (OPEN, *CHOICES)],
        "any_choice": _way(found, replace(wanted, choice=None), 0),
        "properties": _properties(found, labels, t),
        "open": sum(number for one, number in found.numbers.items() if _asked(wanted, one) and one[1] is None),
        "lines": [_line(found, one, labels, t, f, revealed) for one in found.lines],
        "revealed": revealed,
        "takes": any(one.row.part == "there" and not one.row.choice for one in found.lines),
        "needs_household": needs_household(found.kind),
        "masks": any(labels.is_masked(name) for one in found.lines for name in _names(one, labels)),
    }


def sentence(found: Comparison, t: Words, f: Format) -> str:
    """The filter in words."""
    wanted, labels = found.wanted, Labels(found.definition, f)
    said = [f"{wanted.source} · {in_language(found.kind.label, t.language)}"]
    if wanted.part:
        said.append(t(f"comparison.part.{wanted.part}"))
    if wanted.names:
        said.append(_joined(wanted.names.split(), labels, t))
    area = found.reach.areas.get(found.area or "")
    return " · ".join([*said, *([area.name] if area else [])])


def headings(t: Words) -> list[str]:
    """The headings of the file."""
    return [t(one) for one in (*_COLUMNS, *_MORE)]


def rows(found: Comparison, every: Iterable[Found], t: Words, f: Format) -> Iterator[Mapping[str, str]]:
    """The file, a row for each property that differs; what is secret is masked."""
    labels, heads = Labels(found.definition, f), headings(t)
    for one in every:
        line = _line(found, one, labels, t, f, revealed=False)
        decided = [t(f"comparison.part.{one.row.part}"), line["choice"], one.row.reason or "", line["at"]]
        for value in line["said"] or [{"label": "", "ours": "", "theirs": ""}]:
            cells = [line["place"], one.subject, one.label, value["label"], value["ours"], value["theirs"]]
            yield dict(zip(heads, [*cells, *decided], strict=True))


def _line(found: Comparison, one: Found, labels: Labels, t: Words, f: Format, revealed: bool) -> dict[str, Any]:
    row = one.row
    return {
        "item": f"{row.ref}~{row.names}~{row.import_id}",
        "url": url_for("office.household", household_id=one.subject_id) if one.subject_id else None,
        "label": one.label or t("no-name"),
        "subject": one.subject if one.subject != one.label else "",
        "place": " ".join(found.reach.places(one.area_id)),
        "part": row.part,
        "said": [_value(one, name, labels, t, revealed) for name in _names(one, labels)],
        "choice": t(f"comparison.choice.{row.choice}") if row.choice else "",
        "reason": row.reason or "",
        "by": found.people.get(row.by_id or "", ""),
        "at": f.day(row.at) if row.at else "",
    }


def _names(one: Found, labels: Labels) -> list[str]:
    """The properties worth reading: those that differ, or, of a row without a record, all that it says."""
    row = one.row
    named = row.names.split() if row.part == "different" else [name for name in labels.names if name in row.imported]
    return [name for name in named if (row.recorded.get(name) or None) != (row.imported.get(name) or None)]


def _value(one: Found, name: str, labels: Labels, t: Words, revealed: bool) -> dict[str, str]:
    hidden = labels.is_masked(name) and not revealed

    def shown(value: Any) -> str:
        return t("masked") if hidden and value else labels.display(name, value)

    ours, theirs = one.row.recorded.get(name), one.row.imported.get(name)
    return {"label": labels.label(name), "ours": shown(ours), "theirs": shown(theirs)}


def _properties(found: Comparison, labels: Labels, t: Words) -> list[dict[str, Any]]:
    """Which properties differ how often: the filter that makes deciding many at once sensible."""
    counted: dict[str, int] = {}
    for (part, _, names), number in found.numbers.items():
        if part == "different":
            counted[names] = counted.get(names, 0) + number
    ways = []
    for names, number in sorted(counted.items(), key=lambda one: (-one[1], one[0])):
        there = replace(found.wanted, part="different", names=names)
        ways.append(_way(found, there, number) | {"label": _joined(names.split(), labels, t)})
    return ways


def _choice(found: Comparison, choice: str) -> dict[str, Any]:
    number = sum(
        number
        for (part, said, names), number in found.numbers.items()
        if _asked(found.wanted, (part, said, names)) and (said or OPEN) == choice
    )
    return _way(found, replace(found.wanted, choice=choice), number) | {"choice": choice}


def _asked(wanted: Wanted, one: tuple[str, str | None, str]) -> bool:
    return wanted.part in (None, one[0]) and wanted.names in (None, one[2])


def _way(found: Comparison, there: Wanted, number: int) -> dict[str, Any]:
    if there.part != "different":
        there = replace(there, names=None)
    url = url_for("office.comparison", **arguments(there, found.area))
    return {"number": number, "url": url, "current": there == found.wanted}


def _joined(names: Iterable[str], labels: Labels, t: Words) -> str:
    return t("comma").join(labels.label(name) for name in names)
