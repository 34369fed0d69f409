"""The question put to the engine about one edit, and every answer it can give.

A `Case` is everything a decision depends on. The answers are values: whoever asked writes what a
`Written` outcome says (the entity, the conflicts opened and closed, the superseded values) and keeps
everything of a `Held` or `Review` until it asks again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from sync.model import (
    IN_EFFECT,
    Closed,
    Conflict,
    Edit,
    Entity,
    HeldReason,
    Properties,
    ReviewReason,
    Rules,
    Status,
    Superseded,
)


@dataclass(frozen=True, slots=True)
class Case:
    """One edit and everything its outcome depends on.

    `seen` is the base view (`branch.base_view`): the properties as the phone showed them; `{}` before
    a creation, `None` when the server cannot know them. `conflicts` are the entity's open ones.
    `later` are the changes of later links of the same branch that were decided before this one, `beside` those of such
    as counted on from what this one had made, `apart` those of such as did not show it: neither say anything of what it
    adds.
    `forced`: it was held too long. `accepted`: a person has read it and wants it applied.
    `own` names what the edit's author was the last to change: a checker may correct that.
    `elsewhere`: the author saw other values under that version number than are under it here (a server put back to an
    older backup gave the number again), so that no decision made here counts as seen.
    """

    edit: Edit
    entity: Entity | None
    seen: Properties | None
    rules: Rules
    conflicts: tuple[Conflict, ...] = ()
    later: tuple[Properties, ...] = ()
    beside: tuple[Properties, ...] = ()
    apart: tuple[Properties, ...] = ()
    forced: bool = False
    accepted: bool = False
    own: frozenset[str] = frozenset()
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What to store. `entity` carries the next version, or the present one if nothing changed.

    `changed` names the properties that differ from before; `advanced` says that there is a version to write.
    """

    entity: Entity
    changed: tuple[str, ...] = ()
    advanced: bool = False
    superseded: tuple[Superseded, ...] = ()
    closed: tuple[Closed, ...] = ()


@dataclass(frozen=True, slots=True)
class Applied(Written):
    """Nobody else had written since what the phone saw."""


@dataclass(frozen=True, slots=True)
class Merged(Written):
    """Others had written meanwhile (`overtaken`), nothing is left to decide: a soft conflict."""

    overtaken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflicted(Written):
    """The safe part is applied; each conflict in `opened` waits for a person."""

    overtaken: tuple[str, ...] = ()
    opened: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """Kept until what it waits for arrives, or until it is forced."""

    reason: HeldReason


@dataclass(frozen=True, slots=True)
class Review:
    """Kept for a person; nothing of it is applied."""

    reason: ReviewReason


Outcome = Applied | Merged | Conflicted | Held | Review


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of a whole operation. Outcomes are in the order of the cases.

    When `effective` is false something must wait, and then all of it waits: write none of the outcomes.
    """

    status: Status
    outcomes: tuple[Outcome, ...]

    @property
    def effective(self) -> bool:
        """Whether the outcomes are to be written."""
        return self.status in IN_EFFECT


#: From best to worst; an operation's receipt shows the worst of its effects.
STATUS_ORDER = (
    Status.APPLIED,
    Status.MERGED,
    Status.CONFLICT,
    Status.HELD,
    Status.REVIEW,
    Status.REFUSED,
)


def status_of(outcome: Outcome) -> Status:
    """The word a receipt has for this outcome."""
    match outcome:
        case Applied():
            return Status.APPLIED
        case Merged():
            return Status.MERGED
        case Conflicted():
            return Status.CONFLICT
        case Held():
            return Status.HELD
        case Review():
            return Status.REVIEW
        case _:
            assert_never(outcome)


def worst(statuses: Sequence[Status]) -> Status:
    """The status of the whole from the statuses of its parts; nothing to do is `applied`."""
    return max(statuses, key=STATUS_ORDER.index, default=Status.APPLIED)
