"""A board in the reader's words: figures with their links, shares beside their counts, lines of records."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import url_for

from fieldsvc.office.format import Format
from fieldsvc.office.household import photos
from fieldsvc.office.labels import Labels
from fieldsvc.office.words import Words
from fieldsvc.processes.money import number
from fieldsvc.services.boards.reading import BoardPage, Figures, Wanted
from fieldsvc.store.boards import Line


def arguments(wanted: Wanted) -> dict[str, Any]:
    """The address's arguments for what is asked, always in the same order."""
    found: dict[str, Any] = {"area": wanted.area} if wanted.area else {}
    if wanted.code is not None:
        found["code"] = wanted.code
    return found | ({"overdue": 1} if wanted.overdue else {})


def page(found: BoardPage, t: Words, f: Format) -> dict[str, Any]:
    """Everything the template shows."""
    board, labels = found.board, Labels(found.definition, f)
    codes = _codes(found, labels, t)
    area = found.reach.areas.get(found.wanted.area or "")
    return {
        "name": board.name,
        "title": board.label[t.language],
        "subject": board.subject[t.language] if board.subject else t("head-of-household"),
        "area": area.name if area else t("comma").join(found.reach.roots()),
        "above": _above(found, t),
        "codes": codes,
        "share_labels": [share.label[t.language] for share in board.shares],
        "money": board.planned is not None,
        "whole": _figures(found, found.whole, codes, f),
        "parts": [_figures(found, one, codes, f) for one in found.parts],
        "items": _items(found, f),
        "chosen": _chosen(found, dict(codes), t),
        "columns": [labels.label(name) for name in board.columns],
        "lines": [_line(found, one, labels, t, f) for one in found.lines],
    }


def _codes(found: BoardPage, labels: Labels, t: Words) -> list[tuple[str, str]]:
    """The columns: the codes in order, and one for records that have none, if there are any."""
    named = dict(labels.choices(found.board.by))
    known = [(code, named.get(code, code)) for code in found.line]
    rest = [code for code in found.whole.codes if code not in found.line]
    return [*known, *((code, named.get(code, code) or t("blank")) for code in sorted(rest))]


def _above(found: BoardPage, t: Words) -> list[dict[str, Any]]:
    """The way up from the chosen area."""
    chosen = found.reach.areas.get(found.wanted.area or "")
    if chosen is None:
        return []
    higher = [one for one in found.reach.areas.values() if chosen.path.startswith(one.path) and one.id != chosen.id]
    steps = [(t("filter.any-area"), Wanted())] + [(one.name, Wanted(one.id)) for one in higher]
    return [{"name": name, "url": _url(found, wanted)} for name, wanted in steps]


def _figures(found: BoardPage, one: Figures, codes: list[tuple[str, str]], f: Format) -> dict[str, Any]:
    here = Wanted(one.area_id or found.wanted.area)
    deeper = one.area_id is not None and one.area_id != found.wanted.area
    return {
        "name": one.name,
        "url": _url(found, here) if deeper else None,
        "total": one.total,
        "codes": [
            {"number": one.codes[code], "url": _url(found, replace(here, code=code)) if one.codes[code] else None}
            for code, _ in codes
        ],
        "overdue": {"number": one.overdue, "url": _url(found, replace(here, overdue=True)) if one.overdue else None},
        "shares": [f.share(sum(one.codes[code] for code in counted), one.total) for counted in found.counted],
        "planned": f.amount(one.planned),
        "paid": f.amount(one.paid),
    }


def _items(found: BoardPage, f: Format) -> list[tuple[str, str]]:
    """How many of all records have each code of the question with several answers, in the order of the list."""
    if not found.board.items:
        return []
    named = Labels(found.definition, f).choices(found.board.items)
    whole = found.whole
    return [(label, f.share(whole.items[code], whole.total)) for code, label in named if whole.items[code]]


def _chosen(found: BoardPage, codes: dict[str, str], t: Words) -> list[dict[str, str]]:
    """What the list below is narrowed to, each part removable."""
    wanted = found.wanted
    parts = [(codes.get(wanted.code) or t("blank"), replace(wanted, code=None))] if wanted.code is not None else []
    parts += [(t("board.overdue"), replace(wanted, overdue=False))] if wanted.overdue else []
    return [{"text": text, "without": _url(found, without)} for text, without in parts]


def _line(found: BoardPage, one: Line, labels: Labels, t: Words, f: Format) -> dict[str, Any]:
    strip = photos.strip(found.series.get(one.id), f)
    return {
        "url": url_for("office.household", household_id=one.subject_id) + f"#case-{one.id}",
        "subject": one.subject or t("no-name"),
        "place": " ".join([*found.reach.places(one.area_id), one.hamlet]).strip(),
        "state": labels.display(found.board.by, one.properties.get(found.board.by)),
        "cells": [_cell(found, one, name, labels, t, f) for name in found.board.columns],
        "pair": strip["pair"] if strip else [],
    }


def _cell(found: BoardPage, one: Line, name: str, labels: Labels, t: Words, f: Format) -> str:
    """One value of a line; the money planned is written as in the sums above."""
    if labels.is_masked(name):
        return t("masked")
    value = one.properties.get(name)
    money = number(value) if name == found.board.planned else None
    return labels.display(name, value) if money is None else f.amount(money)


def _url(found: BoardPage, wanted: Wanted) -> str:
    return url_for("office.board", name=found.board.name, **arguments(wanted))
