"""Who helps whom, from a sheet: a household's number, a helper's staff number, from which day and until when.

The day it began may be past, for the county's list is older than this system; what the phones hold begins now.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fieldsvc.problems import Problem
from fieldsvc.services import access, assignments
from fieldsvc.services.access import Action
from fieldsvc.services.imports.decide import Decided, refused
from fieldsvc.services.imports.lists.part import Part, changed, new
from fieldsvc.services.imports.model import Fate, Row
from fieldsvc.store import areas, entities, imports, pairing_list, pairings, staff_list
from fieldsvc.store.entities import Stored
from fieldsvc.store.tables import AssignmentRow, ImportLineRow, PersonRow

HOUSEHOLDS, NUMBER = "households", "hh_no"


class Pairings(Part):
    """New pairings, and another last day of those that are there. None is ended by a sheet that lacks it."""

    def load(self, rows: Sequence[Row]) -> None:
        """Households, helpers, and what pairs them already."""
        feed, session = self.by.feed_id, self.session
        numbers = {row.values.get(NUMBER) or "" for row in rows}
        self.found: dict[str, list[str]] = imports.by_property(session, feed, HOUSEHOLDS, NUMBER, numbers)
        ids = [one for some in self.found.values() for one in some]
        self.homes: dict[str, Stored] = entities.load(session, feed, ids)
        self.paths: dict[str, str] = areas.paths_of_subjects(session, feed, ids)
        helpers = {row.values.get("staff_no") or "" for row in rows}
        self.people: dict[str, PersonRow] = staff_list.by_staff_no(session, feed, helpers)
        self.paired: dict[tuple[str, str], AssignmentRow] = pairing_list.open_pairs(session, feed, ids)
        self.given: list[dict[str, str | int | None]] = []

    def row(self, row: Row) -> Decided:
        """One pairing."""
        homes = self.found.get(row.values.get(NUMBER) or "", [])
        person = self.people.get(row.values.get("staff_no") or "")
        home = homes[0] if len(homes) == 1 else ""
        path = self.paths.get(home)
        if path is None or self.homes[home].practice or not access.may_in_area(self.by, Action.ASSIGN, path):
            return refused(row, "place-unknown")
        if person is None or not person.active:
            return refused(row, "helper-unknown")
        try:
            begins, ends = self._morning(row.values.get("from_on")), self._morning(row.values.get("until_on"), 1)
        except OverflowError:  # 9999-12-31, which some lists write for "until further notice", has no day after it
            return refused(row, "day-unclear")
        now = self.ctx.now_ms()
        if (begins or now) > now:
            return refused(row, "day-ahead")
        if ends is not None and ends <= now:
            return refused(row, "day-over")
        was = self.paired.get((home, person.id))
        if was is not None:
            return self._known(row, was, ends)
        made = self.ctx.new_id()
        values: dict[str, str | int | None] = {
            "person_id": person.id,
            "subject_id": home,
            "from_at": begins or now,
            "to_at": ends,
        }
        self.given.append({"id": made, "feed_id": self.by.feed_id, **values})
        self.note("assign", f"person:{person.id}", {"assignment": made})
        return new(row, made, {NUMBER: row.values.get(NUMBER), "staff_no": person.staff_no})

    def finish(self) -> None:
        """Let the helpers hold their households: one row of the feed for each, in one go."""
        if not self.writes or not self.given:
            return
        feed, session, now = self.by.feed_id, self.session, self.ctx.now_ms()
        people = {str(one["person_id"]) for one in self.given}
        before = {person: pairings.reached(session, feed, person) for person in people}
        pairing_list.add(session, [{**one, "role": pairings.HELPER} for one in self.given])
        grants: dict[str, dict[str, str]] = {}
        for one in self.given:
            person, home = str(one["person_id"]), str(one["subject_id"])
            if before[person].get(home) != pairings.HELPER:
                grants.setdefault(person, {})[home] = pairings.HELPER
        pairings.rescope(session, feed, now, grants=grants)

    def undo(self, line: ImportLineRow) -> bool:
        """End a pairing that the sheet made, or give it its last day back, of a household within reach."""
        row = pairing_list.get(self.session, self.by.feed_id, line.entity_id or "")
        if row is None or row.to_pos is not None:
            return False
        if not access.may(self.session, self.by, Action.ASSIGN, row.subject_id or ""):
            return False
        if line.fate == Fate.NEW:
            try:
                assignments.end_within(self.ctx, self.session, self.by, row)
            except Problem:  # the household has moved out of the importer's reach: its new office sees to it
                return False
            return True
        if _text(row.to_at) != (line.after or {}).get("until"):
            return False
        before = (line.before or {}).get("until")
        pairing_list.set_end(self.session, row.id, int(before) if before else None)
        self.note("assign", f"person:{row.person_id}", {"assignment": row.id})
        return True

    def _known(self, row: Row, was: AssignmentRow, ends: int | None) -> Decided:
        if ends is None or was.to_at == ends:
            return changed(row, was.id, {}, {})
        before = _text(was.to_at)
        if self.writes:
            pairing_list.set_end(self.session, was.id, ends)
            self.note("assign", f"person:{was.person_id}", {"assignment": was.id})
        return changed(row, was.id, {"until": before}, {"until": _text(ends)})

    def _morning(self, day: str | None, later: int = 0) -> int | None:
        """The first moment of a day, or of so many days later, where the county is."""
        if not day:
            return None
        at = datetime.combine(date.fromisoformat(day) + timedelta(days=later), time.min)
        return int(at.replace(tzinfo=ZoneInfo(self.ctx.settings.time_zone)).timestamp() * 1000)


def _text(at: int | None) -> str | None:
    return str(at) if at is not None else None
