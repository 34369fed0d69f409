"""People from a sheet, each known by the staff number, with one role in one area.

A sheet gives nobody more than the importer could by hand: a role only in an area they administer, and of somebody who
is there already nothing is changed unless they administer everything that person may do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from fieldsvc.problems import LastAdministrator, LoginTaken, NotFound
from fieldsvc.services import access
from fieldsvc.services import people as roles
from fieldsvc.services.access import Action
from fieldsvc.services.imports.decide import Decided, refused
from fieldsvc.services.imports.lists.part import Part, changed, new
from fieldsvc.services.imports.model import Fate, Row
from fieldsvc.services.staff import change
from fieldsvc.services.staff.change import Details
from fieldsvc.store import areas, people, staff, staff_list
from fieldsvc.store.tables import AreaRow, ImportLineRow, PersonRow

_DETAILS = ("name", "phone", "unit")


class People(Part):
    """New people, and other details of those that are there."""

    def load(self, rows: Sequence[Row]) -> None:
        """The people and areas named, and the numbers that are somebody's."""
        numbers = {row.key for row in rows} | {row.values.get("phone") or "" for row in rows}
        feed, codes = self.by.feed_id, {row.area_code for row in rows if row.area_code}
        self.known: dict[str, PersonRow] = staff_list.by_staff_no(self.session, feed, {row.key for row in rows})
        self.taken: dict[str, str] = staff_list.logins(self.session, numbers - {""})
        self.areas: dict[str, AreaRow] = areas.by_codes(self.session, feed, codes)

    def row(self, row: Row) -> Decided:
        """One person."""
        area, role, was = self.areas.get(row.area_code or ""), row.values.get("role"), self.known.get(row.key)
        if row.area_code and (area is None or not access.may_in_area(self.by, Action.ADMINISTER, area.path)):
            return refused(row, "not-yours")
        phone = row.values.get("phone")
        owner = self.taken.get(phone or "")
        if owner is not None and owner != (was.id if was else None):
            return refused(row, "login-taken")
        decided = self._new(row, area, role) if was is None else self._known(row, was, area, role)
        if decided.line.fate in (Fate.NEW, Fate.CHANGED):
            # A later row may name it too, and was read before this one was written.
            self.taken |= dict.fromkeys([one for one in (row.key, phone) if one], was.id if was else row.key)
        return decided

    def finish(self) -> None:
        """Nothing: phones learn of nobody but their own."""

    def undo(self, line: ImportLineRow) -> bool:
        """Retire somebody the sheet added, if nothing was given to them since; else give the details back, unless the
        number of before is somebody else's by now.

        Like by hand: not of somebody who may do more than the importer by now, nor of the last administrator.
        """
        person_id, now = line.entity_id or "", self.ctx.now_ms()
        after, before = line.after or {}, line.before or {}
        try:
            row = access.require_person(self.session, self.by, person_id, now)
            ends = line.fate == Fate.NEW or after.get("role") == "administrator"
            if ends and roles.administers_everything(self.session, person_id, now):
                roles.require_an_administrator(self.session, self.by.feed_id, now, but=person_id)
        except (NotFound, LastAdministrator):
            return False
        if any(getattr(row, name) != after[name] for name in _DETAILS if name in after):
            return False
        number = before.get("phone")
        if number and staff.with_login(self.session, [number], other_than=person_id):
            return False
        if line.fate == Fate.NEW:
            if staff_list.has_begun(self.session, person_id):
                return False
            staff.change(self.session, person_id, {"active": False})
            people.void_enrolments(self.session, person_id, now)
        back = {name: before.get(name) for name in _DETAILS if name in before}
        if back:
            staff.change(self.session, person_id, back)
        if after.get("role") and after.get("area"):
            people.end_role(self.session, person_id, str(after["role"]), str(after["area"]), now)
        self.note("undo-person", f"person:{person_id}")
        return True

    def _new(self, row: Row, area: AreaRow | None, role: str | None) -> Decided:
        name = row.values.get("name")
        if not name or not role or area is None:
            return refused(row, "person-incomplete")
        if self.taken.get(row.key) is not None:
            return refused(row, "login-taken")
        details = Details(name, row.key, row.values.get("phone"), row.values.get("unit"))
        said = {key: value for key, value in asdict(details).items() if value and key != "staff_no"}
        made = ""
        if self.writes:
            try:
                made, entries = change.add_within(self.ctx, self.session, self.by, details, role=role, area_id=area.id)
            except LoginTaken:
                return refused(row, "login-taken")
            self.entries += entries
        return new(row, made, {**said, "role": role, "area": area.id})

    def _known(self, row: Row, was: PersonRow, area: AreaRow | None, role: str | None) -> Decided:
        """An empty cell says nothing: a sheet of roles knows nothing of telephones."""
        now = self.ctx.now_ms()
        said = {name: row.values[name] for name in _DETAILS if row.values.get(name)}
        after = {name: value for name, value in said.items() if getattr(was, name) != value}
        before = {name: getattr(was, name) for name in after}
        held = {(name, area_id) for name, area_id, _ in people.roles(self.session, was.id, now)}
        gives = role is not None and area is not None and (role, area.id) not in held
        if not after and not gives:
            return changed(row, was.id, {}, {})
        try:
            access.require_person(self.session, self.by, was.id, now)
        except NotFound:
            return refused(row, "not-yours")
        if not was.active:
            return refused(row, "person-retired")
        if self.writes and after:
            staff.change(self.session, was.id, after)
            self.note("change-person", f"person:{was.id}", {"changed": sorted(after)})
        if role is not None and area is not None and gives:
            if self.writes:
                people.add_role(self.session, was.id, role, area.id, now)
                self.note("grant-role", f"person:{was.id}", {"role": role, "area": area.id})
            after |= {"role": role, "area": area.id}
        return changed(row, was.id, before, after)
