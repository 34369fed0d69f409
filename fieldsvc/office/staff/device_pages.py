"""手机: which phones there are, when each was heard of last, what it still holds; and signing out a lost one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from fieldsvc.extensions import context
from fieldsvc.office.filters import key_of, text_of_key
from fieldsvc.office.frame import actor, words
from fieldsvc.services.staff import devices


def add_pages(pages: Blueprint) -> None:
    """Give the office its phones."""
    pages.add_url_rule("/devices", "devices", phones)
    pages.add_url_rule("/devices/<device_id>", "device", phone)
    pages.add_url_rule("/devices/<device_id>", "revoke_device", revoke, methods=["POST"])


def phones() -> str:
    """Phones, the one heard of last first."""
    state = request.args.get("state", "")
    state = state if state in devices.STATES else "in-use"
    text, after = request.args.get("q", "").strip()[:60], key_of(request.args.get("after"))
    found = devices.page(context(), by=actor(), state=state, text=text, after=after)
    here: dict[str, Any] = {"state": state, **({"q": text} if text else {})}
    return render_template(
        "office/staff/devices.html",
        phones=found.lines,
        state=state,
        states=list(devices.STATES),
        query=text,
        first_url=url_for("office.devices", **here) if after else None,
        next_url=url_for("office.devices", **here, after=text_of_key(found.next)) if found.next else None,
    )


def phone(device_id: str) -> str:
    """One phone, and what will happen on it when it is signed out: asked before it is done, for it is not undone."""
    return render_template("office/staff/device.html", phone=devices.one(context(), device_id, by=actor()))


def revoke(device_id: str) -> Any:
    """Sign the phone out."""
    devices.revoke(context(), device_id, by=actor())
    flash(words()("devices.revoked"), "done")
    return redirect(url_for("office.device", device_id=device_id))
