"""What every kind of list has: some rows in one transaction, decided, and written unless it is a dry run."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sqlalchemy.orm import Session

from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.services.imports.decide import Decided, refused
from fieldsvc.services.imports.model import Fate, Line, Row
from fieldsvc.store import audit
from fieldsvc.store.tables import ImportLineRow


@dataclass
class Part(ABC):
    """Some rows of a list. `earlier` are keys that rows before these make; `entries` go into the audit log."""

    #: Whether it is taken back from its end, because later rows stand on earlier ones.
    backwards: ClassVar = False

    ctx: Context
    session: Session
    by: Actor
    writes: bool
    earlier: Collection[str] = ()
    entries: list[audit.Entry] = field(default_factory=list)

    def run(self, rows: Sequence[Row]) -> list[Decided]:
        """The fate of each row, in their order; written if this is no dry run."""
        self.load(rows)
        done, found = set[str](), []
        for row in rows:
            found.append(refused(row, "key-twice") if row.key in done else self.row(row))
            done.add(row.key)
        audit.append(self.session, self.by.feed_id, self.entries)
        self.finish()
        return found

    def undone(self) -> None:  # noqa: B027 - most lists have nothing to add
        """What follows once rows were taken back."""

    @abstractmethod
    def load(self, rows: Sequence[Row]) -> None:
        """Read what the rows depend on."""

    @abstractmethod
    def row(self, row: Row) -> Decided:
        """One row."""

    @abstractmethod
    def finish(self) -> None:
        """What goes into the feed, which is locked last."""

    @abstractmethod
    def undo(self, line: ImportLineRow) -> bool:
        """Take back what a row wrote; false when somebody has had to do with it since."""

    def note(self, action: str, thing: str, detail: dict[str, Any] | None = None) -> None:
        """A line for the audit log."""
        self.entries.append(audit.Entry(self.ctx.now_ms(), self.by.person_id, action, thing, detail=detail))


def new(row: Row, made_id: str, after: dict[str, str | None]) -> Decided:
    """A row that makes something."""
    return Decided(row, Line(Fate.NEW, "", made_id, None, after))


def changed(row: Row, found_id: str, before: dict[str, str | None], after: dict[str, str | None]) -> Decided:
    """A row that changes something, or nothing."""
    fate = Fate.CHANGED if after else Fate.UNCHANGED
    return Decided(row, Line(fate, "", found_id, before, after))
