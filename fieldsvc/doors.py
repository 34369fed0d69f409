"""The doors that strangers may knock at, and how often one address may: signing a phone in, signing in at a desk.

Failures are counted per account in the database (`services/enrol.py`). This is about the work of answering: a
password is hashed for tens of milliseconds, and whoever sends thousands would leave no machine for anybody else.
Counted in the memory of each process, because a limit that costs a write would be the attack itself; and at the doors
alone, because whatever looks at every request is paid for by every sync (`docs/decisions/0052-doors-count-alone.md`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from ipaddress import IPv6Address, ip_address
from typing import Any, cast

from flask import Flask, current_app, request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from fieldsvc import problems
from fieldsvc.extensions import context

DOORS = ("session.sign_in", "office.sign_in")
_KEY = "fieldsvc-doors"
_NEIGHBOURS = 64  # bits of an IPv6 address that one house has in common


def guard_doors(app: Flask, per_minute: int) -> None:
    """Answer `too-many-requests` when one address knocks more often than this in a minute, at all doors together."""
    limit = RateLimitItemPerMinute(per_minute)
    views: dict[str, Any] = app.view_functions
    for door in DOORS:
        views[door] = _guarded(views[door], limit)


def _guarded(view: Callable[..., Any], limit: RateLimitItemPerMinute) -> Callable[..., Any]:
    @wraps(view)
    def answer(*given: Any, **named: Any) -> Any:
        if request.method == "POST" and not _knocks().hit(limit, caller()):
            raise problems.TooManyRequests
        return view(*given, **named)

    return answer


def _knocks() -> FixedWindowRateLimiter:
    """Who has knocked at this app; made when somebody does, because the thread in it does not survive a fork."""
    kept = current_app.extensions.get(_KEY) or current_app.extensions.setdefault(
        _KEY, FixedWindowRateLimiter(MemoryStorage())
    )
    return cast(FixedWindowRateLimiter, kept)


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
