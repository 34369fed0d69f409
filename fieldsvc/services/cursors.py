"""Cursors as phones carry them: a place in the feed, or a place in a snapshot that is still being fetched."""

from __future__ import annotations

from dataclasses import dataclass

from sync.feed import Cursor
from sync.problems import CursorUnreadable

_SNAPSHOT = "s"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a phone stands. `after` is set during a snapshot: the last subject it has whole."""

    cursor: Cursor
    after: str | None = None

    def encode(self) -> str:
        """Opaque text for the phone."""
        text = self.cursor.encode()
        return text if self.after is None else f"{_SNAPSHOT}{text}.{self.after}"

    @classmethod
    def decode(cls, text: str) -> Place:
        """The place in this text; `CursorUnreadable` if no server of ours wrote it."""
        if not text.startswith(_SNAPSHOT):
            return cls(Cursor.decode(text))
        parts = text.removeprefix(_SNAPSHOT).split(".", 6)
        if len(parts) != 7:
            raise CursorUnreadable
        return cls(Cursor.decode(".".join(parts[:6])), parts[6])


def cursor_of(text: str | None) -> Cursor | None:
    """Where the phone stood when it made something; None if it had read nothing, or no server of ours wrote that."""
    try:
        return Place.decode(text).cursor if text else None
    except CursorUnreadable:
        return None


def position_of(text: str | None, epoch: str) -> int:
    """How far the phone had read when it made something; 0 if it had read nothing, or another history."""
    cursor = cursor_of(text)
    return cursor.position if cursor is not None and cursor.epoch == epoch else 0
