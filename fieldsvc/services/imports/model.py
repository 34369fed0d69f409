"""What an import speaks of: a row of a sheet, what becomes of it, and the report of the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Fate(StrEnum):
    """What becomes of a row: what it writes, or why it writes nothing."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    #: The record says something else, corrected since; the source has not changed it, so the record keeps it.
    KEPT = "kept"
    #: The source and somebody else changed the same value: a person decides.
    CONFLICT = "conflict"
    ERROR = "error"
    #: Rows of a roster, which is compared and writes nothing: as the record says, otherwise, or without a record.
    MATCH = "match"
    DIFFERENT = "different"
    THERE = "there"


#: The fates of rows that have written something.
WRITTEN = (Fate.NEW, Fate.CHANGED, Fate.CONFLICT)
#: The fates of rows that were read without a mistake.
GOOD = (*WRITTEN, Fate.UNCHANGED, Fate.KEPT, Fate.MATCH, Fate.DIFFERENT, Fate.THERE)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet. `key` is the source's own number of the thing; `subject_key` the household's, of a member."""

    key: str
    values: Mapping[str, str | None]
    label: str = ""
    area_code: str | None = None
    subject_key: str | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What is imported from whom: records of a dataset, found by the source's key, then by `key_property`.

    `roster` names the kind of sheet under which it is remembered what the source said; of a sheet that is only
    `compared`, every row also says `says`.
    """

    source: str
    dataset: str
    key_property: str | None = None
    subject_dataset: str = "households"
    subject_property: str = "hh_no"
    roster: str = ""
    compared: bool = False
    says: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Under which name it is remembered what the source said."""
        return self.roster or self.dataset


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its fate. `code` says why of an error, `before` and `after` what it changes.

    `said` is what the source had said of it before; nothing, if it never did.
    """

    fate: Fate
    code: str = ""
    entity_id: str | None = None
    before: Mapping[str, str | None] | None = None
    after: Mapping[str, str | None] | None = None
    said: Mapping[str, Any] | None = None


@dataclass(slots=True)
class Report:
    """What an import did. `refused` names rows that could not be read, each with a stable code."""

    import_id: str
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    conflicts: int = 0
    differences: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """The numbers alone, for the record of the import."""
        names = ("created", "changed", "unchanged", "conflicts", "differences")
        return {name: getattr(self, name) for name in names} | {"refused": len(self.refused)}
