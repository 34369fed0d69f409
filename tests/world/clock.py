"""The world's time and its identifiers: both stand still until a story moves them."""

from __future__ import annotations

from dataclasses import dataclass, field

from fieldsvc.ids import uuid7

#: 15 November 2019, 09:00 in Shanghai.
MORNING_MS = 1_573_779_600_000
DAY_MS = 86_400_000


@dataclass
class Clock:
    """A clock that only a story moves. Calling it tells the time in UTC milliseconds."""

    now_ms: int = MORNING_MS

    def __call__(self) -> int:
        """The time."""
        return self.now_ms

    def passes(self, *, days: float = 0, hours: float = 0, seconds: float = 0) -> None:
        """Let time go by."""
        self.now_ms += round(days * DAY_MS + hours * 3_600_000 + seconds * 1000)


@dataclass
class PhoneClock:
    """What a phone believes the time is: the world's, off by what its owner or its battery did to it."""

    world: Clock
    off_by_ms: int = 0

    def __call__(self) -> int:
        """The time on the phone's screen."""
        return max(0, self.world.now_ms + self.off_by_ms)


@dataclass
class Ids:
    """UUIDv7s in the order they were asked for, the same in every run."""

    clock: Clock
    made: int = field(default=0)

    def __call__(self) -> str:
        """The next identifier."""
        self.made += 1
        return uuid7(self.clock.now_ms, self.made)
