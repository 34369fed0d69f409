"""设置: how this server is set. Shown, never changed here, and never a secret."""

from __future__ import annotations

from flask import Blueprint, render_template

from fieldsvc.extensions import context
from fieldsvc.office.frame import actor, words
from fieldsvc.services import server_settings


def add_pages(pages: Blueprint) -> None:
    """Give the office its settings."""
    pages.add_url_rule("/settings", "settings", settings)


def settings() -> str:
    """Every setting with its value; what somebody chose stands out."""
    t = words()
    lines = [
        # A setting that came with a newer release speaks the language of the manual until it is translated.
        (one, t(f"setting.{one.name}") if t.has(f"setting.{one.name}") else one.explanation)
        for one in server_settings.shown(context(), by=actor())
    ]
    return render_template("office/admin/settings.html", lines=lines)
