"""What a process is: its stages, what each demands, its clocks, its sums and its rule table.

Built by `read.parse` from a file that has been checked; every name in here exists in the dataset.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

#: What something is called: `{"zh": …, "en": …}`.
Text = Mapping[str, str]
#: A stage in `other_than` is written so, to tell it from a property.
STAGE_MARK = "stage:"


@dataclass(frozen=True, slots=True)
class Notice:
    """So many days must lie between a date (of an earlier stage, or in a property) and the date of this stage."""

    since: str
    days: int
    working: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage, and what must be true of whoever moves a record into it.

    `needs`: properties of which one each must hold something. `side`: beside the line, entered only from the
    stages in `come_from`; for a stage of the line these are the ways back into it.
    """

    code: str
    label: Text
    date: str | None = None
    by: frozenset[str] = frozenset()
    other_than: tuple[str, ...] = ()
    differ: tuple[tuple[str, str], ...] = ()
    needs: tuple[tuple[str, ...], ...] = ()
    photos: tuple[str, ...] = ()
    notice: Notice | None = None
    come_from: tuple[str, ...] = ()
    side: bool = False
    optional: bool = False
    end: bool = False
    clause: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline: `days` after a date, or the date in the property `due`.

    Met once one of `until` is there: a stage that is reached, a property that holds something, or `property=code`.
    """

    name: str
    label: Text
    until: tuple[str, ...]
    since: str | None = None
    days: int = 0
    working: bool = False
    due: str | None = None
    alarms: tuple[int, ...] = (7, 3, 0)


@dataclass(frozen=True, slots=True)
class Early:
    """What may be paid before a stage is reached: records whose `property` is one of `values`, up to `most` yuan each
    kind; a kind that is not in `most` has no limit of its own.
    """

    until: str
    property: str
    values: frozenset[str]
    most: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sum:
    """Amounts of other records that together may not exceed a property of this one. All in yuan, exact in fen.

    `where`: count only records with one of these values in that property.
    """

    dataset: str
    amount: str
    link: str
    most: str
    where: tuple[str, frozenset[str]] | None = None
    early: Early | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of a rule table; true when the property is one of `values`, or its number below the limit.

    `per`: the property that counts heads: totals are compared with limit × heads, never a rounded share. `any`:
    true when one of these is.
    """

    property: str = ""
    values: frozenset[str] = frozenset()
    below: str | None = None
    per: str | None = None
    any: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Clause:
    """One ground on which somebody qualifies: all its conditions hold."""

    code: str
    label: Text
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Process:
    """One process: the dataset whose records go through it, and the property that says where they are."""

    name: str
    label: Text
    dataset: str
    stage_property: str
    stages: Mapping[str, Stage]
    clocks: tuple[Clock, ...] = ()
    sums: tuple[Sum, ...] = ()
    clauses: tuple[Clause, ...] = ()
    blocks: tuple[str, ...] = ()
    slots: Mapping[str, Text] = field(default_factory=dict)
    names: Mapping[str, Text] = field(default_factory=dict)
    limits: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def line(self) -> tuple[str, ...]:
        """The stages everybody passes, in order."""
        return tuple(stage.code for stage in self.stages.values() if not stage.side)

    def stage_of(self, properties: Mapping[str, str | None] | None) -> Stage | None:
        """Where a record is; nothing while it has no stage, or one nobody knows."""
        return self.stages.get((properties or {}).get(self.stage_property) or "")

    def date_of(self, code: str) -> str:
        """The property that holds a date: of a stage, or the name itself when it is a property's."""
        stage = self.stages.get(code)
        return (stage.date or "") if stage else code

    def called(self, name: str) -> Text:
        """What a property is called."""
        return self.names.get(name) or {"zh": name, "en": name}
