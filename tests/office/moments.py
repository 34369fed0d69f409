"""The tests' clock: it stands still until a test lets time pass."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")


class Moments:
    """A Sunday in November 2026, and what follows when a test says so."""

    def __init__(self) -> None:
        self.now = int(datetime(2026, 11, 22, 9, 0, tzinfo=ZONE).timestamp() * 1000)

    def __call__(self) -> int:
        return self.now

    def later(self, *, minutes: float = 0, hours: float = 0, days: float = 0) -> int:
        """Let time pass; the new moment."""
        self.now += round((minutes + 60 * hours + 24 * 60 * days) * 60_000)
        return self.now

    @property
    def month(self) -> int:
        """The month it is, as 202611."""
        at = datetime.fromtimestamp(self.now / 1000, ZONE)
        return at.year * 100 + at.month
