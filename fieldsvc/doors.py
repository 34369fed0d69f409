"""The doors that strangers may knock at, and how often one address may: signing a phone in, signing in at a desk.

Failures are counted per account in the database (`services/enrol.py`). This is about the work of answering: a
password is hashed for tens of milliseconds, and whoever sends thousands would leave no machine for anybody else.
Counted in the memory of each process, because a limit that costs a write would be the attack itself.
"""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import Any

from flask import Flask, request
from flask_limiter import Limiter

from fieldsvc import problems
from fieldsvc.extensions import context

DOORS = ("session.sign_in", "office.sign_in")
_NEIGHBOURS = 64  # bits of an IPv6 address that one house has in common


def guard_doors(app: Flask, per_minute: int) -> None:
    """Answer `too-many-requests` when one address knocks more often than this in a minute."""
    limiter = Limiter(caller, app=app, storage_uri="memory://", strategy="fixed-window", on_breach=_refuse)
    limit = limiter.shared_limit(f"{per_minute} per minute", scope="doors", methods=["POST"])
    views: dict[str, Any] = app.view_functions
    for door in DOORS:
        views[door] = limit(views[door])


def caller() -> str:
    """The address that asks: what a trusted proxy says is the nearest to us, else the connection's own.

    A house has one IPv4 address or 2^64 IPv6 ones; both count as one.
    """
    near = request.remote_addr or ""
    forwarded = request.headers.get("X-Forwarded-For", "")
    if forwarded and near in context().settings.trusted_proxies.replace(",", " ").split():
        near = forwarded.rsplit(",", 1)[-1].strip()
    try:
        address = ip_address(near)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        return f"{int(address) >> (128 - _NEIGHBOURS):x}::"
    return str(address)


def _refuse(_limit: Any) -> None:
    raise problems.TooManyRequests
