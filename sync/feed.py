"""Catching up: pages of the change log, the cursor that says where a phone stands, compaction.

The log itself, and how positions are handed out in order of commit, is the store's. Laws: stopping
after any page changes nothing; compaction never changes what a phone ends with; a phone never skips a
change because history was rewound under it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sync.problems import CursorUnreadable

_TOKEN = re.compile(r"[A-Za-z0-9_-]{0,64}")
_NUMBER = re.compile(r"[0-9]{1,19}")
_FORMAT = "1"
#: The last position that a database can hold.
_LAST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Change:
    """A row of the feed. Of changes with one `key` only the last counts; without key every one does.

    `operation_id` keeps together what was committed together. `tag` is a random word of the row.
    """

    position: int
    tag: str
    key: str | None
    version: int = 0
    operation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a phone stands in the feed, and the furthest receipt it has seen.

    A restored server has another tag, or none, at those positions. The receipt is needed too: a phone
    that pushed but had not pulled yet would otherwise not notice that its work was rewound.
    """

    epoch: str
    position: int = 0
    tag: str = ""
    receipt_position: int = 0
    receipt_tag: str = ""

    def encode(self) -> str:
        """The cursor as opaque text for the phone, which hands it back as it is. It holds no secret.

        Epoch and tags are letters, digits, `-` and `_`, at most 64 of them.
        """
        parts = [_FORMAT, self.epoch, self.position, self.tag, self.receipt_position, self.receipt_tag]
        return ".".join(map(str, parts))

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """The cursor in this text; `CursorUnreadable` if no server of ours wrote it."""
        parts = text.split(".")
        if len(parts) != 6 or parts[0] != _FORMAT:
            raise CursorUnreadable
        _, epoch, position, tag, receipt_position, receipt_tag = parts
        numbers = _NUMBER.fullmatch(position) and _NUMBER.fullmatch(receipt_position)
        if not numbers or not all(map(_TOKEN.fullmatch, (epoch, tag, receipt_tag))):
            raise CursorUnreadable
        if max(int(position), int(receipt_position)) > _LAST:
            raise CursorUnreadable
        return cls(epoch, int(position), tag, int(receipt_position), receipt_tag)

    def at(self, change: Change) -> "Cursor":
        """The cursor after the phone has stored everything up to this change."""
        return replace(self, position=change.position, tag=change.tag)

    def with_receipt(self, position: int, tag: str) -> "Cursor":
        """The cursor once the phone has a receipt for the feed row at this position; it never goes back."""
        if position <= self.receipt_position:
            return self
        return replace(self, receipt_position=position, receipt_tag=tag)


class Standing(StrEnum):
    """Whether a phone can go on from its cursor."""

    CONTINUES = "continues"
    DIVERGED = "diverged"  # the history it knows is not this server's: reset, push retained work again
    TOO_OLD = "too-old"  # what it needs next is no longer kept: reset


def standing(cursor: Cursor, *, epoch: str, tag: str | None, receipt_tag: str | None, floor: int = 0) -> Standing:
    """Whether the feed still holds the history that the cursor knows.

    `tag` and `receipt_tag` are the tags of the rows found now at the cursor's two positions, `None`
    where there is no such row; position 0 is before the first row and needs none. Rows up to and
    including `floor` may have been removed: a cursor below it is too old. Both answers but the first
    mean a reset, after which nothing is lost.
    """
    if cursor.epoch != epoch:
        return Standing.DIVERGED
    if cursor.position < floor:
        return Standing.TOO_OLD
    for position, known, found in (
        (cursor.position, cursor.tag, tag),
        (cursor.receipt_position, cursor.receipt_tag, receipt_tag),
    ):
        if position > floor and known != found:
            return Standing.DIVERGED
    return Standing.CONTINUES


@dataclass(frozen=True, slots=True)
class Page:
    """Some changes, and where to continue from."""

    changes: tuple[Change, ...]
    cursor: Cursor
    more: bool


def page(log: Sequence[Change], cursor: Cursor, limit: int) -> Page:
    """The next changes after the cursor, in order: `limit` (at least 1) of them, or a few more.

    A page never ends inside an operation: a phone that stopped there would show a visit without the
    household it created. `log` is in order of position and may start anywhere at or before the cursor.
    """
    rest = [change for change in log if change.position > cursor.position]
    end = min(limit, len(rest))
    while 0 < end < len(rest) and rest[end].operation_id is not None and _together(rest[end - 1], rest[end]):
        end += 1
    taken = tuple(rest[:end])
    return Page(taken, cursor.at(taken[-1]) if taken else cursor, more=end < len(rest))


def compact(log: Iterable[Change]) -> tuple[Change, ...]:
    """The log without the changes that a later one of the same key replaces, still in order."""
    log = tuple(log)
    last = {change.key: change.position for change in log if change.key is not None}
    return tuple(change for change in log if change.key is None or last[change.key] == change.position)


def _together(one: Change, other: Change) -> bool:
    return one.operation_id == other.operation_id
