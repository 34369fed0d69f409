"""看板: one board with its filter in the address, its areas as links, and a page of its records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.boards import view
from fieldsvc.office.filters import name_key_of
from fieldsvc.office.frame import actor, formats, words
from fieldsvc.services.boards import reading
from fieldsvc.services.boards.reading import Wanted


def add_pages(pages: Blueprint) -> None:
    """Give the office its boards."""
    pages.add_url_rule("/boards", "boards", shelf)
    pages.add_url_rule("/boards/<name>", "board", board)


def shelf() -> Any:
    """The first board; the others stand above it."""
    found = reading.shelf(context(), by=actor())
    return redirect(url_for("office.board", name=found[0].name)) if found else render_template("office/boards.html")


def board(name: str) -> str:
    """One board: figures by area, and the records behind them."""
    wanted, after = _wanted(request.args), name_key_of(request.args.get("after"))
    page = reading.page(context(), name, wanted, by=actor(), after=after)
    others = reading.shelf(context(), by=actor())
    here = view.arguments(page.wanted)
    return render_template(
        "office/board.html",
        **view.page(page, words(), formats()),
        boards=[(one.name, one.label[words().language]) for one in others],
        first_url=url_for("office.board", name=name, **here) if after else None,
        next_url=url_for("office.board", name=name, **here, after="~".join(page.next)) if page.next else None,
    )


def _wanted(arguments: Mapping[str, str]) -> Wanted:
    return Wanted(arguments.get("area") or None, arguments.get("code"), arguments.get("overdue") == "1")
