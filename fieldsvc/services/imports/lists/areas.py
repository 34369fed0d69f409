"""The tree of areas from a sheet of codes: an area lies in the one whose code is above its own (domain §4.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from fieldsvc.services import access
from fieldsvc.services.access import Action
from fieldsvc.services.imports.decide import Decided, refused
from fieldsvc.services.imports.lists.part import Part, changed, new
from fieldsvc.services.imports.model import Fate, Row
from fieldsvc.store import area_list, changes
from fieldsvc.store import areas as rows
from fieldsvc.store.changes import FORMS_TOPIC, VILLAGES, NewChange
from fieldsvc.store.tables import AreaRow, ImportLineRow

_LENGTH = 12
_BELOW = {"county": "town", "town": "village"}


def above(code: str) -> str:
    """The code of the area this one lies in: 6 figures are the county's, 9 the town's, 12 the village's."""
    return f"{code[:9]}000" if code[9:] != "000" else f"{code[:6]}000000"


class Areas(Part):
    """New areas, and other names of those that are there. Nothing is moved or renumbered: old records refer to it."""

    backwards: ClassVar = True
    #: Whether an area was added, removed or named otherwise.
    touched = False

    def load(self, some: Sequence[Row]) -> None:
        """The areas named, and those above them."""
        codes = {row.key for row in some} | {self._above(row) for row in some}
        self.known: dict[str, AreaRow] = rows.by_codes(self.session, self.by.feed_id, codes)

    def row(self, row: Row) -> Decided:
        """A new area below one that the importer administers, or its new name."""
        code, name = row.key, row.values.get("name")
        if not (len(code) == _LENGTH and code.isascii() and code.isdigit()):
            return refused(row, "code-unclear")
        was = self.known.get(code)
        if was is not None:
            return self._rename(row, was, name)
        if not name:
            return refused(row, "name-missing")
        parent = self.known.get(self._above(row))
        if parent is None:
            return new(row, "", {"name": name}) if self._comes(row) else refused(row, "area-above-missing")
        level = _BELOW.get(parent.level)
        if level is None or not access.may_in_area(self.by, Action.ADMINISTER, parent.path):
            return refused(row, "not-yours")
        made = self.ctx.new_id()
        values = {"code": code, "name": name, "level": level, "parent_id": parent.id}
        if self.writes:
            rows.add(self.session, id=made, feed_id=self.by.feed_id, path=f"{parent.path}{made}/", **values)
            self.touched = True
            self.note("add-area", f"area:{made}", {"code": code})
        # A village may stand right below its town in the same sheet, also in a dry run.
        self.known[code] = AreaRow(id=made, path=f"{parent.path}{made}/", **values)
        return new(row, made, {"name": name})

    def finish(self) -> None:
        """Let every phone learn anew in which villages its person may register: no household comes with an area."""
        if self.touched:
            self.touched, told = False, NewChange(FORMS_TOPIC, VILLAGES, self.by.feed_id, self.ctx.now_ms())
            changes.append(self.session, self.by.feed_id, [told])

    def undone(self) -> None:
        """The same: a name is the old one again, a village is gone."""
        self.finish()

    def undo(self, line: ImportLineRow) -> bool:
        """Remove an area that nothing refers to, or give it its name back; one out of the importer's reach stays."""
        area = rows.get(self.session, self.by.feed_id, line.entity_id or "")
        if area is None or not access.may_in_area(self.by, Action.ADMINISTER, area.path):
            return False
        if line.fate == Fate.NEW:
            if area_list.is_used(self.session, self.by.feed_id, area.id):
                return False
            area_list.remove(self.session, area.id)
        else:
            if area.name != (line.after or {}).get("name"):
                return False
            area_list.rename(self.session, area.id, str((line.before or {}).get("name") or ""))
        self.touched = True
        self.note("undo-area", f"area:{area.id}")
        return True

    def _rename(self, row: Row, was: AreaRow, name: str | None) -> Decided:
        if not name or name == was.name:
            return changed(row, was.id, {}, {})
        if not access.may_in_area(self.by, Action.ADMINISTER, was.path):
            return refused(row, "not-yours")
        before = was.name
        if self.writes:
            area_list.rename(self.session, was.id, name)
            self.touched = True
            self.note("rename-area", f"area:{was.id}", {"was": before})
        return changed(row, was.id, {"name": before}, {"name": name})

    def _above(self, row: Row) -> str:
        return row.values.get("above") or above(row.key)

    def _comes(self, row: Row) -> bool:
        """Whether an earlier row of the sheet makes the area above, which a dry run has not written."""
        return not self.writes and self._above(row) in self.earlier
