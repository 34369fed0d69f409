"""A ledger's page in the reader's words: the filter as a sentence, headings, cells, totals, shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from fieldsvc.ledgers.model import Source
from fieldsvc.office.exporting.box import box_of, text_of_box
from fieldsvc.office.filters import month_argument
from fieldsvc.office.format import Format, month_of, months_back
from fieldsvc.office.words import Words
from fieldsvc.processes.money import number
from fieldsvc.services.ledgers import files
from fieldsvc.services.ledgers.lines import Line
from fieldsvc.services.ledgers.reading import LedgerPage, Wanted
from fieldsvc.services.ledgers.shelf import Heading

_CODE = "is."
_PLACES = frozenset({"town", "village", "hamlet", "household.hamlet"})


def wanted_of(arguments: Mapping[str, str]) -> Wanted:
    """What an address asks of a ledger; parts it spells wrongly are left open."""
    codes = {name.removeprefix(_CODE): value for name, value in arguments.items() if name.startswith(_CODE) and value}
    box = box_of(arguments.get("box"))
    return Wanted(arguments.get("area") or None, month_argument(arguments.get("month")), codes, box)


def arguments_of(wanted: Wanted) -> dict[str, Any]:
    """The address's arguments for what is asked, always in the same order."""
    box = text_of_box(wanted.box) if wanted.box else None
    plain = {name: value for name, value in (("month", wanted.month), ("area", wanted.area), ("box", box)) if value}
    return {**plain, **{f"{_CODE}{name}": code for name, code in sorted(wanted.codes.items())}}


def page(found: LedgerPage, t: Words, f: Format) -> dict[str, Any]:
    """Everything the template shows, in the reader's language."""
    ledger, language, sums = found.opened.ledger, t.language, found.sums
    dated = ledger.source is Source.FORM or bool(ledger.month)
    return {
        "name": ledger.name,
        "title": ledger.label[language],
        "sentence": sentence(found, t, f),
        "linked": _linked(found),
        "headings": [_heading(one.column.label[language], one.column.numeric) for one in found.opened.headings],
        "lines": [_line(line, found, language, f) for line in found.lines],
        "totals": _totals(found, f) if sums.totals and sums.rows else None,
        "rows": sums.rows,
        "shares": [f"{label[language]} {f.share(number, sums.rows)}" for label, number in sums.shares],
        "months": months_back(month_of(f.now_ms, f.zone), 24) if dated else [],
        "any_month": ledger.source is not Source.FORM,
        "areas": list(found.reach.areas.values()),
        "filters": [
            {
                "name": f"{_CODE}{name}",
                "label": label[language],
                "chosen": found.wanted.codes.get(name),
                "codes": [(code, words[language]) for code, words in codes.items()],
            }
            for name, (label, codes) in found.choices.items()
        ],
        "wanted": found.wanted,
        "box": text_of_box(found.wanted.box) if found.wanted.box else "",
    }


def sentence(found: LedgerPage, t: Words, f: Format) -> list[str]:
    """The filter in words, part by part."""
    area = found.reach.areas.get(found.wanted.area or "")
    parts = [f.month(found.wanted.month)] if found.wanted.month else []
    parts.append(area.name if area else t("comma").join(found.reach.roots()))
    parts += [t("map.in-box")] if found.wanted.box else []
    for name, code in sorted(found.wanted.codes.items()):
        label, codes = found.choices[name]
        parts.append(f"{label[t.language]}: {codes[code][t.language] if code in codes else code}")
    return parts


def _linked(found: LedgerPage) -> int:
    """Which column leads on: the first that is no place, for a link on a village looks as if it led to the village."""
    return next((at for at, one in enumerate(found.opened.headings) if one.of not in _PLACES), 0)


def _heading(text: str, numeric: bool) -> dict[str, Any]:
    return {"text": text, "number": numeric}


def _line(line: Line, found: LedgerPage, language: str, f: Format) -> dict[str, Any]:
    url = (
        url_for("office.visit", visit_id=line.submission_id)
        if line.submission_id
        else url_for("office.household", household_id=line.subject_id)
    )
    return {"url": url, "cells": [_cell(one, line, language, f) for one in found.opened.headings]}


def _cell(heading: Heading, line: Line, language: str, f: Format) -> str:
    """A cell in words; an amount is written as the sum below it is."""
    amount = number(line.values.get(heading.of)) if heading.total and not heading.secret else None
    return files.shown(heading, line, language) if amount is None else f.amount(amount)


def _totals(found: LedgerPage, f: Format) -> list[str]:
    totals = found.sums.totals
    return [f.amount(totals[one.of]) if one.of in totals else "" for one in found.opened.headings]
