"""What a story points at: households, their members, and a record as somebody sees it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Protocol


class Thing(Protocol):
    """Any record a story points at: which dataset, its permanent id, and what it travels with."""

    @property
    def dataset(self) -> str:
        """The kind of record."""
        ...

    @property
    def id(self) -> str:
        """The permanent id."""
        ...

    @property
    def subject_id(self) -> str:
        """The household."""
        ...


@dataclass(frozen=True)
class Household:
    """A household by its permanent id."""

    id: str
    label: str
    area_id: str
    dataset: str = "households"

    @property
    def subject_id(self) -> str:
        """What the record travels with: itself."""
        return self.id


@dataclass(frozen=True)
class Member:
    """A person of a household."""

    id: str
    name: str
    subject_id: str
    dataset: str = "members"

    def called(self, name: str) -> Member:
        """The same person under another name."""
        return replace(self, name=name)


@dataclass(frozen=True)
class Record:
    """One record as a phone or the office shows it. Properties are attributes: `east.sees(home).phone`."""

    properties: dict[str, str | None]
    version: int
    deleted: bool = False
    merged_into: str | None = None
    in_conflict: frozenset[str] = field(default_factory=frozenset)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.properties.get(name)
