"""A district in a box: its server, its people, its households, and everything that happens to them from outside."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from sqlalchemy import update

from fieldsvc.services import assignments, enrol, register
from fieldsvc.services.access import Actor
from fieldsvc.services.context import Context
from fieldsvc.store import people, scope
from fieldsvc.store.tables import PersonRow
from tests.world import laws
from tests.world.auditor import Auditor
from tests.world.cadre import Cadre
from tests.world.clock import Clock, Ids, PhoneClock
from tests.world.county import County
from tests.world.ledger import Ledger
from tests.world.office import Desk
from tests.world.phone import Phone
from tests.world.places import Household, Member
from tests.world.server import Server
from tests.world.signal import Link


class World(Ledger):
    """The cast and the stage. Verbs here are what the office, the county or fate does."""

    def __init__(self, server: Server, clock: Clock, new_id: Ids, county: County) -> None:
        self.server = server
        self.clock = clock
        self.new_id = new_id
        self.auditor = Auditor()
        self.cadres: list[Cadre] = []
        self._county = county
        self.supervisor = Desk(self._ctx, lambda: self._actor(county.supervisor_id))
        self.county = Desk(self._ctx, lambda: self._actor(county.administrator_id))

    # ── people ────────────────────────────────────────────────────────────────────────────────────────────────

    def cadre(
        self,
        name: str,
        visits: Sequence[Household] = (),
        *,
        of_area: str | None = None,
        enrolled: bool = True,
        synced: bool = True,
    ) -> Cadre:
        """A cadre who visits these households, with an enrolled phone that has everything."""
        person_id = self._county.add_person(self._ctx(), self.county.who(), name)
        for home in visits:
            assignments.assign(self._ctx(), self.county.who(), person_id, subject_id=home.id)
        if of_area:
            assignments.assign(self._ctx(), self.county.who(), person_id, area_id=of_area)
        clock = PhoneClock(self.clock)
        phone = Phone(self.new_id(), person_id, clock, self.new_id)
        link = Link(self.server.send)
        link.audit = lambda request, reply: self.auditor.looks_at(self._ctx().db, person_id, request, reply)
        cadre = Cadre(name, person_id, link, clock, phone, lambda: self._code_for(person_id))
        self.cadres.append(cadre)
        if enrolled:
            cadre.enrols()
            if synced:
                cadre.syncs()
        return cadre

    def checker(self, name: str, of_area: str) -> Cadre:
        """Somebody who verifies the households of a village, with an enrolled phone that has everything."""
        checker = self.cadre(name)
        assignments.assign(self._ctx(), self.county.who(), checker.person_id, area_id=of_area, role="checker")
        checker.syncs()
        return checker

    def revokes(self, cadre: Cadre) -> None:
        """Sign out a phone that was reported lost."""
        with self._ctx().db.read() as session:
            [device] = [
                device
                for device in people.devices_of(session, cadre.person_id)
                if device.token_sha256 == enrol.digest(cadre.phone.token or "")
            ]
        enrol.revoke_device(self._ctx(), self.county.who(), cadre.person_id, device.id)

    def dismisses(self, cadre: Cadre) -> None:
        """The person leaves the service."""
        with self._ctx().db.write() as session:
            session.execute(update(PersonRow).where(PersonRow.id == cadre.person_id).values(active=False))

    def desk_of(self, cadre: Cadre) -> Desk:
        """The desk of somebody who also carries a phone."""
        return Desk(self._ctx, lambda: self._actor(cadre.person_id))

    def _code_for(self, person_id: str) -> str:
        return enrol.new_code(self._ctx(), self.county.who(), person_id)

    def _actor(self, person_id: str) -> Actor:
        actor = enrol.actor_of(self._ctx(), person_id)
        assert actor is not None
        return actor

    # ── households ────────────────────────────────────────────────────────────────────────────────────────────

    def household(
        self, *, in_village: str | None = None, members: Sequence[str] = (), **properties: str | None
    ) -> Household:
        """A household in the register, with these members and values."""
        home = self._county.add_household(self._ctx(), self.county.who(), in_village, properties)
        for name in members:
            self._county.add_member(self._ctx(), self.county.who(), home, name)
        return home

    def village(self, name: str) -> str:
        """A village, by the id of its area."""
        return self._county.add_village(self._ctx(), name)

    def somebody_of(self, home: Household, name: str) -> Member:
        """A person no record knows yet."""
        return Member(self.new_id(), name, home.id)

    def gives(self, home: Household, to: Cadre) -> None:
        """Assign a household to one more cadre."""
        assignments.assign(self._ctx(), self.county.who(), to.person_id, subject_id=home.id)

    def takes_from(self, home: Household, cadre: Cadre) -> None:
        """End a cadre's assignment."""
        self._county.unassign(self._ctx(), self.county.who(), cadre.person_id, home.id)

    def hands_over(self, home: Household, giver: Cadre, taker: Cadre) -> None:
        """Give the household to another cadre from now on."""
        assignments.hand_over(self._ctx(), self.county.who(), home.id, giver=giver.person_id, taker=taker.person_id)

    def holds(self, cadre: Cadre, home: Household) -> bool:
        """Whether the household is this cadre's, by the server's word."""
        with self._ctx().db.read() as session:
            return home.id in scope.held(session, self._county.feed_id, cadre.person_id, [home.id])

    def moves(self, member: Member, to: Household) -> None:
        """Write a person into another household's record."""
        register.move(self._ctx(), self.county.who(), member.id, to.id)

    def imports(self, sheet: Mapping[Household, Mapping[str, str | None]]) -> None:
        """The county's spreadsheet arrives, the same source as last time."""
        self._county.import_sheet(self._ctx(), self.county.who(), sheet)

    def publishes(self, version: str) -> None:
        """Publish the visit form of the stories once more, under another version."""
        self._county.publish_visit(self._ctx(), self.county.who(), version)

    # ── time and accidents ────────────────────────────────────────────────────────────────────────────────────

    def days_pass(self, days: float) -> None:
        """Time goes by, and the server does what it does every night."""
        self.clock.passes(days=days)
        self._county.nightly(self._ctx())

    def backs_up(self) -> Path:
        """Copy the database."""
        return self.server.back_up()

    def restores(self, copy: Path) -> None:
        """Copy the database back."""
        self.server.restore(copy)
        self.auditor.forgets()

    def behind(self, server: Server) -> World:
        """The same county behind another server, which holds a copy of its database."""
        return World(server, self.clock, self.new_id, self._county)

    def sends_small_pages(self) -> None:
        """The server ends a page after a few hundred bytes."""
        self.server.settings["page_bytes"] = 300
        self.server.restart()

    # ── laws ──────────────────────────────────────────────────────────────────────────────────────────────────

    def assert_laws_hold(self, except_for: Collection[str] = ()) -> None:
        """Everything that must be true at any moment; of the phones of some people nothing is asked."""
        phones = [cadre.phone for cadre in self.cadres if cadre.person_id not in except_for]
        with self._ctx().db.read() as session:
            laws.everything_holds(session, phones)

    def assert_replica_is_whole(self, cadre: Cadre) -> None:
        """The phone has all of its scope, in the last version, and nothing else."""
        with self._ctx().db.read() as session:
            laws.replica_equals_server(session, cadre.phone)

    def _ctx(self) -> Context:
        return self.server.ctx
