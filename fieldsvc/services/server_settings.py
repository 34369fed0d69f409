"""The settings of this server as an administrator may see them: of a secret only that it is there."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fieldsvc.config import PREFIX, Settings
from fieldsvc.problems import NotFound
from fieldsvc.services import access
from fieldsvc.services.access import Action, Actor
from fieldsvc.services.context import Context

#: How the names of secrets end: whoever reads one signs as this server, or uses the county's account elsewhere.
_SECRETS = ("_key", "_keys")
#: Addresses that may carry a user's name and password.
_ADDRESSES = frozenset({"database_url", "standby_url", "blobs_url", "map_tiles"})
HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting: its environment variable, what it is for, its value as text, and whether somebody chose it."""

    name: str
    variable: str
    explanation: str
    value: str
    changed: bool


def shown(ctx: Context, *, by: Actor) -> Sequence[Shown]:
    """Every setting in the order of the documentation. Raises `not-found` for who does not administer everything."""
    if not access.is_everywhere(by, Action.ADMINISTER):
        raise NotFound
    return [_shown(ctx.settings, field) for field in dataclasses.fields(Settings)]


def _shown(settings: Settings, field: dataclasses.Field[Any]) -> Shown:
    value = getattr(settings, field.name)
    text = str(value)
    if field.name.endswith(_SECRETS):
        text = HIDDEN if value else ""
    elif field.name in _ADDRESSES:
        text = _without_password(text)
    variable, explanation = PREFIX + field.name.upper(), str(field.metadata["help"])
    return Shown(field.name, variable, explanation, text, changed=value != field.default)


def _without_password(address: str) -> str:
    """The address without its user and password, and without what stands behind `?`: that may hold keys too."""
    parts = urlsplit(address)
    if not parts.scheme:
        return address
    host = parts.netloc.rpartition("@")[2]
    hidden = f"{HIDDEN}@" if "@" in parts.netloc else ""
    return f"{parts.scheme}://{hidden}{host}{parts.path}{'?' + HIDDEN if parts.query else ''}"
