"""The way to everything that is administered; each reader sees what they may do."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for

from fieldsvc.extensions import context
from fieldsvc.office.frame import actor
from fieldsvc.services import backup_watch, store_watch
from fieldsvc.services.access import Action, area_paths, is_everywhere

#: Name, icon, and what somebody must be allowed somewhere to find it here.
_SHELF = (
    ("people", "person", Action.ADMINISTER),
    ("roster", "sheet", Action.ADMINISTER),
    ("devices", "phone", Action.ADMINISTER),
    ("assignments", "household", Action.ASSIGN),
    ("log", "clock", Action.ADMINISTER),
    ("datasets", "form", Action.REVIEW),
)


def add_pages(pages: Blueprint) -> None:
    """Give the office the shelf of its administration."""
    pages.add_url_rule("/admin", "admin", overview)


def overview() -> str:
    """What there is to administer."""
    shelf = [(name, icon, url_for(f"office.{name}")) for name, icon, action in _SHELF if area_paths(actor(), action)]
    whole = is_everywhere(actor(), Action.ADMINISTER)
    if whole:
        shelf.append(("settings", "board", url_for("office.settings")))
    backup = backup_watch.standing(context()) if whole else None
    waits = store_watch.standing(context()) if whole else None
    return render_template("office/admin/overview.html", shelf=shelf, backup=backup, waits=waits)
