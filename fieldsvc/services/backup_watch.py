"""How old the backup is, whether that is too old, and whether the worker shall make one now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from fieldsvc.config import Settings
from fieldsvc.services import backup
from fieldsvc.services.context import Context

#: A backup younger than this is last night's, whoever made it: a timer beside the worker costs no second one.
_RECENT_HOURS = 12.0

State = Literal["elsewhere", "nowhere", "missing", "fresh", "stale"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How it is with the backup, and its age in hours where there is one.

    `elsewhere`: the database has tools of its own (PostgreSQL); `nowhere`: no folder is set.
    """

    state: State
    hours: float | None = None

    @property
    def is_alarm(self) -> bool:
        """Whether somebody should see to it today."""
        return self.state in ("nowhere", "missing", "stale")


def standing(ctx: Context) -> Standing:
    """How it is with the backup now. A trial server without a folder has none to worry about."""
    settings = ctx.settings
    if not settings.database_url.startswith("sqlite:///"):
        return Standing("elsewhere")
    if not settings.backup_folder:
        return Standing("nowhere" if settings.mode == "production" else "elsewhere")
    hours = backup.age_hours(Path(settings.backup_folder), _now(ctx))
    if hours is None:
        return Standing("missing")
    return Standing("fresh" if hours < settings.backup_stale_hours else "stale", hours)


def is_due(settings: Settings, now: datetime) -> bool:
    """Whether the hour of the nightly backup has come and nobody has made one lately."""
    if not settings.backup_folder or settings.backup_hour < 0 or not settings.database_url.startswith("sqlite:///"):
        return False
    hours = backup.age_hours(Path(settings.backup_folder), now)
    if hours is None:
        return True  # the first one is not put off until the night
    return hours >= _RECENT_HOURS and (
        now.astimezone(ZoneInfo(settings.time_zone)).hour == settings.backup_hour
        or hours >= settings.backup_stale_hours  # the machine was off at that hour
    )


def _now(ctx: Context) -> datetime:
    return datetime.fromtimestamp(ctx.now_ms() / 1000, UTC)
